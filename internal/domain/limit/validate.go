package limit

import (
	"fmt"
	"slices"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

var (
	whats   = []What{IssueCount, IssueAmount, RedeemCount, RedeemAmount}
	periods = []Period{Ever, Day, Week, Month}
	pers    = []Per{PerTemplate, PerMember, PerPlacement}
)

// Amount reports whether what is limited is an amount of money.
func (w What) Amount() bool { return w == IssueAmount || w == RedeemAmount }

// Validate adds the faults of a template's limits, at pointers below pointer.
// One limit for each (what, period, per); a cap of zero is legal and stops all.
func Validate(limits []Limit, pointer string, l *fault.List) {
	type place struct {
		What
		Period
		Per
	}
	seen := map[place]bool{}
	for i, m := range limits {
		at := fmt.Sprintf("%s/%d", pointer, i)
		if !slices.Contains(whats, m.What) {
			l.Add(fault.New(fault.InvalidValue).At(at + "/what"))
		}
		if !slices.Contains(periods, m.Period) {
			l.Add(fault.New(fault.InvalidValue).At(at + "/period"))
		}
		if !slices.Contains(pers, m.Per) {
			l.Add(fault.New(fault.InvalidValue).At(at + "/per"))
		}
		if m.Cap < 0 || m.Cap > money.MaxMinor {
			l.Add(fault.New(fault.OutOfRange, "min", 0, "max", int64(money.MaxMinor)).At(at + "/cap"))
		}
		p := place{m.What, m.Period, m.Per}
		if seen[p] {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
		seen[p] = true
	}
}
