package redemption

import (
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// ReturnInput asks to give a coupon's use back by itself: a redemption that
// brought no discount (a gift handed over by mistake), or one whose order is
// refunded in full.
type ReturnInput struct {
	Redeemed
	Market   *market.Market
	Operator string
	Counters map[limit.Key]*limit.Counter
	Now      calendar.Instant
}

// ReturnDecision is what a return writes.
type ReturnDecision struct {
	Redemption Redemption
	Coupon     coupon.Coupon
	Given      []limit.Taking
	Entries    []limit.Entry // as they shall be
}

// DecideReturn gives the use back: coupon_already_returned when it was, wrong_state
// while a discount of it stands (refund the order instead).
func DecideReturn(in *ReturnInput) (ReturnDecision, *fault.Fault) {
	r := *in.Redemption
	if r.CouponBack {
		return ReturnDecision{}, fault.New(fault.ReturnedAlready)
	}
	for _, c := range r.Cells {
		if c.ReturnedMinor < c.Minor {
			return ReturnDecision{}, fault.New(fault.WrongState, "state", "discounted")
		}
	}
	c, f := giveBack(in.Redeemed, in.Market, in.Now)
	if f != nil {
		return ReturnDecision{}, f
	}
	var why refusals
	counters := newTally(in.Counters, &why)
	var entries []limit.Entry
	var spent int64
	if r.ReturnedAt == 0 { // else the refund gave them back
		counters.give(in.taken(in.Market))
		entries, spent = counters.giveEntries(in.Kept), r.DiscountMinor
	}
	entries = append(entries, counters.settle(in.Entries, in.Coupon, &c, -spent)...)
	if f := why.first(); f != nil {
		return ReturnDecision{}, f
	}
	r.CouponBack = true
	if r.ReturnedAt == 0 {
		r.ReturnedAt, r.ReturnedDay, r.ReturnedBy = in.Now, in.Market.Day(in.Now), in.Operator
	}
	r.Rev++
	counters.commit()
	return ReturnDecision{Redemption: r, Coupon: c, Given: counters.gave, Entries: entries}, nil
}

// giveBack returns one use to the coupon. One with uses left has expired on the
// day of its end, whether or not its row says so: the grace is for used ones. The
// interval to its next use is counted from the newest use that stands.
func giveBack(r Redeemed, m *market.Market, now calendar.Instant) (coupon.Coupon, *fault.Fault) {
	c := *r.Coupon
	grace, day := now.Add(time.Duration(m.Policies.ReturnGraceHours)*time.Hour), m.Day(now)
	if c.State == coupon.Usable && now >= c.ValidTo {
		grace, day = 0, m.Day(c.ValidTo-1)
	}
	if err := c.ReturnUse(now, grace, day); err != nil {
		return c, fault.From(err)
	}
	c.LastUsedAt = r.Earlier
	return c, nil
}
