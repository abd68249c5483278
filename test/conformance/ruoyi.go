package main

import (
	"cmp"
	"fmt"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
)

// ruoyi translates what was asked of ruoyi-vue-pro's price calculators. They run
// one after the other: 限时折扣, 满减送, coupon, points; points are given for what
// is left to pay. Amounts are 分.
var ruoyi = engine{name: "ruoyi", translate: translateRuoyi, expect: expectRuoyi}

type ruoyiCase struct {
	OrderType  string          `json:"order_type"` // "" is a normal order
	Cart       []ruoyiLine     `json:"cart"`
	Coupon     *ruoyiCoupon    `json:"coupon"`
	Activity   *ruoyiActivity  `json:"activity"`
	Activities []ruoyiActivity `json:"activities"`
	UsePoints  bool            `json:"use_points"`
	Points     *ruoyiPoints    `json:"points"`
}

type ruoyiLine struct {
	SKU      word   `json:"sku"`
	SPU      *word  `json:"spu"`
	Category word   `json:"category"`
	Price    int64  `json:"unit_price"`
	Quantity int64  `json:"qty"`
	Selected bool   `json:"selected"`
	Give     *int64 `json:"give"` // points that the product gives
}

type ruoyiCoupon struct {
	Name      string `json:"name"`
	Scope     string `json:"scope"` // all, spu, category
	Values    []word `json:"scope_values"`
	Threshold int64  `json:"threshold"`
	Type      string `json:"type"` // percent_pay, fixed
	Percent   int64  `json:"percent_pay"`
	Value     int64  `json:"value"`
	Discount  int64  `json:"discount"`
	Cap       int64  `json:"cap"`
}

type ruoyiActivity struct {
	Kind      string      `json:"kind"`
	Condition string      `json:"condition"` // price, count
	SPUs      []word      `json:"spus"`
	Rules     []ruoyiRule `json:"rules"`
	SKU       word        `json:"sku"`
	Type      string      `json:"type"` // fixed_per_unit, percent_pay
	Value     int64       `json:"value"`
	Percent   int64       `json:"percent_pay"`
}

type ruoyiRule struct {
	Limit        int64  `json:"limit"`
	Discount     int64  `json:"discount"`
	Points       int64  `json:"points"`
	FreeDelivery bool   `json:"free_delivery"`
	Text         string `json:"text"`
}

type ruoyiPoints struct {
	Balance     int64 `json:"balance"`
	UnitValue   int64 `json:"unit_value"` // 分 for a point
	MaxPoints   int64 `json:"max_points"` // of one order; 0: any
	EarnPerYuan int64 `json:"earn_per_yuan"`
}

// The places of the calculators.
const (
	ruoyiDiscount = "discount"
	ruoyiCouponAt = "coupon"
	ruoyiPoint    = "point_discount"
	ruoyiGive     = "give_points"
	ruoyiDelivery = "free_delivery"
)

// ruoyiWork is a case on its way into quan's types.
type ruoyiWork struct {
	ruoyiCase
	q       *Question
	lines   []int    // by line of the cart: the line of the case
	does    []string // by offer: what it is for
	promo   int      // the offer that the case asks about, -1 for none
	matched []int    // lines of the cart that the promo looks at
	unitFen int64
}

func translateRuoyi(given Given) (*Question, error) {
	w := &ruoyiWork{promo: -1}
	if err := given.read(&w.ruoyiCase); err != nil {
		return nil, err
	}
	w.q = &Question{Profile: pricing.Profiles["ruoyi"], Now: recorded, Grain: &grain{}}
	w.q.Grain.parts.SetInt64(100)
	w.q.Cart.Mode = cmp.Or(w.OrderType, "normal")
	for i, l := range w.Cart {
		if !l.Selected {
			continue
		}
		w.lines = append(w.lines, i)
		line := pricing.Line{SKU: string(l.SKU), Category: string(l.Category), Quantity: l.Quantity, UnitMinor: l.Price}
		if l.SPU != nil {
			line.Brand = string(*l.SPU)
		}
		w.q.Cart.Lines = append(w.q.Cart.Lines, line)
	}
	for _, step := range []func() error{w.discounts, w.rewards, w.coupon, w.points, w.gives} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	if err := w.rounding(); err != nil {
		return nil, err
	}
	w.q.Tell = w.tell
	return w.q, nil
}

