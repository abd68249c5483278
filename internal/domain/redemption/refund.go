package redemption

import (
	"fmt"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
)

// Redeemed is a redemption of an order with its coupon.
type Redeemed struct {
	Redemption *Redemption // with cells
	Held
	// Earlier is the newest use of the coupon beside this one that was not given
	// back: an interval is counted from it again. Zero: none.
	Earlier calendar.Instant
	Kept    []limit.Entry // what the redemption holds of counters
}

// RefundLine asks for units of one line.
type RefundLine struct {
	Line     int64
	Quantity int64
}

// RefundInput asks for money back on an order. Keys for the counters:
// KeysOfUse of each redemption.
type RefundInput struct {
	ID          id.ID // of the refund
	Ref         string
	BodyHash    string
	Lines       []RefundLine
	Full        bool // everything that is left; Lines is then empty
	GiftsKept   bool // gifts that should come back do not
	Operator    string
	Order       *order.Order // with lines
	Redemptions []Redeemed   // all of the order
	Previous    []order.Refund
	Market      *market.Market
	Counters    map[limit.Key]*limit.Counter
	Now         calendar.Instant
}

// RefundDecision is what a refund writes.
type RefundDecision struct {
	Refund        order.Refund
	Order         order.Order
	Redemptions   []Redemption    // changed ones, with cells
	Coupons       []coupon.Coupon // given back
	Given         []limit.Taking
	Entries       []limit.Entry // as they shall be
	ReturnedMinor []int64       // discount shares given back, parallel to Redemptions
}

// DecideRefund refunds or returns the first refusal. The counters are changed on
// success only.
func DecideRefund(in *RefundInput) (RefundDecision, *fault.Fault) {
	if f := in.validate(); f != nil {
		return RefundDecision{}, f
	}
	var why refusals
	k := in.kept(&why)
	in.askOrder(&why)
	lost := in.broken(k)
	if len(lost) > 0 && in.Market.Policies.BrokenThreshold == market.BrokenRefuse {
		why.add(fault.ThresholdBroken)
	}
	counters := newTally(in.Counters, &why)
	if k.full {
		in.giveCounters(counters)
	}
	if f := why.first(); f != nil {
		return RefundDecision{}, f
	}
	d := RefundDecision{}
	in.payBack(&d, k, in.charge(k, lost))
	in.shares(&d, k, counters)
	if f := why.first(); f != nil {
		return RefundDecision{}, f
	}
	counters.commit()
	d.Given = counters.gave
	return d, nil
}

// validate finds bad input: what is asked for has to be said, and once.
func (in *RefundInput) validate() *fault.Fault {
	if !in.Full && len(in.Lines) == 0 {
		return fault.New(fault.MissingValue).At("/lines")
	}
	if in.Full && len(in.Lines) > 0 {
		return fault.New(fault.Conflicting, "a", "full", "b", "lines").At("/lines")
	}
	seen := map[int64]bool{}
	for i, l := range in.Lines {
		at := fmt.Sprintf("/lines/%d", i)
		switch {
		case in.lineAt(l.Line) < 0:
			return fault.New(fault.InvalidValue).At(at + "/line")
		case seen[l.Line]:
			return fault.New(fault.DuplicateValue).At(at + "/line")
		case l.Quantity < 1:
			return fault.New(fault.OutOfRange, "min", 1).At(at + "/quantity")
		}
		seen[l.Line] = true
	}
	return nil
}

func (in *RefundInput) lineAt(no int64) int {
	return slices.IndexFunc(in.Order.Lines, func(l order.Line) bool { return l.No == no })
}

// askOrder refuses an order of which nothing is left, and a refund's number that
// was used for another one.
func (in *RefundInput) askOrder(why *refusals) {
	for _, p := range in.Previous {
		if p.Full {
			why.add(fault.OrderRefunded)
		}
		if p.Ref == in.Ref {
			why.add(fault.RefundDiffers)
		}
	}
}

// kept is the order after the refund: per line how many units are back in all,
// and in this refund.
type kept struct {
	back, now []int64
	full      bool
}

func (in *RefundInput) kept(why *refusals) kept {
	n := len(in.Order.Lines)
	k := kept{back: make([]int64, n), now: make([]int64, n), full: true}
	for i, l := range in.Order.Lines {
		if in.Full {
			k.now[i] = l.Quantity - l.RefundedQuantity
		}
	}
	for i, want := range in.Lines {
		at := in.lineAt(want.Line)
		left := in.Order.Lines[at].Quantity - in.Order.Lines[at].RefundedQuantity
		if want.Quantity > left {
			*why = append(*why, fault.New(fault.RefundTooMuch, "line", want.Line, "left", left).
				At(fmt.Sprintf("/lines/%d/quantity", i)))
		}
		k.now[at] = min(want.Quantity, left)
	}
	for i, l := range in.Order.Lines {
		k.back[i] = l.RefundedQuantity + k.now[i]
		k.full = k.full && k.back[i] == l.Quantity
	}
	return k
}

// share is the part of an amount of a line that belongs to its returned units:
// cumulative, so that it reaches the whole with the last unit.
func share(amount, back, quantity int64) int64 {
	if back >= quantity {
		return amount
	}
	part, _ := money.MulDivFloor(amount, back, quantity)
	return part
}

