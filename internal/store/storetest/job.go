package storetest

import (
	"time"

	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var jobTests = map[string]func(*world){
	"jobs/roundtrip": jobsRoundTrip,
	"leases/fencing": leasesFence,
}

func jobsRoundTrip(w *world) {
	j := store.Job{ID: w.id(), Kind: "demo", Key: "demo/1", State: "running", Done: 1, Total: 9, Cursor: "5", Message: "五",
		CreatedAt: testkit.Start, UpdatedAt: testkit.Start + 1, Rev: 1}
	filled(w, j)
	later := j
	later.ID, later.Key = w.id(), "demo/2"
	w.do(func(tx store.Tx) error { return tx.Jobs().Insert([]store.Job{j, later}) })
	j.State, j.Done, j.Cursor, j.Message, j.Rev, j.UpdatedAt = "done", 9, "", "", 2, j.UpdatedAt+1
	w.do(func(tx store.Tx) error { return tx.Jobs().Update([]store.Job{j}) })
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Jobs().Update([]store.Job{j}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Jobs().Get([]id.ID{j.ID, 3})
		same(w, got, err, j)
		got, err = tx.Jobs().ByKey([]string{"demo/2", "none"})
		same(w, got, err, later)
		got, err = tx.Jobs().List(0, 9)
		ordered(w, got, err, later, j)
		got, err = tx.Jobs().List(later.ID, 9)
		ordered(w, got, err, j)
		return nil
	})
	j.ID, j.Rev = w.id(), 1
	err := w.try(func(tx store.Tx) error { return tx.Jobs().Insert([]store.Job{j}) })
	if err == nil {
		w.Error("two jobs have one key")
	}
}

// A holder that comes late can't write under its old token.
func leasesFence(w *world) {
	now := testkit.Start
	acquire := func(holder string, at int64) (lease store.Lease, ok bool) {
		w.Helper()
		w.do(func(tx store.Tx) (err error) {
			lease, ok, err = tx.Leases().Acquire("fold", holder, now.Add(time.Duration(at)*time.Second), 10*time.Second)
			return err
		})
		return lease, ok
	}
	check := func(token int64) error {
		return w.try(func(tx store.Tx) error { return tx.Leases().Check("fold", token) })
	}
	first, ok := acquire("a", 0)
	if !ok || first.Holder != "a" || first.Name != "fold" || first.Token < 1 || first.Until != now.Add(10*time.Second) {
		w.Fatalf("a free lease: %+v, %v", first, ok)
	}
	if _, ok := acquire("b", 9); ok {
		w.Fatal("a held lease was given out")
	}
	renewed, ok := acquire("a", 5)
	if !ok || renewed.Token != first.Token || renewed.Until != now.Add(15*time.Second) {
		w.Fatalf("a renewed lease: %+v, %v; first %+v", renewed, ok, first)
	}
	second, ok := acquire("b", 16)
	if !ok || second.Token <= first.Token {
		w.Fatalf("an expired lease: %+v, %v; first %+v", second, ok, first)
	}
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Leases().Check("fold", first.Token) })
	if err := check(second.Token); err != nil {
		w.Fatal(err)
	}
	w.do(func(tx store.Tx) error { return tx.Leases().Release("fold", "a") }) // not the holder: nothing happens
	if _, ok := acquire("a", 17); ok {
		w.Fatal("somebody else released the lease")
	}
	w.do(func(tx store.Tx) error { return tx.Leases().Release("fold", "b") })
	third, ok := acquire("a", 17)
	if !ok || third.Token <= second.Token {
		w.Fatalf("a released lease: %+v, %v", third, ok)
	}
}
