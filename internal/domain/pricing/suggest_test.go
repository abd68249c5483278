package pricing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/id"
)

func suggest(cart *pricing.Cart, all []pricing.Candidate, goods []pricing.Line, most int) ([]pricing.Want, []pricing.Suggestion) {
	rules := pricing.Rules{FloorMinor: 1}
	now := pricing.Quote(cart, all, rules)
	wants := pricing.Wants(cart, all, &now, rules)
	return wants, pricing.Suggest(cart, all, &now, wants, goods, rules, most)
}

func good(sku string, minor int64) pricing.Line { return pricing.Line{SKU: sku, UnitMinor: minor} }

var shelf = []pricing.Line{good("a", 700), good("b", 1_250), good("c", 1_300), good("d", 5_000), good("melon", 990)}

// TestSuggest: what is told and suggested for each reason that goods can cure.
func TestSuggest(t *testing.T) {
	amount := func(minor, from int64) coupon.Terms {
		return coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: minor, ThresholdMinor: from}
	}
	cart := pricing.Cart{Lines: []pricing.Line{{SKU: "x", Quantity: 1, UnitMinor: 8_750}}}
	add := func(sku string, quantity, unit int64) []pricing.Addition {
		return []pricing.Addition{{SKU: sku, Quantity: quantity, UnitMinor: unit}}
	}
	for name, test := range map[string]struct {
		terms coupon.Terms
		gap   pricing.Want
		best  []pricing.Addition
		extra int64
	}{
		"12.50 more": {amount(2_000, 10_000), pricing.Want{Minor: 1_250}, add("b", 1, 1_250), -750},
		"two units": {coupon.Terms{Kind: coupon.KindPercentOff, DiscountBps: 1_000, ThresholdQuantity: 2},
			pricing.Want{Units: 1}, add("a", 1, 700), -245},
		"nothing in scope": {coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 500, Scope: only("c")},
			pricing.Want{Units: 1, Scope: only("c")}, add("c", 1, 1_300), 800},
		"contains": {coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 500, Contains: []rule.Contain{{Scope: only("d"), MinMinor: 6_000}}},
			pricing.Want{Minor: 6_000, Scope: only("d")}, add("d", 2, 5_000), 9_500},
		"item missing": {coupon.Terms{Kind: coupon.KindExchange, PriceMinor: 100, Gift: &coupon.Gift{SKU: "melon", Quantity: 1}},
			pricing.Want{Units: 1, Scope: only("melon")}, add("melon", 1, 990), 100},
		"next step": {coupon.Terms{Kind: coupon.KindAmountOff, Steps: []coupon.Step{{ThresholdMinor: 5_000, AmountMinor: 300}, {ThresholdMinor: 9_400, AmountMinor: 1_000}}},
			pricing.Want{Minor: 650, Step: true}, add("a", 1, 700), 0},
		"again": {coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 400, ThresholdMinor: 3_000, Repeat: true},
			pricing.Want{Minor: 250, Step: true}, add("a", 1, 700), 300},
		"bundle": {coupon.Terms{Kind: coupon.KindBundle, Reward: coupon.RewardPercent, DiscountBps: 5_000,
			Get: []coupon.Part{{Scope: only("x"), Quantity: 1}, {Scope: only("melon"), Quantity: 1}}},
			pricing.Want{Units: 1, Scope: only("melon")}, add("melon", 1, 990), -3_880},
	} {
		t.Run(name, func(t *testing.T) {
			wants, found := suggest(&cart, []pricing.Candidate{candidate(1, test.terms)}, shelf, 3)
			if len(wants) != 1 || len(found) == 0 {
				t.Fatalf("wants %+v, suggestions %+v", wants, found)
			}
			wants[0].First = nil
			if d := cmp.Diff(test.gap, wants[0]); d != "" {
				t.Errorf("want (-want +got)\n%s", d)
			}
			if d := cmp.Diff(test.best, found[0].Add); d != "" || found[0].ExtraMinor != test.extra {
				t.Errorf("extra %d, want %d; (-want +got)\n%s", found[0].ExtraMinor, test.extra, d)
			}
		})
	}
}

