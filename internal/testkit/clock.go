package testkit

import (
	"sync"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Zone of the builders' market.
const Zone = "Asia/Shanghai"

// Start is the moment at which builders' rows begin: Monday 2026-03-02, 10:00 in Zone.
var Start = calendar.Of(time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC))

// Today is the local day of Start.
const Today = calendar.Date(20260302)

// Clock stands still until told. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now calendar.Instant
}

// NewClock returns a clock that shows Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Now returns what the clock shows.
func (c *Clock) Now() calendar.Instant {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Time returns what the clock shows, in UTC.
func (c *Clock) Time() time.Time { return c.Now().Time() }

// Advance moves the clock and returns what it shows then.
func (c *Clock) Advance(d time.Duration) calendar.Instant {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// Set puts the clock to a moment.
func (c *Clock) Set(now calendar.Instant) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// Maker returns a maker of ids whose wall clock stands at Start.
func Maker() *id.Maker { return id.NewMaker(1, Start.Time) }

func zone() *time.Location {
	z, err := time.LoadLocation(Zone)
	if err != nil {
		panic(err) // the program embeds or finds the zones
	}
	return z
}
