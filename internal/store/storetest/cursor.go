package storetest

import (
	"context"
	"fmt"

	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var cursorTests = map[string]func(*world){
	"cursor/keys under insert":    keysUnderInsert,
	"cursor/coupons under insert": couponsUnderInsert,
	"cursor/members under insert": membersUnderInsert,
}

// walk pages through a list while writers insert, and checks that what was there
// before is seen exactly once and in order.
func walk[K comparable](w *world, there []K, page func(after K) []K, insert func(n int)) {
	w.Helper()
	seen := map[K]int{}
	var after K
	for n := 0; ; n++ {
		insert(n)
		keys := page(after)
		if len(keys) == 0 {
			break
		}
		for _, k := range keys {
			seen[k]++
		}
		after = keys[len(keys)-1]
	}
	for k, times := range seen {
		if times != 1 {
			w.Errorf("%v was seen %d times", k, times)
		}
	}
	for _, k := range there {
		if seen[k] != 1 {
			w.Errorf("%v was hidden", k)
		}
	}
}

// Keys are in one order on all engines and whatever the language: that of their bytes.
func keysUnderInsert(w *world) {
	var there []string
	var rows []store.Item
	for _, c := range []string{"a", "A", "b", "B", "_", "-", "0", "1", "10", "9", "é", "e", "z", "Z", "券", "絵", "👩", "ä"} {
		for _, tail := range []string{"", "-1", "_1", "1"} {
			there, rows = append(there, c+tail), append(rows, testkit.Item(c+tail))
		}
	}
	w.do(func(tx store.Tx) error { return tx.Items().Insert(rows) })
	last := ""
	walk(w, there, func(after string) (keys []string) {
		w.look(func(tx store.Tx) error {
			got, err := tx.Items().List(store.Filter{After: after, Limit: 5})
			for _, i := range got {
				if i.SKU <= last {
					w.Errorf("%q comes after %q", i.SKU, last)
				}
				last = i.SKU
				keys = append(keys, i.SKU)
			}
			return err
		})
		return keys
	}, func(n int) {
		if n > 20 {
			return
		}
		w.do(func(tx store.Tx) error {
			return tx.Items().Insert([]store.Item{testkit.Item(fmt.Sprintf("%c-new", 'a'+n)), testkit.Item(fmt.Sprintf("0new%d", n))})
		})
	})
}

// Newest first: what comes in later is not in the way.
func couponsUnderInsert(w *world) {
	owner, template := w.id(), w.id()
	insert := func(n int) []id.ID {
		var rows []coupon.Coupon
		var keys []id.ID
		for range n {
			c := testkit.Coupon(w.id(), owner, template)
			rows, keys = append(rows, c), append(keys, c.ID)
		}
		w.do(func(tx store.Tx) error { return tx.Coupons().Insert(rows) })
		return keys
	}
	walk(w, insert(23), func(before id.ID) (keys []id.ID) {
		err := w.store.View(context.Background(), func(tx store.Tx) error {
			got, err := tx.Coupons().List(store.CouponFilter{Member: owner, Before: before, Limit: 4})
			for _, c := range got {
				keys = append(keys, c.ID)
			}
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
		return keys
	}, func(int) { insert(2) })
}

func membersUnderInsert(w *world) {
	insert := func(n int) (keys []id.ID) {
		w.do(func(tx store.Tx) error {
			keys = keys[:0]
			for range n {
				m := testkit.Member(w.ids.New(int64(len(keys)) * 31 % id.Slots))
				keys = append(keys, m.ID)
				if err := tx.Members().Insert([]member.Member{m}); err != nil {
					return err
				}
			}
			return nil
		})
		return keys
	}
	walk(w, insert(23), func(after id.ID) (keys []id.ID) {
		w.look(func(tx store.Tx) error {
			got, err := tx.Members().List(after, 4)
			for _, m := range got {
				keys = append(keys, m.ID)
			}
			return err
		})
		return keys
	}, func(n int) {
		if n < 4 {
			insert(2)
		}
	})
}
