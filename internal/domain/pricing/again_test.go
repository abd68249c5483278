package pricing_test

import (
	"fmt"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/id"
)

// An amount by unit is bounded by what the line costs, so a cheap touched unit
// gives as much as a dear fresh one beside it: the bound of the search knows.
func TestAgainOnCheapAndDearUnitsOfALine(t *testing.T) {
	in := func(s ...string) rule.Scope { return rule.Scope{Include: rule.Selector{SKUs: s}} }
	var candidates []pricing.Candidate
	for i, terms := range []coupon.Terms{
		{Kind: coupon.KindNewTotal, CapMinor: 5, TotalMinor: 4, ThresholdQuantity: 2, Scope: in("a", "c")},
		{Kind: coupon.KindFixedPrice, PriceMinor: 2, UnitsMax: 2},
		{Kind: coupon.KindNthItem, Reward: coupon.RewardPrice, PriceMinor: 1, Select: coupon.SelectFirst, Nth: 3, Times: 1},
		{Kind: coupon.KindBuyGet, Reward: coupon.RewardAmount, AmountMinor: 3, Select: coupon.SelectDearest, Stacking: coupon.Stacking{Again: true},
			Buy: []coupon.Part{{Scope: in("a"), Quantity: 1}}, Get: []coupon.Part{{Scope: in("a", "b"), Quantity: 1}}},
	} {
		terms.Stacking.Group = fmt.Sprint(i)
		terms.Funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10_000}}
		c := &coupon.Coupon{ID: id.ID(i + 1), Template: id.ID(i + 101), Version: 1, State: coupon.Usable, Uses: 1, NextUse: 1, ValidTo: 1000}
		candidates = append(candidates, pricing.Candidate{Coupon: c, Terms: &terms, Use: true})
	}
	cart := &pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 3, UnitMinor: 2}, {SKU: "b", Quantity: 3, UnitMinor: 10}, {SKU: "c", Quantity: 2, UnitMinor: 10}}}
	rules := pricing.Rules{FloorMinor: 1, Now: 100}
	all, refusal := pricing.Apply(cart, candidates, rules)
	if refusal != nil || all.DiscountMinor != 31 {
		t.Fatalf("%d %v", all.DiscountMinor, refusal)
	}
	if best := pricing.Quote(cart, candidates, rules); !best.Optimal || best.PayableMinor != all.PayableMinor {
		t.Errorf("best of all: %d, all of them: %d", best.PayableMinor, all.PayableMinor)
	}
}
