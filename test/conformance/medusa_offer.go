package main

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
)

// medusaWork is a case on its way into quan's types.
type medusaWork struct {
	medusaCase
	*medusaCart
	grain   *grain
	budgets map[*medusaCampaign]*medusaSpending
	q       *Question
	applied []*medusaPromotion        // by offer
	spent   map[*medusaPromotion]bool // those whose own limit is reached
}

func translateMedusa(given Given) (*Question, error) {
	w := &medusaWork{grain: newGrain(), budgets: map[*medusaCampaign]*medusaSpending{}, spent: map[*medusaPromotion]bool{}}
	if err := given.read(&w.medusaCase); err != nil {
		return nil, err
	}
	w.applied = w.chosen()
	has := func(is func(*medusaPromotion) bool) bool { return slices.ContainsFunc(w.applied, is) }
	taxed := has(func(p *medusaPromotion) bool { return p.TaxInclusive })
	buyget := has(func(p *medusaPromotion) bool { return p.Type == "buyget" })
	var err error
	if w.medusaCart, err = readMedusaCart(w.Input.Context, taxed, buyget); err != nil {
		return nil, err
	}
	w.stranger = stranger(w.Promotions)
	w.q = &Question{Profile: pricing.Profiles["medusa"], Now: recorded, Grain: w.grain}
	if w.Now != nil {
		w.q.Now = calendar.Of(*w.Now)
	}
	w.hold(w.grain)
	for _, p := range w.applied {
		w.grain.hold(w.value(p))
	}
	w.grain.refine(w.total())
	w.spending()
	if w.q.Cart, err = w.cart(w.grain); err != nil {
		return nil, err
	}
	w.q.Facts.Outer = map[string]string{}
	for _, p := range w.applied {
		o, err := w.offer(p)
		if err != nil {
			return nil, err
		}
		w.q.Offers = append(w.q.Offers, o)
	}
	w.q.Tell, w.q.Alike = w.tell, w.alike()
	return w.q, nil
}

// chosen are the promotions that Medusa looks at, in its order: those that are
// named and the automatic ones; buy-get before others, and the higher bare value
// first, percentages and amounts alike.
func (w *medusaWork) chosen() []*medusaPromotion {
	var all []*medusaPromotion
	for i := range w.Promotions {
		p := &w.Promotions[i]
		named := slices.Contains(w.Input.Codes, p.Code)
		if p.Method != nil && (named || p.Automatic && !w.Input.Options.PreventAuto) {
			all = append(all, p)
		}
	}
	slices.SortStableFunc(all, func(a, b *medusaPromotion) int {
		if a.Type != b.Type {
			return cmp.Compare(late(a), late(b))
		}
		order := b.Method.Value.or(0).Cmp(a.Method.Value.or(0))
		if a.Type != "buyget" {
			return order
		}
		return cmp.Or(order, b.Method.BuyMin.or(0).Cmp(a.Method.BuyMin.or(0)), b.Method.ApplyQuantity.or(0).Cmp(a.Method.ApplyQuantity.or(0)))
	})
	return all
}

func late(p *medusaPromotion) int {
	if p.Type == "buyget" {
		return 0
	}
	return 1
}

// value is what a promotion names. A fixed amount without tax is told with tax
// where the prices are; a percentage is the same.
func (w *medusaWork) value(p *medusaPromotion) *big.Rat {
	value := p.Method.Value.or(0)
	if w.taxed && !p.TaxInclusive && p.Method.Type == "fixed" && p.Method.Target != "shipping_methods" && w.rate != nil {
		return new(big.Rat).Mul(value, w.rate)
	}
	return value
}

// campaign of a promotion, nil for none.
func (w *medusaWork) campaign(p *medusaPromotion) *medusaCampaign {
	if p.Campaign != nil {
		return p.Campaign
	}
	if p.CampaignID != nil {
		for i := range w.Campaigns {
			if w.Campaigns[i].ID == *p.CampaignID {
				return &w.Campaigns[i]
			}
		}
	}
	return nil
}

// offer is a promotion as a coupon.
func (w *medusaWork) offer(p *medusaPromotion) (Offer, error) {
	o := Offer{Code: p.Code, Paused: p.Status != "active"}
	if p.Method.Currency != nil {
		o.Home = strings.ToUpper(*p.Method.Currency)
	}
	if c := w.campaign(p); c != nil {
		if c.StartsAt != nil {
			o.From = calendar.Of(*c.StartsAt)
		}
		if c.EndsAt != nil {
			o.To = calendar.Of(*c.EndsAt)
		}
	}
	var err error
	switch {
	case p.Type == "buyget":
		o.Terms, err = w.buyGet(p)
	case p.Type != "standard":
		err = cannot("a promotion of type %q", p.Type)
	case p.Method.Target == "shipping_methods":
		o.Terms, err = w.shipping(p)
	case p.Method.Target == "items" || p.Method.Target == "order":
		o.Terms, err = w.goods(p)
	default:
		err = cannot("a target of type %q", p.Method.Target)
	}
	if err != nil {
		return o, err
	}
	a := newAsked()
	a.rules(p.Rules, "", w.whole)
	if p.Automatic && !slices.Contains(w.Input.Codes, p.Code) {
		for _, rules := range [][]medusaRule{p.Rules, p.Method.TargetRules, p.Method.BuyRules} {
			a.there(rules, w.whole)
		}
	}
	for name, value := range a.facts {
		w.q.Facts.Outer[name] = value
	}
	if idle(p) {
		a.all = append(a.all, never())
	}
	o.Terms.When = a.tree()
	return o, w.limit(p, &o)
}

