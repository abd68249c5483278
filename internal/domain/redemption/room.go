package redemption

import (
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Room is what the limits of a coupon leave for one use more, as a quote sees it:
// the decision asks again under the counters' locks.
type Room struct {
	Amounts   []limit.Key // counters of the limits on amounts; none: nothing bounds them
	LeftMinor int64       // least that one of them leaves
	Full      *fault.Fault
}

// Rooms are those of some coupons at a moment, in their order. What the standing
// lock of the same order holds is given back first; nil: there is none. A counter
// that is not there has nothing taken. The counters are not changed.
func Rooms(m *market.Market, now calendar.Instant, held []Held, old *Standing, counters map[limit.Key]*limit.Counter) []Room {
	var broken refusals
	rows := map[limit.Key]*limit.Counter{}
	t := newTally(rows, &broken)
	fill := func(takings []limit.Taking) []limit.Taking {
		for _, g := range takings {
			if rows[g.Key] = counters[g.Key]; rows[g.Key] == nil {
				rows[g.Key] = &limit.Counter{Key: g.Key}
			}
		}
		return takings
	}
	if old != nil && old.Lock.State == LockActive {
		t.give(fill(old.Priced.takings(m, m.Day(old.Lock.CreatedAt), old.Held)))
	}
	rooms := make([]Room, len(held))
	for i, h := range held {
		for _, g := range fill(h.takings(m, m.Day(now), 0)) {
			rooms[i].add(g, t.row(g.Key))
		}
	}
	return rooms
}

func (r *Room) add(g limit.Taking, c *limit.Counter) {
	switch {
	case g.Limit.What.Amount():
		left := max(g.Limit.Cap-c.Taken, 0)
		if len(r.Amounts) == 0 || left < r.LeftMinor {
			r.LeftMinor = left
		}
		r.Amounts = append(r.Amounts, g.Key)
	case r.Full == nil && !limit.Room(*c, g.Limit.Cap, g.Amount):
		r.Full = fault.New(fault.RedeemLimit, "cap", g.Limit.Cap, "period", string(g.Limit.Period), "what", string(g.Limit.What))
	}
}
