package job

import (
	"strconv"
	"time"

	"quan/internal/kernel/calendar"
)

// Periodic is work that is enqueued again and again: each Every, counted from
// midnight UTC of the first of January 1970, plus Offset.
type Periodic struct {
	Kind   string
	Every  time.Duration // at least a second
	Offset time.Duration
}

// Tick is the newest moment at or before now at which the work is due. Moments
// that nobody was there for are not made up for: one job does for all of them.
func (p Periodic) Tick(now calendar.Instant) calendar.Instant {
	every, offset := p.Every.Milliseconds(), p.Offset.Milliseconds()
	since := (int64(now) - offset) % every
	if since < 0 {
		since += every
	}
	return now - calendar.Instant(since)
}

// Key names the job of a tick: there is one, whoever enqueues it and however often.
func (p Periodic) Key(tick calendar.Instant) string {
	return "periodic/" + p.Kind + "/" + strconv.FormatInt(int64(tick), 10)
}
