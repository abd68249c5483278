package main

import (
	"quan/internal/domain/pricing"
)

// another is one policy value.
type another struct {
	name string
	set  func(*pricing.Profile)
}

// others are all values of all policies.
func others() []another {
	var all []another
	add := func(name string, set func(*pricing.Profile)) { all = append(all, another{name, set}) }
	for _, v := range []pricing.SplitPolicy{pricing.SplitLargest, pricing.SplitLast, pricing.SplitFirst} {
		add("split "+named(string(v)), func(p *pricing.Profile) { p.Split = v })
	}
	for _, v := range []pricing.RoundingPolicy{pricing.RoundHalfUp, pricing.RoundHalfDown, pricing.RoundHalfEven, pricing.RoundDown, pricing.RoundUp} {
		add("rounding "+named(string(v)), func(p *pricing.Profile) { p.Rounding = v })
	}
	for _, v := range []pricing.RoundPlace{pricing.RoundOnce, pricing.RoundLine} {
		add("round "+named(string(v)), func(p *pricing.Profile) { p.Round = v })
	}
	for _, v := range []pricing.OrderPolicy{pricing.OrderStack, pricing.OrderRequest, pricing.OrderValue} {
		add("order "+named(string(v)), func(p *pricing.Profile) { p.Order = v })
	}
	for _, v := range []pricing.BasePolicy{pricing.PercentLeft, pricing.PercentList, pricing.PercentLine} {
		add("base "+named(string(v)), func(p *pricing.Profile) { p.Base = v })
	}
	for _, v := range []pricing.TaxPolicy{pricing.TaxOut, pricing.TaxIn} {
		add("tax "+named(string(v)), func(p *pricing.Profile) { p.Tax = v })
	}
	for _, v := range []pricing.OverPolicy{pricing.OverRefuse, pricing.OverTruncate, pricing.OverPiece} {
		add("over_budget "+named(string(v)), func(p *pricing.Profile) { p.Over = v })
	}
	for _, v := range []pricing.UnitPolicy{pricing.UnitsOnce, pricing.UnitsAgain, pricing.UnitsList} {
		add("units "+named(string(v)), func(p *pricing.Profile) { p.Units = v })
	}
	for _, v := range []pricing.PatternPolicy{pricing.PatternsMost, pricing.PatternsEach} {
		add("patterns "+named(string(v)), func(p *pricing.Profile) { p.Patterns = v })
	}
	for _, v := range []pricing.TogetherPolicy{pricing.TogetherGroups, pricing.TogetherAll} {
		add("together "+named(string(v)), func(p *pricing.Profile) { p.Together = v })
	}
	return all
}

func named(value string) string {
	if value == "" {
		return "(default)"
	}
	return value
}

// policy names the first policy value under which a question's answer is the
// expected one, "" for none.
func (q *Question) policy(want Expected) (string, error) {
	for _, o := range others() {
		p := q.Profile
		o.set(&p)
		if p == q.Profile {
			continue
		}
		found, err := q.against(want, p)
		if err != nil {
			return "", err
		}
		if len(found) == 0 {
			return o.name, nil
		}
	}
	return "", nil
}
