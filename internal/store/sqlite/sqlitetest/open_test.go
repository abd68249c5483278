package sqlitetest_test

import (
	"errors"
	"testing"

	"quan/internal/kernel/calendar"
	"quan/internal/store"
	"quan/internal/store/sqlite/sqlitetest"
)

func TestOpenGivesEachTestItsOwnStore(t *testing.T) {
	first, second := sqlitetest.Open(t), sqlitetest.Open(t)
	if err := first.Update(t.Context(), store.Admin, func(tx store.Tx) error {
		return tx.Settings().Put(map[string]string{"name": "value"})
	}); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"value", ""} {
		e := []store.Store{first, second}[i]
		if err := e.View(t.Context(), func(tx store.Tx) error {
			got, err := tx.Settings().Get([]string{"name"})
			if got["name"] != want {
				t.Errorf("store %d holds %q, want %q", i, got["name"], want)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// What the repositories refuse without a failed statement rolls back too.
func TestSwallowedRefusalRollsBack(t *testing.T) {
	e := sqlitetest.Open(t)
	err := e.Update(t.Context(), store.Admin, func(tx store.Tx) error {
		if err := tx.Settings().Put(map[string]string{"name": "value"}); err != nil {
			return err
		}
		job := store.Job{ID: 1, Kind: "k", Key: "k", State: "running", CreatedAt: calendar.Instant(1), Rev: 7}
		_ = tx.Jobs().Update([]store.Job{job}) // there is no such job
		return nil
	})
	if !errors.Is(err, store.ErrStale) {
		t.Fatalf("got %v, want ErrStale", err)
	}
	if err := e.View(t.Context(), func(tx store.Tx) error {
		got, err := tx.Settings().Get([]string{"name"})
		if len(got) != 0 {
			t.Errorf("the closure's other write stayed: %v", got)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := e.View(t.Context(), func(tx store.Tx) error {
		_ = tx.Settings().Put(map[string]string{"name": "value"})
		return nil
	}); !errors.Is(err, store.ErrReadOnly) {
		t.Fatalf("a view that writes: %v, want ErrReadOnly", err)
	}
}
