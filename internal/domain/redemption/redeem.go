package redemption

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// RedeemInput asks to use coupons on an order. Keys for the counters: of Held in
// the scene of Now, and with a lock KeysOfLock of it too.
type RedeemInput struct {
	OrderID  id.ID // for the order to be made; ignored when Order is given
	Key      order.Key
	Member   id.ID
	Market   *market.Market
	Cart     *pricing.Cart // as paid
	CartHash string
	Merchant string
	Operator string
	Product  string
	Scanned  calendar.Instant // at a counter without network; 0: it was in touch
	Priced   *Priced          // without a lock: pricing.Apply at the coupons' present revs; with one: its stored pricing
	Held     []Held           // with a lock: its coupons
	Lock     *Lock            // lock that is paid; nil for none
	Order    *order.Order     // known order of the key, with lines; nil for none
	Redeemed bool             // the known order already has redemptions
	Counters map[limit.Key]*limit.Counter
	Now      calendar.Instant
}

// RedeemDecision is what a redemption writes.
type RedeemDecision struct {
	Coupons     []coupon.Coupon
	Redemptions []Redemption // ID is zero, parallel to Coupons
	Order       order.Order
	NewOrder    bool
	Lock        *Lock // resolved; nil when there is none to resolve
	Late        bool
	Taken       []limit.Taking
	Given       []limit.Taking
	Kept        [][]limit.Entry // of each redemption, whose Fact is its id
	Settled     []limit.Entry   // of the coupons, as they shall be
}

// DecideRedeem uses the coupons or returns the first refusal in Order. The
// counters are changed on success only.
func DecideRedeem(in *RedeemInput) (RedeemDecision, *fault.Fault) {
	var why refusals
	held, late := in.lockStands()
	for i, h := range in.Held {
		why = append(why, at(i, usable(h, held, in.Now))...)
	}
	counters := newTally(in.Counters, &why)
	in.settle(counters)
	in.askLock(&why, late)
	in.askOrder(&why)
	if f := why.first(); f != nil {
		return RedeemDecision{}, f
	}
	d := RedeemDecision{Order: in.order(), NewOrder: in.Order == nil, Late: late}
	for _, h := range in.Held {
		if f := in.use(&d, h, held, counters); f != nil {
			return RedeemDecision{}, f
		}
	}
	if f := why.first(); f != nil { // what a coupon holds was not locked
		return RedeemDecision{}, f
	}
	if held != 0 {
		resolved := in.Lock.resolve(LockRedeemed, in.Now)
		d.Lock = &resolved
	}
	counters.commit()
	d.Taken, d.Given = counters.took, counters.gave
	return d, nil
}

// lockStands returns the lock as long as it holds its coupons (stored as active),
// and whether the payment comes after its end.
func (in *RedeemInput) lockStands() (held id.ID, late bool) {
	if in.Lock == nil {
		return 0, false
	}
	if in.Lock.State == LockActive {
		held = in.Lock.ID
	}
	return held, in.Lock.At(in.Now) == LockExpired
}

// settle takes the counters of today: against the cap without a lock, by the
// lock's promise with one.
func (in *RedeemInput) settle(counters *tally) {
	today := in.Priced.takings(in.Priced.scene(in.Market, in.Now), in.Held)
	switch {
	case in.Lock == nil:
		counters.take(today)
	case in.Lock.State != LockActive:
		counters.takeOver(today)
	default:
		lock := Standing{Lock: in.Lock, Priced: in.Priced, Held: in.Held}
		counters.carry(lock.holds(in.Market), today)
	}
}

func (in *RedeemInput) askLock(why *refusals, late bool) {
	if in.Lock == nil {
		return
	}
	if in.Lock.Key != in.Key || in.Lock.Member != in.Member {
		why.add(fault.LockNotFound)
	}
	if in.Lock.State == LockRedeemed || in.Lock.State == LockReleased {
		why.add(fault.LockResolved, "state", in.Lock.State.String())
	}
	if late && (in.Market.Policies.LatePayment == market.LateRefuse || in.spent()) {
		why.add(fault.LockExpired, "expires_at", in.Lock.ExpiresAt)
	}
	if in.CartHash != in.Lock.CartHash || !in.sameCoupons() {
		why.add(fault.CartChanged)
	}
}

