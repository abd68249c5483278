package pricing_test

import (
	"fmt"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
)

// The published corpora are made from seeds, so that everybody gets the same
// worlds. docs/guides/corpora.md says what is in them.

var everydayRules = pricing.Rules{FloorMinor: 1, MaxCoupons: 5, Now: 100}

func categoryOf(n int) string { return fmt.Sprintf("c%d", n) }

func (d dice) basket(lines int) pricing.Cart {
	cart := pricing.Cart{}
	for range lines {
		cart.Lines = append(cart.Lines, pricing.Line{SKU: fmt.Sprint("s", d.IntN(400)), Category: categoryOf(d.IntN(12)),
			Brand: fmt.Sprint("b", d.IntN(25)), Quantity: d.between(1, 4), UnitMinor: d.between(1, 80)*100 - pickOf(d, int64(0), 1, 10, 50)})
	}
	return cart
}

func category(names ...string) rule.Scope {
	return rule.Scope{Include: rule.Selector{Categories: names}}
}

func (d dice) brand() rule.Scope {
	return rule.Scope{Include: rule.Selector{Brands: []string{fmt.Sprint("b", d.IntN(25))}}}
}

// everyday is the wallet of a regular at a grocery.
func (d dice) everyday() world {
	lines := pickOf(d, d.between(1, 10), d.between(5, 40), d.between(5, 40), d.between(40, 200))
	w := world{cart: d.basket(int(lines)), rules: everydayRules}
	for i := range w.cart.Lines {
		if l := &w.cart.Lines[i]; d.IntN(5) == 0 {
			l.MemberMinor = l.UnitMinor * 9 / 10
		}
	}
	if d.IntN(2) == 0 {
		w.cart.Lines = append(w.cart.Lines, pricing.Line{SKU: "delivery", Shipping: "standard", Quantity: 1, UnitMinor: 600})
	}
	for i := range 30 {
		t := coupon.Terms{Kind: coupon.KindAmountOff}
		if d.IntN(2) == 0 {
			d.offerBySum(&t)
		} else {
			d.offerByUnits(&t)
		}
		c := candidate(i+1, t)
		c.BalanceMinor = d.between(1, 50) * 100
		w.all = append(w.all, c)
	}
	return w
}

// offerBySum takes one sum off, or hands something over.
func (d dice) offerBySum(t *coupon.Terms) {
	n := d.IntN(12)
	switch d.IntN(10) {
	case 0, 1: // the house: 30 off 199
		t.AmountMinor = d.between(3, 50) * 100
		t.ThresholdMinor = t.AmountMinor * d.between(5, 12)
		t.Stacking.Group = "house"
	case 2: // the house, in steps or for each full threshold
		low := d.between(30, 100) * 100
		t.Steps = []coupon.Step{{ThresholdMinor: low, AmountMinor: low / 12}, {ThresholdMinor: 2 * low, AmountMinor: low / 5}, {ThresholdMinor: 4 * low, AmountMinor: low / 2}}
		if t.Stacking.Group = "house"; d.IntN(2) == 0 {
			t.Steps, t.Repeat, t.Times, t.ThresholdMinor, t.AmountMinor = nil, true, 5, low, low/12
		}
	case 3, 4: // a category: 15 % off fruit
		t.Scope, t.Stacking.Group = category(categoryOf(n)), "category-"+categoryOf(n)
		t.Kind, t.DiscountBps, t.CapMinor = coupon.KindPercentOff, d.between(1, 6)*500, pickOf(d, int64(0), 1000, 3000)
	case 5: // a category: 5 off 39
		t.Scope, t.Stacking.Group = category(categoryOf(n)), "category-"+categoryOf(n)
		t.AmountMinor = d.between(2, 15) * 100
		t.ThresholdMinor = t.AmountMinor * d.between(3, 8)
	case 6: // a brand
		t.Scope, t.Stacking.Group = d.brand(), "brand"
		t.Kind, t.AmountMinor = coupon.KindNoThreshold, d.between(1, 10)*100
	case 7: // payment: the last in the stack
		t.Kind, t.DiscountBps, t.CapMinor, t.Priority, t.Stacking.Group = coupon.KindPercentOff, d.between(1, 5)*100, 1500, -10, "payment"
		if d.IntN(3) == 0 {
			*t = coupon.Terms{Kind: coupon.KindStoredValue, Stacking: coupon.Stacking{Group: "card"}}
		}
	case 8:
		t.Kind, t.Gift, t.ThresholdMinor = coupon.KindGift, &coupon.Gift{SKU: "g", Quantity: 1, ValueMinor: d.between(0, 9) * 100}, d.between(0, 30)*1000
		t.Stacking.Group = "gift"
	default: // stands alone among those of the house
		t.Kind, t.DiscountBps, t.CapMinor = coupon.KindPercentOff, d.between(5, 30)*100, d.between(5, 30)*100
		t.Stacking.Excludes = []string{"house"}
	}
}

