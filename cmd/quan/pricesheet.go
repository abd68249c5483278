package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
	"quan/internal/kernel/text"
)

// sheetCouponsMax is as many as a quote looks at in a member's wallet.
const sheetCouponsMax = 500

// sheet is the file of quan price. What it leaves out has a default: the market's
// currency and policies, one use, the platform as funder, validity without end,
// and one coupon of each template that does not apply by itself.
type sheet struct {
	Market    market.Market    `json:"market"`
	Now       calendar.Instant `json:"now"`
	Templates []sheetTemplate  `json:"templates"`
	Coupons   []sheetCoupon    `json:"coupons"`
	Balances  map[string]int64 `json:"balances"` // stored value, by coupon
	Budgets   []sheetBudget    `json:"budgets"`
	sheetFacts
	Cart pricing.Cart `json:"cart"`
	Use  []string     `json:"use"` // price exactly these
}

// sheetTemplate is a template as it would be published. Claim matters where it
// applies by itself.
type sheetTemplate struct {
	Name  string            `json:"name"`
	Terms coupon.Terms      `json:"terms"`
	Claim coupon.ClaimRules `json:"claim"`
}

type sheetCoupon struct {
	Name       string           `json:"name"`
	Template   string           `json:"template"`
	ValidFrom  calendar.Instant `json:"valid_from"`
	ValidTo    calendar.Instant `json:"valid_to"`
	Used       int64            `json:"used"` // how often already
	LastUsedAt calendar.Instant `json:"last_used_at"`
}

// sheetBudget is what some coupons may take off together.
type sheetBudget struct {
	LeftMinor int64    `json:"left_minor"`
	Coupons   []string `json:"coupons"`
}

// readProfile reads the choice of --profile: a profile's name, or a file of what a
// market has under policies.pricing. Nil where nothing is chosen.
func readProfile(choice string) (*market.Pricing, error) {
	if choice == "" {
		return nil, nil
	}
	chosen := &market.Pricing{Profile: choice}
	if _, known := pricing.Profiles[choice]; known {
		return chosen, nil
	}
	file, err := os.ReadFile(choice)
	if err != nil {
		return nil, fmt.Errorf("--profile: neither a profile (%s) nor a file: %w", strings.Join(slices.Sorted(maps.Keys(pricing.Profiles)), ", "), err)
	}
	*chosen = market.Pricing{}
	d := json.NewDecoder(bytes.NewReader(file))
	d.DisallowUnknownFields()
	if err := d.Decode(chosen); err != nil {
		return nil, fmt.Errorf("%s: %w", choice, err)
	}
	return chosen, nil
}

// readSheet reads the file and fills in defaults; now is used where it names none,
// chosen instead of its market's pricing unless that is nil. It returns a sheet also
// beside an error.
func readSheet(file []byte, now calendar.Instant, chosen *market.Pricing) (*sheet, error) {
	s := &sheet{Now: now, Market: market.Market{Code: market.DefaultCode, Currency: "CNY", Zone: "Asia/Shanghai", Policies: market.Defaults()}}
	d := json.NewDecoder(bytes.NewReader(file))
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
			if !t.Claim.Automatic {
				s.Coupons = append(s.Coupons, sheetCoupon{Name: t.Name, Template: t.Name})
			}
		}
	}
	if chosen != nil {
		s.Market.Policies.Pricing = *chosen
	}
	return s, s.validate()
}

func (s *sheet) validate() error {
	var l fault.List
	s.validateMarket(&l)
	if len(s.Coupons) > sheetCouponsMax {
		l.Add(fault.New(fault.TooLong, "max", sheetCouponsMax).At("/coupons"))
		return l.Err()
	}
	names, seen := map[string]bool{}, map[string]bool{}
	take := func(taken map[string]bool, name, at string) {
		if name == "" {
			l.Add(fault.New(fault.MissingValue).At(at))
		} else if taken[name] {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
		taken[name] = true
	}
	for i, t := range s.Templates {
		at := fmt.Sprintf("/templates/%d", i)
		take(names, t.Name, at+"/name")
		below(&l, (&coupon.Doc{Terms: t.Terms, Claim: t.Claim}).Validate(&s.Market, nil), at)
		if t.Claim.Automatic {
			seen[t.Name] = true
		}
	}
	for i, c := range s.Coupons {
		at := fmt.Sprintf("/coupons/%d", i)
		take(seen, c.Name, at+"/name")
		if !names[c.Template] {
			l.Add(fault.New(fault.UnknownReference, "what", "template", "value", c.Template).At(at + "/template"))
		}
		l.Add(amount(c.Used, at+"/used"))
	}
	s.validateAmounts(&l, seen)
	for i, name := range s.Use {
		known(&l, seen, name, fmt.Sprintf("/use/%d", i))
	}
	below(&l, s.Cart.Validate(), "/cart")
	return l.Err()
}

func (s *sheet) validateMarket(l *fault.List) {
	p := s.Market.Policies
	for _, f := range []*fault.Fault{amount(p.FloorMinor, "/market/policies/floor_minor"), amount(p.MaxDiscountMinor, "/market/policies/max_discount_minor"),
		text.Range(p.MaxCouponsOrder, 1, 20, "/market/policies/max_coupons_order"),
		text.Range(p.MaxDiscountBps, 0, money.BpsWhole, "/market/policies/max_discount_bps")} {
		l.Add(f)
	}
	pricing.Choose(p.Pricing, "/market/policies/pricing", l)
	if _, err := time.LoadLocation(s.Market.Zone); err != nil {
		l.Add(fault.New(fault.InvalidValue).At("/market/zone"))
	}
	if !money.Currency(s.Market.Currency) {
		l.Add(fault.New(fault.InvalidValue).At("/market/currency"))
	}
}

// validateAmounts asks balances and budgets, which speak of known coupons.
func (s *sheet) validateAmounts(l *fault.List, coupons map[string]bool) {
	for _, name := range slices.Sorted(maps.Keys(s.Balances)) {
		known(l, coupons, name, "/balances/"+name)
		l.Add(amount(s.Balances[name], "/balances/"+name))
	}
	bound := map[string]bool{}
	for i, b := range s.Budgets {
		at := fmt.Sprintf("/budgets/%d", i)
		l.Add(amount(b.LeftMinor, at+"/left_minor"))
		for n, name := range b.Coupons {
			known(l, coupons, name, fmt.Sprintf("%s/coupons/%d", at, n))
			if bound[name] {
				l.Add(fault.New(fault.DuplicateValue).At(fmt.Sprintf("%s/coupons/%d", at, n)))
			}
			bound[name] = true
		}
	}
}

func amount(minor int64, at string) *fault.Fault { return text.Range(minor, 0, money.MaxMinor, at) }

func known(l *fault.List, coupons map[string]bool, name, at string) {
	if !coupons[name] {
		l.Add(fault.New(fault.UnknownReference, "what", "coupon", "value", name).At(at))
	}
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
