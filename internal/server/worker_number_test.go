package server

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// A process whose worker number another one holds would make ids that the other
// makes too: it writes nothing more.
func TestLostWorkerNumber(t *testing.T) {
	q, err := Open(t.Context(), Config{DB: filepath.Join(t.TempDir(), "quan.db")}, WallClock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	put := func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"a": "b"}) }
	if err := q.Store.Update(t.Context(), store.Use, put); err != nil {
		t.Fatal(err)
	}
	err = q.Store.Update(t.Context(), store.Control, func(tx store.Tx) error {
		if err := tx.Leases().Release(workerLease(q.worker), q.holder); err != nil {
			return err
		}
		_, _, err := tx.Leases().Acquire(workerLease(q.worker), "another", calendar.Of(time.Now()), time.Minute)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	q.renewWorker(t.Context())
	if err := q.Ready(t.Context()); err == nil {
		t.Error("ready without a worker number")
	}
	if err := q.Store.Update(t.Context(), store.Use, put); !fault.Has(err, fault.ReadOnlyStore) {
		t.Errorf("write without a worker number: %v", err)
	}
	if err := q.Store.View(t.Context(), func(store.Tx) error { return nil }); err != nil {
		t.Errorf("reads go on: %v", err)
	}
}
