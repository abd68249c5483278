package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// coded stands for an error of the driver where the real one can't be had.
type coded int

func (c coded) Error() string { return fmt.Sprintf("code %d", int(c)) }
func (c coded) Code() int     { return int(c) }

// room leaves the file so many pages to grow; negative takes the bound away.
func room(t *testing.T, e *Engine, pages int64) {
	t.Helper()
	e.writer.gate.Lock() // the writer is between transactions
	defer e.writer.gate.Unlock()
	n, err := e.writer.session.number("PRAGMA page_count")
	must(t, err)
	if pages < 0 {
		n, pages = 1<<30, 0
	}
	must(t, e.writer.session.run(fmt.Sprintf("PRAGMA max_page_count=%d", n+pages)))
}

func putBig(t *testing.T, e *Engine, i, bytes int64) error {
	return e.update(t.Context(), store.Use, func(x *executor) error {
		_, err := x.Exec(insertBig, []any{i, bytes})
		return err
	})
}

func TestFullDisk(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	must(t, put(t, e, 1))
	room(t, e, 5)
	if err := putBig(t, e, 2, 1<<20); !fault.Has(err, fault.StoreFull) {
		t.Fatalf("a megabyte into five pages: %v", err)
	}
	if err := put(t, e, 3); !fault.Has(err, fault.StoreFull) {
		t.Fatalf("a small write while the disk is full: %v", err)
	}
	if err := e.Ready(t.Context()); !fault.Has(err, fault.StoreFull) {
		t.Fatalf("ready while the disk is full: %v", err)
	}
	if n := count(t, e); n != 1 {
		t.Fatalf("%d rows, want 1: reads go on", n)
	}
	room(t, e, -1)
	must(t, e.Ready(t.Context()))
	must(t, put(t, e, 4))
	if n := count(t, e); n != 2 {
		t.Fatalf("%d rows, want 2", n)
	}
}

func TestFullDiskSparesNeighbours(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	room(t, e, 200) // enough for the probe
	errs := together(t, e,
		func() error { return put(t, e, 1) },
		func() error { return putBig(t, e, 100, 4<<20) },
		func() error { return put(t, e, 2) },
	)
	if errs[0] != nil || !fault.Has(errs[1], fault.StoreFull) || errs[2] != nil {
		t.Fatalf("fates %v", errs)
	}
	if n := count(t, e); n != 2 {
		t.Fatalf("%d rows, want 2", n)
	}
}

// A closure that ends the transaction under the others stands for SQLite doing so.
func TestLostTransactionRunsTheOthersAgain(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	var runs [2]int
	lone := func(i int) func() error {
		return func() error {
			return e.update(t.Context(), store.Use, func(x *executor) error { runs[i]++; return insert(x, int64(i)) })
		}
	}
	for name, last := range map[string]error{"nil": nil, "refusal": fault.New(fault.SoldOut)} {
		runs = [2]int{}
		must(t, e.update(t.Context(), store.Use, func(x *executor) error {
			_, err := x.Exec(sqlrepo.Both("DELETE FROM rows"), nil)
			return err
		}))
		errs := together(t, e, lone(0), func() error {
			return e.update(t.Context(), store.Use, func(x *executor) error {
				_, err := x.Exec(sqlrepo.Both("ROLLBACK"), nil)
				must(t, err)
				return last
			})
		}, lone(1))
		if errs[0] != nil || !fault.Has(errs[1], fault.Overloaded) || errs[2] != nil {
			t.Errorf("%s: fates %v", name, errs)
		}
		if runs != [2]int{2, 1} || count(t, e) != 2 {
			t.Errorf("%s: runs %v and %d rows, want [2 1] and 2", name, runs, count(t, e))
		}
	}
}

func TestTwiceLostIsRefused(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	bad := func() error {
		return e.update(t.Context(), store.Use, func(x *executor) error {
			_, err := x.Exec(sqlrepo.Both("ROLLBACK"), nil)
			return err
		})
	}
	errs := together(t, e, func() error { return put(t, e, 1) }, bad, bad, func() error { return put(t, e, 2) })
	if !fault.Has(errs[0], fault.Overloaded) || errs[3] != nil {
		t.Fatalf("fates %v: what ran twice in lost transactions gives up, what ran once goes on", errs)
	}
	if n := count(t, e); n != 1 || !has(t, e, 2) {
		t.Fatalf("%d rows, want row 2", n)
	}
}

