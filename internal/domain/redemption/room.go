package redemption

import (
	"maps"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Room is what the limits of a coupon leave for one use more, as a quote sees it:
// the decision asks again under the counters' locks.
type Room struct {
	Bounds []Bound // limits on amounts; none: nothing bounds them
	Full   *fault.Fault
}

// Bound is a counter that bounds an amount. ShareBps is the part of the discount
// that it counts: of a funder's the funder's.
type Bound struct {
	Key       limit.Key
	LeftMinor int64
	ShareBps  int64
	Over      limit.Over
}

// Rooms are those of some coupons in a scene, in their order. What the standing
// lock of the same order holds is given back first; nil: there is none. A counter
// that is not there has nothing taken. The counters are not changed.
func Rooms(c Scene, held []Held, old *Standing, counters map[limit.Key]*limit.Counter) []Room {
	var broken refusals
	rows := maps.Clone(counters)
	t := newTally(rows, &broken)
	if old != nil && old.Lock.State == LockActive {
		then := old.holds(c.Market)
		for _, g := range then {
			if rows[g.Key] == nil {
				rows[g.Key] = &limit.Counter{Key: g.Key}
			}
		}
		t.give(then)
	}
	rooms := make([]Room, len(held))
	for i, h := range held {
		takings := h.takings(c, pricing.Use{})
		for n := range takings {
			rooms[i].add(&takings[n], h.Terms, t.at)
		}
	}
	return rooms
}

// add looks at one limit. What a quote does not know, the use will be asked.
func (r *Room) add(g *limit.Taking, terms *coupon.Terms, at func(limit.Key) *limit.Counter) {
	switch {
	case g.Missing != "" || g.Honoured():
	case g.Limit.What == limit.RedeemAmount && !g.Watch:
		r.Bounds = append(r.Bounds, Bound{g.Key, g.Left(at), shareOf(g, terms), g.Limit.Over})
	case r.Full == nil && !g.Fits(at):
		r.Full = full(g)
	}
}

// shareOf is the part of a discount that the limit counts.
func shareOf(g *limit.Taking, terms *coupon.Terms) int64 {
	if g.Limit.Per == limit.PerFunder && terms != nil {
		for _, f := range terms.Funders {
			if limit.Numbered(f.Name()) == g.Key.Subject {
				return f.ShareBps
			}
		}
	}
	return money.BpsWhole
}