// offer adds a coupon of a group of its own, for normal orders only where normal.
func (w *ruoyiWork) offer(does, group string, t coupon.Terms, normal bool) {
	t.Stacking.Group = group
	if normal {
		t.When = leaf(&condition.BusinessMode{In: []string{"normal"}})
	}
	w.does = append(w.does, does)
	w.q.Offers = append(w.q.Offers, Offer{Code: group, Terms: t})
}

// about says that the case asks about the newest offer.
func (w *ruoyiWork) about(scope rule.Scope) {
	w.promo, w.matched = len(w.q.Offers)-1, nil
	for i := range w.q.Cart.Lines {
		if scope.Everything() || scope.Matches(w.q.Cart.Scoped(i)) {
			w.matched = append(w.matched, i)
		}
	}
}

// activities are those of the case, of one kind.
func (w *ruoyiWork) of(kind string) (found []ruoyiActivity, err error) {
	all := w.Activities
	if w.Activity != nil {
		all = append([]ruoyiActivity{*w.Activity}, all...)
	}
	for _, a := range all {
		if a.Kind != "限时折扣" && a.Kind != "满减送" {
			return nil, cannot("an activity of kind %s", a.Kind)
		}
		if a.Kind == kind {
			found = append(found, a)
		}
	}
	return found, nil
}

// discounts are 限时折扣: off the units of one SKU.
func (w *ruoyiWork) discounts() error {
	found, err := w.of("限时折扣")
	if err != nil {
		return err
	}
	for i, a := range found {
		t := terms(coupon.KindItemOff)
		t.Scope = skus([]string{string(a.SKU)})
		switch a.Type {
		case "fixed_per_unit":
			t.Reward, t.Split, t.AmountMinor = coupon.RewardAmount, coupon.SplitUnit, a.Value
		case "percent_pay":
			t.Reward, t.DiscountBps = coupon.RewardPercent, 10_000-a.Percent*100
		default:
			return cannot("a 限时折扣 of type %q", a.Type)
		}
		w.offer(ruoyiDiscount, fmt.Sprintf("discount%d", i), t, true)
		if w.promo < 0 {
			w.about(t.Scope)
		}
	}
	return nil
}

// rewards are 满减送: the highest step that is reached takes off an amount, gives
// points and free delivery. The newest activity alone counts.
func (w *ruoyiWork) rewards() error {
	found, err := w.of("满减送")
	if err != nil || len(found) == 0 {
		return err
	}
	a := found[0]
	scope := brands(a.SPUs)
	var steps []coupon.Step
	for _, r := range a.Rules {
		step := coupon.Step{ThresholdMinor: r.Limit, AmountMinor: r.Discount}
		switch a.Condition {
		case "price", "":
		case "count":
			step.ThresholdMinor, step.ThresholdQuantity = 0, r.Limit
		default:
			return cannot("a 满减送 with a condition on %q", a.Condition)
		}
		steps = append(steps, step)
	}
	if len(steps) == 0 {
		return nil
	}
	w.benefits(&a, scope, steps)
	t := terms(coupon.KindAmountOff)
	t.Scope = scope
	if t.Steps = steps; len(steps) == 1 {
		t.Steps, t.ThresholdMinor, t.ThresholdQuantity, t.AmountMinor = nil, steps[0].ThresholdMinor, steps[0].ThresholdQuantity, steps[0].AmountMinor
	}
	w.offer(ruoyiDiscount, "reward", t, true)
	w.about(scope)
	return nil
}

