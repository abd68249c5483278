package sqlite

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

func TestMergesWhatQueued(t *testing.T) {
	e := fresh(t, Options{})
	before := e.Stats()
	calls := make([]func() error, 100)
	for i := range calls {
		calls[i] = func() error { return put(t, e, int64(i+1)) }
	}
	for i, err := range together(t, e, calls...) {
		if err != nil {
			t.Errorf("closure %d: %v", i, err)
		}
	}
	after := e.Stats()
	if got := after.Closures - before.Closures; got != 101 {
		t.Errorf("%d closures counted, want 101", got)
	}
	if got := after.Commits - before.Commits; got > 50 {
		t.Errorf("%d commits for 101 closures: nothing was merged", got)
	}
	if n := count(t, e); n != 100 {
		t.Errorf("%d rows, want 100", n)
	}
}

func TestBatchIsBounded(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	calls := make([]func() error, batchClosures+100)
	for i := range calls {
		calls[i] = func() error { return put(t, e, int64(i+1)) }
	}
	together(t, e, calls...)
	if got := e.Stats().Largest; got != batchClosures {
		t.Errorf("%d closures in the largest commit, want %d", got, batchClosures)
	}
	e.writer.limit = 0 // every closure takes longer than that
	before := e.Stats().Commits
	together(t, e, func() error { return put(t, e, 1001) }, func() error { return put(t, e, 1002) })
	if got := e.Stats().Commits - before; got != 3 {
		t.Errorf("%d commits for three closures past the time of a batch", got)
	}
}

func TestOrderIsArrival(t *testing.T) {
	e := fresh(t, Options{})
	var order []int
	calls := make([]func() error, 20)
	for i := range calls {
		calls[i] = func() error {
			return e.update(t.Context(), store.Class(i%5), func(*executor) error { order = append(order, i); return nil })
		}
	}
	together(t, e, calls...)
	for i, got := range order {
		if got != i {
			t.Fatalf("ran in order %v", order)
		}
	}
}

// Each neighbour of a closure that fails in some way keeps its own fate.
func TestNeighboursAreIsolated(t *testing.T) {
	refusal := fault.New(fault.SoldOut)
	cases := map[string]struct {
		bad  func(*executor) error
		want func(error) bool
	}{
		"error": {
			func(x *executor) error { return errors.Join(insert(x, 100), refusal) },
			func(err error) bool { return fault.Has(err, fault.SoldOut) },
		},
		"failed statement": {
			func(x *executor) error { return errors.Join(insert(x, 100), insert(x, 100)) },
			func(err error) bool { return errors.Is(err, store.ErrTwin) },
		},
		"swallowed failure": {
			func(x *executor) error { _ = insert(x, 100); _ = insert(x, 100); return nil },
			func(err error) bool { return errors.Is(err, store.ErrTwin) },
		},
		"broken statement": {
			func(x *executor) error {
				_ = insert(x, 100)
				_, err := x.Exec(sqlrepo.Both(`INSERT INTO nowhere VALUES (1)`), nil)
				return err
			},
			func(err error) bool { return err != nil && fault.From(err) == nil },
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e := fresh(t, Options{Volatile: true})
			errs := together(t, e,
				func() error { return put(t, e, 1) },
				func() error { return e.update(t.Context(), store.Use, c.bad) },
				func() error { return put(t, e, 2) },
			)
			if errs[0] != nil || !c.want(errs[1]) || errs[2] != nil {
				t.Errorf("fates %v", errs)
			}
			if n := count(t, e); n != 2 || !has(t, e, 1) || !has(t, e, 2) {
				t.Errorf("%d rows, want rows 1 and 2", n)
			}
			alone := e.update(t.Context(), store.Use, c.bad) // the path without savepoint
			if !c.want(alone) || count(t, e) != 2 {
				t.Errorf("alone: %v, %d rows", alone, count(t, e))
			}
		})
	}
}

func TestPanicReachesItsCallerOnly(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	cause := errors.New("boom")
	var caught any
	errs := together(t, e,
		func() error { return put(t, e, 1) },
		func() error {
			defer func() { caught = recover() }()
			return e.update(t.Context(), store.Use, func(x *executor) error {
				_ = insert(x, 100)
				panic(cause)
			})
		},
		func() error { return put(t, e, 2) },
	)
	p, ok := caught.(*Panic)
	if !ok || !errors.Is(p, cause) || !strings.Contains(p.Error(), "TestPanicReachesItsCallerOnly") {
		t.Errorf("the caller caught %v, want the panic with the closure's stack", caught)
	}
	if errs[0] != nil || errs[2] != nil || count(t, e) != 2 {
		t.Errorf("neighbours got %v, %d rows", errs, count(t, e))
	}
}

func TestGoexitReachesItsCallerOnly(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	for _, batch := range []int{0, 1} { // alone, and between others
		var ran, returned bool
		exit := func() error {
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = e.update(context.Background(), store.Use, func(x *executor) error {
					ran = true
					_ = insert(x, 100)
					runtime.Goexit()
					return nil
				})
				returned = true
			}()
			<-ended
			return nil
		}
		if batch == 0 {
			_ = exit()
		} else {
			errs := together(t, e, func() error { return put(t, e, 1) }, exit, func() error { return put(t, e, 2) })
			if errs[0] != nil || errs[2] != nil {
				t.Errorf("neighbours got %v", errs)
			}
		}
		if !ran || returned {
			t.Errorf("ran %v, returned %v: want the caller's goroutine ended", ran, returned)
		}
	}
	if n := count(t, e); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}

