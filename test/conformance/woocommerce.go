package main

import (
	"encoding/json"
	"math/big"
	"slices"
	"time"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
)

// wooCommerce translates what was asked of WooCommerce's discounts: coupons in
// the order in which they are entered, and a cart. Amounts are major units, and
// WooCommerce reckons in hundredths.
var wooCommerce = engine{name: "woocommerce", translate: translateWoo, expect: expectWoo}

type wooCase struct {
	Cart         []wooLine         `json:"cart"`
	Coupons      []wooCoupon       `json:"coupons_in_order"`
	Options      map[string]string `json:"options"`
	PricesTaxed  bool              `json:"prices_include_tax"` // prices and discounts are both with tax, or both without
	TaxPercent   *Number           `json:"tax_percent"`
	Shipping     *Number           `json:"shipping"`
	UserID       string            `json:"user_id"`
	BillingEmail string            `json:"billing_email"`
	Now          *time.Time        `json:"now"`
}

type wooLine struct {
	ID         string  `json:"id"`
	Product    word    `json:"product_id"`
	Parent     word    `json:"parent_id"`
	Categories []word  `json:"categories"`
	Price      *Number `json:"unit_price"`
	Quantity   *Number `json:"qty"`
	OnSale     bool    `json:"on_sale"`
}

type wooCoupon struct {
	Code              string     `json:"code"`
	Type              string     `json:"discount_type"`
	Amount            *Number    `json:"amount"`
	Items             *Number    `json:"limit_usage_to_x_items"`
	Products          []word     `json:"product_ids"`
	NoProducts        []word     `json:"excluded_product_ids"`
	Categories        []word     `json:"product_categories"`
	NoCategories      []word     `json:"excluded_product_categories"`
	NoSale            bool       `json:"exclude_sale_items"`
	Minimum           *Number    `json:"minimum_amount"`
	Maximum           *Number    `json:"maximum_amount"`
	UsageLimit        *Number    `json:"usage_limit"`
	UsageCount        *Number    `json:"usage_count"`
	UsageLimitPerUser *Number    `json:"usage_limit_per_user"`
	UsedBy            []word     `json:"used_by"`
	IndividualUse     bool       `json:"individual_use"`
	FreeShipping      bool       `json:"free_shipping"`
	Expires           *time.Time `json:"date_expires"`
	Emails            []string   `json:"email_restrictions"`
	Description       string     `json:"description"`
}

// word is an id that is written as a number or a text.
type word string

// UnmarshalJSON reads both.
func (w *word) UnmarshalJSON(raw []byte) error {
	*w = word(text(raw))
	return nil
}

// wooWork is a case on its way into quan's types. The minor unit is WooCommerce's
// own: its roundings are part of what it answers.
type wooWork struct {
	wooCase
	cents      *grain
	sequential bool
	q          *Question
}

func translateWoo(given Given) (*Question, error) {
	w := &wooWork{cents: &grain{}}
	w.cents.parts.SetInt64(100)
	if err := given.read(&w.wooCase); err != nil {
		return nil, err
	}
	for name, value := range w.Options {
		if name != "woocommerce_calc_discounts_sequentially" {
			return nil, cannot("the option %s", name)
		}
		w.sequential = value == "yes"
	}
	w.q = &Question{Profile: pricing.Profiles["woocommerce"], Now: recorded, Grain: w.cents}
	if w.sequential {
		w.q.Profile.Base = pricing.PercentLine
	}
	if w.Now != nil {
		w.q.Now = calendar.Of(*w.Now)
	}
	if err := w.lines(); err != nil {
		return nil, err
	}
	w.q.Facts.Outer = map[string]string{"billing_email": w.BillingEmail}
	for _, c := range w.entered() {
		o, err := w.offer(&c)
		if err != nil {
			return nil, err
		}
		w.q.Offers = append(w.q.Offers, o)
		if c.FreeShipping {
			o.Terms = terms(coupon.KindShipping)
			o.Terms.Reward, o.Terms.DiscountBps = coupon.RewardPercent, 10_000
			w.q.Offers = append(w.q.Offers, o)
		}
	}
	w.q.Tell = w.tell
	return w.q, nil
}

