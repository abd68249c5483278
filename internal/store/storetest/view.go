package storetest

import (
	"context"
	"errors"
	"time"

	"quan/internal/domain/change"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/store"
	"quan/internal/testkit"
)

var viewTests = map[string]func(*world){
	"view/writes fail":    viewsDoNotWrite,
	"view/one snapshot":   viewIsOneSnapshot,
	"snapshot/stable":     snapshotIsStable,
	"view/sees committed": viewSeesCommitted,
	"engine/clock":        clockIsNear,
}

func viewsDoNotWrite(w *world) {
	ctx := context.Background()
	for name, write := range map[string]func(store.Tx) error{
		"insert": func(tx store.Tx) error { return put(tx, "gone") },
		"append": func(tx store.Tx) error { return tx.Changes().Append([]change.Change{testkit.Change(1, 1)}) },
		"put":    func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"a": "b"}) },
		"fold": func(tx store.Tx) error {
			_, err := tx.Metrics().Fold(1)
			return err
		},
		"lease": func(tx store.Tx) error {
			_, _, err := tx.Leases().Acquire("a", "b", 1, time.Second)
			return err
		},
		"lock": func(tx store.Tx) error {
			_, err := tx.Lock(store.LockSet{Counters: []limit.Key{limit.StockKey(5)}})
			return err
		},
		"swallowed": func(tx store.Tx) error {
			_ = put(tx, "gone")
			return nil
		},
	} {
		if err := w.store.View(ctx, write); !errors.Is(err, store.ErrReadOnly) {
			w.Errorf("%s in a View: %v, want ErrReadOnly", name, err)
		}
		if err := w.store.Snapshot(ctx, write); !errors.Is(err, store.ErrReadOnly) {
			w.Errorf("%s in a Snapshot: %v, want ErrReadOnly", name, err)
		}
	}
	w.leaves(map[string]bool{"gone": false})
}

// steady checks that reads inside run see one state while another call commits.
func steady(w *world, run func(ctx context.Context, fn func(store.Tx) error) error) {
	w.Helper()
	w.do(func(tx store.Tx) error { return put(tx, "before") })
	count := func(tx store.Tx) int {
		got, err := tx.Merchants().List(store.Filter{Limit: 10})
		if err != nil {
			w.Fatal(err)
		}
		return len(got)
	}
	err := run(context.Background(), func(tx store.Tx) error {
		first := count(tx)
		done := make(chan error)
		go func() { done <- w.try(func(tx store.Tx) error { return put(tx, "during") }) }()
		if err := <-done; err != nil {
			return err
		}
		if second := count(tx); first != 1 || second != 1 {
			w.Errorf("%d rows, then %d, want 1 and 1", first, second)
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
	w.leaves(map[string]bool{"before": true, "during": true})
}

func viewIsOneSnapshot(w *world) { steady(w, w.store.View) }
func snapshotIsStable(w *world)  { steady(w, w.store.Snapshot) }

// What an Update has returned from is seen by every View begun later, in every engine.
func viewSeesCommitted(w *world) {
	engines := w.engines()
	for i := range 20 {
		code := string(rune('a' + i))
		w.do(func(tx store.Tx) error { return put(tx, code) })
		for _, e := range engines {
			err := e.View(context.Background(), func(tx store.Tx) error {
				got, err := tx.Merchants().Get([]string{code})
				if err == nil && len(got) != 1 {
					w.Errorf("%s is not seen after its commit", code)
				}
				return err
			})
			if err != nil {
				w.Fatal(err)
			}
		}
	}
}

func clockIsNear(w *world) {
	now, err := w.store.Clock(context.Background())
	if err != nil {
		w.Fatal(err)
	}
	if off := calendar.Of(time.Now()) - now; off > 60_000 || off < -60_000 {
		w.Errorf("the engine's clock is %d ms away", off)
	}
	if err := w.store.Ready(context.Background()); err != nil {
		w.Error(err)
	}
	if w.store.Engine() == "" {
		w.Error("the engine has no name")
	}
}