// spent reports whether a coupon of a lock that no longer holds it was used in the
// meantime, and what the lock promised went with that use: the next chained value,
// or the balance that the caller stated. A promise of it is not kept twice.
func (in *RedeemInput) spent() bool {
	return in.Lock.State != LockActive && slices.ContainsFunc(in.Held, func(h Held) bool {
		once := h.Terms != nil && (len(h.Terms.Chain) > 0 || h.Terms.Kind == coupon.KindStoredValue)
		return once && h.Coupon.LastUsedAt > in.Lock.CreatedAt
	})
}

func (in *RedeemInput) sameCoupons() bool {
	for _, h := range in.Held {
		if !slices.Contains(in.Lock.Coupons, h.Coupon.ID) {
			return false
		}
	}
	return len(in.Held) == len(in.Lock.Coupons)
}

// askOrder lets a known order take the redemption when it is the same cart, has
// no redemption yet, and was reported either without a discount or with this one.
func (in *RedeemInput) askOrder(why *refusals) {
	fits(why, in.Order, in.CartHash, in.Member)
	if in.Order == nil {
		return
	}
	same := len(in.Order.Lines) == len(in.Priced.Lines)
	for i := 0; same && i < len(in.Order.Lines); i++ {
		off := in.Order.Lines[i].DiscountMinor
		same = off == in.Priced.Lines[i] || in.Order.DiscountMinor == 0
	}
	if in.Redeemed || !same {
		why.add(fault.OrderDiffers)
	}
}

// order is the order as it is after the redemption.
func (in *RedeemInput) order() order.Order {
	if in.Order != nil {
		o := *in.Order
		o.Lines = slices.Clone(o.Lines)
		for i := range o.Lines {
			o.Lines[i].DiscountMinor = in.Priced.Lines[i]
		}
		o.Member = in.Member
		o.DiscountMinor, o.PaidMinor = in.Priced.DiscountMinor, in.Priced.PayableMinor
		o.Rev++
		return o
	}
	o := OrderOf(in.Cart, in.Priced.Lines)
	o.ID, o.Key, o.Market, o.Member, o.Merchant = in.OrderID, in.Key, in.Market.Code, in.Member, in.Merchant
	o.At, o.Day, o.CartHash, o.Rev = in.Now, in.Market.Day(in.Now), in.CartHash, 1
	return o
}

// use adds one use of a coupon to the decision.
func (in *RedeemInput) use(d *RedeemDecision, h Held, held id.ID, counters *tally) *fault.Fault {
	c := *h.Coupon
	number, err := c.Redeem(held, in.Market.Day(in.Now))
	if err != nil {
		return fault.From(err)
	}
	c.LastUsedAt = max(c.LastUsedAt, in.Now)
	priced := in.Priced.use(c.ID)
	r := Redemption{
		Key: in.Key, Order: d.Order.ID, Member: in.Member, Coupon: c.ID, Use: number,
		Template: c.Template, Version: c.Version, Placement: c.Placement, Form: c.Form,
		Merchant: in.Merchant, Store: in.Cart.Store, Channel: in.Cart.Channel, City: in.Cart.City,
		Operator: in.Operator, Product: in.Product, At: in.Now, ScannedAt: in.Scanned, Day: in.Market.Day(in.Now), Currency: in.Cart.Currency,
		ListMinor: in.Priced.ListMinor, DiscountMinor: priced.DiscountMinor, PaidMinor: in.Priced.PayableMinor,
		Late: d.Late, FirstUse: number == 1, Rev: 1,
	}
	if priced.Gift != nil {
		r.GiftQuantity = priced.Gift.Quantity
	}
	if b := priced.Benefit; b != nil {
		r.BenefitUnit, r.BenefitValue = b.Unit, b.Value
	}
	for _, cell := range priced.Cells {
		r.Cells = append(r.Cells, Cell{
			Line: cell.Line, FunderKind: cell.Funder.Kind, FunderCode: cell.Funder.Code, Minor: cell.Minor,
		})
	}
	d.Coupons = append(d.Coupons, c)
	d.Redemptions = append(d.Redemptions, r)
	d.Kept = append(d.Kept, limit.Entries(0, h.takings(in.Priced.scene(in.Market, in.Now), priced)))
	d.Settled = append(d.Settled, counters.settle(h.Entries, h.Coupon, &c, priced.DiscountMinor)...)
	return nil
}
