package worker_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/membership"
	"quan/internal/app/upkeep"
	"quan/internal/domain/metric"
	"quan/internal/edge/worker"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// clock stands still; a sleep tells the test how long it would be, and lasts
// until the test lets it end.
type clock struct {
	*testkit.Clock
	slept chan time.Duration
	wake  chan struct{}
}

func newClock() *clock {
	return &clock{testkit.NewClock(), make(chan time.Duration, 64), make(chan struct{})}
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	select {
	case c.slept <- d:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-c.wake:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sink keeps what it takes; while fail is set it takes nothing.
type sink struct {
	mu    sync.Mutex
	fail  error
	panic bool
	taken []store.StoredChange
}

func (s *sink) Deliver(_ context.Context, rows []store.StoredChange) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.panic {
		panic("sink")
	}
	if s.fail == nil {
		s.taken = append(s.taken, rows...)
	}
	return s.fail
}

// changes makes n members with two changes each.
func changes(w *apptest.World, n int) {
	w.Helper()
	s := &membership.Membership{App: w.App}
	inputs := make([]membership.EnsureInput, n)
	for round := range 2 {
		for i := range inputs {
			inputs[i] = membership.EnsureInput{Key: w.Key(i), Sealed: "x"}
			if round == 1 {
				inputs[i].Attributes = map[string]string{"a": "b"}
			}
		}
		for from := 0; from < n; from += membership.MostEnsure {
			_, err := s.Ensure(w.Ctx(), w.By, inputs[from:min(n, from+membership.MostEnsure)])
			w.Must(err)
		}
	}
}

func undelivered(w *apptest.World) int {
	w.Helper()
	rows, err := (&upkeep.Upkeep{App: w.App}).Undelivered(w.Ctx())
	w.Must(err)
	return len(rows)
}

func make1(w *apptest.World, holder string, s worker.Sink, c worker.Clock, jobs ...worker.Job) *worker.Worker {
	return worker.New(&upkeep.Upkeep{App: w.App}, worker.Config{Holder: holder, Sink: s, Clock: c, Jobs: jobs,
		Log: slog.New(slog.DiscardHandler)})
}

func TestDelivery(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const members = 300
		changes(w, members)
		s := &sink{fail: errors.New("down")}
		one := make1(w, "one", s, newClock())
		if err := one.Drain(w.Ctx()); err == nil || undelivered(w) == 0 {
			t.Fatalf("a sink that fails: %v, %d undelivered", err, undelivered(w))
		}
		s.fail, s.panic = nil, true
		if err := one.Drain(w.Ctx()); err == nil || !strings.Contains(err.Error(), "panic") {
			t.Fatalf("a sink that panics: %v", err)
		}
		s.panic = false
		w.Must(one.Drain(w.Ctx()))
		if len(s.taken) != 2*members || undelivered(w) != 0 {
			t.Fatalf("%d taken, %d undelivered, want %d and 0", len(s.taken), undelivered(w), 2*members)
		}
		last := map[id.ID]int64{}
		for _, c := range s.taken {
			if last[c.Aggregate]++; c.Seq != last[c.Aggregate] {
				t.Fatalf("change %d of %d came as number %d", c.Seq, c.Aggregate, last[c.Aggregate])
			}
		}
		w.Must(one.Drain(w.Ctx()))
		if len(s.taken) != 2*members {
			t.Error("a second round delivered again")
		}
	})
}

func TestOneHolderAtATime(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		changes(w, 3)
		c, first, second := newClock(), &sink{}, &sink{}
		one, two := make1(w, "one", first, c), make1(w, "two", second, c)
		w.Must(one.Drain(w.Ctx()))
		changes(w, 5)
		w.Must(two.Drain(w.Ctx()))
		if len(first.taken) != 6 || len(second.taken) != 0 {
			t.Errorf("taken %d and %d, want 6 and 0: the lease is the first's", len(first.taken), len(second.taken))
		}
		c.Advance(time.Minute) // the first sleeps through the end of its lease
		w.Must(two.Drain(w.Ctx()))
		if len(second.taken) != 4 {
			t.Errorf("the second took %d after the lease's end, want 4", len(second.taken))
		}
	})
}

func TestFencing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		changes(w, 1)
		u, now := &upkeep.Upkeep{App: w.App}, testkit.Start
		old, ok, err := u.Hold(w.Ctx(), "x", "one", now, time.Second)
		if err != nil || !ok {
			t.Fatalf("hold: %v, %v", ok, err)
		}
		if _, ok, err = u.Hold(w.Ctx(), "x", "two", now, time.Second); ok || err != nil {
			t.Fatalf("hold what another has: %v, %v", ok, err)
		}
		now = now.Add(time.Second)
		lease, ok, err := u.Hold(w.Ctx(), "x", "two", now, time.Second)
		if err != nil || !ok || lease.Token <= old.Token {
			t.Fatalf("hold after the end: %+v, %v, %v", lease, ok, err)
		}
		rows, err := u.Undelivered(w.Ctx())
		w.Must(err)
		if err := u.Delivered(w.Ctx(), old, rows); !errors.Is(err, store.ErrStale) {
			t.Errorf("mark under an old token: %v", err)
		}
		if _, err := u.Fold(w.Ctx(), old); !errors.Is(err, store.ErrStale) {
			t.Errorf("fold under an old token: %v", err)
		}
		if undelivered(w) != len(rows) {
			t.Error("an old token marked changes")
		}
		w.Must(u.Delivered(w.Ctx(), lease, rows))
	})
}

