package queue

import (
	"time"

	"quan/internal/store"
)

// Classes is how many classes of writes there are.
const Classes = int(store.Background) + 1

// share is what a class that waits gets of the time at least: one part of so many.
const share = 8

// unmeasured is what a turn is taken to cost before one was measured.
const unmeasured = time.Millisecond

// Queue holds writes that wait, by class. The zero Queue is ready.
type Queue[T any] struct {
	lanes [Classes]lane[T]
	size  int
}

type lane[T any] struct {
	waiting []T
	cost    Pace          // of a turn
	passed  time.Duration // cost of the turns of others since the class waits, and had one
}

// Len is how many wait.
func (q *Queue[T]) Len() int { return q.size }

// LenOf is how many of a class wait.
func (q *Queue[T]) LenOf(c store.Class) int { return len(q.lanes[c].waiting) }

// Push adds one that waits.
func (q *Queue[T]) Push(c store.Class, v T) {
	q.lanes[c].waiting = append(q.lanes[c].waiting, v)
	q.size++
}

// Pop takes the next one: of a class that was passed over for seven times its
// cost, else of the most urgent.
func (q *Queue[T]) Pop() (v T, ok bool) {
	if q.size == 0 {
		return v, false
	}
	c := q.next()
	l := &q.lanes[c]
	v, l.waiting[0] = l.waiting[0], v
	l.waiting = l.waiting[1:]
	q.size--
	cost := q.cost(c)
	if l.passed = max(l.passed-(share-1)*cost, 0); len(l.waiting) == 0 {
		l.passed, l.waiting = 0, nil
	}
	for other := range q.lanes {
		if o := &q.lanes[other]; other != int(c) && len(o.waiting) > 0 {
			o.passed += cost
		}
	}
	return v, true
}

func (q *Queue[T]) next() store.Class {
	if len(q.lanes[store.Control].waiting) > 0 {
		return store.Control
	}
	best := store.Class(-1)
	for c := store.Background; c > store.Control; c-- {
		if l := &q.lanes[c]; len(l.waiting) > 0 {
			if l.passed >= (share-1)*q.cost(c) {
				return c
			}
			best = c
		}
	}
	return best
}

func (q *Queue[T]) cost(c store.Class) time.Duration {
	if d := q.lanes[c].cost.Mean(); d > 0 {
		return d
	}
	return unmeasured
}

// Took notes what a turn of a class has cost.
func (q *Queue[T]) Took(c store.Class, d time.Duration) { q.lanes[c].cost.Note(d) }

// Expect is how long a newcomer of a class waits for those in front of it: the
// more urgent ones and its own, and the eighths of the others.
func (q *Queue[T]) Expect(c store.Class) time.Duration {
	var urgent, own, others time.Duration
	for k := range q.lanes {
		d := time.Duration(len(q.lanes[k].waiting)) * q.cost(store.Class(k))
		switch {
		case k < int(c):
			urgent += d
		case k == int(c):
			own = d
		default:
			others += d
		}
	}
	wait := urgent + own
	wait += min(others, wait/(share-1))
	return min(wait, share*(own+q.cost(c)))
}

// Sheds reports whether a class is turned away at all.
func Sheds(c store.Class) bool { return c != store.Control && c != store.Background }
