package storetest

import (
	"context"
	"sync"
	"sync/atomic"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var contentionTests = map[string]func(*world){
	"contention/sums are exact":      sumsAreExact,
	"contention/cap is never passed": capIsNeverPassed,
	"contention/one member":          oneMember,
	"contention/crossed locks":       crossedLocks,
	"contention/twins, one effect":   twinsOneEffect,
	"contention/leases":              oneHolder,
}

// engines are the engines on the test's database: two where that can be.
func (w *world) engines() []store.Store {
	if w.second == nil {
		return []store.Store{w.store}
	}
	return []store.Store{w.store, w.second()}
}

// crowd runs fn from n goroutines over all engines at once.
func crowd(w *world, n int, fn func(i int, e store.Store) error) {
	w.Helper()
	engines := w.engines()
	var wg sync.WaitGroup
	start := make(chan struct{})
	errs := make([]error, n)
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = fn(i, engines[i%len(engines)])
		})
	}
	close(start)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			w.Error(err)
		}
	}
}

// take adds one to a counter under its cap; false where it is full.
func take(tx store.Tx, key limit.Key, most int64) (bool, error) {
	locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{key}})
	if err != nil {
		return false, err
	}
	c := locked.Counters[key]
	if c.Taken >= most {
		return false, nil
	}
	c.Taken, c.Ceiling = c.Taken+1, most
	return true, tx.Counters().Write([]limit.Counter{*c})
}

func (w *world) taken(key limit.Key) (n int64) {
	w.Helper()
	w.look(func(tx store.Tx) error {
		got, err := tx.Counters().Get([]limit.Key{key})
		if err == nil && len(got) == 1 {
			n = got[0].Taken
		}
		return err
	})
	return n
}

func sumsAreExact(w *world) {
	const callers, each = 20, 10
	key := limit.StockKey(w.id())
	crowd(w, callers, func(_ int, e store.Store) error {
		for range each {
			err := e.Update(context.Background(), store.Issue, func(tx store.Tx) error {
				_, err := take(tx, key, limit.Unlimited)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if n := w.taken(key); n != callers*each {
		w.Errorf("%d taken, want %d", n, callers*each)
	}
}

func capIsNeverPassed(w *world) {
	const callers, most = 60, 23
	key := limit.StockKey(w.id())
	var won atomic.Int64
	crowd(w, callers, func(_ int, e store.Store) error {
		var got bool
		err := e.Update(context.Background(), store.Issue, func(tx store.Tx) (err error) {
			got, err = take(tx, key, most)
			return err
		})
		if err == nil && got {
			won.Add(1)
		}
		return err
	})
	if n := w.taken(key); n != most || won.Load() != most {
		w.Errorf("%d taken, %d told so, want %d", n, won.Load(), most)
	}
}

// oneMember: what a closure reads under the member's lock stays true until its
// commit (P3), in whichever process the others run.
func oneMember(w *world) {
	m := testkit.Member(w.id())
	w.do(func(tx store.Tx) error { return tx.Members().Insert([]member.Member{m}) })
	templates := []id.ID{w.id(), w.id()}
	var mine []id.ID
	for range 40 {
		mine = append(mine, w.id())
	}
	var won atomic.Int64
	crowd(w, len(mine), func(i int, e store.Store) error {
		var got bool
		err := e.Update(context.Background(), store.Issue, func(tx store.Tx) error {
			got = false
			if _, err := tx.Lock(store.LockSet{Members: []id.ID{m.ID}}); err != nil {
				return err
			}
			held, err := tx.Coupons().Newcomers([]id.ID{m.ID})
			if err != nil || len(held) > 0 {
				return err
			}
			c := testkit.Coupon(mine[i], m.ID, templates[i%2])
			c.Newcomer, got = true, true
			return tx.Coupons().Insert([]coupon.Coupon{c})
		})
		if err == nil && got {
			won.Add(1)
		}
		return err
	})
	w.look(func(tx store.Tx) error {
		held, err := tx.Coupons().Newcomers([]id.ID{m.ID})
		if len(held) != 1 || won.Load() != 1 {
			w.Errorf("the member holds %d newcomer coupons, %d were told so", len(held), won.Load())
		}
		return err
	})
}

// crossedLocks: sets named in opposite orders don't deadlock for good.
func crossedLocks(w *world) {
	var rows []member.Member
	var forward, backward []id.ID
	for range 8 {
		m := testkit.Member(w.id())
		rows, forward, backward = append(rows, m), append(forward, m.ID), append([]id.ID{m.ID}, backward...)
	}
	w.do(func(tx store.Tx) error { return tx.Members().Insert(rows) })
	const callers = 24
	crowd(w, callers, func(i int, e store.Store) error {
		order := [][]id.ID{forward, backward}[i%2]
		return e.Update(context.Background(), store.Use, func(tx store.Tx) error {
			locked, err := tx.Lock(store.LockSet{Members: order})
			if err != nil {
				return err
			}
			var out []member.Member
			for _, key := range order {
				m := *locked.Members[key]
				m.Rev++
				out = append(out, m)
			}
			return tx.Members().Update(out)
		})
	})
	w.look(func(tx store.Tx) error {
		got, err := tx.Members().Get(forward)
		for _, m := range got {
			if m.Rev != callers+1 {
				w.Errorf("a member is at revision %d, want %d", m.Rev, callers+1)
			}
		}
		return err
	})
}

// twinsOneEffect: the same outside key from many callers acts once.
func twinsOneEffect(w *world) {
	key := store.OutsideKey{Kind: "order", Source: "pos", Ref: "1"}
	var made []id.ID
	for range 20 {
		made = append(made, w.id())
	}
	answers := make([]id.ID, len(made))
	crowd(w, len(made), func(i int, e store.Store) error {
		return e.Update(context.Background(), store.Use, func(tx store.Tx) error {
			found, err := tx.Outside().Find([]store.OutsideKey{key})
			if err != nil {
				return err
			}
			if len(found) == 1 {
				answers[i] = found[0].Target
				return nil
			}
			answers[i] = made[i]
			if err := tx.Outside().Insert([]store.OutsideRow{{OutsideKey: key, Target: made[i]}}); err != nil {
				return err
			}
			return tx.Coupons().Insert([]coupon.Coupon{testkit.Coupon(made[i], made[0], made[1])})
		})
	})
	for _, a := range answers {
		if a != answers[0] || a == 0 {
			w.Fatalf("the twins were told different things: %v", answers)
		}
	}
	w.look(func(tx store.Tx) error {
		got, err := tx.Coupons().Get(made)
		if len(got) != 1 || got[0].ID != answers[0] {
			w.Errorf("%d effects of one key", len(got))
		}
		return err
	})
}

func oneHolder(w *world) {
	var won atomic.Int64
	crowd(w, 20, func(i int, e store.Store) error {
		var ok bool
		err := e.Update(context.Background(), store.Background, func(tx store.Tx) (err error) {
			_, ok, err = tx.Leases().Acquire("one", string(rune('a'+i)), testkit.Start, 1e9)
			return err
		})
		if err == nil && ok {
			won.Add(1)
		}
		return err
	})
	if won.Load() != 1 {
		w.Errorf("%d hold the lease", won.Load())
	}
}
