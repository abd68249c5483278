package sqlite

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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
	e.writer.limit = -1 // every closure takes longer than that
	before := e.Stats().Commits
	together(t, e, func() error { return put(t, e, 1001) }, func() error { return put(t, e, 1002) })
	if got := e.Stats().Commits - before; got != 3 {
		t.Errorf("%d commits for three closures past the time of a batch", got)
	}
}

// TestOrderIsUrgency: control before the others, the more urgent class before the
// less urgent one, each in the order of arrival. Who has an eighth when is queue's.
func TestOrderIsUrgency(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	const each = 4
	var order []store.Class
	next := map[store.Class]int{}
	var calls []func() error
	for i := range each {
		for c := store.Background; c >= store.Control; c-- {
			calls = append(calls, func() error {
				return e.update(t.Context(), c, func(*executor) error {
					if order = append(order, c); next[c] != i {
						t.Errorf("closure %d of class %d came as number %d", i, c, next[c])
					}
					next[c]++
					return nil
				})
			})
		}
	}
	for i, err := range together(t, e, calls...) {
		if err != nil {
			t.Errorf("closure %d: %v", i, err)
		}
	}
	if first := slices.Index(order, store.Issue); slices.Index(order, store.Use) != each || first < each || slices.Contains(order[:each], store.Background) {
		t.Errorf("ran in the order %v", order)
	}
}

// TestShedsByExpectedWait: while the writer hangs, what would wait too long is
// refused; control and background wait.
func TestShedsByExpectedWait(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	var passed atomic.Int64
	e.writer.instant = func() time.Time { return time.Unix(0, passed.Load()) }
	var ran atomic.Int64
	update := func(c store.Class) func() error {
		return func() error { return e.update(t.Context(), c, func(*executor) error { ran.Add(1); return nil }) }
	}
	calls := []func() error{update(store.Use), update(store.Issue), func() error {
		passed.Add(int64(1500 * time.Millisecond)) // the closure before us hangs
		for _, c := range []store.Class{store.Use, store.Issue, store.Admin} {
			if err := update(c)(); !fault.Has(err, fault.Overloaded) || fault.From(err).Param("retry_after_seconds") != int64(2) {
				t.Errorf("class %d: %v", c, err)
			}
		}
		return update(store.Control)()
	}, update(store.Background)}
	for i, err := range together(t, e, calls...) {
		if err != nil {
			t.Errorf("closure %d: %v", i, err)
		}
	}
	if ran.Load() != 4 {
		t.Errorf("%d closures ran", ran.Load())
	}
	waits := e.Waits()
	if waits[store.Use].Shed != 1 || waits[store.Issue].Shed != 1 || waits[store.Admin].Shed != 1 || waits[store.Control].Shed != 0 || waits[store.Background].Count != 1 {
		t.Errorf("waits %+v", waits)
	}
}

// TestShedsByMeasuredCost: as many in front are no reason while they are quick, and
// one after they were slow.
func TestShedsByMeasuredCost(t *testing.T) {
	for cost, full := range map[time.Duration]bool{time.Millisecond: false, 54 * time.Millisecond: true} {
		e := fresh(t, Options{Volatile: true})
		var passed atomic.Int64
		e.writer.instant = func() time.Time { return time.Unix(0, passed.Load()) }
		slow := func() error {
			return e.update(t.Context(), store.Use, func(*executor) error { passed.Add(int64(cost)); return nil })
		}
		for range 20 {
			must(t, slow())
		}
		calls := slices.Repeat([]func() error{slow}, 9)
		calls = append(calls, func() error {
			if err := slow(); fault.Has(err, fault.Overloaded) != full {
				t.Errorf("behind nine of %s: %v", cost, err)
			}
			return e.update(t.Context(), store.Control, func(*executor) error { return nil })
		})
		for i, err := range together(t, e, calls...) {
			if err != nil {
				t.Errorf("closure %d: %v", i, err)
			}
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
