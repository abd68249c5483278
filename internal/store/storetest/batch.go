package storetest

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/redemption"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func batchesRoundTrip(w *world) {
	one := store.Batch{ID: w.id(), Code: "first", Market: "main", Name: "First thousand", Template: w.id(), Size: 900, Most: 1000, BudgetMinor: 5_000, Rank: 3,
		Placements: []id.ID{w.id()}, Reserved: true, Validity: &schedule.Validity{Kind: schedule.ValidityDays, Days: 2, DelayHours: 3, From: testkit.Start}, From: testkit.Start, To: testkit.Start + 9,
		Open: true, Rev: 1, CreatedAt: testkit.Start, UpdatedAt: testkit.Start + 1, ArchivedAt: testkit.Start + 2}
	roundTrip(w, func(tx store.Tx) store.Reference[store.Batch] { return tx.Batches() }, id.Format(id.Batch, one.ID), one.Code, one,
		func(b *store.Batch) { b.Rev, b.Open, b.Validity = 2, false, nil })
	two, other := store.Batch{ID: w.id(), Market: "main", Template: one.Template, Rev: 1}, store.Batch{ID: w.id(), Market: "main", Template: w.id(), Rev: 1}
	w.do(func(tx store.Tx) error { return tx.Batches().Insert([]store.Batch{two, other}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Batches().OfTemplates([]id.ID{one.Template, w.id(), one.Template})
		ids := map[id.ID]bool{}
		for _, b := range got {
			ids[b.ID] = true
		}
		if err != nil || len(got) != 2 || !ids[one.ID] || !ids[two.ID] {
			w.Errorf("batches of a template: %v, %v", got, err)
		}
		return nil
	})
}

// batchCoupons: the coupons of a batch, by pages and counted.
func batchCoupons(w *world) {
	batch, template := w.id(), w.id()
	var rows []coupon.Coupon
	for n := range 5 {
		m := w.id()
		c := coupon.Coupon{ID: w.ids.New(m.Slot()), Member: m, Template: template, Version: 1, State: coupon.Usable, Uses: 1, NextUse: 1, IssuedAt: testkit.Start,
			IssuedDay: 20260302, ValidFrom: testkit.Start, ValidTo: testkit.Start + 9, Origin: w.id(), Form: coupon.FormClaim, Facts: "{}", Rev: 1}
		if n < 4 {
			c.Batch = batch
		}
		if n == 3 {
			c.State = coupon.Withdrawn
		}
		rows = append(rows, c)
	}
	use := redemption.Redemption{ID: w.id(), Coupon: rows[0].ID, Member: rows[0].Member, Template: template, Use: 1, Rev: 1, DiscountMinor: 70}
	back := use
	back.ID, back.Coupon, back.ReturnedAt = w.id(), rows[1].ID, testkit.Start
	w.do(func(tx store.Tx) error {
		if err := tx.Coupons().Insert(rows); err != nil {
			return err
		}
		return tx.Redemptions().Insert([]redemption.Redemption{use, back})
	})
	w.look(func(tx store.Tx) error {
		first, err := tx.Coupons().OfBatch(batch, 0, 3)
		if err != nil {
			return err
		}
		rest, err := tx.Coupons().OfBatch(batch, first[2].ID, 3)
		all := append(first, rest...)
		for i, c := range all {
			if c.Batch != batch || i > 0 && c.ID <= all[i-1].ID {
				w.Errorf("page: %+v", c)
			}
		}
		if err != nil || len(first) != 3 || len(rest) != 1 {
			w.Errorf("pages of %d and %d: %v", len(first), len(rest), err)
		}
		states, err := tx.Coupons().BatchStates(batch)
		ordered(w, []int64{states[coupon.Usable], states[coupon.Withdrawn], int64(len(states))}, err, 3, 1, 2)
		uses, err := tx.Coupons().BatchUses(batch)
		ordered(w, []int64{uses.Uses, uses.DiscountMinor}, err, 1, 70)
		none, err := tx.Coupons().OfBatch(0, 0, 9)
		ordered(w, []int64{int64(len(none))}, err, 0)
		return nil
	})
}
