package storetest

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var rowTests = map[string]func(*world){
	"members/roundtrip":    membersRoundTrip,
	"members/identities":   identitiesAreUnique,
	"members/unformed":     unformedPhones,
	"members/list":         membersList,
	"coupons/roundtrip":    couponsRoundTrip,
	"coupons/stale":        staleCoupons,
	"coupons/selections":   couponSelections,
	"coupons/live":         liveCoupons,
	"quotes/read":          quoteReads,
	"coupons/list":         couponList,
	"outside/unique":       outsideUnique,
	"empty slices":         emptySlices,
	"coupons/many at once": manyCoupons,
}

func membersRoundTrip(w *world) {
	m := testkit.Member(w.id())
	m.AliasOf, m.Blocked, m.Person = w.id(), true, 1<<62+5
	m.Attributes = map[string]string{"age": "30", "标签": "👩‍👧", "empty": ""}
	m.Tags = []string{"vip", "学生 \"x\""}
	filled(w, m)
	plain := testkit.Member(w.id())
	w.do(func(tx store.Tx) error { return tx.Members().Insert([]member.Member{m, plain}) })
	read := func() {
		w.Helper()
		w.look(func(tx store.Tx) error {
			got, err := tx.Members().Get([]id.ID{m.ID, plain.ID, 12345})
			same(w, got, err, m, plain)
			count, err := tx.Members().Count()
			ordered(w, []int64{count}, err, 2)
			return nil
		})
	}
	read()
	m.Rev, m.Blocked, m.AliasOf, m.Attributes, m.Tags, m.UpdatedAt = 2, false, 0, map[string]string{}, nil, m.UpdatedAt+1
	w.do(func(tx store.Tx) error { return tx.Members().Update([]member.Member{m}) })
	read()
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Members().Update([]member.Member{m}) })
	read()
}

func identitiesAreUnique(w *world) {
	a, b := testkit.Member(w.id()), testkit.Member(w.id())
	phone, mail := testkit.Identity(a.ID, "13800000000"), testkit.Identity(a.ID, "13800000000")
	mail.Kind = "email"
	filled(w, phone)
	w.do(func(tx store.Tx) error {
		if err := tx.Members().Insert([]member.Member{a, b}); err != nil {
			return err
		}
		return tx.Members().InsertIdentities([]member.Identity{phone, mail})
	})
	taken := testkit.Identity(b.ID, "13800000000")
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Members().InsertIdentities([]member.Identity{taken}) })
	w.look(func(tx store.Tx) error {
		named, err := tx.Members().Named([]member.Key{mail.Key, phone.Key, {Kind: "phone", Hash: "none"}, mail.Key})
		if err != nil || len(named) != 2 || named[mail.Key] != mail.Member || named[phone.Key] != phone.Member {
			w.Errorf("names: %v, %v", named, err)
		}
		got, err := tx.Members().Find([]member.Key{mail.Key, {Kind: "phone", Hash: "none"}})
		same(w, got, err, mail)
		got, err = tx.Members().Identities([]id.ID{a.ID, b.ID})
		same(w, got, err, phone, mail)
		return nil
	})
}

// Only phones of before the form are told, in order, and what is removed is gone.
func unformedPhones(w *world) {
	m := testkit.Member(w.id())
	of := func(kind, value string, version int64) member.Identity {
		v := testkit.Identity(m.ID, value)
		v.Kind, v.KeyVersion = kind, version
		return v
	}
	one, two, formed, mail := of("phone", "1", 1), of("phone", "2", 1), of("phone", "3", member.FormVersion), of("email", "4", 1)
	w.do(func(tx store.Tx) error {
		if err := tx.Members().Insert([]member.Member{m}); err != nil {
			return err
		}
		return tx.Members().InsertIdentities([]member.Identity{two, mail, one, formed})
	})
	if two.Hash < one.Hash {
		one, two = two, one
	}
	look := func(after string, limit int, want ...member.Identity) {
		w.look(func(tx store.Tx) error {
			got, err := tx.Members().Unformed(after, limit)
			ordered(w, got, err, want...)
			return nil
		})
	}
	look("", 10, one, two)
	look("", 1, one)
	look(one.Hash, 10, two)
	w.do(func(tx store.Tx) error {
		return tx.Members().RemoveIdentities([]member.Key{one.Key, formed.Key, {Kind: "phone", Hash: "none"}})
	})
	look("", 10, two)
	w.look(func(tx store.Tx) error {
		got, err := tx.Members().Identities([]id.ID{m.ID})
		same(w, got, err, two, mail)
		return nil
	})
}

