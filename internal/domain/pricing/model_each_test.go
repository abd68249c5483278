package pricing_test

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// each makes the sets of a pattern one after the other: the triggers, of lines that
// don't fit a reward before those that do, then the rewarded units. Of a line no
// more units are triggers, or rewarded, than it has, over all coupons.
func (s *modelStack) each(u *modelUse, heaps []*modelHeap, gets, buys []*modelDemand) (chosen, triggers modelTake, sets int64) {
	chosen, triggers = make(modelTake, len(s.lines)), make(modelTake, len(s.lines))
	rewardable := func(i int) bool {
		return slices.ContainsFunc(gets, func(d *modelDemand) bool { return d.fits(i) })
	}
	// one takes the first unit that may be taken; false where there is none.
	one := func(into modelTake, may func(i int) bool) bool {
		for _, h := range heaps {
			if h.free > 0 && may(h.line) {
				h.free--
				into[h.line][h.kind]++
				return true
			}
		}
		return false
	}
	set := func(given, bought modelTake) bool {
		for _, d := range buys {
			may := func(i int) bool {
				return d.fits(i) && s.lines[i].triggered+triggers.of(i)+bought.of(i) < s.lines[i].Quantity
			}
			for range d.quant {
				if !one(bought, func(i int) bool { return may(i) && !rewardable(i) }) && !one(bought, may) {
					return false
				}
			}
		}
		for _, d := range gets {
			for range d.quant {
				if !one(given, func(i int) bool {
					return d.fits(i) && s.lines[i].rewarded+chosen.of(i)+given.of(i) < s.lines[i].Quantity
				}) {
					return false
				}
			}
		}
		return true
	}
	for u.t.Times == 0 || sets < u.t.Times {
		given, bought := make(modelTake, len(s.lines)), make(modelTake, len(s.lines))
		if !set(given, bought) {
			break
		}
		sets++
		for i := range given {
			for kind := range given[i] {
				if s.overPiece(u, i, kind, chosen[i][kind], given[i][kind]) {
					bought[i][kind] += given[i][kind] // they stay bound
					given[i][kind] = 0
					u.refused = "budget"
				}
				chosen[i][kind] += given[i][kind]
				triggers[i][kind] += bought[i][kind]
			}
		}
	}
	return chosen, triggers, sets
}

// overPiece reports whether what one set gives on some units alone is more than the
// budget holds.
func (s *modelStack) overPiece(u *modelUse, i, kind int, had, units int64) bool {
	if u.c.Budget == nil || s.rules.Profile.Over != pricing.OverPiece || units == 0 {
		return false
	}
	counts, bases := make([]int64, len(s.lines)), make([]int64, len(s.lines))
	counts[i], bases[i] = units, s.lines[i].cost(kind, had+units)-s.lines[i].cost(kind, had)
	t := *u.t
	if t.Kind == coupon.KindBundle && t.Reward == coupon.RewardAmount {
		t.Kind = coupon.KindBuyGet // an amount a unit
	}
	return modelSum(s.reward(&t, counts, bases, 1)) > u.c.Budget.LeftMinor
}
