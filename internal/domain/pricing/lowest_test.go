package pricing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// TestLowest: the quantity that makes a unit cheapest, by the coupon.
func TestLowest(t *testing.T) {
	stack := func(terms coupon.Terms, group string) coupon.Terms {
		terms.Stacking.Group = group
		return terms
	}
	for name, test := range map[string]struct {
		terms             []coupon.Terms
		quantity, payable int64
		proved            bool
	}{
		"no coupon":         {nil, 1, 300, true},
		"at the threshold":  {[]coupon.Terms{{Kind: coupon.KindAmountOff, AmountMinor: 2_000, ThresholdMinor: 10_000}}, 34, 8_200, true},
		"the better step":   {[]coupon.Terms{{Kind: coupon.KindAmountOff, Steps: []coupon.Step{{ThresholdMinor: 600, AmountMinor: 100}, {ThresholdMinor: 30_000, AmountMinor: 9_000}}}}, 100, 21_000, true},
		"one is cheapest":   {[]coupon.Terms{{Kind: coupon.KindNoThreshold, AmountMinor: 250}}, 1, 50, false},
		"third for nothing": {[]coupon.Terms{{Kind: coupon.KindNthItem, Nth: 3, Reward: coupon.RewardPercent, DiscountBps: 10_000}}, 3, 600, false},
		"two together": {[]coupon.Terms{stack(coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 2_000, ThresholdMinor: 10_000}, "a"),
			stack(coupon.Terms{Kind: coupon.KindPercentOff, DiscountBps: 1_000}, "b")}, 38, 8_260, false},
	} {
		t.Run(name, func(t *testing.T) {
			var all []pricing.Candidate
			for i, terms := range test.terms {
				all = append(all, candidate(i+1, terms))
			}
			l := pricing.LowestOf(&pricing.Cart{}, pricing.Line{SKU: "a", UnitMinor: 300}, all, pricing.Rules{FloorMinor: 1}, pricing.Quantities{Every: 3, Most: 200})
			if l.Quantity != test.quantity || l.PayableMinor != test.payable || l.Proved != test.proved {
				t.Errorf("%d units for %d, proved %v (bound %d); want %d for %d, %v", l.Quantity, l.PayableMinor, l.Proved, l.BoundMinor,
					test.quantity, test.payable, test.proved)
			}
		})
	}
}

// TestLowestAgainstAll: few quantities find what all of them find nearly always,
// what is called proved always, and no bound lies above the truth.
func TestLowestAgainstAll(t *testing.T) {
	random := rand.New(rand.NewPCG(20260302, 11))
	const most = 60
	missed, worlds := 0, 400
	for n := range worlds {
		line := pricing.Line{SKU: "a", UnitMinor: 50 + random.Int64N(900)}
		var all []pricing.Candidate
		for i := range 1 + random.IntN(4) {
			stacking := coupon.Stacking{Group: fmt.Sprint(random.IntN(3))}
			from, off := 100+random.Int64N(9_000), 1+random.Int64N(99)
			terms := []coupon.Terms{
				{Kind: coupon.KindAmountOff, AmountMinor: off, ThresholdMinor: from},
				{Kind: coupon.KindAmountOff, AmountMinor: off, ThresholdMinor: from, Repeat: true},
				{Kind: coupon.KindPercentOff, DiscountBps: off * 50, ThresholdMinor: from, ThresholdBase: coupon.BaseAfter},
				{Kind: coupon.KindPercentOff, DiscountBps: off * 50, CapMinor: 10 + off},
				{Kind: coupon.KindNoThreshold, AmountMinor: off},
				{Kind: coupon.KindNthItem, Nth: 2 + random.Int64N(4), Reward: coupon.RewardPercent, DiscountBps: off * 50},
				{Kind: coupon.KindFixedPrice, PriceMinor: off, UnitsMax: 1 + random.Int64N(5)},
			}[random.IntN(7)]
			terms.Stacking = stacking
			all = append(all, candidate(i+1, terms))
		}
		rules := pricing.Rules{FloorMinor: 1, MaxCoupons: 1 + random.Int64N(3)}
		truth := pricing.LowestOf(&pricing.Cart{}, line, all, rules, pricing.Quantities{Every: most, Most: most})
		quick := pricing.LowestOf(&pricing.Cart{}, line, all, rules, pricing.Quantities{Every: 2, Most: most})
		same := quick.UnitMinor() == truth.UnitMinor()
		if !truth.Proved || quick.Proved && !same {
			t.Fatalf("world %d: proved %v %v: %+v, all quantities %+v%s", n, truth.Proved, quick.Proved, quick, truth, tell(all))
		}
		if quick.BoundMinor*truth.Quantity > truth.PayableMinor {
			t.Fatalf("world %d: bound %d above %+v%s", n, quick.BoundMinor, truth, tell(all))
		}
		if !same {
			missed++
		}
		// One that tries next to nothing is mostly wrong, and must not call that proved.
		poor := pricing.LowestOf(&pricing.Cart{}, line, all, rules, pricing.Quantities{Every: 1, Most: most, Tries: 1})
		if poor.Proved && poor.UnitMinor() != truth.UnitMinor() {
			t.Fatalf("world %d: proved %+v, all quantities %+v%s", n, poor, truth, tell(all))
		}
	}
	t.Logf("%d of %d worlds need a quantity that is not tried", missed, worlds)
	if missed > worlds/20 {
		t.Errorf("%d of %d worlds need a quantity that is not tried", missed, worlds)
	}
}
