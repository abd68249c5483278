package explanation

import (
	"quan/internal/domain/schedule"
	"quan/internal/kernel/i18n"
)

// validity tells when an issued coupon can be used.
func (p *page) validity() {
	v := p.doc.Terms.Validity
	const at = "/terms/validity"
	if v.Kind == schedule.ValidityFixed {
		if span := p.Lang.Span(v.From, v.To, p.zone); span != "" {
			p.add(at, "validity.fixed", arg("span", span), p.zoneName())
		}
		return
	}
	key := "validity." + string(v.Kind)
	switch {
	case v.DelayDays == 1:
		key += ".next_day"
	case v.DelayDays > 1:
		key += ".delayed"
	}
	p.keep(at, p.words.Count(key, v.Days, arg("delay", p.Lang.Number(v.DelayDays))))
	if to := p.doc.Claim.Window.To; v.CutByWindow && to != 0 {
		p.add(at+"/cut_by_window", "validity.cut", arg("to", p.Lang.End(to, p.zone)), p.zoneName())
	}
}

func (p *page) zoneName() i18n.Arg { return arg("zone", p.Lang.Zone(p.zone)) }
