package schedule

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Every says on which days there are sessions.
type Every string

// The rhythms.
const (
	EveryDay   Every = "day"
	EveryWeek  Every = "week"  // on Weekdays
	EveryMonth Every = "month" // on MonthDays
)

// ShortMonth says what a month does that lacks a day of MonthDays.
type ShortMonth string

// The choices.
const (
	ShortLast ShortMonth = "last" // its last day stands in (default)
	ShortSkip ShortMonth = "skip" // it has no session for that day
)

// Weekdays are the days of the week, Sunday first as in time.Weekday.
var Weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// Bounds of sessions.
const (
	HoursMax  = 24  // a day
	ExceptMax = 366 // days
)

// Sessions 抢券场次 open a claim window again and again: at the Hours of some days.
// A session belongs to the day on which it begins and never touches another one.
type Sessions struct {
	Every      Every           `json:"every"`
	Weekdays   []string        `json:"weekdays,omitempty"`   // week: sun … sat
	MonthDays  []int64         `json:"month_days,omitempty"` // month: 1..31
	ShortMonth ShortMonth      `json:"short_month,omitempty"`
	Hours      []TimeRange     `json:"hours,omitempty"`  // none: the whole day
	Except     []calendar.Date `json:"except,omitempty"` // days without a session
}

// Validate adds the faults of the sessions, at pointers below pointer.
func (s *Sessions) Validate(pointer string, l *fault.List) {
	switch s.Every {
	case EveryDay, EveryWeek, EveryMonth:
	case "":
		l.Add(fault.New(fault.MissingValue).At(pointer + "/every"))
	default:
		l.Add(fault.New(fault.InvalidValue).At(pointer + "/every"))
	}
	s.validateDays(pointer, l)
	if len(s.Hours) > HoursMax {
		l.Add(fault.New(fault.TooLong, "max", HoursMax).At(pointer + "/hours"))
		return
	}
	for i, r := range s.Hours {
		at := fmt.Sprintf("%s/hours/%d", pointer, i)
		r.Validate(at, l)
		for n, other := range s.Hours[:i] {
			if r.meets(other) {
				l.Add(fault.New(fault.Conflicting, "a", fmt.Sprintf("%s/hours/%d", pointer, n), "b", at).At(at))
			}
		}
	}
}

func (s *Sessions) validateDays(pointer string, l *fault.List) {
	chosen(len(s.Weekdays), s.Every, EveryWeek, pointer+"/weekdays", l)
	chosen(len(s.MonthDays), s.Every, EveryMonth, pointer+"/month_days", l)
	for i, d := range s.Weekdays {
		if at := fmt.Sprintf("%s/weekdays/%d", pointer, i); !slices.Contains(Weekdays, d) {
			l.Add(fault.New(fault.InvalidValue).At(at))
		} else if slices.Contains(s.Weekdays[:i], d) {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
	}
	for i, d := range s.MonthDays {
		if at := fmt.Sprintf("%s/month_days/%d", pointer, i); d < 1 || d > 31 {
			l.Add(fault.New(fault.OutOfRange, "min", 1, "max", 31).At(at))
		} else if slices.Contains(s.MonthDays[:i], d) {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
	}
	switch s.ShortMonth {
	case "":
	case ShortLast, ShortSkip:
		if s.Every != EveryMonth {
			l.Add(fault.New(fault.Conflicting, "a", "every", "b", "short_month").At(pointer + "/short_month"))
		}
	default:
		l.Add(fault.New(fault.InvalidValue).At(pointer + "/short_month"))
	}
	if len(s.Except) > ExceptMax {
		l.Add(fault.New(fault.TooLong, "max", ExceptMax).At(pointer + "/except"))
	}
	for i, d := range s.Except {
		if at := fmt.Sprintf("%s/except/%d", pointer, i); d == 0 {
			l.Add(fault.New(fault.InvalidValue).At(at))
		} else if slices.Contains(s.Except[:min(i, ExceptMax)], d) {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
	}
}

// chosen asks for a list where the rhythm is its own, and refuses it elsewhere.
func chosen(n int, every, own Every, pointer string, l *fault.List) {
	switch {
	case n == 0 && every == own:
		l.Add(fault.New(fault.MissingValue).At(pointer))
	case n > 0 && every != own:
		l.Add(fault.New(fault.Conflicting, "a", "every", "b", string(every)).At(pointer))
	}
}

// meets reports whether two ranges share a minute, on one day or on two that follow
// each other. Ranges that touch don't.
func (r TimeRange) meets(other TimeRange) bool {
	for _, shift := range []int64{-MinutesOfDay, 0, MinutesOfDay} {
		if int64(r.From) < other.end()+shift && int64(other.From)+shift < r.end() {
			return true
		}
	}
	return false
}

// on reports whether sessions begin on a day.
func (s *Sessions) on(day calendar.Date) bool {
	if slices.Contains(s.Except, day) {
		return false
	}
	y, m, d := day.Parts()
	switch s.Every {
	case EveryDay:
		return true
	case EveryWeek:
		return slices.Contains(s.Weekdays, Weekdays[time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday()])
	case EveryMonth:
		last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return slices.ContainsFunc(s.MonthDays, func(want int64) bool {
			return want == int64(d) || d == last && want > int64(d) && s.ShortMonth != ShortSkip
		})
	}
	return false
}

// of are the sessions of a day, in their order. What a clock change swallows whole
// is none.
func (s *Sessions) of(day calendar.Date, zone *time.Location) []Interval {
	if !s.on(day) {
		return nil
	}
	if len(s.Hours) == 0 {
		return []Interval{{day.Start(zone), day.AddDays(1).Start(zone)}}
	}
	all := make([]Interval, 0, len(s.Hours))
	for _, r := range s.Hours {
		if span := (Interval{day.At(int64(r.From), zone), day.At(r.end(), zone)}); span.From < span.To {
			all = append(all, span)
		}
	}
	slices.SortFunc(all, func(a, b Interval) int { return cmp.Compare(a.From, b.From) })
	return all
}

// SearchDays is how far ahead a session is looked for: one on 29 February comes
// again after eight years at most.
const SearchDays = 3660

// from visits the sessions that end after a moment, in their order, until visit
// returns false or there is none for ten years.
func (s *Sessions) from(moment calendar.Instant, zone *time.Location, visit func(Interval) bool) {
	day := calendar.DateOf(moment, zone).AddDays(-1) // yesterday's may go over midnight
	for range SearchDays {
		for _, span := range s.of(day, zone) {
			if span.To > moment && !visit(span) {
				return
			}
		}
		day = day.AddDays(1)
	}
}

// At is the session that holds a moment, whole: its start names it. ok is false
// between sessions.
func (s *Sessions) At(moment calendar.Instant, zone *time.Location) (span Interval, ok bool) {
	today := calendar.DateOf(moment, zone)
	for _, day := range [...]calendar.Date{today, today.AddDays(-1)} {
		for _, span := range s.of(day, zone) {
			if span.From <= moment && moment < span.To {
				return span, true
			}
		}
	}
	return Interval{}, false
}