// lines are taken dearest first, by what WooCommerce compares: the line's price
// times its quantity once more.
func (w *wooWork) lines() error {
	weight := func(l wooLine) *big.Rat {
		n := new(big.Rat).Mul(l.Price.or(0), l.Quantity.or(1))
		return n.Mul(n, l.Quantity.or(1))
	}
	slices.SortStableFunc(w.Cart, func(a, b wooLine) int { return weight(b).Cmp(weight(a)) })
	for _, l := range w.Cart {
		quantity, ok := l.Quantity.whole()
		if !ok {
			return cannot("a quantity that is no whole number")
		}
		price, err := w.cents.of(l.Price.or(0))
		if err != nil {
			return err
		}
		w.q.Cart.Lines = append(w.q.Cart.Lines, pricing.Line{SKU: l.ID, Quantity: quantity, UnitMinor: price})
	}
	if s := w.Shipping.or(0); s.Sign() > 0 {
		price, err := w.cents.of(s)
		if err != nil {
			return err
		}
		w.q.Cart.Lines = append(w.q.Cart.Lines, pricing.Line{Shipping: "shipping", Quantity: 1, UnitMinor: price})
	}
	return nil
}

// entered are the coupons that stay: one for individual use throws out those
// before it and refuses those behind it.
func (w *wooWork) entered() []wooCoupon {
	for i := len(w.Coupons) - 1; i >= 0; i-- {
		if w.Coupons[i].IndividualUse {
			return w.Coupons[i : i+1]
		}
	}
	return w.Coupons
}

func (w *wooWork) offer(c *wooCoupon) (o Offer, err error) {
	o = Offer{Code: c.Code}
	o.Terms = terms(coupon.KindItemOff)
	t := &o.Terms
	t.Reward, t.Select = coupon.RewardAmount, coupon.SelectFirst
	switch c.Type {
	case "percent":
		t.Reward = coupon.RewardPercent
		t.DiscountBps, err = bps(c.Amount.or(0))
	case "fixed_product":
		t.Split = coupon.SplitUnit
		t.AmountMinor, err = w.cents.of(c.Amount.or(0))
	case "fixed_cart":
		t.Split = coupon.SplitQuantity
		t.AmountMinor, err = w.cents.of(c.Amount.or(0))
	default:
		err = cannot("a coupon of type %q", c.Type)
	}
	if err != nil {
		return o, err
	}
	if t.AmountMinor+t.DiscountBps == 0 { // takes nothing off; quan does not publish such terms
		t.When = never()
		if t.AmountMinor = 1; c.Type == "percent" {
			t.AmountMinor, t.DiscountBps = 0, 1
		}
	}
	if n, ok := c.Items.whole(); ok && n > 0 && c.Type != "fixed_cart" {
		t.UnitsMax = n
	}
	return o, w.conditions(c, &o)
}

// conditions are the restrictions of a coupon.
func (w *wooWork) conditions(c *wooCoupon, o *Offer) error {
	t := &o.Terms
	var all []condition.Tree
	if c.Type == "fixed_cart" {
		all = append(all, w.whole(c)...)
	} else {
		w.scope(c, t)
	}
	if m := c.Minimum.or(0); m.Sign() > 0 {
		minor, err := w.cents.of(m)
		if err != nil {
			return err
		}
		t.Contains = append(t.Contains, rule.Contain{MinMinor: minor})
	}
	if m := c.Maximum.or(0); m.Sign() > 0 {
		minor, err := w.cents.of(m)
		if err != nil {
			return err
		}
		all = append(all, leaf(&condition.CartAmount{Base: condition.BaseList, MaxMinor: &minor}))
	}
	if len(c.Emails) > 0 {
		all = append(all, leaf(&condition.Outer{Name: "billing_email", Kind: condition.AttributeText, In: c.Emails}))
	}
	if !t.When.IsZero() {
		all = append(all, t.When)
	}
	if len(all) > 0 {
		t.When = condition.Tree{All: all}
	}
	if c.Expires != nil {
		o.To = calendar.Of(*c.Expires)
	}
	return w.limit(c, o)
}

