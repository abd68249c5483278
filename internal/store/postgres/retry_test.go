package postgres_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/testkit"
)

// raw runs a statement beside the engine.
func raw(t *testing.T, dsn, sql string, args ...any) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql, args...); err != nil {
		t.Fatal(err)
	}
}

// terminate ends all other sessions of the database, as a restart would.
const terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

func TestLostConnectionRunsAgain(t *testing.T) {
	e := pgtest.Open(t)
	for _, class := range []store.Class{store.Use, store.Admin} {
		runs := 0
		err := e.Update(context.Background(), class, func(tx store.Tx) error {
			runs++
			if err := tx.Settings().Put(map[string]string{"a": "b"}); err != nil {
				return err
			}
			if runs == 1 {
				raw(t, pgtest.DSN(t), terminate)
			}
			// A read meets the loss; a write would be put off to COMMIT, which is in doubt then.
			if _, err := tx.Settings().Get([]string{"a"}); err != nil {
				return err
			}
			return tx.Settings().Put(map[string]string{"c": "d"})
		})
		if err != nil || runs != 2 {
			t.Errorf("class %d: %v after %d runs, want success after 2", class, err, runs)
		}
	}
}

// Connections that died in the pool are no failure.
func TestDeadPool(t *testing.T) {
	e := pgtest.Open(t)
	warm := func() {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				err := e.Update(context.Background(), store.Use, func(tx store.Tx) error {
					_, err := tx.Settings().Get([]string{"a"})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	warm()
	raw(t, pgtest.DSN(t), terminate)
	warm()
	raw(t, pgtest.DSN(t), terminate)
	runs := 0 // alone, and with more dead connections than tries
	err := e.Update(context.Background(), store.Use, func(store.Tx) error { runs++; return nil })
	if err != nil || runs == 0 {
		t.Errorf("%v after %d runs", err, runs)
	}
}

func TestDeadlockRunsAgain(t *testing.T) {
	t.Parallel() // PostgreSQL looks for deadlocks after a second
	e := pgtest.Open(t)
	var first sync.WaitGroup
	first.Add(2)
	errs := make(chan error)
	for _, names := range [][2]string{{"a", "b"}, {"b", "a"}} {
		go func() {
			var here sync.Once
			errs <- e.Update(context.Background(), store.Use, func(tx store.Tx) error {
				if err := tx.Settings().Put(map[string]string{names[0]: "x"}); err != nil {
					return err
				}
				here.Do(func() { first.Done(); first.Wait() })
				return tx.Settings().Put(map[string]string{names[1]: "x"})
			})
		}()
	}
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestReadOnlyStore(t *testing.T) {
	dsn := pgtest.DSN(t)
	raw(t, dsn, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$")
	e := pgtest.Open(t)
	err := e.Update(context.Background(), store.Use, func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"a": "b"}) })
	if !fault.Has(err, fault.ReadOnlyStore) {
		t.Errorf("got %v, want store_read_only", err)
	}
	if err := e.Ready(context.Background()); !fault.Has(err, fault.ReadOnlyStore) {
		t.Errorf("ready: got %v, want store_read_only", err)
	}
	if err := e.View(context.Background(), func(tx store.Tx) error { _, err := tx.Settings().Get([]string{"a"}); return err }); err != nil {
		t.Errorf("reads go on: %v", err)
	}
}

func TestAsynchronousCommitIsRefused(t *testing.T) {
	dsn := pgtest.DSN(t)
	raw(t, dsn, "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$")
	if e, err := postgres.Open(context.Background(), dsn, postgres.Options{}); err == nil {
		e.Close()
		t.Error("an engine opened whose commits are not durable")
	}
}

func TestViewEnds(t *testing.T) {
	e := pgtest.Open(t)
	e.Hasten(time.Second, 50*time.Millisecond)
	for range 6 { // more than there are connections
		err := e.View(context.Background(), func(tx store.Tx) error {
			for {
				if _, err := tx.Settings().Get([]string{"a"}); err != nil {
					return err
				}
			}
		})
		if !fault.Has(err, fault.Overloaded) {
			t.Fatalf("got %v, want overloaded", err)
		}
	}
}

// A caller waits in the queue for a connection and goes: nothing runs.
func TestGoneInTheQueue(t *testing.T) {
	e, err := postgres.Open(context.Background(), pgtest.DSN(t), postgres.Options{WriteConns: 1, ReadConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	holding, let, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- e.Update(context.Background(), store.Use, func(store.Tx) error { close(holding); <-let; return nil })
	}()
	<-holding
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	err = e.Update(ctx, store.Use, func(store.Tx) error { t.Error("it ran"); return nil })
	if !errors.Is(err, context.DeadlineExceeded) || fault.Has(err, fault.OutcomeUnknown) {
		t.Errorf("got %v, want a deadline", err)
	}
	close(let)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	dsn := pgtest.DSN(t)
	raw(t, dsn, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	if e, err := postgres.Open(context.Background(), dsn, postgres.Options{}); !errors.Is(err, store.ErrSchema) {
		if err == nil {
			e.Close()
		}
		t.Errorf("got %v, want ErrSchema", err)
	}
}

// Processes that start together on an empty database migrate it once.
func TestMigrateTogether(t *testing.T) {
	t.Parallel() // the losers look again after a second
	dsn := pgtest.Empty(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := postgres.Migrate(context.Background(), dsn); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	e := pgtest.OpenDSN(t, dsn)
	err := e.Update(context.Background(), store.Admin, func(tx store.Tx) error {
		return tx.Merchants().Insert([]store.Merchant{testkit.Merchant("acme")})
	})
	if err != nil {
		t.Error(err)
	}
}
