package explanation

import (
	"cmp"
	"slices"

	"quan/internal/domain/condition"
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
	case v.DelayHours > 0:
		key += ".after"
	}
	p.keep(at, p.words.Count(key, v.Days, arg("delay", p.Lang.Number(v.DelayDays)), arg("after", p.words.Count("validity.hours", v.DelayHours))))
	if span := p.Lang.Span(v.From, 0, p.zone); span != "" {
		key := "validity.not_before"
		if v.Kind == schedule.ValidityForever {
			key += ".forever"
		}
		p.add(at+"/from", key, arg("span", span), p.zoneName())
	}
	if to := p.doc.Claim.Window.To; v.CutByWindow && to != 0 {
		p.add(at+"/cut_by_window", "validity.cut", arg("to", p.Lang.End(to, p.zone)), p.zoneName())
	}
}

// sessions tells when the claim window opens.
func (p *page) sessions() {
	s := p.doc.Claim.Sessions
	if s == nil {
		return
	}
	const at = "/claim/sessions"
	items := make([]string, 0, len(s.Weekdays)+len(s.MonthDays))
	for _, d := range s.Weekdays {
		items = append(items, p.conditionName(conditionWords(p.Lang), condition.NamedChoice, d))
	}
	for _, d := range s.MonthDays {
		items = append(items, p.Lang.Number(d))
	}
	days := p.words.Say("claim.every."+string(s.Every), arg("items", p.Lang.List(items, daysShown)))
	if len(s.Hours) > 0 {
		p.add(at, "claim.sessions", arg("days", days), arg("hours", p.Lang.List(clocks(conditionWords(p.Lang), s.Hours), schedule.HoursMax)), p.zoneName())
	} else {
		p.add(at, "claim.sessions.all_day", arg("days", days), p.zoneName())
	}
	if slices.ContainsFunc(s.MonthDays, func(d int64) bool { return d > shortestMonth }) {
		p.add(at+"/short_month", "claim.short_month."+string(cmp.Or(s.ShortMonth, schedule.ShortLast)))
	}
	if len(s.Except) > 0 {
		dates := make([]string, len(s.Except))
		for i, d := range s.Except {
			dates[i] = p.Lang.Date(d)
		}
		p.add(at+"/except", "claim.except", arg("items", p.Lang.List(dates, listShown)))
	}
}

const (
	shortestMonth = 28
	daysShown     = 31 // all days of a month
)

func (p *page) zoneName() i18n.Arg { return arg("zone", p.Lang.Zone(p.zone)) }