func TestCallerWhoLeft(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	ctx, cancel := context.WithCancel(t.Context())
	var ran atomic.Bool
	errs := together(t, e,
		func() error { return put(t, e, 1) },
		func() error {
			defer cancel()
			gone, leave := context.WithCancel(ctx)
			go func() {
				for e.Stats().Queue < 2 {
					runtime.Gosched()
				}
				leave()
			}()
			return e.update(gone, store.Use, func(x *executor) error { ran.Store(true); return insert(x, 100) })
		},
		func() error { <-ctx.Done(); return put(t, e, 2) },
	)
	if errs[0] != nil || errs[2] != nil || !fault.Has(errs[1], fault.Overloaded) || !errors.Is(errs[1], context.Canceled) {
		t.Errorf("fates %v, want the middle one overloaded", errs)
	}
	if ran.Load() || count(t, e) != 2 {
		t.Errorf("the closure of a caller who left ran: %v", ran.Load())
	}
}

func TestCallerWhoLeavesWhileItRuns(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	ctx, leave := context.WithCancel(t.Context())
	answered := make(chan struct{})
	err := e.update(ctx, store.Use, func(x *executor) error {
		err := insert(x, 1)
		leave()
		<-answered // its caller has left by now
		return errors.Join(err, insert(x, 2))
	})
	close(answered)
	if !fault.Has(err, fault.OutcomeUnknown) || !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v, want outcome_unknown", err)
	}
	must(t, put(t, e, 3)) // waits for the closure's commit
	if n := count(t, e); n != 3 {
		t.Fatalf("%d rows, want 3: the closure goes on under the engine's context", n)
	}
}

func TestNoAnswerBeforeCommit(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	var answered atomic.Int32
	e.writer.committing = func() error {
		if n := answered.Load(); n != 0 {
			t.Errorf("%d answers left before COMMIT", n)
		}
		return nil
	}
	var running sync.WaitGroup
	running.Go(func() {
		_ = together(t, e,
			func() error { defer answered.Add(1); return put(t, e, 1) },
			func() error {
				defer answered.Add(1)
				return e.update(t.Context(), store.Use, func(*executor) error { return fault.New(fault.SoldOut) })
			},
		)
	})
	running.Wait()
	if answered.Load() != 2 {
		t.Errorf("%d answers, want 2", answered.Load())
	}
}

func TestStickyHandle(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	err := e.update(t.Context(), store.Use, func(x *executor) error {
		must(t, insert(x, 1))
		if err := insert(x, 1); !errors.Is(err, store.ErrTwin) {
			t.Errorf("a second row 1: %v", err)
		}
		if err := insert(x, 2); !errors.Is(err, store.ErrDead) {
			t.Errorf("a statement after a failed one: %v, want ErrDead", err)
		}
		if err := x.Query(countRows, nil, nil); !errors.Is(err, store.ErrDead) {
			t.Errorf("a read after a failed statement: %v, want ErrDead", err)
		}
		return nil
	})
	if !errors.Is(err, store.ErrTwin) || count(t, e) != 0 {
		t.Errorf("swallowed failure gave %v and %d rows", err, count(t, e))
	}
}

func TestDeadHandle(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	var kept *executor
	keep := func(x *executor) error { kept = x; return nil }
	for name, run := range map[string]func() error{
		"update":   func() error { return e.update(t.Context(), store.Use, keep) },
		"view":     func() error { return e.view(t.Context(), keep) },
		"snapshot": func() error { return e.snapshot(t.Context(), keep) },
	} {
		must(t, run())
		if err := insert(kept, 1); !errors.Is(err, store.ErrDead) {
			t.Errorf("%s: a statement after the end: %v, want ErrDead", name, err)
		}
	}
}

func TestNestingIsRefused(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	kinds := map[string]func(func(*executor) error) error{
		"update":   func(fn func(*executor) error) error { return e.update(t.Context(), store.Use, fn) },
		"view":     func(fn func(*executor) error) error { return e.view(t.Context(), fn) },
		"snapshot": func(fn func(*executor) error) error { return e.snapshot(t.Context(), fn) },
	}
	var deep func(n int, fn func() error) error
	deep = func(n int, fn func() error) error { // more frames than one look at the stack takes
		if n == 0 {
			return fn()
		}
		err := deep(n-1, fn)
		runtime.KeepAlive(&n)
		return err
	}
	for outer, run := range kinds {
		for inner, nested := range kinds {
			err := run(func(*executor) error {
				return deep(200, func() error { return nested(func(*executor) error { return nil }) })
			})
			if !errors.Is(err, store.ErrNested) {
				t.Errorf("%s inside %s: %v, want ErrNested", inner, outer, err)
			}
		}
	}
	for name, run := range kinds {
		if err := run(func(*executor) error { return nil }); err != nil {
			t.Errorf("%s on its own afterwards: %v", name, err)
		}
	}
}
