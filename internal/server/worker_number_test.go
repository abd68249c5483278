package server

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/sqlite/sqlitetest"
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
		if err := tx.Leases().Release(workerLease(q.number.number), q.number.holder); err != nil {
			return err
		}
		_, _, err := tx.Leases().Acquire(workerLease(q.number.number), "another", calendar.Of(time.Now()), time.Minute)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.number.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
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

// A process that stood still past its lease does not write on the strength of
// what it knew: it renews first, and finds out when another has the number.
func TestLapsedWorkerNumber(t *testing.T) {
	for _, taken := range []bool{false, true} {
		s := sqlitetest.Open(t)
		now := time.Now()
		w, err := hold(t.Context(), s, slog.New(slog.DiscardHandler), func() time.Time { return now })
		if err != nil {
			t.Fatal(err)
		}
		f := fenced{s, w}
		put := func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"a": "b"}) }
		now = now.Add(2 * workerTTL)
		if taken {
			err := s.Update(t.Context(), store.Control, func(tx store.Tx) error {
				_, _, err := tx.Leases().Acquire(workerLease(w.number), "another", calendar.Of(now), workerTTL)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		err = f.Update(t.Context(), store.Use, put)
		if taken && !fault.Has(err, fault.ReadOnlyStore) || !taken && err != nil {
			t.Errorf("a write after the lease (taken by another: %v): %v", taken, err)
		}
		if !taken && w.until.Load() <= now.UnixMilli() {
			t.Error("the write did not renew the lease")
		}
	}
}
