package pricing_test

import (
	"fmt"
	"strings"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// effect draws what the terms of a kind do.
func (d dice) effect(t *coupon.Terms, money func(most int64) int64, maybe func(of int, v int64) int64) {
	switch t.Kind {
	case coupon.KindAmountOff:
		switch t.AmountMinor = money(120); d.IntN(3) {
		case 0:
			low := money(150)
			t.Steps = []coupon.Step{{ThresholdMinor: low, AmountMinor: money(60)}, {ThresholdMinor: low + money(200), ThresholdQuantity: maybe(3, d.between(1, 9)), AmountMinor: 1 + money(120)}}
			t.AmountMinor, t.ThresholdMinor, t.ThresholdQuantity = 0, 0, 0
		case 1:
			t.Repeat, t.Times, t.ThresholdMinor = true, maybe(2, d.between(1, 4)), money(100)
			t.AmountMinor = money(30)
			t.ThresholdBase = pickOf(d, coupon.BaseList, coupon.BaseBefore, coupon.BaseAfter)
		}
	case coupon.KindPercentOff:
		t.DiscountBps = pickOf(d, int64(1), 1000, 2500, 3333, 5000, 9999)
		t.Stacking.Base = pickOf(d, coupon.Taken(""), "", coupon.TakenBefore, coupon.TakenList)
		if d.IntN(3) == 0 {
			t.Steps = []coupon.Step{{ThresholdQuantity: d.between(1, 4), DiscountBps: 700}, {ThresholdQuantity: d.between(5, 9), ThresholdMinor: maybe(2, money(400)), DiscountBps: 1850}}
			t.DiscountBps, t.ThresholdMinor, t.ThresholdQuantity = 0, 0, 0
		}
	case coupon.KindNoThreshold:
		t.AmountMinor = money(100)
		if d.IntN(3) == 0 {
			t.AmountMinor, t.Chain = 0, []int64{money(50), money(100), money(20)}
		}
	case coupon.KindNewTotal:
		t.TotalMinor = money(300)
	case coupon.KindStoredValue:
		t.AmountMinor = maybe(2, money(150))
	case coupon.KindGift:
		t.Gift = &coupon.Gift{SKU: pickOf(d, "a", "b", "g"), Quantity: d.between(1, 3), ValueMinor: d.between(0, 2), Mode: pickOf(d, coupon.GiftAddNew, coupon.GiftAddMissing)}
		if t.Class() == coupon.ClassBenefit {
			t.CapMinor = 0
		}
	case coupon.KindExternal:
		t.External, t.CapMinor = &coupon.External{Unit: "bps", Value: d.between(1, 50), WorstMinor: d.between(0, 2)}, 0
	default:
		d.unitEffect(t, money, maybe)
	}
}

func (d dice) parts(most int) (parts []coupon.Part) {
	for range 1 + d.IntN(most) {
		parts = append(parts, coupon.Part{Quantity: d.between(1, 3), Scope: pickOf(d, rule.Scope{}, only("a"), only("a", "b"), only("b", "c"), only("c", "d"))})
	}
	return parts
}

func (d dice) unitEffect(t *coupon.Terms, money func(most int64) int64, maybe func(of int, v int64) int64) {
	reward := func(of ...coupon.Reward) {
		switch t.Reward = pickOf(d, of...); t.Reward {
		case coupon.RewardPercent:
			t.DiscountBps, t.ItemCapMinor = pickOf(d, int64(1500), 3333, 5000, 10000), maybe(3, money(20))
			t.Stacking.Base = pickOf(d, coupon.Taken(""), "", "", coupon.TakenList)
		case coupon.RewardAmount:
			t.AmountMinor = money(40)
		case coupon.RewardPrice:
			t.PriceMinor, t.ItemCapMinor = money(40), maybe(6, money(20))
		case coupon.RewardTotal:
			t.TotalMinor = money(120)
		}
	}
	prices := func() []coupon.SKUPrice {
		return []coupon.SKUPrice{{SKU: "a", PriceMinor: money(30)}, {SKU: "b", PriceMinor: money(50)}}
	}
	if t.Kind != coupon.KindNthItem && t.Kind != coupon.KindBuyGet && t.Kind != coupon.KindBundle && t.Kind != coupon.KindExchange && t.Kind != coupon.KindAddOn {
		t.UnitsMax, t.LineUnitsMax = maybe(3, d.between(1, 6)), maybe(3, d.between(1, 4))
	}
	switch t.Kind {
	case coupon.KindFixedPrice, coupon.KindMemberPrice, coupon.KindAddOn, coupon.KindExchange:
		t.ItemCapMinor = maybe(5, money(20))
	}
	switch t.Kind {
	case coupon.KindItemOff:
		reward(coupon.RewardPercent, coupon.RewardAmount, coupon.RewardAmount)
		if t.Reward == coupon.RewardAmount {
			t.Split = pickOf(d, "", coupon.SplitLine, coupon.SplitUnit, coupon.SplitAmount, coupon.SplitQuantity)
		}
	case coupon.KindFixedPrice:
		if t.PriceMinor = money(40); d.IntN(2) == 0 {
			t.PriceMinor, t.Prices = 0, prices()
		}
	case coupon.KindMemberPrice:
		if d.IntN(2) == 0 {
			t.Prices = prices()
		}
	case coupon.KindNthItem:
		t.Nth, t.Times = d.between(2, 4), maybe(3, d.between(1, 3))
		reward(coupon.RewardPercent, coupon.RewardAmount, coupon.RewardPrice)
	case coupon.KindBuyGet:
		t.Buy, t.Get, t.Times = d.parts(2), d.parts(2), maybe(3, d.between(1, 3))
		reward(coupon.RewardPercent, coupon.RewardAmount, coupon.RewardPrice)
	case coupon.KindBundle:
		t.Get, t.Times = d.parts(3), maybe(3, d.between(1, 3))
		reward(coupon.RewardPercent, coupon.RewardAmount, coupon.RewardPrice, coupon.RewardTotal, coupon.RewardTotal)
	case coupon.KindAddOn:
		if t.Get, t.PriceMinor = d.parts(2), money(30); d.IntN(3) == 0 {
			t.Prices = prices()
		}
	case coupon.KindExchange:
		t.Gift, t.PriceMinor = &coupon.Gift{SKU: pickOf(d, "a", "b"), Quantity: d.between(1, 3)}, maybe(2, money(20))
	case coupon.KindShipping:
		reward(coupon.RewardPercent, coupon.RewardAmount, coupon.RewardPrice)
		t.Methods = pickOf(d, nil, nil, []string{"express"})
	}
}

// anyWorld draws a cart, coupons of any kind and the market's rules.
func (d dice) anyWorld(lines, coupons int64) world {
	scale := pickOf(d, int64(5), 30, 100, 3000, 100_000)
	w := world{rules: pricing.Rules{FloorMinor: d.between(0, 3), MaxCoupons: pickOf(d, int64(3), 5, 5, 6), Now: 100}}
	for range d.between(1, lines) {
		l := pricing.Line{SKU: pickOf(d, "a", "a", "b", "b", "c", "d", "e"), Quantity: d.between(1, pickOf(d, int64(2), 5, 12)), UnitMinor: d.between(1, scale)}
		switch d.IntN(12) {
		case 0, 1:
			l.MinMinor = d.between(0, l.UnitMinor)
		case 2, 3:
			l.MemberMinor = d.between(1, l.UnitMinor)
		case 4:
			l.NoCoupons = true
		case 5, 6:
			l.Shipping = pickOf(d, "express", "standard")
		case 7:
			l.UnitMinor = pickOf(d, int64(0), l.UnitMinor)
		}
		w.cart.Lines = append(w.cart.Lines, l)
	}
	for i := range int(d.between(1, coupons)) {
		c := d.anyKind(i+1, scale)
		c.Coupon.ValidTo = calendar.Instant(d.between(101, 103))
		c.Coupon.Template = id.ID(d.between(1, 1<<20)<<8 + int64(i))
		w.all = append(w.all, c)
	}
	d.copies(w.all)
	d.market(&w, scale)
	return w
}

// market draws budgets, caps of the set and, in a third of the worlds, a profile.
func (d dice) market(w *world, scale int64) {
	var shared [2]pricing.Budget
	for i := range shared {
		shared[i].LeftMinor = d.between(0, 3*scale)
	}
	for i := range w.all {
		w.all[i].Place = i
		if d.IntN(6) == 0 {
			w.all[i].Budget = &shared[d.IntN(2)]
		}
	}
	if d.IntN(6) == 0 {
		w.rules.SetCapMinor = d.between(1, 5*scale)
	}
	if d.IntN(6) == 0 {
		w.rules.SetCapBps = d.between(100, 9000)
	}
	d.profile(w)
	d.currency(w)
	for i := range w.all {
		if d.IntN(12) == 0 {
			t := *w.all[i].Terms
			t.When = d.when(5 * scale)
			w.all[i].Terms = &t
		}
		for _, c := range w.all[:i] { // one template has one version of its terms
			if c.Coupon.Template == w.all[i].Coupon.Template {
				w.all[i].Terms, w.all[i].Home = c.Terms, c.Home
			}
		}
	}
}

// profile draws one in a third of the worlds, a named one in some of these.
func (d dice) profile(w *world) {
	if d.IntN(3) > 0 {
		return
	}
	for i := range w.cart.Lines {
		w.cart.Lines[i].TaxBps = pickOf(d, int64(0), 600, 905, 1300)
	}
	if d.IntN(3) == 0 {
		w.rules.Profile = pricing.Profiles[pickOf(d, "medusa", "medusa", "woocommerce", "ruoyi")]
		return
	}
	p := &w.rules.Profile
	p.Split = pickOf(d, "", "", pricing.SplitLast, pricing.SplitFirst)
	p.Rounding = pickOf(d, "", "", pricing.RoundHalfEven, pricing.RoundHalfDown, pricing.RoundDown, pricing.RoundUp)
	p.Round = pickOf(d, "", "", pricing.RoundLine)
	p.Order = pickOf(d, "", "", pricing.OrderRequest, pricing.OrderValue)
	p.Base = pickOf(d, "", "", pricing.PercentList, pricing.PercentLine)
	p.Tax = pickOf(d, "", "", pricing.TaxIn)
	p.Over = pickOf(d, "", pricing.OverTruncate, pricing.OverPiece)
	p.NoEffect = pickOf(d, "", "", pricing.EffectDrop)
	p.Units = pickOf(d, "", "", pricing.UnitsAgain, pricing.UnitsList)
	p.Patterns = pickOf(d, "", "", pricing.PatternsEach)
	p.Together = pickOf(d, "", "", pricing.TogetherAll)
}

// currency puts some worlds into another currency than some coupons' own.
func (d dice) currency(w *world) {
	if d.IntN(10) > 0 {
		return
	}
	w.cart.Currency = "USD"
	for i := range w.all {
		if w.all[i].Home = pickOf(d, "", "USD", "CNY", "CNY"); w.all[i].Home != "CNY" || d.IntN(4) == 0 {
			continue
		}
		t := *w.all[i].Terms
		other := d.anyTerms(i, 100).Terms
		for other.Kind != t.Kind || len(other.Steps) != len(t.Steps) || len(other.Prices) != len(t.Prices) || len(other.Chain) != len(t.Chain) || other.Repeat != t.Repeat ||
			(other.AmountMinor > 0) != (t.AmountMinor > 0) || (other.PriceMinor > 0) != (t.PriceMinor > 0) || other.Reward != t.Reward {
			other = d.anyTerms(i, 100).Terms
		}
		t.Currencies = map[string]coupon.Amounts{"USD": {AmountMinor: other.AmountMinor, CapMinor: other.CapMinor, ItemCapMinor: other.ItemCapMinor, PriceMinor: other.PriceMinor,
			TotalMinor: other.TotalMinor, ThresholdMinor: other.ThresholdMinor, Steps: other.Steps, Chain: other.Chain, Prices: other.Prices}}
		w.all[i].Terms = &t
	}
}

// when draws conditions on the cart's amount, in the coupon's place or at once.
func (d dice) when(most int64) condition.Tree {
	leaf := func() condition.Tree {
		amount := d.between(1, most)
		c := &condition.CartAmount{Base: pickOf(d, condition.BaseList, condition.BaseBefore, condition.BaseAfter), MinMinor: &amount}
		if d.IntN(3) == 0 {
			c.MinMinor, c.MaxMinor = nil, &amount
		}
		return condition.Tree{Leaf: c}
	}
	switch d.IntN(4) {
	case 0:
		return condition.Tree{Any: []condition.Tree{leaf(), {All: []condition.Tree{leaf(), leaf()}}}}
	case 1:
		return condition.Tree{None: []condition.Tree{leaf()}}
	}
	return leaf()
}

// print writes a world for people.
func (w *world) print() string {
	var b strings.Builder
	for i, l := range w.cart.Lines {
		fmt.Fprintf(&b, "line %d: %+v\n", i, l)
	}
	fmt.Fprintf(&b, "rules %+v\n", w.rules)
	for _, c := range w.all {
		t := *c.Terms
		t.Funders = nil
		fmt.Fprintf(&b, "coupon %d of %d, use %d, balance %d, to %d: %s\n", c.Coupon.ID, c.Coupon.Template, c.Coupon.NextUse, c.BalanceMinor, c.Coupon.ValidTo, modelTerms(&t))
		if c.Budget != nil {
			fmt.Fprintf(&b, "  budget %p holds %d\n", c.Budget, c.Budget.LeftMinor)
		}
	}
	return b.String()
}

// modelTerms are the terms without the fields that are empty.
func modelTerms(t *coupon.Terms) string {
	text := fmt.Sprintf("%+v", *t)
	for _, gone := range []string{"Include:{Categories:[] Brands:[] SKUs:[", "Exclude:{Categories:[] Brands:[] SKUs:[] Merchants:[] Stores:[]}", "Merchants:[] Stores:[]"} {
		text = strings.ReplaceAll(text, gone, "")
	}
	var kept []string
	for word := range strings.FieldsSeq(text) {
		if !strings.HasSuffix(word, ":0") && !strings.HasSuffix(word, ":") && !strings.HasSuffix(word, ":[]") && !strings.HasSuffix(word, ":false") && !strings.HasSuffix(word, ":<nil>") && !strings.HasSuffix(word, ":map[]") {
			kept = append(kept, word)
		}
	}
	if t.Gift != nil {
		kept = append(kept, fmt.Sprintf("gift %+v", *t.Gift))
	}
	return strings.Join(kept, " ")
}
