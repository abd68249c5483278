package issuing

import (
	"slices"

	"quan/internal/app"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
)

// opened is when the opening began that limits of an offer count by, zero where they
// count by none.
func opened(o *app.Offer, markets map[string]*market.Market, at calendar.Instant) (start calendar.Instant) {
	claim := &o.Version.Doc.Claim
	if m := markets[o.Template.Market]; m != nil && slices.ContainsFunc(claim.Limits, func(l limit.Limit) bool { return l.Period == limit.Window }) {
		start, _ = claim.Window.Start(claim.Sessions, at, m.Location())
	}
	return start
}

// dayTurned reports whether any market's day differs between two moments, or the
// hour that rolling limits count: the counters that were locked would be those of
// yesterday.
func (b *batch) dayTurned(before, now calendar.Instant) bool {
	if !limit.SameHour(before, now) {
		return true
	}
	for _, o := range b.offers {
		if o.Version != nil && opened(o, b.markets, before) != opened(o, b.markets, now) {
			return true
		}
	}
	for _, m := range b.markets {
		if m.Day(before) != m.Day(now) {
			return true
		}
	}
	return false
}
