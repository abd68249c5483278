package worker_test

import (
	"sync"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/upkeep"
	"quan/internal/domain/change"
	"quan/internal/kernel/id"
)

// A dispatcher that dies between the delivery and the mark, and one that takes over:
// each change comes again with the same id and content, none is left out, and those
// of an aggregate come first in their order.
func TestCrashBetweenDeliveryAndMark(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const members = 40
		changes(w, members)
		u, c := &upkeep.Upkeep{App: w.App}, newClock()
		dead, ok, err := u.Hold(w.Ctx(), "worker.deliver", "dead", c.Now(), 20*time.Second)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		s := &sink{}
		rows, err := u.Undelivered(w.Ctx())
		w.Must(err)
		w.Must(s.Deliver(w.Ctx(), rows)) // and here it dies
		two := make1(w, "two", s, c)
		w.Must(two.Drain(w.Ctx()))
		if len(s.taken) != 2*members {
			t.Fatalf("a lease that lives was taken: %d delivered", len(s.taken))
		}
		c.Advance(time.Minute)
		w.Must(two.Drain(w.Ctx()))
		if err := u.Delivered(w.Ctx(), dead, rows); err == nil {
			t.Error("the dead one marked what it had delivered")
		}
		seen := map[string]change.Change{}
		next := map[id.ID]int64{}
		for _, d := range s.taken {
			if before, again := seen[d.ID()]; again {
				if before != d.Change {
					t.Errorf("%s came with another content", d.ID())
				}
				continue
			}
			seen[d.ID()] = d.Change
			if next[d.Aggregate]++; d.Seq != next[d.Aggregate] {
				t.Errorf("%s came first as number %d of its aggregate", d.ID(), next[d.Aggregate])
			}
		}
		if len(seen) != 2*members || len(s.taken) != 4*members || undelivered(w) != 0 {
			t.Errorf("%d changes, %d deliveries, %d left", len(seen), len(s.taken), undelivered(w))
		}
	})
}

// Two dispatchers at once, while changes are made: one at a time has the lease, so
// each change is delivered once and each aggregate in order.
func TestTwoDispatchersKeepTheOrder(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const members = 60
		s, c := &sink{}, newClock()
		both := []*apptest.World{w, w.Beside()}
		var wait sync.WaitGroup
		for i, one := range both {
			d := make1(one, string(rune('a'+i)), s, c)
			wait.Go(func() {
				for range 20 {
					if err := d.Drain(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		changes(w, members)
		wait.Wait()
		c.Advance(time.Minute)
		w.Must(make1(w, "last", s, c).Drain(w.Ctx()))
		next := map[id.ID]int64{}
		for _, d := range s.taken {
			if next[d.Aggregate]++; d.Seq != next[d.Aggregate] {
				t.Fatalf("%s came as number %d of its aggregate", d.ID(), next[d.Aggregate])
			}
		}
		if len(s.taken) != 2*members || undelivered(w) != 0 {
			t.Errorf("%d deliveries, %d left", len(s.taken), undelivered(w))
		}
	})
}
