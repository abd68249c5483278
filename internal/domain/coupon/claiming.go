package coupon

import (
	"time"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Closed is why the claim window is not open at a moment, nil where it is:
// claim_not_started before it, claim_closed between two sessions, claim_ended after
// the last. The first two say when it opens next (opens_at).
func (c *ClaimRules) Closed(now calendar.Instant, zone *time.Location) *fault.Fault {
	if c.Window.OpenAt(c.Sessions, now, zone) {
		return nil
	}
	next := c.Window.Openings(c.Sessions, now, zone, 1)
	switch {
	case len(next) == 0:
		return fault.New(fault.ClaimEnded, "to", c.Window.To)
	case now < c.Window.From:
		return fault.New(fault.ClaimNotStarted, "from", c.Window.From, "opens_at", next[0].From)
	}
	return fault.New(fault.ClaimClosed, "opens_at", next[0].From)
}

// neverOpens reports whether no coupon can ever be claimed: the window, or the fixed
// validity, holds no session. slack is how far the ends are moved apart before.
func (d *Doc) neverOpens(zone *time.Location, slack calendar.Instant) bool {
	c := &d.Claim
	if c.Sessions == nil {
		return false
	}
	w := c.Window
	if to := d.Terms.Validity.To; to != 0 && (w.To == 0 || to < w.To) {
		w.To = to
	}
	if w.To != 0 {
		w.To += slack
	}
	if w.From == 0 && w.To != 0 { // looked at over as long as sessions are looked ahead
		w.From = max(w.To-schedule.SearchDays*day, calendar.Earliest)
	}
	w.From = max(w.From-slack, calendar.Earliest)
	return len(w.Openings(c.Sessions, w.From, zone, 1)) == 0
}
