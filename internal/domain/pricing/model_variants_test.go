package pricing_test

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
)

// modelVariants are two or more of every kind, for carts of units a, b and c with
// prices of {1, 2, 3, 7, 10} and a shipping line x.
func modelVariants() []pricing.Candidate {
	free := coupon.Terms{Reward: coupon.RewardPercent, DiscountBps: 10000}
	part := func(n int64, skus ...string) coupon.Part {
		if len(skus) == 0 {
			return coupon.Part{Quantity: n}
		}
		return coupon.Part{Scope: only(skus...), Quantity: n}
	}
	terms := []coupon.Terms{
		{Kind: coupon.KindAmountOff, AmountMinor: 2, ThresholdMinor: 6, Repeat: true, Times: 2},
		{Kind: coupon.KindAmountOff, Scope: only("a", "b"), ThresholdBase: coupon.BaseAfter, Steps: []coupon.Step{{ThresholdMinor: 3, AmountMinor: 1}, {ThresholdMinor: 7, AmountMinor: 4}}},
		{Kind: coupon.KindPercentOff, DiscountBps: 3000, ThresholdQuantity: 3},
		{Kind: coupon.KindPercentOff, DiscountBps: 5000, CapMinor: 3, Scope: only("a", "b"), Stacking: coupon.Stacking{Base: coupon.TakenList}},
		{Kind: coupon.KindNoThreshold, AmountMinor: 1, AllowZero: true},
		{Kind: coupon.KindNoThreshold, Chain: []int64{3, 7}, Scope: only("b")},
		{Kind: coupon.KindNewTotal, TotalMinor: 9},
		{Kind: coupon.KindNewTotal, TotalMinor: 4, CapMinor: 5, Scope: only("a", "c"), ThresholdQuantity: 2},
		{Kind: coupon.KindStoredValue, AmountMinor: 3},
		{Kind: coupon.KindStoredValue, ThresholdMinor: 5, AllowZero: true},
		{Kind: coupon.KindItemOff, Reward: coupon.RewardPercent, DiscountBps: 3500, ItemCapMinor: 2, Select: coupon.SelectDearest, UnitsMax: 3},
		{Kind: coupon.KindItemOff, Reward: coupon.RewardAmount, AmountMinor: 5, Split: coupon.SplitQuantity, Scope: only("a", "b")},
		{Kind: coupon.KindItemOff, Reward: coupon.RewardAmount, AmountMinor: 2, LineUnitsMax: 1},
		{Kind: coupon.KindFixedPrice, PriceMinor: 2, UnitsMax: 2},
		{Kind: coupon.KindFixedPrice, Prices: []coupon.SKUPrice{{SKU: "a", PriceMinor: 1}, {SKU: "b", PriceMinor: 5}}, LineUnitsMax: 2},
		{Kind: coupon.KindMemberPrice},
		{Kind: coupon.KindMemberPrice, Prices: []coupon.SKUPrice{{SKU: "c", PriceMinor: 2}}, ThresholdMinor: 8, UnitsMax: 3},
		{Kind: coupon.KindNthItem, Nth: 2, Reward: coupon.RewardPercent, DiscountBps: 5000},
		{Kind: coupon.KindNthItem, Nth: 3, Reward: coupon.RewardPrice, PriceMinor: 1, Times: 1, Select: coupon.SelectFirst},
		{Kind: coupon.KindBuyGet, Buy: []coupon.Part{part(2)}, Get: []coupon.Part{part(1)}, Reward: free.Reward, DiscountBps: free.DiscountBps},
		{Kind: coupon.KindBuyGet, Buy: []coupon.Part{part(1, "a")}, Get: []coupon.Part{part(1, "a", "b")}, Reward: coupon.RewardAmount, AmountMinor: 3,
			Select: coupon.SelectDearest, Stacking: coupon.Stacking{Again: true}},
		{Kind: coupon.KindBundle, Get: []coupon.Part{part(1, "a"), part(1, "b")}, Reward: coupon.RewardTotal, TotalMinor: 5},
		{Kind: coupon.KindBundle, Get: []coupon.Part{part(2, "a", "c"), part(1)}, Reward: coupon.RewardAmount, AmountMinor: 3, Times: 1},
		{Kind: coupon.KindAddOn, ThresholdMinor: 5, PriceMinor: 1, Get: []coupon.Part{part(1, "b")}},
		{Kind: coupon.KindAddOn, ThresholdQuantity: 2, PriceMinor: 2, Scope: only("a", "c"), Get: []coupon.Part{part(2)}, ThresholdBase: coupon.BaseAfter},
		{Kind: coupon.KindExchange, Gift: &coupon.Gift{SKU: "b", Quantity: 1, ValueMinor: 5}},
		{Kind: coupon.KindExchange, Gift: &coupon.Gift{SKU: "c", Quantity: 2}, PriceMinor: 2, CapMinor: 4},
		{Kind: coupon.KindGift, Gift: &coupon.Gift{SKU: "g", Quantity: 1}, ThresholdMinor: 7},
		{Kind: coupon.KindGift, Gift: &coupon.Gift{SKU: "a", Quantity: 2, ValueMinor: 1, Mode: coupon.GiftAddMissing}, ThresholdMinor: 3, CapMinor: 5},
		{Kind: coupon.KindShipping, Reward: free.Reward, DiscountBps: free.DiscountBps, ThresholdMinor: 5},
		{Kind: coupon.KindShipping, Reward: coupon.RewardAmount, AmountMinor: 2, Methods: []string{"express"}, UnitsMax: 1},
		{Kind: coupon.KindExternal, External: &coupon.External{Unit: "bps", Value: 50}},
		{Kind: coupon.KindExternal, External: &coupon.External{Unit: "days", Value: 30, WorstMinor: 2}, Scope: only("a"), ThresholdMinor: 4},
	}
	all := make([]pricing.Candidate, len(terms))
	for i, t := range terms {
		all[i] = candidate(i+1, t)
		all[i].BalanceMinor, all[i].Place = 7, i
	}
	return all
}

