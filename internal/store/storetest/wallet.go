package storetest

import (
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// priced is what Live reads of a coupon.
func priced(c coupon.Coupon) coupon.Coupon {
	return coupon.Coupon{ID: c.ID, Member: c.Member, Template: c.Template, Version: c.Version, State: c.State, Used: c.Used, Uses: c.Uses,
		NextUse: c.NextUse, ValidFrom: c.ValidFrom, ValidTo: c.ValidTo, Placement: c.Placement, FaceMinor: c.FaceMinor, Lock: c.Lock, LastUsedAt: c.LastUsedAt, Rev: c.Rev}
}

// liveCoupons are by id; of more than the limit those that expire soonest, and what
// is over but not yet marked last of all.
func liveCoupons(w *world) {
	owner, template := w.id(), w.id()
	var rows []coupon.Coupon
	for _, days := range []int{5, 0, 3, 9, 1} {
		c := testkit.Coupon(w.id(), owner, template)
		c.ValidTo = testkit.Start.Add(time.Duration(days) * 24 * time.Hour)
		rows = append(rows, c)
	}
	rows[0].State, rows[0].Lock = coupon.Locked, w.id()
	used := testkit.Coupon(w.id(), owner, template)
	used.State, used.Used, used.EndedDay = coupon.Used, 1, testkit.Today
	full := fullCoupon(w, w.id(), template)
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert(append(rows[:5:5], used, full)) })
	w.look(func(tx store.Tx) error {
		for limit, want := range map[int][]int{10: {0, 1, 2, 3, 4}, 5: {0, 1, 2, 3, 4}, 4: {0, 2, 3, 4}, 2: {2, 4}, 1: {4}} {
			got, err := tx.Coupons().Live(owner, testkit.Start, limit)
			var expected []coupon.Coupon
			for _, i := range want {
				expected = append(expected, priced(rows[i]))
			}
			ordered(w, got, err, expected...)
		}
		got, err := tx.Coupons().Live(full.Member, testkit.Start, 1)
		ordered(w, got, err, priced(full))
		return nil
	})
}

// quoteReads bring member, wallet and goods as the single reads do.
func quoteReads(w *world) {
	m := testkit.Member(w.id())
	c, apple := testkit.Coupon(w.id(), m.ID, w.id()), testkit.Item("apple")
	known := testkit.Identity(m.ID, "13900000001")
	w.do(func(tx store.Tx) error {
		if err := tx.Members().Insert([]member.Member{m}); err != nil {
			return err
		}
		if err := tx.Members().InsertIdentities([]member.Identity{known}); err != nil {
			return err
		}
		if err := tx.Items().Insert([]store.Item{apple, testkit.Item("pear")}); err != nil {
			return err
		}
		return tx.Coupons().Insert([]coupon.Coupon{c})
	})
	goods := []string{"apple", "unknown", "apple"}
	for name, one := range map[string]struct {
		asked store.QuoteRead
		who   id.ID
		goods []store.Item
	}{
		"by identity": {store.QuoteRead{Key: known.Key, SKUs: goods}, m.ID, []store.Item{apple}},
		"by id":       {store.QuoteRead{Member: m.ID}, m.ID, nil},
		"stranger":    {store.QuoteRead{Key: member.Key{Kind: "phone", Hash: "none"}, SKUs: goods}, 0, []store.Item{apple}},
		"guest":       {store.QuoteRead{SKUs: goods}, 0, []store.Item{apple}},
		"nothing":     {store.QuoteRead{}, 0, nil},
	} {
		one.asked.Now, one.asked.Limit = testkit.Start, 10
		w.look(func(tx store.Tx) error {
			got, err := tx.Quotes().Read(one.asked)
			var held []coupon.Coupon
			if one.who != 0 {
				held = append(held, priced(c))
			}
			if got.Member != one.who {
				w.Errorf("%s: member %d instead of %d", name, got.Member, one.who)
			}
			ordered(w, got.Coupons, err, held...)
			ordered(w, got.Items, err, one.goods...)
			return nil
		})
	}
}