func TestFoldFlushPurge(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		template := w.Publish(testkit.Doc())
		today := calendar.DateOf(calendar.Of(time.Now()), time.UTC)
		w.Must(w.Store.Update(w.Ctx(), store.Background, func(tx store.Tx) error {
			for i := range int64(600) {
				if err := tx.Metrics().Append(w.Deltas([]metric.Delta{testkit.Delta(template, i)})); err != nil {
					return err
				}
			}
			return tx.Replies().Insert([]store.Reply{{Scope: "s", Key: "kept", Day: today.AddDays(-7)}, {Scope: "s", Key: "old", Day: today.AddDays(-8)}})
		}))
		w.Refusals.Count("main", testkit.Today, template, fault.SoldOut, "app")
		w.Refusals.Count("main", testkit.Today, template, fault.SoldOut, "app")
		w.Must(withJobs(w, "one", nil).Drain(w.Ctx()))
		w.Must(w.Store.Update(w.Ctx(), store.Background, func(tx store.Tx) error {
			if n, err := tx.Metrics().Fold(1); err != nil || n != 0 {
				t.Errorf("%d deltas are left, %v", n, err)
			}
			cells, err := tx.Metrics().Read(store.MetricQuery{Market: "main"})
			if err != nil || len(cells) != 1 || cells[0].Issued != 600 {
				t.Errorf("rollups = %+v, %v", cells, err)
			}
			refusals, err := tx.Metrics().Refusals("main", 0, 0)
			if err != nil || len(refusals) != 1 || refusals[0].Count != 2 {
				t.Errorf("refusals = %+v, %v", refusals, err)
			}
			if n, err := tx.Replies().Purge(today.AddDays(1), 10); err != nil || n != 1 {
				t.Errorf("%d replies are left, %v, want the one of seven days ago", n, err)
			}
			return nil
		}))
	})
}

func TestRunStopsAndBacksOff(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := newClock()
		ctx, stop := context.WithCancel(w.Ctx())
		started, finish := make(chan struct{}), make(chan struct{})
		var once sync.Once
		finished := false
		slow := worker.Job{Name: "slow", Every: 111 * time.Second, Run: func(ctx context.Context) (int, error) {
			once.Do(func() {
				close(started)
				<-finish
				finished = ctx.Err() == nil
			})
			return 0, nil
		}}
		broken := worker.Job{Name: "broken", Every: 99 * time.Hour, Run: func(context.Context) (int, error) { return 1, errors.New("no") }}
		one := make1(w, "one", &sink{}, c, slow, broken)
		over := make(chan struct{})
		go func() { one.Run(ctx); close(over) }()
		<-started
		// The broken job waits longer each time, never its own interval.
		var waits []time.Duration
		for len(waits) < 3 {
			d := <-c.slept
			if d != 500*time.Millisecond && d != 5*time.Second && d != time.Second && d != time.Hour {
				waits = append(waits, d)
			}
			c.wake <- struct{}{}
		}
		for i, d := range waits {
			if step := 200 * time.Millisecond << i; d < step/2 || d >= step {
				t.Errorf("wait %d = %v, want within [%v, %v)", i, d, step/2, step)
			}
		}
		w.Refusals.Count("main", testkit.Today, 1, fault.SoldOut, "app")
		stop()
		close(finish)
		<-over
		if !finished {
			t.Error("a turn under way was cut off by the stop")
		}
		if rest := w.Refusals.Take(); len(rest) != 0 {
			t.Errorf("refusals not flushed at the stop: %v", rest)
		}
		// The leases are free at once.
		s := &sink{}
		changes(w, 1)
		w.Must(make1(w, "two", s, c).Drain(w.Ctx()))
		if len(s.taken) != 2 {
			t.Errorf("the next process took %d, want 2", len(s.taken))
		}
	})
}

// A job with a share rests after each piece, in proportion to what it took.
func TestShare(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := newClock()
		ctx, stop := context.WithCancel(w.Ctx())
		pieces := []time.Duration{100 * time.Millisecond, 0, time.Minute}
		job := worker.Job{Name: "bounded", Every: 77 * time.Hour, Share: 25, Run: func(context.Context) (int, error) {
			if len(pieces) == 0 {
				return 0, nil
			}
			c.Advance(pieces[0])
			pieces = pieces[1:]
			return 1, nil
		}}
		one := make1(w, "one", &sink{}, c, job)
		over := make(chan struct{})
		go func() { one.Run(ctx); close(over) }()
		var waits []time.Duration
		for len(waits) < 4 {
			d := <-c.slept
			if d != 500*time.Millisecond && d != 5*time.Second && d != time.Second && d != time.Hour {
				waits = append(waits, d)
			}
			c.wake <- struct{}{}
		}
		stop()
		<-over
		if want := []time.Duration{300 * time.Millisecond, 3 * time.Millisecond, 30 * time.Second, 77 * time.Hour}; !slices.Equal(waits, want) {
			t.Errorf("waits %v, want %v", waits, want)
		}
	})
}

func TestLogSink(t *testing.T) {
	var out bytes.Buffer
	s := worker.LogSink{Log: slog.New(slog.NewJSONHandler(&out, nil))}
	c := store.StoredChange{Change: testkit.Change(7, 2)}
	if err := s.Deliver(t.Context(), []store.StoredChange{c}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"aggregate":"cpn_0000000000007"`, `"seq":2`, `"type":"coupon.claimed.v1"`, `"at":"2026-03-02T02:00:00.000Z"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("log %s lacks %s", out.String(), want)
		}
	}
}
