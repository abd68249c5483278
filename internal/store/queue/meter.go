package queue

import (
	"sync/atomic"
	"time"
)

// Bounds of the buckets in which waits are counted.
var Bounds = []time.Duration{time.Millisecond, 2 * time.Millisecond, 5 * time.Millisecond, 10 * time.Millisecond, 20 * time.Millisecond,
	50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond, 500 * time.Millisecond, time.Second, 2 * time.Second, 5 * time.Second}

const buckets = 12

// Waits is what is known of waits: how many were at most Bounds[i], in all, their
// sum, and how many newcomers were turned away.
type Waits struct {
	Within [buckets]int64
	Count  int64
	Sum    time.Duration
	Shed   int64
}

// Meter measures the waits and the batches of one class. The zero Meter is ready.
type Meter struct {
	Clock func() time.Time // nil: the process's own
	Most  time.Duration    // the longest expected wait that is let in; zero: MostWait
	pace  Pace
	waits [buckets + 1]atomic.Int64
	sum   atomic.Int64
	shed  atomic.Int64
}

// Now is the meter's moment.
func (m *Meter) Now() time.Time {
	if m.Clock != nil {
		return m.Clock()
	}
	return time.Now()
}

// Expect is how long a newcomer would wait behind a batch that has run for a
// while and so many more.
func (m *Meter) Expect(ran time.Duration, batches int) time.Duration {
	return m.pace.Rest(ran) + time.Duration(batches)*m.pace.Mean()
}

// Refuse is the fault of a newcomer that would wait too long, nil for another.
func (m *Meter) Refuse(wait time.Duration) error {
	if wait <= Bound(m.Most) {
		return nil
	}
	m.shed.Add(1)
	return Overloaded(wait)
}

// Took notes how long a batch took.
func (m *Meter) Took(d time.Duration) { m.pace.Note(d) }

// Waited notes how long a write waited for its turn.
func (m *Meter) Waited(d time.Duration) {
	i := 0
	for i < buckets && d > Bounds[i] {
		i++
	}
	m.waits[i].Add(1)
	m.sum.Add(int64(d))
}

// Turns is how many writes have had their turn.
func (m *Meter) Turns() (n int64) {
	for i := range m.waits {
		n += m.waits[i].Load()
	}
	return n
}

// Waits returns what was measured.
func (m *Meter) Waits() (w Waits) {
	for i := range m.waits {
		w.Count += m.waits[i].Load()
		if i < buckets {
			w.Within[i] = w.Count
		}
	}
	w.Sum, w.Shed = time.Duration(m.sum.Load()), m.shed.Load()
	return w
}
