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
// local calendar. What is not fixed begins with the activation 生效: at the issue,
// DelayHours after it, or at the beginning of the day DelayDays after it; and not
// before From where that is set. Days are counted from the day of activation.
type Validity struct {
	Kind       ValidityKind     `json:"kind"`
	Days       int64            `json:"days,omitempty"`        // 1..3660
	DelayDays  int64            `json:"delay_days,omitempty"`  // 0..366
	DelayHours int64            `json:"delay_hours,omitempty"` // 0..8784; not beside DelayDays
	From       calendar.Instant `json:"from,omitzero"`         // fixed: required; else the earliest activation
	To         calendar.Instant `json:"to,omitzero"`           // fixed
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
	start, day := v.activation(issued, zone)
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

// activation is when a coupon issued at an instant becomes usable, and the local
// day of that.
func (v Validity) activation(issued calendar.Instant, zone *time.Location) (calendar.Instant, calendar.Date) {
	start := issued.Add(time.Duration(v.DelayHours) * time.Hour)
	if v.DelayDays > 0 {
		start = calendar.DateOf(issued, zone).AddDays(int(v.DelayDays)).Start(zone)
	}
	start = max(start, v.From)
	return start, calendar.DateOf(start, zone)
}

// Delayed reports whether a coupon may become usable later than it is issued. Fixed
// dates are not meant: they are the same for all.
func (v Validity) Delayed() bool {
	return v.DelayDays > 0 || v.DelayHours > 0 || v.From != 0 && v.Kind != ValidityFixed
}