func membersList(w *world) {
	var rows []member.Member
	for range 7 {
		rows = append(rows, testkit.Member(w.id()))
	}
	w.do(func(tx store.Tx) error { return tx.Members().Insert(rows) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Members().List(0, 3)
		ordered(w, got, err, rows[:3]...)
		got, err = tx.Members().List(rows[2].ID, 100)
		ordered(w, got, err, rows[3:]...)
		return nil
	})
}

// fullCoupon has every field set.
func fullCoupon(w *world, owner, template id.ID) coupon.Coupon {
	c := testkit.Coupon(w.id(), owner, template)
	c.State, c.Used, c.Uses, c.NextUse, c.Lock = coupon.Locked, 1, 3, 2, w.id()
	c.Placement, c.Newcomer, c.EndedDay, c.Liability, c.FaceMinor = w.id(), true, 20260310, 1<<53+1, 7
	c.Batch = w.id()
	c.LastUsedAt, c.Request = testkit.Start+2, coupon.Request{Key: 1<<62 + 1, Body: 1<<62 + 3}
	c.Facts = `{"rank":1,"名":"👩‍👧"}`
	filled(w, c)
	return c
}

func couponsRoundTrip(w *world) {
	c := fullCoupon(w, w.id(), w.id())
	plain := testkit.Coupon(w.id(), c.Member, c.Template)
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert([]coupon.Coupon{c, plain}) })
	c.State, c.Used, c.NextUse, c.Lock, c.EndedDay, c.Rev, c.ValidTo, c.LastUsedAt = coupon.Usable, 2, 4, 0, 0, 2, c.ValidTo+5, testkit.Start+3
	w.do(func(tx store.Tx) error { return tx.Coupons().Update([]coupon.Coupon{c}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Coupons().Get([]id.ID{plain.ID, c.ID, 1})
		same(w, got, err, c, plain)
		counts, err := tx.Coupons().CountByState()
		ordered(w, []map[coupon.State]int64{counts}, err, map[coupon.State]int64{coupon.Usable: 2})
		return nil
	})
}

func staleCoupons(w *world) {
	a, b := testkit.Coupon(w.id(), w.id(), w.id()), testkit.Coupon(w.id(), w.id(), w.id())
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert([]coupon.Coupon{a, b}) })
	used, late := a, b
	used.State, used.Used, used.Rev = coupon.Used, 1, 2
	late.State, late.Used, late.Rev = coupon.Used, 1, 3 // b is at 1
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Coupons().Update([]coupon.Coupon{used, late}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Coupons().Get([]id.ID{a.ID, b.ID})
		same(w, got, err, a, b)
		return nil
	})
}

func couponSelections(w *world) {
	owner, other, template := w.id(), w.id(), w.id()
	usable, locked, used := testkit.Coupon(w.id(), owner, template), fullCoupon(w, owner, template), testkit.Coupon(w.id(), owner, template)
	used.State, used.Used, used.EndedDay, used.Newcomer = coupon.Used, 1, testkit.Today, true
	fresh := testkit.Coupon(w.id(), other, template)
	fresh.Newcomer, fresh.ValidTo = true, testkit.Start+10
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert([]coupon.Coupon{usable, locked, used, fresh}) })
	w.look(func(tx store.Tx) error {
		newcomers, err := tx.Coupons().Newcomers([]id.ID{owner, other})
		same(w, newcomers, err, locked, fresh)
		due, err := tx.Coupons().Due(testkit.Start+9, store.End{}, 10)
		ordered(w, due, err)
		due, err = tx.Coupons().Due(testkit.Start+10, store.End{}, 10)
		ordered(w, due, err, fresh)
		due, err = tx.Coupons().Due(usable.ValidTo, store.End{}, 10)
		ordered(w, due, err, fresh, usable)
		due, err = tx.Coupons().Due(usable.ValidTo, store.End{ValidTo: fresh.ValidTo, ID: fresh.ID - 1}, 10)
		ordered(w, due, err, fresh, usable)
		due, err = tx.Coupons().Due(usable.ValidTo, store.End{ValidTo: fresh.ValidTo, ID: fresh.ID}, 10)
		ordered(w, due, err, usable)
		due, err = tx.Coupons().Due(usable.ValidTo, store.End{}, 1)
		ordered(w, due, err, fresh)
		return nil
	})
}

