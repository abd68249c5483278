package demo

import (
	"sync/atomic"

	"quan/internal/kernel/calendar"
)

// Clock is the simulated business clock. It is safe for concurrent use: a server
// beside the demo has its own.
type Clock struct{ now atomic.Int64 }

// Now returns what the clock shows.
func (c *Clock) Now() calendar.Instant { return calendar.Instant(c.now.Load()) }

func (c *Clock) set(now calendar.Instant) { c.now.Store(int64(now)) }
