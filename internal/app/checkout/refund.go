package checkout

import (
	"context"
	"slices"
	"strconv"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// RefundInput gives money back on an order: units of lines, or all that is left
// (Full). Ref is the refund's number in the order's source: it acts once for ever.
// Digest tells a repeat from another refund under the same number.
type RefundInput struct {
	Basis
	Ref       string
	Lines     []redemption.RefundLine
	Full      bool
	GiftsKept bool
	Digest    string
}

// RefundOutcome is the fate of one refund: what was given back, or Err.
// CouponsBack are the coupons that went back to their member, Shares the parts of
// discounts that belong to what was given back: of a stored value what the caller
// puts back onto its balance.
type RefundOutcome struct {
	Refund      *order.Refund
	CouponsBack []id.ID
	Shares      []redemption.Share
	Market      *market.Market
	Currency    string // of all amounts
	Err         error
	Replayed    bool
}

type refundVerb struct {
	in  *RefundInput
	out RefundOutcome
}

// Refund gives money back by the stored allocation; a full refund returns the
// coupons by the market's policy.
func (c *Checkout) Refund(ctx context.Context, by access.Principal, inputs []RefundInput) ([]RefundOutcome, error) {
	return each(ctx, c, by, refunding, inputs)
}

// RefundGathered is Refund for one request among many (package gather).
func (c *Checkout) RefundGathered(ctx context.Context, by access.Principal, in RefundInput) (RefundOutcome, error) {
	return gathered(ctx, c, by, refunding, in)
}

var refunding = asking[RefundInput, RefundOutcome]{may: access.CouponReturn,
	begin: func(in *RefundInput) *deal { return &deal{Basis: in.Basis, verb: &refundVerb{in: in}} },
	tell: func(d *deal) (RefundOutcome, error) {
		out := d.verb.(*refundVerb).out
		out.Err, out.Replayed, out.Market = d.err, d.replayed, d.market
		if d.order != nil {
			out.Currency = d.market.Paying(d.order.Currency)
		}
		return out, nil
	}}

// prepare demands the order; a refund that is known already is answered again.
func (v *refundVerb) prepare(_ *batch, d *deal) error {
	if d.order == nil {
		return fault.New(fault.OrderUnknown).At("/order")
	}
	return nil
}

func (v *refundVerb) holds(d *deal) []id.ID {
	all := set[id.ID]{}
	for _, r := range d.redeemed {
		all.add(r.Coupon)
	}
	return all.list
}

func (v *refundVerb) decide(b *batch, d *deal, now calendar.Instant) error {
	for i := range d.refunds {
		if d.refunds[i].Ref != v.in.Ref {
			continue
		}
		if d.refunds[i].BodyHash != v.in.Digest {
			return fault.New(fault.RefundDiffers).At("/refund")
		}
		d.replayed = true
		v.out = RefundOutcome{Refund: &d.refunds[i], CouponsBack: backOf(d.redeemed, &d.refunds[i]),
			Shares: redemption.SharesOf(d.order, d.redeemed, d.refunds, d.refunds[i].ID)}
		return nil
	}
	number := refundKey(d.Order, v.in.Ref)
	if b.numbers[number] {
		return fault.New(fault.RefundDiffers).At("/refund")
	}
	if slices.ContainsFunc(b.out.outside, func(o store.OutsideRow) bool { return o.OutsideKey == number }) {
		return app.Again() // an earlier deal of this round has the number: look at its row
	}
	in := &redemption.RefundInput{ID: b.IDs.New(d.order.Slot()), Ref: v.in.Ref, BodyHash: v.in.Digest, Lines: v.in.Lines,
		Full: v.in.Full, GiftsKept: v.in.GiftsKept, Operator: d.by.ID, Order: d.order, Redemptions: b.redeemed(d), Previous: d.refunds,
		Market: d.market, Counters: b.locked.Counters, Now: now}
	decision, refusal := redemption.DecideRefund(in)
	if refusal != nil {
		return refusal
	}
	b.out.use(d.Order)
	b.out.orders = append(b.out.orders, decision.Order)
	b.out.refunds = append(b.out.refunds, decision.Refund)
	b.out.refundOf = append(b.out.refundOf, decision.Order.ID)
	b.out.outside = append(b.out.outside, store.OutsideRow{OutsideKey: number, Target: decision.Refund.ID})
	ref := id.Format(id.Refund, decision.Refund.ID)
	b.orderChanged(d.by, &decision.Order, change.OrderRefunded, now,
		`{"refund":"`+ref+`","minor":`+strconv.FormatInt(decision.Refund.Minor, 10)+`}`)
	b.out.deltas = append(b.out.deltas, orderDelta(&decision.Order, decision.Refund.Day, metric.Values{RefundedMinor: decision.Refund.Minor}))
	for i := range decision.Redemptions {
		after := &decision.Redemptions[i]
		at := slices.IndexFunc(d.redeemed, func(r redemption.Redemption) bool { return r.ID == after.ID })
		b.out.cellsBack = append(b.out.cellsBack, redemption.ReturnsOf(&d.redeemed[at], after, decision.Refund.ID, decision.Refund.Day)...)
	}
	b.returned(d, decision.Redemptions, decision.ReturnedMinor, decision.Coupons, decision.Refund.Day, now, ref)
	b.touched(decision.Given)
	b.out.ledger.Change(decision.Entries)
	b.remember(d, id.Format(id.Order, decision.Order.ID)+" "+ref)
	all := append(slices.Clip(d.refunds), decision.Refund)
	v.out = RefundOutcome{Refund: &decision.Refund, Shares: redemption.SharesOf(d.order, d.redeemed, all, decision.Refund.ID)}
	for _, c := range decision.Coupons {
		v.out.CouponsBack = append(v.out.CouponsBack, c.ID)
	}
	return nil
}

func refundKey(k order.Key, number string) store.OutsideKey {
	return store.OutsideKey{Kind: "refund", Source: k.Source, Ref: number}
}

// lookNumbers looks up the refunds of the round by their numbers: one that
// another order has is no twin, but acts once all the same.
func (b *batch) lookNumbers(tx store.Tx) error {
	b.numbers = map[store.OutsideKey]bool{}
	var keys []store.OutsideKey
	for _, d := range b.deals {
		if v, ok := d.verb.(*refundVerb); ok {
			keys = append(keys, refundKey(d.Order, v.in.Ref))
		}
	}
	rows, err := tx.Outside().Find(keys)
	for _, r := range rows {
		b.numbers[r.OutsideKey] = true
	}
	return err
}

// redeemed joins the deal's redemptions with their coupons.
func (b *batch) redeemed(d *deal) []redemption.Redeemed {
	out := make([]redemption.Redeemed, 0, len(d.redeemed))
	for i := range d.redeemed {
		held := b.held(d, []id.ID{d.redeemed[i].Coupon})
		if len(held) == 1 {
			out = append(out, redemption.Redeemed{Redemption: &d.redeemed[i], Held: held[0],
				Earlier: d.earlier[d.redeemed[i].ID], Kept: b.out.ledger.Of(d.redeemed[i].ID)})
		}
	}
	return out
}

// returned writes redemptions that a refund or return changed, and the coupons
// that went back.
func (b *batch) returned(d *deal, rows []redemption.Redemption, shares []int64, back []coupon.Coupon,
	day calendar.Date, now calendar.Instant, by string) {
	given := map[id.ID]bool{}
	for _, c := range back {
		given[c.ID] = true
		b.couponChanged(d.by, c, change.CouponReturned, now, `{"by":"`+by+`"}`)
		if was := b.locked.Coupons[c.ID]; c.State == coupon.Expired && was != nil && was.State != coupon.Expired {
			b.out.deltas = append(b.out.deltas, endDelta(d.market.Code, &c, metric.Values{Expired: 1}))
		}
	}
	for i := range rows {
		b.out.returned = append(b.out.returned, rows[i])
		v := metric.Values{ReturnedMinor: shares[i]}
		if rows[i].CouponBack && given[rows[i].Coupon] {
			v.Returned = 1
		}
		b.out.deltas = append(b.out.deltas, useDelta(d.market.Code, &rows[i], day, v))
	}
}

func (v *refundVerb) recall(tx store.Tx, d *deal, answer string) error {
	ord, _ := splitAnswer(answer)
	orders, err := tx.Orders().Get([]id.ID{ord})
	if err != nil || len(orders) == 0 {
		return err
	}
	refunds, err := tx.Orders().Refunds([]id.ID{ord})
	if err != nil {
		return err
	}
	redeemed, err := tx.Redemptions().OfOrders([]id.ID{ord})
	if err != nil {
		return err
	}
	for i := range refunds {
		if refunds[i].Ref == v.in.Ref {
			v.out = RefundOutcome{Refund: &refunds[i], CouponsBack: backOf(redeemed, &refunds[i]),
				Shares: redemption.SharesOf(&orders[0], redeemed, refunds, refunds[i].ID)}
		}
	}
	return nil
}

// backOf names the coupons that a full refund gave back.
func backOf(rows []redemption.Redemption, r *order.Refund) (back []id.ID) {
	for _, row := range rows {
		if r.Full && row.CouponBack && row.ReturnedAt == r.At {
			back = append(back, row.Coupon)
		}
	}
	return back
}
