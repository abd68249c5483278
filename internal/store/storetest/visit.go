package storetest

import (
	"quan/internal/domain/member"
	"quan/internal/store"
	"quan/internal/testkit"
)

var visitTests = map[string]func(*world){
	"visits/codes":    visitCodes,
	"visits/sessions": visitSessions,
}

func visitCodes(w *world) {
	key := member.Key{Kind: "phone", Hash: "aa"}
	code := member.Code{Key: key, Hash: "1", CreatedAt: testkit.Start, ExpiresAt: testkit.Start + 9}
	try := func(what string, want bool, k member.Key) {
		w.Helper()
		w.do(func(tx store.Tx) error {
			got, err := tx.Visits().TryCode(k, testkit.Start+8, 2)
			if err == nil && got != want {
				w.Errorf("%s: tried %v", what, got)
			}
			return err
		})
	}
	w.do(func(tx store.Tx) error { return tx.Visits().PutCode(code) })
	try("none was sent", false, member.Key{Kind: "phone", Hash: "bb"})
	code.Hash = "2"
	w.do(func(tx store.Tx) error { return tx.Visits().PutCode(code) })
	try("the first guess", true, key)
	try("the second guess", true, key)
	try("a third guess", false, key)
	code.Tries = 2
	w.look(func(tx store.Tx) error {
		got, err := tx.Visits().Codes([]member.Key{key, {Kind: "phone", Hash: "bb"}})
		same(w, got, err, code)
		return nil
	})
	code.Tries, code.ExpiresAt = 0, testkit.Start+8
	w.do(func(tx store.Tx) error { return tx.Visits().PutCode(code) })
	try("at its end", false, key)
	w.do(func(tx store.Tx) error { return tx.Visits().RemoveCode(key) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Visits().Codes([]member.Key{key})
		same(w, got, err)
		return nil
	})
}

func visitSessions(w *world) {
	a := member.Visit{Hash: "a", Member: w.id(), Minter: w.id(), CreatedAt: testkit.Start, EndsAt: testkit.Start + 9}
	b, old := a, a
	b.Hash, old.Hash, old.EndsAt = "b", "c", testkit.Start+5
	filled(w, a)
	w.do(func(tx store.Tx) error {
		if err := tx.Visits().PutCode(member.Code{Key: member.Key{Kind: "phone", Hash: "aa"}, ExpiresAt: testkit.Start + 5}); err != nil {
			return err
		}
		return tx.Visits().Insert([]member.Visit{a, b, old})
	})
	w.do(func(tx store.Tx) error { return tx.Visits().End("b") })
	w.do(func(tx store.Tx) error { return tx.Visits().End("b") }) // ended is ended
	for range 2 {                                                 // the code, then the session
		w.do(func(tx store.Tx) error {
			n, err := tx.Visits().EndOld(testkit.Start+5, 1)
			if err == nil && n != 1 {
				w.Errorf("%d ended", n)
			}
			return err
		})
	}
	w.look(func(tx store.Tx) error {
		got, err := tx.Visits().Get([]string{"a", "b", "c"})
		same(w, got, err, a)
		return nil
	})
}
