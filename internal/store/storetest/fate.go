package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var fateTests = map[string]func(*world){
	"fate/error rolls back":        errorRollsBack,
	"fate/panic rolls back":        panicRollsBack,
	"fate/goexit rolls back":       goexitRollsBack,
	"fate/swallowed failure":       swallowedFailure,
	"fate/swallowed stale":         swallowedStale,
	"fate/dead handle":             deadHandle,
	"fate/nested":                  nestedIsRefused,
	"fate/neighbours keep theirs":  neighboursKeepTheirs,
	"fate/twin runs again":         twinRunsAgain,
	"fate/closed":                  closedRefuses,
	"fate/own error comes through": ownErrorComesThrough,
}

// put is a write that leaves a merchant.
func put(tx store.Tx, code string) error {
	return tx.Merchants().Insert([]store.Merchant{testkit.Merchant(code)})
}

// has reports whether a merchant is there.
func (w *world) has(code string) bool {
	w.Helper()
	var found bool
	w.look(func(tx store.Tx) error {
		got, err := tx.Merchants().Get([]string{code})
		found = len(got) > 0
		return err
	})
	return found
}

// leaves checks which merchants are there.
func (w *world) leaves(want map[string]bool) {
	w.Helper()
	for code, there := range want {
		if w.has(code) != there {
			w.Errorf("%s: there is %v, want %v", code, !there, there)
		}
	}
}

var errOwn = errors.New("own error")

func errorRollsBack(w *world) {
	w.do(func(tx store.Tx) error { return put(tx, "before") })
	w.refuses(errOwn, func(tx store.Tx) error {
		if err := put(tx, "gone"); err != nil {
			return err
		}
		return errOwn
	})
	w.do(func(tx store.Tx) error { return put(tx, "after") })
	w.leaves(map[string]bool{"before": true, "gone": false, "after": true})
}

// ownErrorComesThrough: the caller's error is what it gets, not a wrapping that hides it.
func ownErrorComesThrough(w *world) {
	w.refuses(errOwn, func(store.Tx) error { return fmt.Errorf("wrapped: %w", errOwn) })
	err := w.store.View(context.Background(), func(store.Tx) error { return errOwn })
	if !errors.Is(err, errOwn) {
		w.Errorf("got %v from a View", err)
	}
}

func panicRollsBack(w *world) {
	panics := func(run func() error) {
		defer func() { _ = recover() }()
		if err := run(); err == nil {
			w.Error("a panic was taken for a success")
		}
	}
	boom := func(store.Tx) error { panic("boom") }
	for range 20 { // more than an engine has connections
		panics(func() error {
			return w.try(func(tx store.Tx) error {
				if err := put(tx, "gone"); err != nil {
					return err
				}
				panic("boom")
			})
		})
		panics(func() error { return w.store.View(context.Background(), boom) })
		panics(func() error { return w.store.Snapshot(context.Background(), boom) })
	}
	w.do(func(tx store.Tx) error { return put(tx, "after") })
	w.leaves(map[string]bool{"gone": false, "after": true})
}

func goexitRollsBack(w *world) {
	exits := func(run func(fn func(store.Tx) error) error) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = run(func(tx store.Tx) error {
				_ = put(tx, "gone")
				goexit()
				return nil
			})
		}()
		<-done
	}
	for range 20 {
		exits(w.try)
		exits(func(fn func(store.Tx) error) error { return w.store.View(context.Background(), fn) })
	}
	w.do(func(tx store.Tx) error { return put(tx, "after") })
	w.leaves(map[string]bool{"gone": false, "after": true})
}

// A closure that hides a failed statement fails all the same, and nothing of it stays.
func swallowedFailure(w *world) {
	w.do(func(tx store.Tx) error { return put(tx, "taken") })
	var after error
	err := w.try(func(tx store.Tx) error {
		if err := put(tx, "gone"); err != nil {
			return err
		}
		_ = put(tx, "taken")
		after = put(tx, "late")
		return nil
	})
	if err == nil {
		w.Error("the failure was swallowed")
	}
	if !errors.Is(after, store.ErrDead) {
		w.Errorf("a statement after a failed one: %v, want ErrDead", after)
	}
	w.leaves(map[string]bool{"gone": false, "late": false})
}

