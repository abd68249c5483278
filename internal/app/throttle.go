package app

import (
	"sync"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Pace is a token bucket for wrong guesses: a burst, and one more every so often.
// Shared is for meters that many stand behind, as a network address: one that has run
// out does not stand in the way of others' right guesses until it has guessed twice
// as much.
type Pace struct {
	Burst  int64
	Every  int64 // milliseconds
	Shared bool
}

// mostBuckets bounds one generation of the table; there are two.
const mostBuckets = 50_000

// Throttle slows down guessing. It is of this process and in memory: several
// processes allow several times as much, and a restart forgets. Two generations bound
// it: when the younger one is full the older one, untouched since, is dropped. The
// zero Throttle is ready.
type Throttle struct {
	mu         sync.Mutex
	young, old map[string]bucket
}

// bucket holds what is missing to the burst, in milliseconds of its pace, at an instant.
type bucket struct {
	spent int64
	at    calendar.Instant
}

// Meter is one thing that guesses are counted by.
type Meter struct {
	Name string
	Pace Pace
}

// Guess notes the outcome of a look at something secret and returns rate_limited
// where one of the meters has run out: then nobody learns what the look has shown.
// Right ones cost nothing. Whoever goes on guessing waits up to twice as long.
func (t *Throttle) Guess(list []Meter, right bool, now calendar.Instant) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait int64
	for _, m := range list {
		full := m.Pace.Burst * m.Pace.Every
		b := t.look(m, now)
		spent := b.spent
		if !right {
			b.spent = min(spent+m.Pace.Every, 2*full)
			t.keep(m.Name, b)
		}
		if most := m.most(right); spent+m.Pace.Every > most {
			wait = max(wait, b.spent+m.Pace.Every-most)
		}
	}
	return limited(wait)
}

// Ask returns rate_limited where even a right guess would be refused, so that a
// costly look need not be made.
func (t *Throttle) Ask(list []Meter, now calendar.Instant) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait int64
	for _, m := range list {
		wait = max(wait, t.look(m, now).spent+m.Pace.Every-m.most(true))
	}
	return limited(wait)
}

// Spend takes one of each meter, or none where one has run out: for what costs by
// being asked for.
func (t *Throttle) Spend(list []Meter, now calendar.Instant) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	var wait int64
	for _, m := range list {
		wait = max(wait, t.look(m, now).spent+m.Pace.Every-m.Pace.Burst*m.Pace.Every)
	}
	if wait > 0 {
		return limited(wait)
	}
	for _, m := range list {
		b := t.look(m, now)
		b.spent += m.Pace.Every
		t.keep(m.Name, b)
	}
	return nil
}

func (m *Meter) most(right bool) int64 {
	full := m.Pace.Burst * m.Pace.Every
	if right && m.Pace.Shared {
		full *= 2
	}
	return full
}

func limited(wait int64) error {
	if wait > 0 {
		return fault.New(fault.RateLimited, "retry_after_seconds", (wait+999)/1000)
	}
	return nil
}

// look is a bucket as of now.
func (t *Throttle) look(m Meter, now calendar.Instant) bucket {
	b, ok := t.young[m.Name]
	if !ok {
		b = t.old[m.Name]
	}
	b.spent = max(b.spent-max(int64(now-b.at), 0), 0)
	b.at = now
	return b
}

func (t *Throttle) keep(name string, b bucket) {
	if _, ok := t.young[name]; !ok && len(t.young) >= mostBuckets {
		t.old, t.young = t.young, nil
	}
	if t.young == nil {
		t.young = map[string]bucket{}
	}
	t.young[name] = b
}
