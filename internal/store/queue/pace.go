package queue

import (
	"sync/atomic"
	"time"

	"quan/internal/kernel/fault"
)

// MostWait is the longest expected wait of a write that is let in, where nothing
// else is said.
const MostWait = 500 * time.Millisecond

// Bound is the longest expected wait that an option asks for; zero is MostWait.
func Bound(most time.Duration) time.Duration {
	if most == 0 {
		return MostWait
	}
	return most
}

// Overloaded turns a newcomer away that would wait so long; nothing was done.
func Overloaded(wait time.Duration) *fault.Fault {
	return fault.New(fault.Overloaded, "retry_after_seconds", int64((wait+time.Second-1)/time.Second))
}

// Pace is how long pieces of work took lately: a mean that forgets, by a quarter
// with each piece. The zero Pace has measured nothing.
type Pace struct{ mean atomic.Int64 }

// Note measures a piece.
func (p *Pace) Note(took time.Duration) {
	for {
		old := p.mean.Load()
		fresh := old + (int64(took)-old)/4
		if old == 0 {
			fresh = int64(took)
		}
		if p.mean.CompareAndSwap(old, max(fresh, 1)) {
			return
		}
	}
}

// Mean is zero when nothing was measured.
func (p *Pace) Mean() time.Duration { return time.Duration(p.mean.Load()) }

// Rest is how long a piece that has run for a while is expected to go on: to the
// mean, and one that is late already as long again.
func (p *Pace) Rest(ran time.Duration) time.Duration {
	if mean := p.Mean(); ran < mean {
		return mean - ran
	}
	return ran
}
