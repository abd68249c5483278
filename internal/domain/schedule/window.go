package schedule

import (
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Window is when a template can be claimed: [From, To), either end open when zero.
type Window struct {
	From calendar.Instant `json:"from,omitzero"`
	To   calendar.Instant `json:"to,omitzero"`
}

// Holds reports whether an instant lies in the window.
func (w Window) Holds(now calendar.Instant) bool { return now >= w.From && (w.To == 0 || now < w.To) }

// Validate adds the faults of the window, at pointers below pointer.
func (w Window) Validate(pointer string, l *fault.List) { between(w.From, w.To, pointer, l) }

// Openings are when a window with sessions is open: the opening that holds now, if
// one does, and those after it, at most so many. Without sessions (nil) the window
// is one opening. They are cut to the window; one without an end ends at Forever.
func (w Window) Openings(s *Sessions, now calendar.Instant, zone *time.Location, most int) []Interval {
	end := w.To
	if end == 0 {
		end = Forever
	}
	if now >= end || most < 1 {
		return nil // also while a session lasts that the window has cut short
	}
	if s == nil {
		return []Interval{{w.From, end}}
	}
	var all []Interval
	s.from(max(now, w.From), zone, func(span Interval) bool {
		span = Interval{max(span.From, w.From), min(span.To, end)}
		if span.From >= end {
			return false
		}
		all = append(all, span)
		return len(all) < most
	})
	return all
}

// OpenAt reports whether a window with sessions (nil for none) is open at a moment.
func (w Window) OpenAt(s *Sessions, now calendar.Instant, zone *time.Location) bool {
	if !w.Holds(now) || s == nil {
		return w.Holds(now)
	}
	_, open := s.At(now, zone)
	return open
}

// Start names the opening that holds a moment by its beginning: that of the session,
// or without sessions (nil) that of the window, which may be zero. A session keeps its
// name when the window around it changes. ok is false while nothing is open.
func (w Window) Start(s *Sessions, now calendar.Instant, zone *time.Location) (start calendar.Instant, ok bool) {
	if !w.Holds(now) {
		return 0, false
	}
	if s == nil {
		return w.From, true
	}
	span, ok := s.At(now, zone)
	return span.From, ok
}