func (w *wooWork) limit(c *wooCoupon, o *Offer) error {
	if c.UsageLimit.or(0).Sign() > 0 && c.UsageCount.or(0).Cmp(c.UsageLimit.or(0)) >= 0 {
		return o.uses(c.UsageCount.or(0), c.UsageLimit.or(0))
	}
	if w.UserID == "" || c.UsageLimitPerUser.or(0).Sign() <= 0 {
		return nil
	}
	var used int64
	for _, u := range c.UsedBy {
		if string(u) == w.UserID {
			used++
		}
	}
	return o.uses(big.NewRat(used, 1), c.UsageLimitPerUser.or(0))
}

// fits reports whether one of the ids of a line is in a list.
func (l *wooLine) fits(products, categories []word) bool {
	return slices.Contains(products, l.Product) && l.Product != "" || slices.Contains(products, l.Parent) && l.Parent != "" ||
		slices.ContainsFunc(l.Categories, func(c word) bool { return slices.Contains(categories, c) })
}

// scope are the lines that a coupon for products looks at.
func (w *wooWork) scope(c *wooCoupon, t *coupon.Terms) {
	var names []string
	for i := range w.Cart {
		l := &w.Cart[i]
		in := len(c.Products)+len(c.Categories) == 0 || l.fits(c.Products, c.Categories)
		if in && !l.fits(c.NoProducts, c.NoCategories) && !(c.NoSale && l.OnSale) {
			names = append(names, l.ID)
		}
	}
	if len(names) < len(w.Cart) {
		t.Scope = skus(names)
	}
}

// whole are the conditions of a coupon for the cart: it asks for a line of some
// goods, and for none of others.
func (w *wooWork) whole(c *wooCoupon) (all []condition.Tree) {
	has := func(is func(*wooLine) bool) bool {
		for i := range w.Cart {
			if is(&w.Cart[i]) {
				return true
			}
		}
		return false
	}
	refuse := func(refused bool) {
		if refused {
			all = append(all, never())
		}
	}
	refuse(len(c.Products) > 0 && !has(func(l *wooLine) bool { return l.fits(c.Products, nil) }))
	refuse(len(c.Categories) > 0 && !has(func(l *wooLine) bool { return l.fits(nil, c.Categories) }))
	refuse(has(func(l *wooLine) bool { return l.fits(c.NoProducts, c.NoCategories) || c.NoSale && l.OnSale }))
	return all
}

// tell says an answer as WooCommerce's totals.
func (w *wooWork) tell(a *Answer) Facts {
	f := Facts{}
	for i := range w.q.Offers {
		for line := range w.q.Cart.Lines {
			taken := w.cents.rat(a.Taken(i, line))
			if l := &w.q.Cart.Lines[line]; l.Shipping != "" {
				f.add("shipping discount", taken)
			} else {
				f.add("line "+l.SKU, taken)
				f.add("coupon "+w.q.Offers[i].Code, taken)
				f.add("discount total", taken)
			}
		}
	}
	return f
}

// expectWoo reads the total, and lines and coupons where they are told.
func expectWoo(raw json.RawMessage) (Expected, error) {
	var e struct {
		Total    *Number            `json:"discount_total"`
		Shipping *Number            `json:"shipping_discount"`
		Lines    map[string]*Number `json:"lines"`
		Coupons  map[string]*Number `json:"coupons"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return Expected{}, err
	}
	want := Expected{Facts: Facts{"discount total": e.Total.or(0)}, Some: true}
	if e.Shipping != nil {
		want.Facts["shipping discount"] = e.Shipping.or(0)
	}
	for name, n := range e.Lines {
		want.Facts["line "+name] = n.or(0)
	}
	for name, n := range e.Coupons {
		want.Facts["coupon "+name] = n.or(0)
	}
	return want, nil
}
