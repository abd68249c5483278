package postgres_test

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/postgres/pgtest"
)

// narrow is an engine with one place for updates, which is held until release.
func narrow(t *testing.T) (e *postgres.Engine, release func()) {
	t.Helper()
	e, err := postgres.Open(t.Context(), pgtest.DSN(t), postgres.Options{WriteConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	held, free, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		if err := e.Update(context.Background(), store.Use, func(store.Tx) error { close(held); <-free; return nil }); err != nil {
			t.Error(err)
		}
	}()
	<-held
	return e, func() { close(free); <-ended }
}

// TestGateOrdersByClass: control passes by; of the others the most urgent comes
// first, each in the order of arrival.
func TestGateOrdersByClass(t *testing.T) {
	e, release := narrow(t)
	var mu sync.Mutex
	var order []store.Class
	update := func(c store.Class) error {
		return e.Update(t.Context(), c, func(store.Tx) error {
			mu.Lock()
			defer mu.Unlock()
			order = append(order, c)
			return nil
		})
	}
	var all sync.WaitGroup
	for i, c := range []store.Class{store.Background, store.Issue, store.Use, store.Issue, store.Use} {
		all.Go(func() {
			if err := update(c); err != nil {
				t.Errorf("class %d: %v", c, err)
			}
		})
		for e.Queue() <= i {
			runtime.Gosched()
		}
	}
	if err := update(store.Control); err != nil {
		t.Errorf("control while all places are taken: %v", err)
	}
	release()
	all.Wait()
	if order[0] != store.Control || order[1] != store.Use || slices.Index(order, store.Issue) > slices.Index(order, store.Background)+1 {
		t.Errorf("ran in the order %v", order)
	}
	if w := e.Waits()[store.Use]; w.Count != 3 || w.Sum == 0 {
		t.Errorf("waits %+v", w)
	}
}

// TestGateShedsByExpectedWait: while the place is held too long, who would wait is
// refused; background waits. A caller that leaves the queue had nothing done.
func TestGateShedsByExpectedWait(t *testing.T) {
	e, release := narrow(t)
	start := time.Now()
	var passed atomic.Int64
	e.Instant(func() time.Time { return start.Add(time.Duration(passed.Load())) })
	var ran atomic.Int64
	update := func(ctx context.Context, c store.Class) error {
		return e.Update(ctx, c, func(store.Tx) error { ran.Add(1); return nil })
	}
	leaving, leave := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() {
		if err := update(leaving, store.Use); !fault.Has(err, fault.Overloaded) {
			t.Errorf("a caller that left: %v", err)
		}
	})
	for e.Queue() == 0 {
		runtime.Gosched()
	}
	leave()
	passed.Store(int64(2500 * time.Millisecond))
	for _, c := range []store.Class{store.Use, store.Issue, store.Admin} {
		if err := update(t.Context(), c); !fault.Has(err, fault.Overloaded) || fault.From(err).Param("retry_after_seconds") != int64(3) {
			t.Errorf("class %d: %v", c, err)
		}
	}
	all.Go(func() {
		if err := update(t.Context(), store.Background); err != nil {
			t.Errorf("background: %v", err)
		}
	})
	for e.Queue() == 1 {
		runtime.Gosched()
	}
	release()
	all.Wait()
	if ran.Load() != 1 {
		t.Errorf("%d ran", ran.Load())
	}
	if err := update(t.Context(), store.Use); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if w := e.Waits(); w[store.Use].Shed != 1 || w[store.Admin].Shed != 1 || w[store.Background].Shed != 0 {
		t.Errorf("waits %+v", w)
	}
}