// idle reports whether a promotion can't take anything, whatever the cart.
func idle(p *medusaPromotion) bool {
	m := p.Method
	each := p.Type == "standard" && (m.Target == "items" && m.Allocation != "across" || m.Allocation == "once")
	if each && m.MaxQuantity.or(quantityOf(m)).Sign() <= 0 {
		return true
	}
	if p.Type == "buyget" && (len(m.BuyRules) == 0 || m.BuyMin.or(0).Sign() <= 0 || m.ApplyQuantity.or(0).Sign() <= 0 ||
		m.MaxQuantity.or(1).Cmp(m.ApplyQuantity.or(0)) < 0) {
		return true
	}
	return m.Value.or(0).Sign() <= 0
}

// quantityOf is the max_quantity of a method that names none.
func quantityOf(m *medusaMethod) int64 {
	if m.Allocation == "once" {
		return 0
	}
	return 1
}

// reward fills in what a promotion takes off.
func (w *medusaWork) reward(p *medusaPromotion, t *coupon.Terms) (err error) {
	value := w.value(p)
	if value.Sign() <= 0 { // never used, see idle; any reward will do
		value = big.NewRat(1, 1)
	}
	switch p.Method.Type {
	case "percentage":
		t.Reward = coupon.RewardPercent
		t.DiscountBps, err = bps(value)
	case "fixed":
		if w.taxed && !p.TaxInclusive && p.Method.Target != "shipping_methods" && w.rate == nil {
			return cannot("an amount without tax beside amounts with tax, on items of different rates")
		}
		t.Reward = coupon.RewardAmount
		t.AmountMinor, err = w.grain.of(value)
	default:
		err = cannot("a method of type %q", p.Method.Type)
	}
	return err
}

// goods is a standard promotion on items or the order.
func (w *medusaWork) goods(p *medusaPromotion) (t coupon.Terms, err error) {
	m := p.Method
	names, all, err := w.matching(m.TargetRules, false, true)
	if err != nil {
		return t, err
	}
	across := m.Target == "order" && m.Allocation == "" || m.Allocation == "across"
	most, limited := m.MaxQuantity.whole()
	switch {
	case across && !(limited && w.longer(names, most)):
		t = terms(coupon.KindNoThreshold)
		if m.Type == "percentage" {
			t = terms(coupon.KindPercentOff)
		}
		err = w.reward(p, &t)
		t.Reward = ""
	case across:
		t = terms(coupon.KindItemOff)
		t.LineUnitsMax, t.Split = most, coupon.SplitAmount
		err = w.reward(p, &t)
	case m.Allocation == "each" || m.Allocation == "once":
		t = terms(coupon.KindItemOff)
		if !limited {
			most = 1
		}
		t.LineUnitsMax = max(most, 1)
		if m.Allocation == "once" {
			t.LineUnitsMax, t.UnitsMax, t.Select = 0, t.LineUnitsMax, coupon.SelectCheapest
		}
		if t.Split = coupon.SplitUnit; m.Type == "percentage" {
			t.Split = ""
		}
		err = w.reward(p, &t)
	default:
		err = cannot("an allocation of %q", m.Allocation)
	}
	if !all {
		t.Scope = skus(names)
	}
	return t, err
}

// longer reports whether some of the items have more units than a number.
func (w *medusaWork) longer(names []string, most int64) bool {
	return slices.ContainsFunc(w.lines[:w.items], func(i medusaItem) bool {
		return slices.Contains(names, i.ID) && i.Quantity.Cmp(big.NewRat(most, 1)) > 0
	})
}

// shipping is a standard promotion on shipping methods.
func (w *medusaWork) shipping(p *medusaPromotion) (t coupon.Terms, err error) {
	m := p.Method
	t = terms(coupon.KindShipping)
	names, all, err := w.matching(m.TargetRules, true, false)
	if err != nil {
		return t, err
	}
	if !all || len(names) == 0 {
		t.Methods = append(names, "(none)")
	}
	if err := w.reward(p, &t); err != nil {
		return t, err
	}
	switch m.Allocation {
	case "each":
	case "across":
		if m.Type == "fixed" {
			t.Split = coupon.SplitAmount
		}
	case "once":
		most, _ := m.MaxQuantity.whole()
		t.UnitsMax, t.Select = max(most, 1), coupon.SelectCheapest
	default:
		return t, cannot("an allocation of %q", m.Allocation)
	}
	return t, nil
}

// buyGet is a promotion that gives units for units.
func (w *medusaWork) buyGet(p *medusaPromotion) (t coupon.Terms, err error) {
	m := p.Method
	t = terms(coupon.KindBuyGet)
	get, _, err := w.matching(m.TargetRules, false, false)
	if err != nil {
		return t, err
	}
	buy, _, err := w.matching(m.BuyRules, false, false)
	if err != nil {
		return t, err
	}
	buyMin, _ := m.BuyMin.whole()
	apply, _ := m.ApplyQuantity.whole()
	apply = max(apply, 1)
	most, ok := m.MaxQuantity.whole()
	if !ok {
		most = 1
	}
	t.Buy = []coupon.Part{{Scope: skus(buy), Quantity: max(buyMin, 1)}}
	t.Get = []coupon.Part{{Scope: skus(get), Quantity: apply}}
	t.Times = min(max(most/apply, 1), setsMax)
	t.Select = coupon.SelectFirst
	return t, w.reward(p, &t)
}

// setsMax is how often Medusa repeats a buy-get.
const setsMax = 1_000
