package limit

import (
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Subject is who and what an action is counted for. Placement is zero for none:
// limits per placement then count nothing.
type Subject struct {
	Template  id.ID
	Member    id.ID
	Placement id.ID
	Day       calendar.Date // market's local day of the action
	WeekStart time.Weekday
}

// Act is what an action takes: a count of one thing and an amount of another.
type Act struct {
	Counts  What
	Count   int64
	Amounts What
	Minor   int64
}

// Issue is the act of issuing one coupon with a worst-case liability in minor units.
func Issue(liabilityMinor int64) Act { return Act{IssueCount, 1, IssueAmount, liabilityMinor} }

// Redeem is the act of one use with its discount in minor units.
func Redeem(discountMinor int64) Act { return Act{RedeemCount, 1, RedeemAmount, discountMinor} }

// Of returns what the act takes of a thing; ok is false where it has no part in it.
func (a Act) Of(w What) (amount int64, ok bool) {
	switch w {
	case a.Counts:
		return a.Count, true
	case a.Amounts:
		return a.Minor, true
	}
	return 0, false
}

// Taking is one limit that an action touches, with the counter and the amount.
type Taking struct {
	Limit  Limit
	Key    Key
	Amount int64
}

// KeyFor names the limit's counter for a subject. Start is the first day of the
// period that holds the day.
func (l Limit) KeyFor(template, member, placement id.ID, day calendar.Date, weekStart time.Weekday) Key {
	k := Key{Template: template, Per: l.Per, What: l.What, Period: l.Period}
	switch l.Per {
	case PerMember:
		k.Subject = member
	case PerPlacement:
		k.Subject = placement
	}
	switch l.Period {
	case Day:
		k.Start = day
	case Week:
		k.Start = calendar.WeekOf(day, weekStart)
	case Month:
		k.Start = calendar.MonthOf(day)
	}
	return k
}

// Takings returns what an act takes, in the order of the limits.
func Takings(limits []Limit, s Subject, a Act) []Taking {
	out := make([]Taking, 0, len(limits)+2)
	for _, l := range limits {
		amount, ok := a.Of(l.What)
		if !ok || l.Per == PerPlacement && s.Placement == 0 {
			continue
		}
		out = append(out, Taking{l, l.KeyFor(s.Template, s.Member, s.Placement, s.Day, s.WeekStart), amount})
	}
	return out
}
