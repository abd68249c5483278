package schedule

import (
	"time"

	"quan/internal/kernel/calendar"
)

// ValidityKind says how an issued coupon's dates are found.
type ValidityKind string

// The kinds of validity.
const (
	ValiditySameDay ValidityKind = "same_day" // to the end of the local day of issue
	ValidityDays    ValidityKind = "days"     // Days local days, the day of activation being the first
	ValidityFixed   ValidityKind = "fixed"    // [From, To)
	ValidityForever ValidityKind = "forever"  // no end
)

// Validity says when an issued coupon can be used: [from, to) by the market's
// local calendar. DelayDays moves the start to the beginning of the day that many
// days after the issue (same_day and days; 0 starts at once).
type Validity struct {
	Kind      ValidityKind     `json:"kind"`
	Days      int64            `json:"days,omitempty"`       // 1..3660
	DelayDays int64            `json:"delay_days,omitempty"` // 0..366
	From      calendar.Instant `json:"from,omitzero"`
	To        calendar.Instant `json:"to,omitzero"`
	// CutByWindow ends a relative validity at the end of the claim window; by
	// default it may outlive it.
	CutByWindow bool `json:"cut_by_window,omitempty"`
}

// Interval is [From, To); a zero To never ends.
type Interval struct{ From, To calendar.Instant }

// Forever is the To of an interval that never ends, so that one comparison and
// one index serve both kinds.
const Forever = calendar.Instant(1<<62 - 1)

// For returns the interval of a coupon issued at an instant; windowTo is the end
// of the claim window (zero for none).
func (v Validity) For(issued calendar.Instant, zone *time.Location, windowTo calendar.Instant) Interval {
	if v.Kind == ValidityFixed {
		return Interval{v.From, v.To}
	}
	start := issued
	day := calendar.DateOf(issued, zone)
	if v.DelayDays > 0 {
		day = day.AddDays(int(v.DelayDays))
		start = day.Start(zone)
	}
	end := Forever
	switch v.Kind {
	case ValiditySameDay:
		end = day.AddDays(1).Start(zone)
	case ValidityDays:
		end = day.AddDays(int(v.Days)).Start(zone)
	}
	if v.CutByWindow && windowTo != 0 {
		end = min(end, windowTo)
	}
	return Interval{start, end}
}

// Window is when a template can be claimed: [From, To), either end open when zero.
type Window struct {
	From calendar.Instant `json:"from,omitzero"`
	To   calendar.Instant `json:"to,omitzero"`
}
