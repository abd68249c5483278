package storetest

import (
	"quan/internal/domain/code"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var codeTests = map[string]func(*world){
	"codes/batches":   codeBatchesRoundTrip,
	"batches/rows":    batchesRoundTrip,
	"batches/coupons": batchCoupons,
	"codes/formats":   codeFormats,
	"codes/uses":      codeUses,
	"codes/pool":      codePool,
}

func codeBatchesRoundTrip(w *world) {
	b := store.CodeBatch{ID: w.id(), Serial: 77, Name: "Leaflet", Market: "main", Template: w.id(), Placement: w.id(), Kind: code.Generated,
		Format: code.Format{Prefix: "SPRING", Charset: code.Crockford, Length: 12, Group: 4}, Word: "none", Size: 10, PerMember: 2,
		From: testkit.Start, To: testkit.Start + 9, Revoked: true, KeyVersion: 1, Rev: 1,
		CreatedAt: testkit.Start, UpdatedAt: testkit.Start + 1, ArchivedAt: testkit.Start + 2}
	filled(w, b)
	roundTrip(w, store.Tx.CodeBatches, id.Format(id.CodeBatch, b.ID), b.Unique(), b, func(b *store.CodeBatch) { b.Rev, b.Revoked, b.To = 2, false, 0 })
}

func codeFormats(w *world) {
	w.do(func(tx store.Tx) error { return tx.Codes().AddFormats([]string{"b", "a", "b"}) })
	w.do(func(tx store.Tx) error { return tx.Codes().AddFormats([]string{"a"}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Codes().Formats()
		ordered(w, got, err, "a", "b")
		return nil
	})
}

// codeUses: a code is used once, whoever comes.
func codeUses(w *world) {
	batch, who := w.id(), w.id()
	use := func(number int64, member id.ID) store.CodeUse {
		return store.CodeUse{CodePlace: store.CodePlace{Batch: batch, Number: number}, Template: w.id(), Member: member, Coupon: w.id(), At: testkit.Start}
	}
	one, two, three := use(1, who), use(2, who), use(3, w.id())
	w.do(func(tx store.Tx) error { return tx.Codes().Use([]store.CodeUse{three, one, two}) })
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Codes().Use([]store.CodeUse{use(4, who), use(1, w.id())}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Codes().Uses([]store.CodePlace{one.CodePlace, three.CodePlace, {Batch: batch, Number: 4}, {Batch: who, Number: 1}})
		same(w, got, err, one, three)
		n, err := tx.Codes().UsedBy([]id.ID{batch, who}, []id.ID{who, three.Member, batch})
		ordered(w, []int64{int64(len(n)), n[store.CodeUser{Batch: batch, Member: who}], n[store.CodeUser{Batch: batch, Member: three.Member}]}, err, 2, 2, 1)
		return nil
	})
}

// codePool numbers imported codes and keeps those that exist, of whichever batch.
func codePool(w *world) {
	first, second := w.id(), w.id()
	at := func(hash string, batch id.ID, number int64) store.PooledCode {
		return store.PooledCode{Hash: hash, CodePlace: store.CodePlace{Batch: batch, Number: number}}
	}
	add := func(batch id.ID, hashes []string, want ...store.PooledCode) {
		w.Helper()
		var known []store.PooledCode
		w.do(func(tx store.Tx) (err error) {
			known, err = tx.Codes().Import(batch, hashes)
			return err
		})
		same(w, known, nil, want...)
	}
	add(first, []string{"z", "a"})
	add(first, []string{"a", "m"}, at("a", first, 2))
	add(second, []string{"m", "n"}, at("m", first, 3))
	add(second, []string{"n"}, at("n", second, 1))
	w.do(func(tx store.Tx) error { return tx.Codes().Grow(w.id(), 5) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Codes().Pooled([]string{"n", "m", "none", "z"})
		same(w, got, err, at("z", first, 1), at("m", first, 3), at("n", second, 1))
		sizes, err := tx.Codes().Sizes([]id.ID{first, second, 5})
		ordered(w, []int64{sizes[first], sizes[second], int64(len(sizes))}, err, 3, 1, 2)
		return nil
	})
}