// modelCarts are all carts of at most three lines with amounts of {1, 2, 3, 7, 10}
// and quantities of one to three; visit is asked for each.
func modelCarts(visit func(cart *pricing.Cart)) {
	amounts := []int64{1, 2, 3, 7, 10}
	const kinds = 16 // of a line: none, or an amount and a quantity
	for code := 1; code < kinds*kinds*kinds; code++ {
		cart, n := pricing.Cart{}, code
		for i, sku := range []string{"a", "b", "c"} {
			if k := int64(n % kinds); k > 0 {
				l := pricing.Line{SKU: sku, UnitMinor: amounts[(k-1)%5], Quantity: 1 + (k-1)/5}
				modelDress(&l, code/3+i)
				cart.Lines = append(cart.Lines, l)
			}
			n /= kinds
		}
		visit(&cart)
	}
}

// modelDress gives lines member prices, least prices and methods, by turns.
func modelDress(l *pricing.Line, turn int) {
	switch turn % 7 {
	case 1:
		l.MemberMinor = (l.UnitMinor + 1) / 2
	case 2:
		l.MinMinor = l.UnitMinor / 2
	case 3:
		l.MemberMinor, l.MinMinor = 1, 1
	case 5:
		l.Shipping = []string{"express", "standard"}[turn/7%2]
	case 6:
		l.NoCoupons = turn/7%3 == 0
	}
}

// anyKind draws valid terms of any kind; n names the coupon.
func (d dice) anyKind(n int, scale int64) pricing.Candidate {
	for {
		c := d.anyTerms(n, scale)
		doc := coupon.Doc{Terms: *c.Terms}
		doc.Terms.Validity.Kind = schedule.ValidityForever
		if doc.Validate(nil, nil) == nil {
			return c
		}
	}
}

func (d dice) anyTerms(n int, scale int64) pricing.Candidate {
	t := coupon.Terms{Kind: pickOf(d, coupon.Kinds...), AllowZero: d.IntN(4) == 0, Priority: d.between(0, 2)}
	t.Scope = pickOf(d, rule.Scope{}, rule.Scope{}, only("a"), only("a", "b"), only("b", "c", "d"), only("d", "e"))
	t.Select = pickOf(d, "", coupon.SelectCheapest, coupon.SelectDearest, coupon.SelectFirst)
	money := func(most int64) int64 { return d.between(1, max(1, most*scale/100)) }
	maybe := func(of int, v int64) int64 {
		if d.IntN(of) == 0 {
			return v
		}
		return 0
	}
	if t.Kind != coupon.KindNoThreshold {
		t.ThresholdMinor, t.ThresholdQuantity = maybe(2, money(400)), maybe(4, d.between(1, 8))
		t.ThresholdBase = pickOf(d, coupon.Base(""), coupon.BaseList, coupon.BaseBefore, coupon.BaseAfter)
	}
	if d.IntN(12) == 0 {
		t.Contains = []rule.Contain{{Scope: only(pickOf(d, "a", "b", "c")), MinMinor: maybe(2, money(100)), MinQuantity: d.between(0, 3)}}
	}
	t.CapMinor = maybe(4, money(150))
	t.Stacking.Again = t.Class() == coupon.ClassUnits && d.IntN(3) == 0
	if t.Class() != coupon.ClassUnits {
		t.Select = ""
	}
	d.effect(&t, money, maybe)
	t.Stacking.Group = pickOf(d, "", "g1", "g2", "g3", "g4", "own"+string(rune('a'+n)), "own"+string(rune('a'+n)))
	if d.IntN(6) == 0 && t.Stacking.Group != "g1" {
		t.Stacking.Excludes = []string{"g1"}
	}
	c := candidate(n, t)
	c.BalanceMinor = money(200)
	c.Coupon.NextUse = d.between(0, 4)
	return c
}
