package main

import (
	"fmt"
	"os"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
)

// priceCmd prices a cart without a store; docs/guides/price.md has the file.
type priceCmd struct {
	File    string `arg:"" help:"JSON file with market, templates, coupons and cart." type:"existingfile"`
	Profile string `help:"How prices are reckoned: quan, medusa, woocommerce, ruoyi, or a JSON file of policies; instead of the market's." placeholder:"NAME|FILE"`
	JSON    bool   `help:"Print the result as JSON."`
	Lang    string `help:"Language: en, zh-CN or zh-TW." default:"en" enum:"en,zh-CN,zh-TW"`
}

// Run prints what the cart costs with the best of the coupons, or with those that
// the file names; a refusal ends with status 1.
func (c *priceCmd) Run() error {
	text, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	chosen, err := readProfile(c.Profile)
	if err != nil {
		return err
	}
	s, err := readSheet(text, calendar.Of(time.Now()), chosen)
	if err == nil {
		var r *priceAnswer
		if r, err = s.price(i18n.Lang(c.Lang)); err == nil {
			return r.print(os.Stdout, c.JSON, i18n.Lang(c.Lang))
		}
	}
	f := fault.From(err)
	if f == nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	for _, one := range append([]*fault.Fault{f}, f.Also...) {
		_, detail := i18n.Fault(i18n.Lang(c.Lang), one, s.currency())
		fmt.Fprintf(os.Stderr, "%s %s: %s\n", one.Code, one.Pointer, detail)
	}
	return errFailed
}

// priceAnswer is what is printed, with the file's names for coupons and templates.
type priceAnswer struct {
	Currency      string       `json:"currency"`
	ListMinor     int64        `json:"list_minor"`
	DiscountMinor int64        `json:"discount_minor"`
	PayableMinor  int64        `json:"payable_minor"`
	Optimal       bool         `json:"optimal"`
	BoundMinor    int64        `json:"bound_minor"`
	Lines         []priceLine  `json:"lines"`
	Uses          []priceUse   `json:"uses"`
	Coupons       []priceJudge `json:"coupons"`
}

type priceLine struct {
	SKU           string `json:"sku"`
	ListMinor     int64  `json:"list_minor"`
	DiscountMinor int64  `json:"discount_minor"`
}

type priceUse struct {
	Coupon        string           `json:"coupon"`
	Template      string           `json:"template"`
	DiscountMinor int64            `json:"discount_minor"`
	Units         []pricing.Units  `json:"units,omitempty"` // kinds by units: what was discounted
	Gift          *coupon.Gift     `json:"gift,omitempty"`  // what is handed over
	Benefit       *pricing.Benefit `json:"benefit,omitempty"`
	Cells         []pricing.Cell   `json:"cells,omitempty"`
}

type priceJudge struct {
	Coupon        string          `json:"coupon"`
	Template      string          `json:"template"`
	Verdict       pricing.Verdict `json:"verdict"`
	DiscountMinor int64           `json:"discount_minor"` // alone on this cart
	Reasons       []priceReason   `json:"reasons,omitempty"`
}

type priceReason struct {
	Code   fault.Code     `json:"code"`
	Detail string         `json:"detail"`
	Params map[string]any `json:"params,omitempty"`
}

// answer names what a result speaks of.
func (s *sheet) answer(r pricing.Result, lang i18n.Lang) *priceAnswer {
	a := &priceAnswer{Currency: s.currency(), ListMinor: r.ListMinor, DiscountMinor: r.DiscountMinor, PayableMinor: r.PayableMinor,
		Optimal: r.Optimal, BoundMinor: r.BoundMinor, Lines: []priceLine{}, Uses: []priceUse{}, Coupons: []priceJudge{}}
	for i, off := range r.Lines {
		l := s.Cart.Lines[i]
		a.Lines = append(a.Lines, priceLine{l.SKU, l.ListMinor(), off})
	}
	for _, u := range r.Uses {
		a.Uses = append(a.Uses, priceUse{s.couponName(u.Coupon), s.templateName(u.Template), u.DiscountMinor, u.Units, u.Gift, u.Benefit, u.Cells})
	}
	for _, j := range r.Coupons {
		row := priceJudge{Coupon: s.couponName(j.Coupon), Template: s.templateName(j.Template), Verdict: j.Verdict, DiscountMinor: j.DiscountMinor}
		for _, f := range j.Reasons {
			_, detail := i18n.Fault(lang, f, s.currency())
			row.Reasons = append(row.Reasons, priceReason{f.Code, detail, s.params(f)})
		}
		a.Coupons = append(a.Coupons, row)
	}
	return a
}