func swallowedStale(w *world) {
	w.do(func(tx store.Tx) error { return put(tx, "acme") })
	err := w.try(func(tx store.Tx) error {
		if err := put(tx, "gone"); err != nil {
			return err
		}
		m := testkit.Merchant("acme")
		m.Rev = 9
		_ = tx.Merchants().Update([]store.Merchant{m})
		return nil
	})
	if !errors.Is(err, store.ErrStale) {
		w.Errorf("got %v, want ErrStale", err)
	}
	w.leaves(map[string]bool{"gone": false})
}

func deadHandle(w *world) {
	var kept store.Tx
	w.do(func(tx store.Tx) error { kept = tx; return nil })
	if err := put(kept, "late"); !errors.Is(err, store.ErrDead) {
		w.Errorf("a kept handle of an Update: %v, want ErrDead", err)
	}
	w.look(func(tx store.Tx) error { kept = tx; return nil })
	if _, err := kept.Merchants().Get([]string{"a"}); !errors.Is(err, store.ErrDead) {
		w.Errorf("a kept handle of a View: %v, want ErrDead", err)
	}
	w.leaves(map[string]bool{"late": false})
}

func nestedIsRefused(w *world) {
	ctx := context.Background()
	nothing := func(store.Tx) error { return nil }
	inside := func(store.Tx) error {
		for name, err := range map[string]error{
			"Update":   w.store.Update(ctx, store.Use, nothing),
			"View":     w.store.View(ctx, nothing),
			"Snapshot": w.store.Snapshot(ctx, nothing),
		} {
			if !errors.Is(err, store.ErrNested) {
				w.Errorf("%s inside: %v, want ErrNested", name, err)
			}
		}
		return nil
	}
	w.do(inside)
	w.look(inside)
	if err := w.store.Snapshot(ctx, inside); err != nil {
		w.Fatal(err)
	}
	w.do(nothing) // and it is forgotten afterwards
}

// Closures that run together don't share their fates.
func neighboursKeepTheirs(w *world) {
	const many = 60
	var wg sync.WaitGroup
	errs := make([]error, many)
	for i := range many {
		wg.Go(func() {
			defer func() { _ = recover() }()
			errs[i] = w.try(func(tx store.Tx) error {
				if err := put(tx, fmt.Sprint("m", i)); err != nil {
					return err
				}
				switch i % 4 {
				case 1:
					return errOwn
				case 2:
					panic("boom")
				case 3:
					_ = put(tx, fmt.Sprint("m", i)) // fails
				}
				return nil
			})
		})
	}
	wg.Wait()
	want := map[string]bool{}
	for i, err := range errs {
		want[fmt.Sprint("m", i)] = i%4 == 0
		if i%4 == 0 && err != nil {
			w.Errorf("%d failed with its neighbours: %v", i, err)
		}
	}
	w.leaves(want)
}

// A closure that meets a twin runs again and can see it. Where one writer has the
// database to itself no twin can come between a look and an insert.
func twinRunsAgain(w *world) {
	if w.second == nil {
		return
	}
	row := store.OutsideRow{OutsideKey: store.OutsideKey{Kind: "order", Source: "pos", Ref: "1"}, Target: w.id()}
	w.do(func(tx store.Tx) error { return tx.Outside().Insert([]store.OutsideRow{row}) })
	runs, seen := 0, id.ID(0)
	w.do(func(tx store.Tx) error {
		runs++
		if runs == 1 { // as if the twin had come after our look
			return tx.Outside().Insert([]store.OutsideRow{row})
		}
		got, err := tx.Outside().Find([]store.OutsideKey{row.OutsideKey})
		if err == nil && len(got) == 1 {
			seen = got[0].Target
		}
		return err
	})
	if seen != row.Target {
		w.Errorf("after %d runs the twin was not seen", runs)
	}
	runs = 0
	w.refuses(store.ErrTwin, func(tx store.Tx) error {
		runs++
		return tx.Outside().Insert([]store.OutsideRow{row})
	})
	if runs < 2 || runs > 10 {
		w.Errorf("the closure ran %d times", runs)
	}
}

func closedRefuses(w *world) {
	if err := w.store.Close(); err != nil {
		w.Fatal(err)
	}
	ctx := context.Background()
	nothing := func(store.Tx) error { return nil }
	for name, err := range map[string]error{
		"Update": w.store.Update(ctx, store.Use, nothing), "View": w.store.View(ctx, nothing), "Ready": w.store.Ready(ctx),
	} {
		if err == nil {
			w.Errorf("%s of a closed store", name)
		}
	}
}
