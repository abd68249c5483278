package postgres_test

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/testkit"
)

// once is an idempotent closure: it adds one to a counter unless the key has acted.
func once(key store.OutsideKey, target id.ID, runs *int) func(store.Tx) error {
	stock := limit.StockKey(42)
	return func(tx store.Tx) error {
		*runs++
		locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{stock}})
		if err != nil {
			return err
		}
		found, err := tx.Outside().Find([]store.OutsideKey{key})
		if err != nil || len(found) > 0 {
			return err
		}
		if err := tx.Outside().Insert([]store.OutsideRow{{OutsideKey: key, Target: target}}); err != nil {
			return err
		}
		c := *locked.Counters[stock]
		c.Taken, c.Ceiling = c.Taken+1, 100
		return tx.Counters().Write([]limit.Counter{c})
	}
}

func effects(t *testing.T, s store.Store) (n int64) {
	t.Helper()
	err := s.View(context.Background(), func(tx store.Tx) error {
		got, err := tx.Counters().Get([]limit.Key{limit.StockKey(42)})
		if err == nil && len(got) == 1 {
			n = got[0].Taken
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A COMMIT whose connection breaks has exactly one effect, wherever it breaks.
func TestAmbiguousCommit(t *testing.T) {
	for name, f := range map[string]fate{"before": before, "inside": inside, "after": after} {
		t.Run(name, func(t *testing.T) {
			direct := pgtest.Open(t)
			p, dsn := between(t, pgtest.DSN(t))
			e := pgtest.OpenDSN(t, dsn)
			for i := range 5 {
				p.next(f)
				runs := 0
				key := store.OutsideKey{Kind: "order", Source: "pos", Ref: fmt.Sprint(i)}
				if err := e.Update(context.Background(), store.Use, once(key, 1, &runs)); err != nil {
					t.Fatal(err)
				}
				if runs != 2 {
					t.Errorf("the closure ran %d times, want 2", runs)
				}
				if n := effects(t, direct); n != int64(i+1) {
					t.Fatalf("%d effects of %d keys", n, i+1)
				}
			}
		})
	}
}

// The hard case: the second run begins while the first one's COMMIT is still on
// its way. A look at the data would miss it; the locks don't.
func TestAmbiguousCommitStillOnItsWay(t *testing.T) {
	direct := pgtest.Open(t)
	p, dsn := between(t, pgtest.DSN(t))
	e := pgtest.OpenDSN(t, dsn)
	p.next(hold)
	runs, done := 0, make(chan error)
	key := store.OutsideKey{Kind: "order", Source: "pos", Ref: "1"}
	go func() { done <- e.Update(context.Background(), store.Use, once(key, 1, &runs)) }()
	<-p.held
	waitForBlocked(t, pgtest.DSN(t))
	close(p.release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := effects(t, direct); n != 1 || runs < 2 {
		t.Errorf("%d effects after %d runs, want 1 after at least 2", n, runs)
	}
}

// waitForBlocked returns when a session of the database waits for a lock.
func waitForBlocked(t *testing.T, dsn string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for blocked := false; !blocked; runtime.Gosched() {
		err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')").Scan(&blocked)
		if err != nil {
			t.Fatal(err)
		}
	}
}

// An administrative write has no key to run again under.
func TestAmbiguousAdminIsUnknown(t *testing.T) {
	p, dsn := between(t, pgtest.DSN(t))
	e := pgtest.OpenDSN(t, dsn)
	p.next(after)
	runs := 0
	err := e.Update(context.Background(), store.Admin, func(tx store.Tx) error {
		runs++
		return tx.Merchants().Insert([]store.Merchant{testkit.Merchant("acme")})
	})
	if !fault.Has(err, fault.OutcomeUnknown) || runs != 1 {
		t.Errorf("got %v after %d runs, want outcome_unknown after 1", err, runs)
	}
}

// Nobody answers any more: the caller is told that it is not known.
func TestUnresolvedIsUnknown(t *testing.T) {
	direct := pgtest.Open(t)
	p, dsn := between(t, pgtest.DSN(t))
	e := pgtest.OpenDSN(t, dsn)
	e.Hasten(300*time.Millisecond, time.Second)
	p.next(nothing)
	runs := 0
	key := store.OutsideKey{Kind: "order", Source: "pos", Ref: "1"}
	err := e.Update(context.Background(), store.Use, once(key, 1, &runs))
	if !fault.Has(err, fault.OutcomeUnknown) {
		t.Errorf("got %v, want outcome_unknown", err)
	}
	if n := effects(t, direct); n != 0 {
		t.Errorf("%d effects of a COMMIT that never arrived", n)
	}
}