func TestCommitFails(t *testing.T) {
	cases := map[string]struct {
		code  coded
		times int // how often COMMIT fails
		want  fault.Code
		rows  int
		later fault.Code // of the next write
	}{
		"full":       {codeFull, 1, fault.StoreFull, 0, ""},
		"busy once":  {codeBusy, 1, "", 2, ""},
		"busy twice": {codeBusy, 2, fault.Overloaded, 0, ""},
		"io":         {codeIO | 4<<8, 1, fault.OutcomeUnknown, 0, fault.ReadOnlyStore},
		"corrupt":    {codeCorrupt, 1, fault.OutcomeUnknown, 0, fault.ReadOnlyStore},
		"other":      {1, 1, fault.OutcomeUnknown, 0, fault.ReadOnlyStore},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			e := fresh(t, Options{Volatile: true})
			armed := false
			e.writer.committing = func() error {
				if !armed || c.times == 0 {
					return nil
				}
				c.times--
				return c.code
			}
			errs := together(t, e,
				func() error {
					return e.update(t.Context(), store.Use, func(x *executor) error { armed = true; return insert(x, 1) })
				},
				func() error { return put(t, e, 2) })
			for i, err := range errs {
				if c.want == "" && err != nil || c.want != "" && !fault.Has(err, c.want) {
					t.Errorf("closure %d got %v, want %q", i, err, c.want)
				}
			}
			if n := count(t, e); n != c.rows {
				t.Errorf("%d rows, want %d", n, c.rows)
			}
			err := put(t, e, 3)
			if c.later == "" && err != nil || c.later != "" && !fault.Has(err, c.later) {
				t.Errorf("the next write: %v, want %q", err, c.later)
			}
			if ready := e.Ready(t.Context()); (ready == nil) != (c.later == "") {
				t.Errorf("ready: %v", ready)
			}
		})
	}
}

// A disk that fails under a statement latches as one that fails under COMMIT
// does, but here everybody knows that nothing was written.
func TestBrokenDiskLatches(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	must(t, put(t, e, 1))
	errs := together(t, e, func() error { return put(t, e, 2) }, func() error {
		return e.update(t.Context(), store.Use, func(x *executor) error {
			return x.Query(countRows, nil, func(sqlrepo.Scanner) error { return coded(codeIO | 1<<8) })
		})
	})
	for i, err := range errs {
		if !fault.Has(err, fault.ReadOnlyStore) {
			t.Errorf("closure %d: %v, want store_read_only", i, err)
		}
	}
	if err := e.Ready(t.Context()); !fault.Has(err, fault.ReadOnlyStore) {
		t.Errorf("ready: %v", err)
	}
	if n := count(t, e); n != 1 || !e.Stats().Latched {
		t.Errorf("%d rows, %+v: want reads to go on", n, e.Stats())
	}
}

// Some tool outside quan may write the file, whatever the lock says.
func TestForeignWriterMakesWritersWait(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	must(t, e.writer.session.run("PRAGMA busy_timeout=0"))
	foreign, err := connector{dsn: writerDSN(e.path, e.options)}.open()
	must(t, err)
	defer foreign.Close()
	must(t, foreign.run("BEGIN IMMEDIATE"))
	for range 2 {
		if err := put(t, e, 1); !fault.Has(err, fault.Overloaded) {
			t.Fatalf("a write beside a foreign writer: %v", err)
		}
	}
	must(t, foreign.run("ROLLBACK"))
	must(t, put(t, e, 1))
}

func TestViewIsOneSnapshotAndReadOnly(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	for name, look := range map[string]func(context.Context, func(*executor) error) error{"view": e.view, "snapshot": e.snapshot} {
		before := count(t, e)
		must(t, look(t.Context(), func(x *executor) error {
			var first, second int
			read := func(n *int) error {
				return x.Query(countRows, nil, func(s sqlrepo.Scanner) error { return s.Scan(n) })
			}
			must(t, read(&first))
			var writing sync.WaitGroup
			writing.Go(func() { must(t, put(t, e, int64(first+1))) })
			writing.Wait()
			must(t, read(&second))
			if first != before || second != first {
				t.Errorf("%s saw %d, then %d", name, first, second)
			}
			return nil
		}))
		err := look(t.Context(), func(x *executor) error { return insert(x, 99) })
		if !errors.Is(err, store.ErrReadOnly) || has(t, e, 99) {
			t.Errorf("%s wrote: %v", name, err)
		}
	}
}

func TestViewIsShort(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	endless := sqlrepo.Both(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT max(i) FROM n`)
	rows := sqlrepo.Both(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n`)
	e.viewLimit = 10 * time.Millisecond
	for _, s := range []*sqlrepo.Stmt{endless, rows} {
		err := e.view(t.Context(), func(x *executor) error {
			return x.Query(s, nil, func(sqlrepo.Scanner) error { return nil })
		})
		if !fault.Has(err, fault.Overloaded) || !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("an endless view: %v", err)
		}
	}
	e.viewLimit = viewLimit
	if n := count(t, e); n != 0 { // the connections are whole
		t.Fatalf("%d rows", n)
	}
}

func TestViewPanicKeepsThePool(t *testing.T) {
	e := fresh(t, Options{Readers: 1, Volatile: true})
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = e.view(t.Context(), func(*executor) error { panic("boom") })
	}()
	if n := count(t, e); n != 0 {
		t.Fatalf("%d rows", n)
	}
}

