package storetest

import (
	"errors"
	"runtime"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var lockTests = map[string]func(*world){
	"lock/order":        lockOrder,
	"lock/rows":         lockReturnsRows,
	"lock/rolled back":  lockedCountersRollBack,
	"lock/callers":      lockCallers,
	"lock/repeated key": lockRepeatedKeys,
}

func goexit() { runtime.Goexit() }

// lockOrder: any later class may follow, no earlier one.
func lockOrder(w *world) {
	key, m, o, c := testkit.Key(w.id()), testkit.Member(w.id()), testkit.Order(w.id(), 0), testkit.Coupon(w.id(), w.id(), w.id())
	w.do(func(tx store.Tx) error {
		return errors.Join(tx.Keys().Insert([]store.Key{key}), tx.Members().Insert([]member.Member{m}),
			tx.Orders().Insert([]order.Order{o}), tx.Coupons().Insert([]coupon.Coupon{c}))
	})
	classes := []store.LockSet{
		{Callers: []id.ID{key.ID}}, {Members: []id.ID{m.ID}}, {Orders: []id.ID{o.ID}}, {Coupons: []id.ID{c.ID}},
		{Counters: []limit.Key{limit.StockKey(c.Template)}},
	}
	for i, first := range classes {
		for j, then := range classes {
			err := w.try(func(tx store.Tx) error {
				if _, err := tx.Lock(first); err != nil {
					return err
				}
				_, err := tx.Lock(then)
				return err
			})
			if j > i && err != nil {
				w.Errorf("class %d after %d: %v", j, i, err)
			}
			if j < i && !errors.Is(err, store.ErrLockOrder) {
				w.Errorf("class %d after %d: %v, want ErrLockOrder", j, i, err)
			}
		}
	}
	err := w.try(func(tx store.Tx) error {
		_, _ = tx.Lock(classes[4])
		_, _ = tx.Lock(classes[1])
		return nil
	})
	if !errors.Is(err, store.ErrLockOrder) {
		w.Errorf("a swallowed ErrLockOrder: %v", err)
	}
}

func lockReturnsRows(w *world) {
	m, o := testkit.Member(w.id()), fullOrder(w, w.id())
	m.Attributes = map[string]string{"a": "b"}
	c := fullCoupon(w, m.ID, w.id())
	stock := limit.Counter{Key: limit.StockKey(c.Template), Taken: 3, Ceiling: 9, Over: 1, Rev: 4}
	w.do(func(tx store.Tx) error {
		if err := errors.Join(tx.Members().Insert([]member.Member{m}), tx.Orders().Insert([]order.Order{o}), tx.Coupons().Insert([]coupon.Coupon{c})); err != nil {
			return err
		}
		if _, err := tx.Lock(store.LockSet{Counters: []limit.Key{stock.Key}}); err != nil {
			return err
		}
		return tx.Counters().Write([]limit.Counter{stock})
	})
	o.Lines = nil // come without
	fresh := limit.Key{Template: c.Template, Per: limit.PerMember, Subject: m.ID, What: limit.IssueCount, Period: limit.Day, Start: testkit.Today}
	w.do(func(tx store.Tx) error {
		got, err := tx.Lock(store.LockSet{Members: []id.ID{m.ID, 1}, Orders: []id.ID{o.ID, 2}, Coupons: []id.ID{c.ID, 3},
			Counters: []limit.Key{stock.Key, fresh}})
		want := &store.Locked{Members: map[id.ID]*member.Member{m.ID: &m}, Orders: map[id.ID]*order.Order{o.ID: &o},
			Coupons: map[id.ID]*coupon.Coupon{c.ID: &c}, Counters: map[limit.Key]*limit.Counter{stock.Key: &stock, fresh: {Key: fresh}}}
		ordered(w, []*store.Locked{got}, err, want)
		return nil
	})
}

// Counters that were made for a lock leave nothing when the closure fails.
func lockedCountersRollBack(w *world) {
	key := limit.StockKey(w.id())
	w.refuses(errOwn, func(tx store.Tx) error {
		got, err := tx.Lock(store.LockSet{Counters: []limit.Key{key}})
		if err != nil {
			return err
		}
		c := got.Counters[key]
		c.Taken, c.Ceiling = 1, 10
		if err := tx.Counters().Write([]limit.Counter{*c}); err != nil {
			return err
		}
		return errOwn
	})
	w.look(func(tx store.Tx) error {
		got, err := tx.Counters().Get([]limit.Key{key})
		for _, c := range got {
			if c.Taken != 0 {
				w.Errorf("%+v stayed", c)
			}
		}
		return err
	})
}

func lockCallers(w *world) {
	a, b := testkit.Key(w.id()), testkit.Key(w.id())
	w.do(func(tx store.Tx) error { return tx.Keys().Insert([]store.Key{a, b}) })
	w.do(func(tx store.Tx) error {
		_, err := tx.Lock(store.LockSet{Callers: []id.ID{b.ID, a.ID, 77}})
		return err
	})
	p := testkit.Person(w.id())
	w.do(func(tx store.Tx) error { return tx.People().Insert([]store.Person{p}) })
	w.do(func(tx store.Tx) error {
		_, err := tx.Lock(store.LockSet{Callers: []id.ID{p.ID, a.ID}})
		return err
	})
}

// The same row named twice is locked once.
func lockRepeatedKeys(w *world) {
	c := testkit.Coupon(w.id(), w.id(), w.id())
	w.do(func(tx store.Tx) error { return tx.Coupons().Insert([]coupon.Coupon{c}) })
	w.do(func(tx store.Tx) error {
		got, err := tx.Lock(store.LockSet{Coupons: []id.ID{c.ID, c.ID}, Counters: slices.Repeat([]limit.Key{limit.StockKey(c.Template)}, 3)})
		if err == nil && (len(got.Coupons) != 1 || len(got.Counters) != 1) {
			w.Errorf("locked %d coupons and %d counters", len(got.Coupons), len(got.Counters))
		}
		return err
	})
}