// offerByUnits looks at units.
func (d dice) offerByUnits(t *coupon.Terms) {
	n := d.IntN(12)
	t.Scope, t.Stacking.Group = category(categoryOf(n)), "pieces-"+categoryOf(n)
	switch d.IntN(10) {
	case 0, 1: // the second at half price
		t.Kind, t.Nth, t.Reward, t.DiscountBps = coupon.KindNthItem, 2, coupon.RewardPercent, 5000
	case 2: // buy two get one
		t.Kind, t.Reward, t.DiscountBps, t.Times = coupon.KindBuyGet, coupon.RewardPercent, 10000, pickOf(d, int64(0), 1, 3)
		t.Buy, t.Get = []coupon.Part{{Quantity: d.between(1, 3)}}, []coupon.Part{{Quantity: 1}}
	case 3: // two of these and one of those for a price
		t.Kind, t.Scope, t.Stacking.Group = coupon.KindBundle, rule.Scope{}, "bundle"
		t.Get = []coupon.Part{{Scope: category(categoryOf(n)), Quantity: 2}, {Scope: category(categoryOf((n + 1 + d.IntN(11)) % 12)), Quantity: 1}}
		t.Reward, t.TotalMinor, t.Times = coupon.RewardTotal, d.between(30, 120)*100, 2
	case 4, 5: // member prices, of a brand or of all
		t.Kind, t.Scope, t.Stacking.Group = coupon.KindMemberPrice, pickOf(d, rule.Scope{}, d.brand()), "member"
	case 6: // at most six of a brand at a price
		t.Kind, t.Scope, t.Stacking.Group, t.PriceMinor, t.UnitsMax = coupon.KindFixedPrice, d.brand(), "brand", d.between(5, 40)*100, 6
	case 7: // the dearest three of a category
		t.Kind, t.Reward, t.DiscountBps, t.UnitsMax, t.Select = coupon.KindItemOff, coupon.RewardPercent, d.between(1, 5)*1000, 3, coupon.SelectDearest
	case 8: // one more for little
		t.Kind, t.Scope, t.Stacking.Group, t.ThresholdMinor = coupon.KindAddOn, rule.Scope{}, "add-on", d.between(3, 20)*1000
		t.Get, t.PriceMinor = []coupon.Part{{Scope: category(categoryOf(n)), Quantity: 1}}, d.between(1, 10)*100
	default:
		t.Kind, t.Scope, t.Stacking.Group, t.ThresholdMinor = coupon.KindShipping, rule.Scope{}, "shipping", d.between(3, 12)*1000
		t.Reward, t.DiscountBps = coupon.RewardPercent, 10000
	}
}

// adversarial is made against the search: every coupon in a group of its own,
// scopes that cross, values close together, thresholds near what is left.
func (d dice) adversarial() world {
	w := world{cart: d.basket(int(d.between(50, 200))), rules: everydayRules}
	total := w.cart.ListMinor()
	for i := range 30 {
		t := coupon.Terms{Kind: pickOf(d, coupon.KindAmountOff, coupon.KindPercentOff, coupon.KindPercentOff, coupon.KindPercentOff, coupon.KindNoThreshold), Priority: d.between(0, 2)}
		t.Stacking.Group = fmt.Sprint("own", i)
		if d.IntN(5) > 0 {
			t.Scope = d.some()
		}
		switch t.Kind {
		case coupon.KindPercentOff:
			t.DiscountBps = d.between(1000, 1100)
			t.Stacking.Base = pickOf(d, coupon.TakenBefore, coupon.TakenBefore, coupon.TakenBefore, coupon.TakenList)
		default:
			t.AmountMinor = total/17 + d.between(-50, 50)
		}
		if t.Kind != coupon.KindNoThreshold {
			t.ThresholdMinor = total * d.between(1, 5) / 10
			t.ThresholdBase = pickOf(d, coupon.BaseBefore, coupon.BaseList, coupon.BaseAfter)
		}
		w.all = append(w.all, candidate(i+1, t))
	}
	return w
}

// some are two thirds of the categories.
func (d dice) some() rule.Scope {
	var some []string
	for n := range 12 {
		if d.IntN(3) > 0 {
			some = append(some, categoryOf(n))
		}
	}
	if len(some) == 0 {
		return rule.Scope{}
	}
	return category(some...)
}

// fighting is made against the bounds of coupons by units: ten of them take each
// other's units, beside twenty sums that cross them.
func (d dice) fighting() world {
	w := d.adversarial()
	for i := range 10 {
		t := coupon.Terms{Scope: d.some(), Select: pickOf(d, coupon.SelectCheapest, coupon.SelectDearest)}
		t.Stacking.Group, t.Stacking.Again = fmt.Sprint("units", i), d.IntN(4) == 0
		switch d.IntN(4) {
		case 0:
			t.Kind, t.Nth, t.Reward, t.DiscountBps, t.Times = coupon.KindNthItem, d.between(2, 4), coupon.RewardPercent, d.between(45, 55)*100, 8
		case 1:
			t.Kind, t.Reward, t.DiscountBps, t.Times = coupon.KindBuyGet, coupon.RewardPercent, 10000, 3
			t.Buy, t.Get = []coupon.Part{{Quantity: 2}}, []coupon.Part{{Quantity: 1}}
		case 2:
			t.Kind, t.Reward, t.DiscountBps, t.UnitsMax = coupon.KindItemOff, coupon.RewardPercent, d.between(15, 25)*100, 20
		default:
			t.Kind, t.Get = coupon.KindBundle, []coupon.Part{{Scope: d.some(), Quantity: 2}, {Quantity: 1}}
			t.Reward, t.TotalMinor, t.Times = coupon.RewardTotal, d.between(20, 100)*100, 4
		}
		w.all[i] = candidate(i+1, t)
	}
	return w
}
