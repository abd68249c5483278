package limit

import (
	"fmt"
	"slices"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// HoursMax bounds a rolling limit: a week.
const HoursMax = 168

// AlarmsMax bounds the thresholds of a limit.
const AlarmsMax = 10

var (
	whats   = []What{IssueCount, IssueAmount, RedeemCount, RedeemAmount, Liability}
	periods = []Period{Ever, Day, Week, Month, Campaign, Window, Rolling}
	pers    = []Per{PerTemplate, PerCampaign, PerPlacement, PerMember, PerPerson, PerDevice, PerPayer, PerStore, PerFunder}
)

// Amount reports whether what is limited is an amount of money.
func (w What) Amount() bool { return w == IssueAmount || w == RedeemAmount || w == Liability }

// Validate adds the faults of a template's limits, at pointers below pointer.
// One limit for each (what, period, per); a cap of zero is legal and stops all.
func Validate(limits []Limit, pointer string, l *fault.List) { validate(limits, false, pointer, l) }

// ValidateBudget adds the faults of a budget's limits.
func ValidateBudget(limits []Limit, pointer string, l *fault.List) {
	validate(limits, true, pointer, l)
}

// place is what a holder has one limit of.
type place struct {
	What
	Period
	Per
	hours int64
	only  string
}

func validate(limits []Limit, budget bool, pointer string, l *fault.List) {
	seen := map[place]bool{}
	for i := range limits {
		m, at := &limits[i], fmt.Sprintf("%s/%d", pointer, i)
		add := func(bad bool, f *fault.Fault, field string) {
			if bad {
				l.Add(f.At(at + field))
			}
		}
		add(!slices.Contains(whats, m.What), fault.New(fault.InvalidValue), "/what")
		add(!slices.Contains(periods, m.Period) || m.Period == Campaign && !budget || m.Period == Window && budget, fault.New(fault.InvalidValue), "/period")
		add(!slices.Contains(pers, m.Per) || m.Per == PerCampaign && !budget || m.Per == PerTemplate && budget, fault.New(fault.InvalidValue), "/per")
		add(m.Cap < 0 || m.Cap > money.MaxMinor, fault.New(fault.OutOfRange, "min", 0, "max", int64(money.MaxMinor)), "/cap")
		if m.Period == Rolling {
			add(m.Hours < 1 || m.Hours > HoursMax, fault.New(fault.OutOfRange, "min", 1, "max", HoursMax), "/hours")
		} else {
			add(m.Hours != 0, fault.New(fault.Conflicting, "a", "hours", "b", "period"), "/hours")
		}
		m.conflicts(add)
		m.alarms(add)
		p := place{m.What, m.Period, m.Per, m.Hours, m.Only}
		add(seen[p], fault.New(fault.DuplicateValue), "")
		seen[p] = true
	}
}

// conflicts are rules of a limit that can't both hold.
func (l *Limit) conflicts(add func(bad bool, f *fault.Fault, field string)) {
	conflict := func(a, b string) *fault.Fault { return fault.New(fault.Conflicting, "a", a, "b", b) }
	add(l.Per == PerStore && l.What.ofIssue(), conflict("per", "what"), "/per")
	add(l.Per == PerFunder && l.What != RedeemAmount, conflict("per", "what"), "/per")
	// A use has no claim window of its own, and what was reserved in an hour may be
	// settled long after it.
	add(l.Period == Window && !l.What.ofIssue() || l.Period == Rolling && l.What == Liability, conflict("period", "what"), "/period")
	add(l.Only != "" && l.Per != PerStore && l.Per != PerFunder, conflict("only", "per"), "/only")
	add(l.Over != OverMarket && l.Over != OverRefuse && l.Over != OverTruncate, fault.New(fault.InvalidValue), "/over")
	add(l.Over != OverMarket && l.What != RedeemAmount, conflict("over", "what"), "/over")
	add(l.Stop != StopOwn && l.Stop != StopClaims && l.Stop != StopAll, fault.New(fault.InvalidValue), "/stop")
	// What a claim can't know stops it neither: where and by whom it will be paid.
	add(l.Stop != StopOwn && (l.Per == PerStore || l.Per == PerFunder || l.Period == Window), conflict("stop", "per"), "/stop")
}

// alarms rise, and are told of counters that are one for many.
func (l *Limit) alarms(add func(bad bool, f *fault.Fault, field string)) {
	add(len(l.Alarms) > AlarmsMax, fault.New(fault.TooLong, "max", AlarmsMax), "/alarms")
	for i, p := range l.Alarms {
		at := fmt.Sprintf("/alarms/%d", i)
		add(p < 1 || p > 100, fault.New(fault.OutOfRange, "min", 1, "max", 100), at)
		add(i > 0 && p <= l.Alarms[i-1], fault.New(fault.DuplicateValue), at)
	}
	own := l.Per == PerMember || l.Per == PerPerson || l.Per == PerDevice || l.Per == PerPayer || l.Period == Rolling
	add(len(l.Alarms) > 0 && own, fault.New(fault.Conflicting, "a", "alarms", "b", "per"), "/alarms")
}
