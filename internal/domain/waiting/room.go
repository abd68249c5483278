package waiting

import (
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
)

// Bounds of a room.
const (
	MostPerSecond = 100_000
	MostLife      = 3600
)

// Room says how claims of a template are spread over time.
type Room struct {
	PerSecond   int64 `json:"per_second"`   // places, over all processes
	LifeSeconds int64 `json:"life_seconds"` // how long a place is good once its time has come
}

// Validate returns the faults of a room.
func (r *Room) Validate() error {
	var l fault.List
	l.Add(text.Range(r.PerSecond, 1, MostPerSecond, "/per_second"))
	l.Add(text.Range(r.LifeSeconds, 1, MostLife, "/life_seconds"))
	return l.Err()
}

// pieces a second are taken by a process that gives out all places.
const pieces = 5

// Places is how many places a piece has.
func (r *Room) Places() int64 { return max(1, r.PerSecond/pieces) }

// Key is the counter of a room: the moment, in microseconds, up to which its places
// have been taken.
func Key(template id.ID) limit.Key {
	return limit.Key{Template: template, Per: limit.PerTemplate, What: limit.PlaceTime, Period: limit.Ever}
}

// Piece is a part of a room's row: Count places from a moment on.
type Piece struct {
	FromMicro int64
	PerSecond int64
	Count     int64
	next      int64
}

// Take takes the next piece off a room's counter: its places come after those that were
// taken, and not before a moment.
func (r *Room) Take(c *limit.Counter, from calendar.Instant) Piece {
	p := Piece{FromMicro: max(c.Taken, int64(from)*1000), PerSecond: r.PerSecond, Count: r.Places()}
	c.Taken, c.Ceiling = p.FromMicro+(p.Count*1_000_000+r.PerSecond-1)/r.PerSecond, limit.Unlimited
	return p
}

// Next returns the moment of the next place; those before now are passed over, and ok
// is false when the piece has no more.
func (p *Piece) Next(now calendar.Instant) (from calendar.Instant, ok bool) {
	for p.next < p.Count {
		micro := p.FromMicro + p.next*1_000_000/p.PerSecond
		p.next++
		if at := calendar.Instant(micro / 1000); at >= now {
			return at, true
		}
	}
	return 0, false
}
