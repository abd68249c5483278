package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"quan/internal/store"
	"quan/internal/store/queue"
)

// gate lets as many transactions of updates run as there are connections for
// them, the others by class (package queue). Control does not stand here: it has
// connections of its own.
type gate struct {
	instant func() time.Time

	mu    sync.Mutex
	wide  int        // how many may run
	runs  int        // how many do
	moved time.Time  // when the last one left, or the last place was taken
	pace  queue.Pace // of leaving, while all places are taken
	queue queue.Queue[*waiter]
	waits [queue.Classes]queue.Meter
}

// waiter is an update that waits for its turn.
type waiter struct {
	class store.Class
	turn  chan struct{} // closed when it has come
	gone  bool          // nobody waits any more; guarded by the gate
	since time.Time
}

// controlConns are the connections beyond the gate.
const controlConns = 2

func newGate(wide int, mostWait time.Duration) *gate {
	g := &gate{wide: wide, instant: time.Now}
	for c := range g.waits {
		g.waits[c].Most = mostWait
	}
	return g
}

// enter waits for a turn, and refuses what would wait too long. The turn lasts
// until leave.
func (g *gate) enter(ctx context.Context, class store.Class) error {
	if class == store.Control {
		return nil
	}
	w, err := g.join(class)
	if w == nil {
		return err
	}
	limit := time.NewTimer(queueLimit)
	defer limit.Stop()
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
		err = ctx.Err()
	case <-limit.C:
		err = context.DeadlineExceeded
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-w.turn:
		g.next() // it came at the same moment, and passes on
	default:
		w.gone = true
	}
	return outward(fmt.Errorf("postgres: not started: %w", err))
}

// join takes a turn at once, or queues for one.
func (g *gate) join(class store.Class) (*waiter, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.instant()
	if g.runs < g.wide {
		g.runs++
		g.moved = now
		g.waits[class].Waited(0)
		return nil, nil
	}
	if queue.Sheds(class) {
		wait := g.pace.Rest(now.Sub(g.moved)) + g.queue.Expect(class)
		if err := g.waits[class].Refuse(wait); err != nil {
			return nil, fmt.Errorf("postgres: expected wait %s: %w", wait, err)
		}
	}
	w := &waiter{class: class, turn: make(chan struct{}), since: now}
	g.queue.Push(class, w)
	return w, nil
}

// leave ends a turn that took so long.
func (g *gate) leave(class store.Class, took time.Duration) {
	if class == store.Control {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	part := took / time.Duration(g.wide) // so many run side by side
	g.queue.Took(class, part)
	g.pace.Note(part)
	g.moved = g.instant()
	g.next()
}

// next passes a turn on to the next waiter, or gives it up. It runs under mu.
func (g *gate) next() {
	for w, ok := g.queue.Pop(); ok; w, ok = g.queue.Pop() {
		if !w.gone {
			g.waits[w.class].Waited(g.instant().Sub(w.since))
			close(w.turn)
			return
		}
	}
	g.runs--
}

// Waits is how long updates have waited for their turn, by class.
func (e *Engine) Waits() (all [queue.Classes]queue.Waits) {
	for c := range all {
		all[c] = e.gate.waits[c].Waits()
	}
	return all
}

// Urgent counts turns of the classes before this one, save control's, which has
// connections of its own.
func (e *Engine) Urgent(class store.Class) (n int64) {
	for c := range class {
		n += e.gate.waits[c].Turns()
	}
	return n
}

// Queue is how many updates wait for their turn now.
func (e *Engine) Queue() int {
	e.gate.mu.Lock()
	defer e.gate.mu.Unlock()
	return e.gate.queue.Len()
}
