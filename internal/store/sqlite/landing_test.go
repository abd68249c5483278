package sqlite

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"testing"

	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// held makes each sync of the log beside the writer wait for one of ends.
func held(e *Engine) (began chan struct{}, ends chan error) {
	began, ends = make(chan struct{}, 100), make(chan error)
	e.writer.landing.sync = func(fd int) error {
		began <- struct{}{}
		if err := <-ends; err != nil {
			return err
		}
		return syncFile(fd)
	}
	return began, ends
}

// later runs f beside the test.
func later(f func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	return done
}

// committed waits until so many closures have been committed.
func committed(e *Engine, closures int64) {
	for e.Stats().Closures < closures {
		runtime.Gosched()
	}
}

// durably opens a store whose log is synced beside the writer; nil where it is not.
func durably(t *testing.T) *Engine {
	if !canDefer {
		t.Log("this system syncs in COMMIT")
		return nil
	}
	e := fresh(t, Options{})
	must(t, put(t, e, 1)) // the first sync, with the folder's, is SQLite's own
	return e
}

// TestWriterGoesOnWhileTheLogIsSynced: closures run and commit, but neither their
// answers nor what a view saw of them leave before the sync behind them.
func TestWriterGoesOnWhileTheLogIsSynced(t *testing.T) {
	e := durably(t)
	if e == nil {
		return
	}
	began, ends := held(e)
	first := later(func() error { return put(t, e, 2) })
	<-began
	ran := make(chan struct{})
	second := later(func() error {
		return e.update(t.Context(), store.Use, func(x *executor) error { close(ran); return fault.New(fault.SoldOut) })
	})
	<-ran
	committed(e, 4) // with the table, the first row and the second
	ctx, leave := context.WithCancel(t.Context())
	seen := 0
	err := e.view(ctx, func(x *executor) error {
		err := x.Query(countRows, nil, func(s sqlrepo.Scanner) error { return s.Scan(&seen) })
		leave()
		return err
	})
	if seen != 2 || !errors.Is(err, context.Canceled) {
		t.Errorf("a view of %d rows, of which one was not synced, returned %v and did not wait", seen, err)
	}
	select {
	case err := <-first:
		t.Fatalf("answered before the sync: %v", err)
	case err := <-second:
		t.Fatalf("a refusal was told before what it rests on was synced: %v", err)
	default:
	}
	ends <- nil
	must(t, <-first)
	if err := <-second; !fault.Has(err, fault.SoldOut) {
		t.Errorf("refused with %v", err)
	}
	if n := count(t, e); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
	if len(began) != 0 {
		t.Errorf("%d more syncs: the refusal wrote nothing", len(began))
	}
}

// TestSyncFails: nobody knows what is durable of commits behind a sync that failed.
func TestSyncFails(t *testing.T) {
	e := durably(t)
	if e == nil {
		return
	}
	began, ends := held(e)
	first := later(func() error { return put(t, e, 2) })
	<-began
	second := later(func() error { return put(t, e, 3) })
	committed(e, 4)
	broken := errors.New("no disk")
	ends <- broken
	close(ends) // of another sync nobody would hear
	for _, answer := range []<-chan error{first, second} {
		if err := <-answer; !fault.Has(err, fault.OutcomeUnknown) || !errors.Is(err, broken) {
			t.Errorf("got %v, want outcome_unknown", err)
		}
	}
	if err := put(t, e, 4); !fault.Has(err, fault.ReadOnlyStore) {
		t.Errorf("the next write: %v", err)
	}
	if n := count(t, e); n < 2 {
		t.Errorf("%d rows are read", n)
	}
	if err := e.Ready(t.Context()); err == nil {
		t.Error("ready")
	}
}

// TestHeadOfTheLogIsSyncedFirst: behind an old head, what is left of the log before
// it started over would count after a power cut.
func TestHeadOfTheLogIsSyncedFirst(t *testing.T) {
	e := durably(t)
	if e == nil {
		return
	}
	l := logOf(e.writer.session.log())
	must(t, put(t, e, 2))
	before := l.syncs
	must(t, put(t, e, 3))
	if l.syncs != before {
		t.Fatalf("COMMIT synced by itself, %d times", l.syncs-before)
	}
	e.writer.gate.Lock()
	s, err := connector{dsn: checkpointDSN(e.path, e.options)}.open()
	must(t, err)
	_, _, err = (&checkpointer{engine: e, session: s}).checkpoint("RESTART")
	e.writer.gate.Unlock()
	must(t, err)
	must(t, s.Close())
	must(t, put(t, e, 4))
	if l.syncs != before+1 {
		t.Errorf("a log that started over was synced %d times by COMMIT, want once", l.syncs-before)
	}
	before = l.syncs
	must(t, put(t, e, 5))
	if l.syncs != before {
		t.Errorf("the commit after it synced by itself")
	}
}

// TestCloseWaitsForTheSync: what was committed is answered before Close returns.
func TestCloseWaitsForTheSync(t *testing.T) {
	if !canDefer {
		return
	}
	path := filepath.Join(t.TempDir(), "quan.db")
	e, err := Open(t.Context(), path, Options{})
	must(t, err)
	must(t, e.Update(t.Context(), store.Use, func(store.Tx) error { return nil }))
	began, ends := held(e)
	written := later(func() error {
		return e.update(t.Context(), store.Use, func(x *executor) error {
			_, err := x.session.exec("CREATE TABLE late (n)", nil)
			return err
		})
	})
	select {
	case <-began:
		closed := later(e.Close)
		ends <- nil
		must(t, <-written)
		must(t, <-closed)
	case err := <-written: // the log's head and folder were synced with it
		must(t, err)
		must(t, e.Close())
	}
}
