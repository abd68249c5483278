package checkout

import (
	"context"
	"strings"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/domain/showing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// RedeemInput uses coupons on an order: those of the order's lock (Cart and
// Coupons may then be left out; a cart that is given must be the one locked), or
// the named ones on a cart.
type RedeemInput struct {
	Basis
	Merchant string
	Product  string // product code handed over or bought, where a use names one
	// Away is of a scan that was made without network. It counts for showing.Late;
	// the coupon is judged now all the same.
	Away *showing.Away
}

// RedeemOutcome is the fate of one request: the order with its redemptions, or Err.
type RedeemOutcome struct {
	Order       *order.Order
	Redemptions []redemption.Redemption
	Market      *market.Market
	Err         error
	Replayed    bool
}

type redeemVerb struct {
	in       *RedeemInput
	merchant string // in whose name the order is sold
	byLock   bool   // the deal pays what its order's lock promised
	scanned  calendar.Instant
	out      RedeemOutcome
}

// Redeem uses coupons. An order is redeemed once: the same coupons and cart
// again get the first answer, whatever the key; other ones are refused.
func (c *Checkout) Redeem(ctx context.Context, by access.Principal, inputs []RedeemInput) ([]RedeemOutcome, error) {
	return each(ctx, c, by, redeeming, inputs)
}

// RedeemGathered is Redeem for one request among many (package gather).
func (c *Checkout) RedeemGathered(ctx context.Context, by access.Principal, in RedeemInput) (RedeemOutcome, error) {
	return gathered(ctx, c, by, redeeming, in)
}

var redeeming = asking[RedeemInput, RedeemOutcome]{may: access.CouponUse, counts: true,
	begin: func(in *RedeemInput) *deal { return &deal{Basis: in.Basis, verb: &redeemVerb{in: in}} },
	tell: func(d *deal) (RedeemOutcome, error) {
		out := d.verb.(*redeemVerb).out
		out.Err, out.Replayed, out.Market = d.err, d.replayed, d.market
		return out, nil
	}}

// byLock reports whether the deal pays its order's lock.
func (d *deal) byLock() bool { return d.lock != nil && d.lock.State == redemption.LockActive }

func (v *redeemVerb) prepare(b *batch, d *deal) error {
	v.byLock = false
	if d.err = v.again(d); d.err != nil || d.replayed {
		return d.err
	}
	if v.merchant, d.err = d.seller(v.in.Merchant); d.err != nil {
		return d.err
	}
	if v.scanned, d.err = v.away(b, d); d.err != nil {
		return d.err
	}
	if len(d.asked) == 0 {
		return v.prepareLock(b, d)
	}
	if d.byLock() && d.asks(d.Coupons, d.lock.Coupons) && (d.cart == nil || d.cartHash == d.lock.CartHash) {
		return v.prepareLock(b, d)
	}
	if d.byLock() {
		return fault.New(fault.CartChanged).At("/cart")
	}
	return b.price(d, false)
}

// away is when a scan without network was made, 0 where there was network.
func (v *redeemVerb) away(b *batch, d *deal) (calendar.Instant, error) {
	if v.in.Away == nil {
		return 0, nil
	}
	now := b.Clock()
	at, f := b.Showings.ScannedAt(*v.in.Away, d.by.ID, now)
	if f != nil {
		return 0, f.At("/away" + f.Pointer)
	}
	if f := showing.Stale(at, now); f != nil {
		return 0, f.At("/away")
	}
	return at, nil
}

// prepareLock takes what the lock promised.
func (v *redeemVerb) prepareLock(b *batch, d *deal) error {
	switch {
	case d.lock == nil:
		return fault.New(fault.LockNotFound).At("/order")
	case d.cart != nil && d.cartHash != d.lock.CartHash:
		return fault.New(fault.CartChanged).At("/cart")
	case len(d.lock.Coupons) == 0:
		return fault.New(fault.MissingValue).At("/coupons")
	}
	d.Coupons = append([]id.ID{}, d.lock.Coupons...)
	lock, err := b.standing(d)
	if err != nil {
		return err
	}
	d.priced = lock.Priced
	if d.priced.Market != d.market.Code {
		return fault.New(fault.OrderDiffers).At("/market")
	}
	d.cart, d.cartHash, d.promised = &d.priced.Cart, d.lock.CartHash, 0
	v.byLock = true
	return nil
}

// again answers an order that was redeemed before: alike, or order_differs.
func (v *redeemVerb) again(d *deal) error {
	if len(d.redeemed) == 0 {
		return nil
	}
	var used []id.ID
	for _, r := range d.redeemed {
		used = append(used, r.Coupon)
	}
	other := !d.Who.None() && d.member != d.redeemed[0].Member
	if other || len(d.asked) > 0 && !d.asks(d.asked, used) || d.cart != nil && d.cartHash != d.order.CartHash {
		return fault.New(fault.OrderDiffers).At("/order")
	}
	d.replayed = true
	v.out = RedeemOutcome{Order: d.order, Redemptions: d.redeemed}.first()
	return nil
}

// first is the outcome as it was answered first: a replay says the same after
// refunds and returns.
func (o RedeemOutcome) first() RedeemOutcome {
	paid := *o.Order
	paid.RefundedMinor, paid.Rev, paid.Lines = 0, 1, append([]order.Line{}, o.Order.Lines...)
	if len(o.Redemptions) > 0 && paid.At < o.Redemptions[0].At {
		paid.Rev = 2 // it had been placed before
	}
	for i := range paid.Lines {
		paid.Lines[i].RefundedQuantity, paid.Lines[i].RefundedMinor = 0, 0
	}
	o.Order = &paid
	rows := o.Redemptions
	o.Redemptions = nil
	for _, r := range rows {
		r.ReturnedAt, r.ReturnedDay, r.ReturnedBy, r.CouponBack = 0, 0, "", false
		r.Cells = append([]redemption.Cell{}, r.Cells...)
		for i := range r.Cells {
			r.Cells[i].ReturnedMinor = 0
		}
		o.Redemptions = append(o.Redemptions, r)
	}
	return o
}

// asks reports whether a request for some coupons is one for those that are used:
// the same, or more of them where the market drops what brings nothing.
func (d *deal) asks(asked, used []id.ID) bool {
	in := set[id.ID]{}
	for _, c := range asked {
		in.add(c)
	}
	for _, c := range used {
		if !in.seen[c] {
			return false
		}
	}
	return len(in.list) == len(asked) && (len(asked) == len(used) || len(asked) > len(used) && d.drops())
}

func (v *redeemVerb) holds(d *deal) []id.ID { return d.Coupons }

func (v *redeemVerb) decide(b *batch, d *deal, now calendar.Instant) error {
	if len(d.redeemed) > 0 {
		d.replayed = true
		return nil
	}
	if err := b.blocked(d); err != nil {
		return err
	}
	in := &redemption.RedeemInput{OrderID: b.IDs.New(d.slot()), Key: d.Order, Member: d.member, Market: d.market,
		Cart: d.cart, CartHash: d.cartHash, Merchant: v.merchant, Operator: d.by.ID, Product: v.in.Product, Scanned: v.scanned,
		Priced: d.priced, Held: b.held(d, d.Coupons), Order: d.order, Counters: b.locked.Counters, Now: now}
	if v.byLock {
		in.Lock = d.lock
	}
	decision, refusal := redemption.DecideRedeem(in)
	if refusal != nil && !v.byLock && b.outrun(d, refusal) {
		return app.Again()
	}
	if refusal != nil {
		return refusal
	}
	answer := []string{id.Format(id.Order, decision.Order.ID)}
	for i := range decision.Redemptions {
		r := &decision.Redemptions[i]
		r.ID = b.IDs.New(d.member.Slot())
		r.Order = decision.Order.ID
		answer = append(answer, id.Format(id.Redemption, r.ID))
		b.couponChanged(d.by, decision.Coupons[i], change.CouponRedeemed, now, `{"order":"`+answer[0]+`","redemption":"`+answer[i+1]+`"}`)
		use := metric.Values{Redeemed: 1, Orders: 1, ListMinor: r.ListMinor, DiscountMinor: r.DiscountMinor, PaidMinor: r.PaidMinor}
		if r.FirstUse {
			use.CouponsUsed = 1
		}
		b.out.deltas = append(b.out.deltas, useDelta(d.market.Code, r, r.Day, use))
	}
	b.keep(&decision)
	b.out.redemptions = append(b.out.redemptions, decision.Redemptions...)
	b.placed(d, &decision.Order, decision.NewOrder, now)
	if decision.Lock != nil {
		b.out.locks = append(b.out.locks, *decision.Lock)
		b.moved[decision.Lock.ID] = true
	}
	b.touched(decision.Taken, decision.Given)
	b.remember(d, strings.Join(answer, " "))
	if d.Slip.Ref != "" {
		b.out.outside = append(b.out.outside, store.OutsideRow{OutsideKey: d.Slip, Target: decision.Order.ID})
	}
	v.out = RedeemOutcome{Order: &decision.Order, Redemptions: decision.Redemptions}
	return nil
}

// slot of rows that belong to the deal's member, or to its order where it has none.
func (d *deal) slot() int64 {
	if d.member != 0 {
		return d.member.Slot()
	}
	return id.SlotOf(d.Order.Source, d.Order.Ref)
}

// placed writes an order that a decision made or changed, with what it adds to
// the cell of all orders.
func (b *batch) placed(d *deal, o *order.Order, isNew bool, now calendar.Instant) {
	b.out.use(d.Order)
	v := metric.Values{Orders: 1, ListMinor: o.ListMinor, DiscountMinor: o.DiscountMinor, PaidMinor: o.PaidMinor}
	if isNew {
		b.out.newOrders = append(b.out.newOrders, *o)
		b.out.outside = append(b.out.outside, store.OutsideRow{OutsideKey: orderKey(d.Order), Target: o.ID})
		b.orderChanged(d.by, o, change.OrderPlaced, now, "{}")
		b.out.deltas = append(b.out.deltas, orderDelta(o, o.Day, v))
		return
	}
	if o.Rev == d.order.Rev {
		return
	}
	b.out.orders = append(b.out.orders, *o)
	b.orderChanged(d.by, o, change.OrderUpdated, now, "{}")
	b.out.deltas = append(b.out.deltas, orderDelta(o, o.Day, metric.Values{ListMinor: o.ListMinor - d.order.ListMinor,
		DiscountMinor: o.DiscountMinor - d.order.DiscountMinor, PaidMinor: o.PaidMinor - d.order.PaidMinor}))
}

func (v *redeemVerb) recall(tx store.Tx, _ *deal, answer string) error {
	ord, redemptions := splitAnswer(answer)
	orders, err := tx.Orders().Get([]id.ID{ord})
	if err != nil || len(orders) == 0 {
		return err
	}
	v.out.Order = &orders[0]
	if len(redemptions) == 0 {
		v.out.Redemptions, err = tx.Redemptions().OfOrders([]id.ID{ord})
	} else {
		v.out.Redemptions, err = tx.Redemptions().Get(redemptions)
	}
	v.out = v.out.first()
	return err
}

// splitAnswer reads "ord_… rdm_… rdm_…".
func splitAnswer(answer string) (ord id.ID, redemptions []id.ID) {
	for text := range strings.FieldsSeq(answer) {
		if i, err := id.Parse(id.Order, text); err == nil {
			ord = i
		} else if i, err := id.Parse(id.Redemption, text); err == nil {
			redemptions = append(redemptions, i)
		}
	}
	return ord, redemptions
}

// countRefusals counts what was refused by its coupon's template, after the commit.
func (c *Checkout) countRefusals(deals []*deal) {
	for _, d := range deals {
		f := fault.From(d.err)
		if f == nil || f.Class() != fault.Refused || d.market.Code == "" {
			continue
		}
		channel := ""
		if d.cart != nil {
			channel = d.cart.Channel
		}
		for _, i := range d.Coupons {
			if row := d.coupons[i]; row != nil {
				now := d.now(c.Clock())
				c.Refusals.Count(d.market.Code, d.market.Day(now), row.Template, f.Code, channel)
				c.Refusals.Tell(row.Member, row.Template, row.ID, f, channel, now)
			}
		}
	}
}