// TestSuggestNothing: what goods can't cure, or what brings nothing, is not suggested.
func TestSuggestNothing(t *testing.T) {
	cart := pricing.Cart{City: "paris", Lines: []pricing.Line{{SKU: "x", Quantity: 1, UnitMinor: 9_000}}}
	for name, terms := range map[string]coupon.Terms{
		"another city":     {Kind: coupon.KindAmountOff, AmountMinor: 2_000, ThresholdMinor: 10_000, Use: rule.Place{Cities: []string{"rome"}}},
		"no such goods":    {Kind: coupon.KindNoThreshold, AmountMinor: 500, Scope: only("none")},
		"the last step":    {Kind: coupon.KindAmountOff, Steps: []coupon.Step{{ThresholdMinor: 5_000, AmountMinor: 300}}},
		"counts as it can": {Kind: coupon.KindPercentOff, DiscountBps: 1_000},
	} {
		if _, found := suggest(&cart, []pricing.Candidate{candidate(1, terms)}, shelf, 3); len(found) != 0 {
			t.Errorf("%s: %+v", name, found)
		}
	}
	// Beside a better coupon of its group the smaller one is never reached.
	small := candidate(1, coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 10, ThresholdMinor: 10_000})
	big := candidate(2, coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 5_000})
	if _, found := suggest(&cart, []pricing.Candidate{small, big}, shelf, 3); len(found) != 0 {
		t.Errorf("a worse coupon: %+v", found)
	}
	// One that takes the place of an equal one, because it expires first, saves nothing.
	soon := candidate(1, coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 5_000, ThresholdMinor: 10_000})
	soon.Coupon.ValidTo = 500
	if _, found := suggest(&cart, []pricing.Candidate{soon, big}, shelf, 3); len(found) != 0 {
		t.Errorf("an equal coupon: %+v", found)
	}
}

// TestSuggestionsHold: each suggestion says what pricing says of the cart with the
// goods in it, brings more off than now, and they are in order.
func TestSuggestionsHold(t *testing.T) {
	random := rand.New(rand.NewPCG(20260302, 7))
	told := 0
	for n := range 300 {
		cart := pricing.Cart{Lines: []pricing.Line{{SKU: "x", Quantity: 1 + random.Int64N(3), UnitMinor: 1 + random.Int64N(4_000)}, {SKU: "a", Quantity: 1, UnitMinor: 700}}}
		var all []pricing.Candidate
		for i := range 1 + random.IntN(4) {
			terms := coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 1 + random.Int64N(900), ThresholdMinor: 1_000 + random.Int64N(9_000),
				Stacking: coupon.Stacking{Group: fmt.Sprint(random.IntN(3))}, Repeat: random.IntN(2) == 0}
			if random.IntN(2) == 0 {
				terms = coupon.Terms{Kind: coupon.KindPercentOff, DiscountBps: 1 + random.Int64N(5_000), ThresholdMinor: random.Int64N(9_000),
					ThresholdBase: coupon.BaseAfter, Stacking: terms.Stacking}
			}
			all = append(all, candidate(i+1, terms))
		}
		rules := pricing.Rules{FloorMinor: 1}
		now := pricing.Quote(&cart, all, rules)
		_, found := suggest(&cart, all, shelf, 5)
		for i, s := range found {
			told++
			full := cart
			full.Lines = append([]pricing.Line{}, cart.Lines...)
			for _, a := range s.Add {
				if a.SKU == "a" {
					full.Lines[1].Quantity += a.Quantity
				} else {
					full.Lines = append(full.Lines, pricing.Line{SKU: a.SKU, Quantity: a.Quantity, UnitMinor: a.UnitMinor})
				}
			}
			r := pricing.Quote(&full, all, rules)
			used := map[id.ID]bool{}
			for _, u := range r.Uses {
				used[u.Coupon] = true
			}
			if r.PayableMinor != s.PayableMinor || s.ExtraMinor != r.PayableMinor-now.PayableMinor || r.DiscountMinor <= now.DiscountMinor || !used[s.Coupons[0]] {
				t.Fatalf("world %d: %+v, priced %+v, now %+v", n, s, r, now)
			}
			if i > 0 && found[i-1].ExtraMinor > s.ExtraMinor {
				t.Fatalf("world %d: not in order: %+v", n, found)
			}
		}
	}
	if told < 100 {
		t.Errorf("only %d suggestions were looked at", told)
	}
}
