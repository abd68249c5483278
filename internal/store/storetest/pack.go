package storetest

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var packTests = map[string]func(*world){
	"packs/roundtrip": packsRoundTrip,
	"packs/issues":    packIssues,
}

func packsRoundTrip(w *world) {
	p := store.Pack{ID: w.id(), Code: "welcome", Market: "main", Merchant: "green", InternalName: "Welcome", CustomerName: coupon.Names{"en": "Welcome"},
		Parts: []pack.Part{{Template: w.id(), Count: 3}}, Partial: true, Newcomer: true, Window: schedule.Window{From: testkit.Start, To: testkit.Start + 9},
		Limits: []pack.Limit{{Period: limit.Day, Per: pack.PerMember, Cap: 1}}, Status: pack.StatusPublished, Open: true, Rev: 1,
		CreatedAt: testkit.Start, UpdatedAt: testkit.Start + 1, ArchivedAt: testkit.Start + 2}
	filled(w, p)
	roundTrip(w, store.Tx.Packs, id.Format(id.Pack, p.ID), p.Code, p, func(p *store.Pack) { p.Rev, p.Open, p.ArchivedAt = 2, false, 0 })
	// A placement of a pack is seen with the pack's merchant.
	place := store.Placement{ID: w.id(), Market: "main", Name: "front", Pack: p.ID, Channel: "app", Rev: 1}
	w.do(func(tx store.Tx) error { return tx.Placements().Insert([]store.Placement{place}) })
	w.look(func(tx store.Tx) error {
		for merchant, want := range map[string][]store.Placement{"green": {place}, "other": nil} {
			f := store.Filter{Parent: id.Format(id.Pack, p.ID), Limit: 10}
			f.Scope.Merchants = []string{merchant}
			got, err := tx.Placements().List(f)
			ordered(w, got, err, want...)
		}
		return nil
	})
}

// packIssues: figures by day, and by what became of the coupons.
func packIssues(w *world) {
	p, other := w.id(), w.id()
	issue := func(of id.ID, day int64, coupons int64) store.PackIssue {
		return store.PackIssue{Origin: w.id(), Pack: of, PackRev: 2, Member: w.id(), Placement: w.id(), Day: testkit.Today.AddDays(int(day)), At: testkit.Start, Wanted: 3,
			Coupons: coupons, Missing: "x"}
	}
	one, two, three, foreign := issue(p, 0, 3), issue(p, 0, 2), issue(p, 2, 1), issue(other, 0, 1)
	filled(w, one)
	used := testkit.Coupon(w.id(), w.id(), w.id())
	used.State, used.Used, used.NextUse, used.EndedDay = coupon.Used, 1, 2, testkit.Today
	fresh := testkit.Coupon(w.id(), used.Member, used.Template)
	w.do(func(tx store.Tx) error {
		if err := tx.Coupons().Insert([]coupon.Coupon{used, fresh}); err != nil {
			return err
		}
		if err := tx.PackIssues().Add([]id.ID{p, p, other}, []id.ID{used.ID, fresh.ID, used.ID}); err != nil {
			return err
		}
		return tx.PackIssues().Insert([]store.PackIssue{one, two, three, foreign})
	})
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.PackIssues().Insert([]store.PackIssue{one}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.PackIssues().Get([]id.ID{one.Origin, three.Origin, p})
		same(w, got, err, one, three)
		days, err := tx.PackIssues().Days(p, 0, 0)
		ordered(w, days, err, store.PackDay{Day: one.Day, Packs: 2, Coupons: 5}, store.PackDay{Day: three.Day, Packs: 1, Coupons: 1})
		days, err = tx.PackIssues().Days(p, three.Day, three.Day)
		ordered(w, days, err, store.PackDay{Day: three.Day, Packs: 1, Coupons: 1})
		states, err := tx.PackIssues().Coupons(p)
		ordered(w, states, err, store.PackCoupons{Template: used.Template, State: coupon.Usable, Count: 1},
			store.PackCoupons{Template: used.Template, State: coupon.Used, Count: 1, Uses: 1})
		return nil
	})
}
