package coupon_test

import (
	"testing"

	"pgregory.net/rapid"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/testkit"
)

// drawTerms changes one of the kinds' samples; most of what comes out is valid.
func drawTerms(t *rapid.T) coupon.Terms {
	terms := rapid.SampledFrom(testkit.Kinds()).Draw(t, "kind").Terms
	maybe := func(name string, set func()) {
		if rapid.IntRange(0, 3).Draw(t, name) == 0 {
			set()
		}
	}
	number := func(name string, most int64) int64 { return rapid.Int64Range(0, most).Draw(t, name) }
	maybe("threshold", func() { terms.ThresholdMinor = number("threshold_minor", 3000) })
	maybe("base", func() {
		terms.ThresholdBase = rapid.SampledFrom([]coupon.Base{"", coupon.BaseList, coupon.BaseAfter}).Draw(t, "threshold_base")
	})
	maybe("cap", func() { terms.CapMinor = number("cap_minor", 500) })
	maybe("item cap", func() { terms.ItemCapMinor = number("item_cap_minor", 300) })
	maybe("amount", func() { terms.AmountMinor = number("amount_minor", 1000) })
	maybe("units", func() { terms.UnitsMax = number("units_max", 4) })
	maybe("times", func() { terms.Times = number("times", 3) })
	maybe("repeat", func() { terms.Repeat = !terms.Repeat })
	maybe("split", func() {
		terms.Split = rapid.SampledFrom([]coupon.Split{coupon.SplitLine, coupon.SplitAmount, coupon.SplitQuantity}).Draw(t, "by")
	})
	maybe("reward", func() {
		terms.Reward = rapid.SampledFrom([]coupon.Reward{coupon.RewardPercent, coupon.RewardAmount, coupon.RewardPrice}).Draw(t, "of")
		terms.DiscountBps, terms.AmountMinor, terms.PriceMinor, terms.TotalMinor = 0, 0, 0, 0
		switch terms.Reward {
		case coupon.RewardPercent:
			terms.DiscountBps = number("bps", 10_000)
		case coupon.RewardAmount:
			terms.AmountMinor = number("off", 1000)
		default:
			terms.PriceMinor = number("price", 1000)
		}
	})
	terms.Scope, terms.Currencies, terms.Contains = rule.Scope{}, nil, nil
	return terms
}

func drawCart(t *rapid.T) pricing.Cart {
	var cart pricing.Cart
	for range rapid.IntRange(1, 6).Draw(t, "lines") {
		cart.Lines = append(cart.Lines, pricing.Line{
			SKU:      rapid.SampledFrom([]string{"apple", "pear", "melon", "egg", "knife"}).Draw(t, "sku"),
			Quantity: rapid.Int64Range(1, 9).Draw(t, "quantity"), UnitMinor: rapid.Int64Range(0, 5000).Draw(t, "unit"),
			Category: "fresh/fruit", MemberMinor: rapid.Int64Range(0, 1000).Draw(t, "member"),
		})
	}
	cart.Lines = append(cart.Lines, pricing.Line{Shipping: "express", Quantity: 1, UnitMinor: 900})
	return cart
}

// No cart makes a coupon cost more than its liability says: what it takes off and
// what it hands over, over all its uses.
func TestLiabilityBoundsPricing(t *testing.T) {
	bounded, brought := 0, 0
	m := testkit.Market()
	rapid.Check(t, func(t *rapid.T) {
		terms, cart := drawTerms(t), drawCart(t)
		liability, ok := terms.Liability()
		if !ok || (&coupon.Doc{Terms: terms}).Validate(&m, nil) != nil {
			return
		}
		bounded++
		var cost int64
		for use := range terms.UsesPerCoupon {
			one := terms.ForUse(use + 1)
			r := pricing.Quote(&cart, []pricing.Candidate{{Terms: one, Use: true, BalanceMinor: 1_000_000,
				Coupon: &coupon.Coupon{ID: 1, State: coupon.Usable, Uses: 1, ValidTo: 200}}}, pricing.Rules{Now: 100})
			cost += r.DiscountMinor
			for _, u := range r.Uses {
				if u.Gift != nil {
					cost += u.Gift.ValueMinor * u.Gift.Quantity
				}
			}
		}
		if cost > 0 {
			brought++
		}
		if cost > liability {
			t.Fatalf("costs %d, liability %d: %+v on %+v", cost, liability, terms, cart)
		}
	})
	if brought == 0 {
		t.Errorf("of %d bounded coupons %d brought anything", bounded, brought)
	}
}
