package pricing_test

import (
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
)

// Two coupons draw on a pool together and the first on one of its own: each takes
// what the tightest of its pools leaves after the other.
func TestOverlappingBudgets(t *testing.T) {
	cart := &pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 10_000}}}
	for _, c := range []struct {
		name                string
		own, shared         int64
		ownBps, sharedBps   int64
		over                limit.Over
		first, second, both int64
	}{
		{"wide", 900, 900, 10_000, 10_000, limit.OverTruncate, 300, 300, 600},
		{"own is tight", 100, 900, 10_000, 10_000, limit.OverTruncate, 100, 300, 400},
		{"shared is tight", 900, 400, 10_000, 10_000, limit.OverTruncate, 300, 300, 400},
		{"refused", 900, 400, 10_000, 10_000, limit.OverRefuse, 300, 300, 300},
		{"a funder's part", 100, 900, 3_333, 10_000, limit.OverTruncate, 300, 300, 600},
		{"less than a funder's part", 99, 900, 3_334, 10_000, limit.OverTruncate, 296, 300, 596},
		{"a part of what both take", 900, 299, 10_000, 5_000, limit.OverTruncate, 300, 300, 598},
		{"nothing", 0, 900, 10_000, 10_000, limit.OverTruncate, 0, 300, 300},
	} {
		own, shared := &pricing.Pool{}, &pricing.Pool{}
		budgets := []*pricing.Budget{
			pricing.Drawing(c.over, []pricing.Draw{{own, c.own, c.ownBps}, {shared, c.shared, c.sharedBps}}),
			pricing.Drawing(c.over, []pricing.Draw{{shared, c.shared, c.sharedBps}}),
		}
		candidate := func(n int) pricing.Candidate {
			return pricing.Candidate{Use: true, Budget: budgets[n], Home: "CNY",
				Coupon: &coupon.Coupon{ID: id.ID(n + 1), Template: id.ID(n + 1), State: coupon.Usable, Uses: 1, ValidTo: 1 << 50},
				Terms: &coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 300, UsesPerCoupon: 1, Stacking: coupon.Stacking{Group: string(rune('a' + n))},
					Funders: []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10_000}}}}
		}
		rules := pricing.Rules{FloorMinor: 1, MaxCoupons: 5, Now: 1}
		for n, want := range []int64{c.first, c.second} {
			if got := pricing.Quote(cart, []pricing.Candidate{candidate(n)}, rules).DiscountMinor; got != want {
				t.Errorf("%s: coupon %d takes %d, want %d", c.name, n, got, want)
			}
		}
		if got := pricing.Quote(cart, []pricing.Candidate{candidate(0), candidate(1)}, rules).DiscountMinor; got != c.both {
			t.Errorf("%s: both take %d, want %d", c.name, got, c.both)
		}
	}
}
