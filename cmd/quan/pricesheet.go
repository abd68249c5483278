package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
)

// sheetCouponsMax is as many as a quote looks at in a member's wallet.
const sheetCouponsMax = 500

// sheet is the file of quan price. What it leaves out has a default: the market's
// currency and policies, one use, the platform as funder, validity without end,
// and one coupon of each template.
type sheet struct {
	Market    market.Market    `json:"market"`
	Now       calendar.Instant `json:"now"`
	Templates []sheetTemplate  `json:"templates"`
	Coupons   []sheetCoupon    `json:"coupons"`
	Cart      pricing.Cart     `json:"cart"`
	Use       []string         `json:"use"` // price exactly these
}

type sheetTemplate struct {
	Name  string       `json:"name"`
	Terms coupon.Terms `json:"terms"`
}

type sheetCoupon struct {
	Name      string           `json:"name"`
	Template  string           `json:"template"`
	ValidFrom calendar.Instant `json:"valid_from"`
	ValidTo   calendar.Instant `json:"valid_to"`
}

// readSheet reads the file and fills in defaults; now is used where it names none.
// It returns a sheet also beside an error.
func readSheet(text []byte, now calendar.Instant) (*sheet, error) {
	s := &sheet{Now: now, Market: market.Market{Code: market.DefaultCode, Currency: "CNY", Zone: "Asia/Shanghai", Policies: market.Defaults()}}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil {
		return s, err
	}
	if _, err := d.Token(); err != io.EOF {
		return s, fmt.Errorf("something follows the object")
	}
	for i := range s.Templates {
		t := &s.Templates[i].Terms
		t.UsesPerCoupon = max(t.UsesPerCoupon, 1)
		if len(t.Funders) == 0 {
			t.Funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: money.BpsWhole}}
		}
		if t.Validity.Kind == "" {
			t.Validity.Kind = schedule.ValidityForever
		}
	}
	if s.Coupons == nil {
		for _, t := range s.Templates {
			s.Coupons = append(s.Coupons, sheetCoupon{Name: t.Name, Template: t.Name})
		}
	}
	return s, s.validate()
}

func (s *sheet) validate() error {
	var l fault.List
	if p := s.Market.Policies; p.FloorMinor < 0 || p.FloorMinor > money.MaxMinor {
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", int64(money.MaxMinor)).At("/market/policies/floor_minor"))
	} else if p.MaxCouponsOrder < 1 || p.MaxCouponsOrder > 20 {
		l.Add(fault.New(fault.OutOfRange, "min", 1, "max", 20).At("/market/policies/max_coupons_order"))
	}
	if len(s.Coupons) > sheetCouponsMax {
		l.Add(fault.New(fault.TooLong, "max", sheetCouponsMax).At("/coupons"))
		return l.Err()
	}
	names := map[string]bool{}
	for i, t := range s.Templates {
		at := fmt.Sprintf("/templates/%d", i)
		if t.Name == "" {
			l.Add(fault.New(fault.MissingValue).At(at + "/name"))
		} else if names[t.Name] {
			l.Add(fault.New(fault.DuplicateValue).At(at + "/name"))
		}
		names[t.Name] = true
		below(&l, (&coupon.Doc{Terms: t.Terms}).Validate(&s.Market, nil), at)
	}
	seen := map[string]bool{}
	for i, c := range s.Coupons {
		at := fmt.Sprintf("/coupons/%d", i)
		if c.Name == "" {
			l.Add(fault.New(fault.MissingValue).At(at + "/name"))
		} else if seen[c.Name] {
			l.Add(fault.New(fault.DuplicateValue).At(at + "/name"))
		}
		seen[c.Name] = true
		if !names[c.Template] {
			l.Add(fault.New(fault.UnknownReference, "what", "template", "value", c.Template).At(at + "/template"))
		}
	}
	for i, name := range s.Use {
		if !seen[name] {
			l.Add(fault.New(fault.UnknownReference, "what", "coupon", "value", name).At(fmt.Sprintf("/use/%d", i)))
		}
	}
	below(&l, s.Cart.Validate(), "/cart")
	return l.Err()
}

// below adds the faults of a part at its place in the file.
func below(l *fault.List, err error, at string) {
	f := fault.From(err)
	if f == nil {
		return
	}
	for _, one := range append([]*fault.Fault{f}, f.Also...) {
		moved := *one
		moved.Pointer, moved.Also = at+one.Pointer, nil
		l.Add(&moved)
	}
}

// price quotes the coupons, or prices exactly those that are to be used.
func (s *sheet) price(lang i18n.Lang) (*priceAnswer, error) {
	rules := pricing.Rules{FloorMinor: s.Market.Policies.FloorMinor, MaxCoupons: s.Market.Policies.MaxCouponsOrder, Now: s.Now}
	if s.Use == nil {
		return s.answer(pricing.Quote(&s.Cart, s.candidates(nil), rules), lang), nil
	}
	r, refusal := pricing.Apply(&s.Cart, s.candidates(s.Use), rules)
	if refusal != nil {
		for _, f := range append([]*fault.Fault{refusal}, refusal.Also...) {
			f.Pointer = strings.Replace(f.Pointer, "/coupons", "/use", 1)
		}
		return nil, refusal
	}
	return s.answer(r, lang), nil
}

// candidates numbers templates and coupons by their place in the file, so that
// ties go to what stands first. With names it returns those, in their order.
func (s *sheet) candidates(names []string) []pricing.Candidate {
	all := make([]pricing.Candidate, len(s.Coupons))
	for i, c := range s.Coupons {
		t := slices.IndexFunc(s.Templates, func(t sheetTemplate) bool { return t.Name == c.Template })
		to := c.ValidTo
		if to == 0 {
			to = schedule.Forever
		}
		terms := &s.Templates[t].Terms
		all[i] = pricing.Candidate{Terms: terms, Use: true, Coupon: &coupon.Coupon{ID: id.ID(i + 1), Template: id.ID(t + 1), Version: 1,
			State: coupon.Usable, Uses: terms.UsesPerCoupon, ValidFrom: c.ValidFrom, ValidTo: to}}
	}
	if names == nil {
		return all
	}
	some := make([]pricing.Candidate, len(names))
	for i, name := range names {
		some[i] = all[slices.IndexFunc(s.Coupons, func(c sheetCoupon) bool { return c.Name == name })]
	}
	return some
}

func (s *sheet) currency() string { return s.Market.Currency }

func (s *sheet) couponName(c id.ID) string { return s.Coupons[c-1].Name }

func (s *sheet) templateName(t id.ID) string { return s.Templates[t-1].Name }

// params are those of a fault, with the file's names for coupons.
func (s *sheet) params(f *fault.Fault) map[string]any {
	out := map[string]any{}
	for _, p := range f.Params {
		out[p.Name] = p.Value
		if text, ok := p.Value.(string); ok {
			if c, err := id.Parse(id.Coupon, text); err == nil && c > 0 && int(c) <= len(s.Coupons) {
				out[p.Name] = s.couponName(c)
			}
		}
	}
	return out
}
