package pricing_test

import (
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// Touched units that cost nothing cost something again when a trigger joins them:
// a coupon that sees touched units may find more of them behind another one.
func TestUnitsThatComeBack(t *testing.T) {
	cart := pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 4, UnitMinor: 10}}}
	free := coupon.Terms{Kind: coupon.KindItemOff, Reward: coupon.RewardPercent, DiscountBps: 10000, UnitsMax: 2, Priority: 3, Stacking: coupon.Stacking{Group: "x"}}
	half := coupon.Terms{Kind: coupon.KindNthItem, Nth: 2, Reward: coupon.RewardPercent, DiscountBps: 5000, Priority: 2, Stacking: coupon.Stacking{Group: "y"}}
	third := coupon.Terms{Kind: coupon.KindBuyGet, Buy: []coupon.Part{{Quantity: 2}}, Get: []coupon.Part{{Quantity: 1}}, Reward: coupon.RewardPercent,
		DiscountBps: 10000, Priority: 1, Stacking: coupon.Stacking{Group: "z", Again: true}}
	r := agree(t, &cart, []pricing.Candidate{candidate(1, free), candidate(2, half), candidate(3, third)}, pricing.Rules{Now: 100})
	if r.DiscountMinor != 29 {
		t.Errorf("discount %d", r.DiscountMinor)
	}
}

// A percentage of list prices gives no line more than its units cost: a rest that
// would go to a full line by its fraction goes to the next one.
func TestPercentOfListKeepsToTheBase(t *testing.T) {
	cart := pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 4000}, {SKU: "b", Quantity: 1, UnitMinor: 1}, {SKU: "c", Quantity: 1, UnitMinor: 1}}}
	price := coupon.Terms{Kind: coupon.KindFixedPrice, PriceMinor: 1000, Scope: only("a"), Priority: 1, Stacking: coupon.Stacking{Group: "x"}}
	list := coupon.Terms{Kind: coupon.KindItemOff, Reward: coupon.RewardPercent, DiscountBps: 2500, AllowZero: true,
		Stacking: coupon.Stacking{Group: "y", Again: true, Base: coupon.TakenList}}
	r := agree(t, &cart, []pricing.Candidate{candidate(1, price), candidate(2, list)}, pricing.Rules{Now: 100})
	if r.DiscountMinor != 4001 || r.Lines[1] != 1 {
		t.Errorf("discount %d as %v", r.DiscountMinor, r.Lines)
	}
}

// By piece, a set that gives one minor unit more than the budget holds is left out.
func TestSetOverTheBudget(t *testing.T) {
	cart := pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 2, UnitMinor: 10}}}
	for budget, want := range map[int64]int64{9: 0, 10: 10} {
		c := candidate(1, coupon.Terms{Kind: coupon.KindBuyGet, Buy: []coupon.Part{{Quantity: 1}}, Get: []coupon.Part{{Quantity: 1}},
			Reward: coupon.RewardPercent, DiscountBps: 10000})
		c.Budget = &pricing.Budget{LeftMinor: budget}
		if r := agree(t, &cart, []pricing.Candidate{c}, pricing.Rules{Now: 100, Profile: pricing.Profiles["medusa"]}); r.DiscountMinor != want {
			t.Errorf("budget %d: %d off", budget, r.DiscountMinor)
		}
	}
}