func couponList(w *world) {
	owner, template, other := w.id(), w.id(), w.id()
	var rows []coupon.Coupon // oldest first, over several weeks
	for i := range 6 {
		late := id.NewMaker(1, testkit.Start.Add(calendarWeeks(i)).Time)
		c := testkit.Coupon(late.New(7), owner, []id.ID{template, other}[i%2])
		if i >= 4 {
			c.State, c.Used, c.EndedDay = coupon.Used, 1, testkit.Today
		}
		rows = append(rows, c)
	}
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert(rows) })
	pick := func(at ...int) (out []coupon.Coupon) {
		for _, i := range at {
			out = append(out, rows[i])
		}
		return out
	}
	w.look(func(tx store.Tx) error {
		for _, c := range []struct {
			filter store.CouponFilter
			want   []int
		}{
			{store.CouponFilter{Member: owner, Limit: 10}, []int{5, 4, 3, 2, 1, 0}},
			{store.CouponFilter{Member: owner, Limit: 2, Before: rows[4].ID}, []int{3, 2}},
			{store.CouponFilter{Member: owner, Template: other, Limit: 10}, []int{5, 3, 1}},
			{store.CouponFilter{Template: template, Limit: 10}, []int{4, 2, 0}},
			{store.CouponFilter{Member: owner, States: []coupon.State{coupon.Used}, Limit: 10}, []int{5, 4}},
			{store.CouponFilter{Member: w.id(), Limit: 10}, nil},
		} {
			got, err := tx.Coupons().List(c.filter)
			ordered(w, got, err, pick(c.want...)...)
		}
		return nil
	})
}

// A row set larger than a batch goes in and comes back.
func manyCoupons(w *world) {
	owner, template := w.id(), w.id()
	var rows []coupon.Coupon
	var keys []id.ID
	for range 2000 {
		c := testkit.Coupon(w.id(), owner, template)
		rows, keys = append(rows, c), append(keys, c.ID)
	}
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert(rows) })
	for i := range rows {
		rows[i].Rev, rows[i].State, rows[i].EndedDay = 2, coupon.Withdrawn, testkit.Today
	}
	w.do(func(tx store.Tx) error { return tx.Coupons().Update(rows) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Coupons().Get(keys)
		same(w, got, err, rows...)
		return nil
	})
}

func withoutSlots(rows []store.OutsideRow) []store.OutsideRow {
	for i := range rows {
		rows[i].Slot = 0
	}
	return rows
}

func outsideUnique(w *world) {
	row := store.OutsideRow{OutsideKey: store.OutsideKey{Kind: "order", Source: "pos", Ref: "1"}, Target: w.id()}
	lock, web := row, row
	lock.Kind, web.Source = "lock", "web"
	w.do(func(tx store.Tx) error { return tx.Outside().Insert([]store.OutsideRow{row, lock, web}) })
	again := row
	again.Target = w.id()
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Outside().Insert([]store.OutsideRow{again}) })
	lock.Target = w.id()
	w.do(func(tx store.Tx) error { return tx.Outside().Point([]store.OutsideRow{lock}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Outside().Find([]store.OutsideKey{row.OutsideKey, lock.OutsideKey, web.OutsideKey, {Kind: "slip", Source: "pos", Ref: "1"}})
		same(w, withoutSlots(got), err, row, lock, web)
		return nil
	})
}

// Slices of none are no statement and no error.
func emptySlices(w *world) {
	w.do(func(tx store.Tx) error {
		got, err := tx.Coupons().Get(nil)
		same(w, got, err)
		locked, err := tx.Lock(store.LockSet{})
		if err != nil || locked == nil {
			w.Errorf("an empty lock set: %v, %v", locked, err)
		}
		for _, err := range []error{tx.Coupons().Insert(nil), tx.Coupons().Update(nil), tx.Outside().Insert(nil), tx.Changes().Append(nil),
			tx.Metrics().Append(nil), tx.Replies().Insert(nil), tx.Counters().Write(nil), tx.Merchants().Insert(nil), tx.Orders().Insert(nil)} {
			if err != nil {
				return err
			}
		}
		return nil
	})
}