// benefits are the points and the free delivery of each step: of one group, the
// highest step first, so that the first that is reached is the only one. They
// stand in front of the amount, because their threshold is compared with what is
// to pay before it; shares of a proportional amount are the same behind it.
func (w *ruoyiWork) benefits(a *ruoyiActivity, scope rule.Scope, steps []coupon.Step) {
	add := func(does string, value func(*ruoyiRule) int64) {
		for i := len(a.Rules) - 1; i >= 0; i-- {
			if v := value(&a.Rules[i]); v > 0 {
				t := terms(coupon.KindExternal)
				t.Scope, t.External = scope, &coupon.External{Unit: does, Value: v}
				t.ThresholdMinor, t.ThresholdQuantity = steps[i].ThresholdMinor, steps[i].ThresholdQuantity
				w.offer(does, does, t, true)
			}
		}
	}
	add(ruoyiGive, func(r *ruoyiRule) int64 { return r.Points })
	add(ruoyiDelivery, func(r *ruoyiRule) int64 {
		if r.FreeDelivery {
			return 1
		}
		return 0
	})
}

// brands is the scope of some products: a product stands in a line's brand, as
// its SKUs are the goods below it. No product is none.
func brands(spus []word) rule.Scope {
	s := rule.Scope{Include: rule.Selector{}}
	for _, spu := range spus {
		s.Include.Brands = append(s.Include.Brands, string(spu))
	}
	if len(spus) == 0 {
		return skus(nil)
	}
	return s
}

// coupon is taken when its goods reach the threshold and something is left of them.
func (w *ruoyiWork) coupon() error {
	c := w.Coupon
	if c == nil {
		return nil
	}
	t := terms(coupon.KindPercentOff)
	t.ThresholdMinor, t.CapMinor = c.Threshold, c.Cap
	switch c.Type {
	case "percent_pay":
		t.DiscountBps = 10_000 - c.Percent*100
	case "fixed":
		t.Kind, t.AmountMinor, t.CapMinor = coupon.KindAmountOff, cmp.Or(c.Value, c.Discount), 0
		t.ThresholdMinor = max(t.ThresholdMinor, t.AmountMinor+1)
	default:
		return cannot("a coupon of type %q", c.Type)
	}
	switch c.Scope {
	case "spu":
		t.Scope = brands(c.Values)
	case "category":
		for _, v := range c.Values {
			t.Scope.Include.Categories = append(t.Scope.Include.Categories, string(v))
		}
	case "all", "":
	default:
		return cannot("a coupon with scope %q", c.Scope)
	}
	w.offer(ruoyiCouponAt, "coupon", t, true)
	w.about(t.Scope)
	return nil
}

// points are a stored value, at most so many of an order, and never all of it.
func (w *ruoyiWork) points() error {
	p := w.Points
	if p == nil || !w.UsePoints || p.UnitValue <= 0 || w.OrderType == "point" {
		return nil
	}
	w.unitFen = p.UnitValue
	t := terms(coupon.KindStoredValue)
	t.AmountMinor = p.MaxPoints * p.UnitValue
	off := p.Balance * p.UnitValue
	if t.AmountMinor > 0 {
		off = min(off, t.AmountMinor)
	}
	t.ThresholdMinor = off + 1
	w.offer(ruoyiPoint, "points", t, false)
	w.q.Offers[len(w.q.Offers)-1].Balance = p.Balance * p.UnitValue
	return nil
}

// gives are the points that products give by themselves, one benefit for each.
func (w *ruoyiWork) gives() error {
	for i, line := range w.lines {
		if give := w.Cart[line].Give; give != nil && *give > 0 {
			t := terms(coupon.KindExternal)
			t.Scope = skus([]string{w.q.Cart.Lines[i].SKU})
			t.External = &coupon.External{Unit: ruoyiGive, Value: *give}
			w.offer(ruoyiGive, fmt.Sprintf("give%d", i), t, false)
		}
	}
	return nil
}

// rounding is of the one calculator that has a percentage: a coupon leaves the
// floor to pay, 限时折扣 what is half up.
func (w *ruoyiWork) rounding() error {
	var discount, coupon bool
	for i := range w.q.Offers {
		if w.q.Offers[i].Terms.DiscountBps > 0 {
			discount = discount || w.does[i] == ruoyiDiscount
			coupon = coupon || w.does[i] == ruoyiCouponAt
		}
	}
	switch {
	case discount && coupon:
		return cannot("two ways to round a percentage in one order")
	case discount:
		w.q.Profile.Rounding = pricing.RoundHalfDown
	}
	return nil
}
