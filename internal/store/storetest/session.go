package storetest

import (
	"quan/internal/domain/person"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var sessionTests = map[string]func(*world){
	"sessions/roundtrip": sessionsRoundTrip,
	"sessions/end":       sessionsEnd,
}

func session(w *world, owner id.ID, hash string) person.Session {
	return person.Session{ID: w.id(), Person: owner, Hash: hash, CreatedAt: testkit.Start, SeenAt: testkit.Start, Agent: "Firefox 车", Address: "192.0.2.7"}
}

func sessionsRoundTrip(w *world) {
	owner := w.id()
	a, b, other := session(w, owner, "a"), session(w, owner, "b"), session(w, w.id(), "c")
	filled(w, a)
	w.do(func(tx store.Tx) error { return tx.Sessions().Insert([]person.Session{a, b, other}) })
	w.do(func(tx store.Tx) error { return tx.Sessions().Seen("a", testkit.Start+9) })
	w.do(func(tx store.Tx) error { return tx.Sessions().Seen("a", testkit.Start+5) }) // another process was later
	a.SeenAt = testkit.Start + 9
	w.look(func(tx store.Tx) error {
		got, err := tx.Sessions().Get([]string{"a", "none"})
		same(w, got, err, a)
		got, err = tx.Sessions().OfPerson(owner)
		same(w, got, err, b, a)
		return nil
	})
}

func sessionsEnd(w *world) {
	owner := w.id()
	a, b, c, other := session(w, owner, "a"), session(w, owner, "b"), session(w, owner, "c"), session(w, w.id(), "d")
	old, unseen := session(w, w.id(), "e"), session(w, w.id(), "f")
	old.CreatedAt, old.SeenAt, unseen.CreatedAt, unseen.SeenAt = testkit.Start-9, testkit.Start, testkit.Start-5, testkit.Start-5
	ended := func(want int64, end func(tx store.Tx) (int64, error)) {
		w.Helper()
		w.do(func(tx store.Tx) error {
			n, err := end(tx)
			if err == nil && n != want {
				w.Errorf("%d sessions ended, want %d", n, want)
			}
			return err
		})
	}
	w.do(func(tx store.Tx) error { return tx.Sessions().Insert([]person.Session{a, b, c, other, old, unseen}) })
	ended(1, func(tx store.Tx) (int64, error) { return tx.Sessions().End(owner, []id.ID{a.ID, other.ID}) })
	ended(2, func(tx store.Tx) (int64, error) { return tx.Sessions().End(owner, nil) })
	ended(1, func(tx store.Tx) (int64, error) { return tx.Sessions().EndOld(testkit.Start-4, testkit.Start-8, 1) })
	ended(1, func(tx store.Tx) (int64, error) { return tx.Sessions().EndOld(testkit.Start-4, testkit.Start-8, 9) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Sessions().Get([]string{"a", "b", "c", "d", "e", "f"})
		same(w, got, err, other)
		return nil
	})
}