// cellsBack is what of each cell belongs to returned units.
func (in *RefundInput) cellsBack(r *Redemption, k kept) []int64 {
	out := make([]int64, len(r.Cells))
	for i, c := range r.Cells {
		if at := in.lineAt(c.Line); at >= 0 {
			out[i] = max(c.ReturnedMinor, share(c.Minor, k.back[at], in.Order.Lines[at].Quantity))
		}
	}
	return out
}

// left is the discount of a redemption that stays on the kept units.
func (in *RefundInput) left(r *Redemption, k kept) int64 {
	var sum int64
	back := in.cellsBack(r, k)
	for i, c := range r.Cells {
		sum += c.Minor - back[i]
	}
	return sum
}

// charge is what is held back in this state of the order: the gifts that should
// have come back, and under recompute the discounts whose conditions broke. It
// depends on the state only, so what was held back for kept units is paid out
// when they return.
func (in *RefundInput) charge(k kept, lost []broken) (sum int64) {
	if k.full {
		for _, r := range in.Redemptions {
			sum += in.gift(r)
		}
		return sum
	}
	if in.Market.Policies.BrokenThreshold != market.BrokenRecompute {
		return 0
	}
	for _, r := range lost {
		sum += in.left(r.Redemption, k) - r.stays + in.gift(r.Redeemed)
	}
	return sum
}

// gift is the value of what a use handed over and does not come back. What it
// made free in the cart is a line like any other.
func (in *RefundInput) gift(r Redeemed) int64 {
	if !in.GiftsKept || r.Terms.Gift == nil || r.Redemption.ReturnedAt != 0 {
		return 0
	}
	return r.Terms.Gift.ValueMinor * r.Redemption.GiftQuantity
}

// payBack fills the refund and the order: every line's share of what it cost,
// less what it got before, less the charge.
func (in *RefundInput) payBack(d *RefundDecision, k kept, charge int64) {
	o := *in.Order
	o.Lines = slices.Clone(o.Lines)
	due := make([]int64, len(o.Lines))
	var sum int64
	for i, l := range o.Lines {
		due[i] = max(share(l.PaidMinor(), k.back[i], l.Quantity)-l.RefundedMinor, 0)
		sum += due[i]
	}
	minor := max(sum-charge, 0)
	d.Refund = order.Refund{
		ID: in.ID, Order: o.ID, Ref: in.Ref, At: in.Now, Day: in.Market.Day(in.Now),
		Minor: minor, ChargeMinor: sum - minor, Full: k.full, BodyHash: in.BodyHash,
	}
	for i, part := range money.Split(minor, due) {
		o.Lines[i].RefundedQuantity += k.now[i]
		o.Lines[i].RefundedMinor += part
		if k.now[i] > 0 || part > 0 {
			d.Refund.Lines = append(d.Refund.Lines, order.RefundLine{Line: o.Lines[i].No, Quantity: k.now[i], Minor: part})
		}
	}
	o.RefundedMinor += minor
	o.Rev++
	d.Order = o
}

// shares gives discount shares back to the funders, and on a full refund the uses.
func (in *RefundInput) shares(d *RefundDecision, k kept, counters *tally) {
	for _, rd := range in.Redemptions {
		r := *rd.Redemption
		r.Cells = slices.Clone(r.Cells)
		var returned int64
		for i, back := range in.cellsBack(&r, k) {
			returned += back - r.Cells[i].ReturnedMinor
			r.Cells[i].ReturnedMinor = back
		}
		ends := k.full && r.ReturnedAt == 0
		if returned == 0 && !ends {
			continue
		}
		if ends {
			after := rd.Coupon
			if back := in.end(&r, rd); back != nil {
				after = back
				d.Coupons = append(d.Coupons, *back)
			}
			d.Entries = append(d.Entries, counters.giveEntries(rd.Kept)...)
			d.Entries = append(d.Entries, counters.settle(rd.Entries, rd.Coupon, after, -r.DiscountMinor)...)
		}
		r.Rev++
		d.Redemptions = append(d.Redemptions, r)
		d.ReturnedMinor = append(d.ReturnedMinor, returned)
	}
}

// end marks a redemption as returned, and gives its coupon back where the market
// does; nil where it does not.
func (in *RefundInput) end(r *Redemption, rd Redeemed) *coupon.Coupon {
	r.ReturnedAt, r.ReturnedDay, r.ReturnedBy = in.Now, in.Market.Day(in.Now), in.Operator
	if in.Market.Policies.CouponReturn == market.ReturnNever {
		return nil
	}
	c, f := giveBack(rd, in.Market, in.Now)
	if f != nil {
		return nil
	}
	r.CouponBack = true
	return &c
}

func (in *RefundInput) giveCounters(counters *tally) {
	for _, r := range in.Redemptions {
		if r.Redemption.ReturnedAt == 0 {
			counters.give(r.taken(in.Market))
		}
	}
}

// taken is what the redemption took of the counters of plain limits, in the period
// of its day.
func (r Redeemed) taken(m *market.Market) []limit.Taking {
	return r.plain(m, r.Redemption.Day, r.Redemption.DiscountMinor)
}