// hold stops the checkpointer's ticks: the test is the ticker.
func hold(t *testing.T, e *Engine) {
	e.keeper.stop()
	t.Cleanup(func() {
		if e.keeper.session != nil {
			must(t, e.keeper.session.Close())
		}
		e.keeper = keep(e)
	})
}

func TestCheckpointCopiesTheLog(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	hold(t, e)
	must(t, putBig(t, e, 1, checkPages*4096))
	e.keeper.tend()
	if log, done, err := e.keeper.checkpoint("NOOP"); err != nil || log < checkPages || done != log {
		t.Fatalf("%d of %d pages copied, %v", done, log, err)
	}
}

func TestCheckpointStartsTheLogOver(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	hold(t, e)
	must(t, e.snapshot(t.Context(), func(x *executor) error {
		must(t, x.Query(countRows, nil, func(sqlrepo.Scanner) error { return nil }))
		// In another goroutine: a write inside a snapshot would be refused.
		var writing sync.WaitGroup
		writing.Go(func() { must(t, putBig(t, e, 1, restartPages*4096)) })
		writing.Wait()
		e.keeper.tend()
		if e.keeper.retry.IsZero() {
			t.Error("the log was started over under a reader")
		}
		return nil
	}))
	e.keeper.retry = time.Time{}
	e.keeper.tend()
	must(t, put(t, e, 2)) // the first write after the restart begins the log anew
	if log, _, err := e.keeper.checkpoint("NOOP"); err != nil || log == 0 || log > checkPages {
		t.Fatalf("%d pages in the log, %v", log, err)
	}
	if !e.keeper.retry.IsZero() {
		t.Error("the restart failed without a reader")
	}
}

// TestTheFileIsSyncedBesideTheWriter: before the writer is held for the log to start
// over, what was copied is brought to the disk.
func TestTheFileIsSyncedBesideTheWriter(t *testing.T) {
	e := durably(t)
	if e == nil {
		return
	}
	hold(t, e)
	must(t, putBig(t, e, 2, restartPages*4096))
	synced := 0
	e.keeper.sync = func(fd int) error {
		synced++
		file, err := os.Stat(e.path)
		must(t, err)
		if open, err := os.Stat(fmt.Sprintf("/proc/self/fd/%d", fd)); err != nil || !os.SameFile(file, open) {
			t.Errorf("it is not the database that is synced: %v", err)
		}
		if e.writer.gate.TryLock() {
			e.writer.gate.Unlock()
		} else {
			t.Error("the writer is held")
		}
		return syncFile(fd)
	}
	e.keeper.tend()
	must(t, put(t, e, 3))
	if log, _, err := e.keeper.checkpoint("NOOP"); err != nil || log > checkPages || synced != 1 {
		t.Errorf("%d pages in the log, synced %d times, %v", log, synced, err)
	}
}

// TestAFileThatIsNotSyncedLatches: the system tells of pages that it lost once, so the
// log that still has them is kept, and copied by whoever opens the file next.
func TestAFileThatIsNotSyncedLatches(t *testing.T) {
	e := durably(t)
	if e == nil {
		return
	}
	e.keeper.stop()
	e.keeper = &checkpointer{engine: e, quit: make(chan struct{}), ended: make(chan struct{}), sync: func(int) error { return errors.New("pages are lost") }}
	close(e.keeper.ended)
	must(t, putBig(t, e, 2, restartPages*4096))
	e.keeper.tend()
	if err := put(t, e, 3); !fault.Has(err, fault.ReadOnlyStore) {
		t.Errorf("a write beside a file that lost pages: %v", err)
	}
	e.keeper.tend() // does nothing more
	must(t, e.keeper.session.Close())
	must(t, e.Close())
	if log, err := os.Stat(e.path + "-wal"); err != nil || log.Size() < restartPages*4096 {
		t.Errorf("the log is gone: %v", err)
	}
	again, err := Open(t.Context(), e.path, Options{})
	must(t, err)
	if n := count(t, again); n != 2 {
		t.Errorf("%d rows", n)
	}
	must(t, again.Close())
}

func TestViewKeepsASwallowedFailure(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	err := e.view(t.Context(), func(x *executor) error {
		_ = x.Query(sqlrepo.Both("SELECT * FROM nowhere"), nil, nil)
		return nil
	})
	if err == nil {
		t.Fatal("a view with a failed statement succeeded")
	}
}

// TestMemoryForgetsALostTransaction: what its closures wrote, and were told they had,
// is remembered no more.
func TestMemoryForgetsALostTransaction(t *testing.T) {
	e := fresh(t, Options{Volatile: true})
	e.writer.committing = func() error { return &failed{codeBusy, "busy"} }
	err := e.Update(t.Context(), store.Issue, func(tx store.Tx) error {
		return tx.Counters().Write([]limit.Counter{{Key: limit.StockKey(7), Taken: 1, Ceiling: 1, Rev: 1}})
	})
	if err == nil {
		t.Fatal("a commit that fails is told")
	}
	e.writer.committing = nil
	must(t, e.Audit(t.Context()))
}
