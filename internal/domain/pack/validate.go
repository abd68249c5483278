package pack

import (
	"fmt"
	"slices"

	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
	"quan/internal/kernel/text"
)

// Bounds of a pack.
const (
	MostParts   = 20
	MostCoupons = 50 // of one pack: it is written by one transaction
)

var periods = []limit.Period{limit.Ever, limit.Day, limit.Week, limit.Month}

// Validate returns every fault of a pack. That its templates exist is the
// catalogue's to ask.
func (p *Pack) Validate() error {
	var l fault.List
	if p.Code != "" {
		l.Add(text.Code(p.Code, "/code"))
	}
	l.Add(text.Code(p.Market, "/market"))
	if p.Merchant != "" {
		l.Add(text.Code(p.Merchant, "/merchant"))
	}
	l.Add(text.Name(p.InternalName, "/internal_name"))
	p.CustomerName.Validate("/customer_name", &l)
	p.parts(&l)
	p.Window.Validate("/window", &l)
	p.limits(&l)
	return l.Err()
}

func (p *Pack) parts(l *fault.List) {
	switch {
	case len(p.Parts) == 0:
		l.Add(fault.New(fault.MissingValue).At("/parts"))
	case len(p.Parts) > MostParts:
		l.Add(fault.New(fault.TooLong, "max", MostParts).At("/parts"))
		return
	}
	for i, part := range p.Parts {
		at := fmt.Sprintf("/parts/%d", i)
		if part.Template == 0 {
			l.Add(fault.New(fault.MissingValue).At(at + "/template"))
		}
		if slices.ContainsFunc(p.Parts[:i], func(q Part) bool { return q.Template == part.Template }) {
			l.Add(fault.New(fault.DuplicateValue).At(at + "/template"))
		}
		if f := text.Range(part.Count, 1, MostCoupons, at+"/count"); f != nil {
			l.Add(f)
			return
		}
	}
	if p.Coupons() > MostCoupons {
		l.Add(fault.New(fault.TooLong, "max", MostCoupons).At("/parts"))
	}
}

// limits: one for each (period, per); a cap of zero is legal and stops all.
func (p *Pack) limits(l *fault.List) {
	for i, m := range p.Limits {
		at := fmt.Sprintf("/limits/%d", i)
		if !slices.Contains(periods, m.Period) {
			l.Add(fault.New(fault.InvalidValue).At(at + "/period"))
		}
		if m.Per != PerPack && m.Per != PerMember {
			l.Add(fault.New(fault.InvalidValue).At(at + "/per"))
		}
		l.Add(text.Range(m.Cap, 0, money.MaxMinor, at+"/cap"))
		if slices.ContainsFunc(p.Limits[:i], func(q Limit) bool { return q.Period == m.Period && q.Per == m.Per }) {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
	}
}
