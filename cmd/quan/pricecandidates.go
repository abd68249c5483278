package main

import (
	"maps"
	"slices"
	"strings"

	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/pricing"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
)

// entry is a coupon of the file, or a template that applies by itself.
type entry struct {
	name     string
	template int
	held     *sheetCoupon
}

// entries are numbered by their place, so that ties go to what stands first:
// coupons, then the templates that apply by themselves.
func (s *sheet) entries() []entry {
	var all []entry
	for i := range s.Coupons {
		c := &s.Coupons[i]
		all = append(all, entry{c.Name, slices.IndexFunc(s.Templates, func(t sheetTemplate) bool { return t.Name == c.Template }), c})
	}
	for i, t := range s.Templates {
		if t.Claim.Automatic {
			all = append(all, entry{t.Name, i, nil})
		}
	}
	return all
}

// price quotes the coupons, or prices exactly those that are to be used.
func (s *sheet) price(lang i18n.Lang) (*priceAnswer, error) {
	rules := pricing.RulesOf(&s.Market, s.Cart.Currency)
	rules.Now, rules.Facts = s.Now, s.facts()
	if s.Use == nil {
		able, barred := s.able(s.candidates(nil))
		r := pricing.Quote(&s.Cart, able, rules)
		for _, at := range slices.Sorted(maps.Keys(barred)) {
			r.Coupons = slices.Insert(r.Coupons, at, barred[at])
		}
		return s.answer(r, lang), nil
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

// candidates are all entries, or the named ones in their order.
func (s *sheet) candidates(names []string) []pricing.Candidate {
	entries := s.entries()
	budgets := map[string]*pricing.Budget{}
	for _, b := range s.Budgets {
		shared := &pricing.Budget{LeftMinor: b.LeftMinor}
		for _, name := range b.Coupons {
			budgets[name] = shared
		}
	}
	all := make([]pricing.Candidate, len(entries))
	for i, e := range entries {
		terms := &s.Templates[e.template].Terms
		c := &coupon.Coupon{ID: id.ID(i + 1), Template: id.ID(e.template + 1), Version: 1, State: coupon.Usable,
			Uses: terms.UsesPerCoupon, NextUse: 1, ValidTo: schedule.Forever}
		if e.held != nil {
			c.ValidFrom, c.Used, c.NextUse, c.LastUsedAt = e.held.ValidFrom, e.held.Used, e.held.Used+1, e.held.LastUsedAt
			if e.held.ValidTo != 0 {
				c.ValidTo = e.held.ValidTo
			}
		}
		all[i] = pricing.Candidate{Terms: terms, Use: true, Coupon: c, Home: s.Market.Currency, BalanceMinor: s.Balances[e.name], Budget: budgets[e.name]}
	}
	if names == nil {
		return all
	}
	some := make([]pricing.Candidate, len(names))
	for i, name := range names {
		some[i] = all[slices.IndexFunc(entries, func(e entry) bool { return e.name == name })]
	}
	return some
}

// able parts the candidates that apply by themselves and would not be issued now from
// the rest; barred says why, by place.
func (s *sheet) able(all []pricing.Candidate) (able []pricing.Candidate, barred map[int]pricing.Judged) {
	entries, barred := s.entries(), map[int]pricing.Judged{}
	for i, c := range all {
		if reasons := s.notIssued(entries[i]); len(reasons) > 0 {
			barred[i] = pricing.Judged{Coupon: c.Coupon.ID, Template: c.Coupon.Template, Version: 1, Verdict: pricing.Inapplicable, Reasons: reasons}
		} else {
			able = append(able, c)
		}
	}
	return able, barred
}

// notIssued are the reasons of the claim rules of a template that applies by itself;
// nothing has been taken of its limits.
func (s *sheet) notIssued(e entry) []*fault.Fault {
	if e.held != nil {
		return nil
	}
	t := &s.Templates[e.template]
	r := &issue.Request{Market: &s.Market, Member: &member.Member{}, Channel: s.Cart.Channel, City: s.Cart.City, Form: coupon.FormClaim, Now: s.Now, Facts: s.claimFacts(),
		Template: &coupon.Template{ID: id.ID(e.template + 1), Market: s.Market.Code, Status: coupon.StatusPublished, Claiming: true, Use: true, Version: 1},
		Version:  &coupon.Version{Template: id.ID(e.template + 1), Number: 1, Doc: coupon.Doc{Terms: t.Terms, Claim: t.Claim}}}
	counters := map[limit.Key]*limit.Counter{}
	for _, k := range issue.Keys(r) {
		counters[k] = &limit.Counter{Key: k}
	}
	return issue.Reasons(r, nil, counters)
}

// currency is what the cart is paid in.
func (s *sheet) currency() string {
	if s.Cart.Currency != "" {
		return s.Cart.Currency
	}
	return s.Market.Currency
}

func (s *sheet) couponName(c id.ID) string { return s.entries()[c-1].name }

func (s *sheet) templateName(t id.ID) string { return s.Templates[t-1].Name }

// params are those of a fault, with the file's names for coupons.
func (s *sheet) params(f *fault.Fault) map[string]any {
	out, entries := map[string]any{}, s.entries()
	for _, p := range f.Params {
		out[p.Name] = p.Value
		if text, ok := p.Value.(string); ok {
			if c, err := id.Parse(id.Coupon, text); err == nil && c > 0 && int(c) <= len(entries) {
				out[p.Name] = entries[c-1].name
			}
		}
	}
	return out
}
