package storetest

import (
	"fmt"
	"slices"
	"strings"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/store"
	"quan/internal/testkit"
)

// referenceSearch finds rows by any part of what they are called: few by the index, very
// many along the list, in both orders, page by page, and as they are called now.
func referenceSearch(w *world) {
	const many = 700
	var places []store.Place
	for i := range many {
		p := testkit.Store(fmt.Sprintf("p%03d", i), fmt.Sprintf("m%d", i%2))
		p.Name = strings.Repeat("a", 20) + fmt.Sprintf("%03d", i)
		places = append(places, p)
	}
	long := strings.Repeat("门店", 40)
	places[650].Name, places[651].Name = long+"东", long+"西"
	t := testkit.Template(w.id())
	t.CustomerName = coupon.Names{"zh-CN": "新春礼券", "en": "Spring gift"}
	w.do(func(tx store.Tx) error {
		if err := tx.Stores().Insert(places); err != nil {
			return err
		}
		if err := tx.Keys().Insert([]store.Key{testkit.Key(w.id())}); err != nil {
			return err
		}
		return tx.Templates().Insert([]store.Template{t})
	})
	finds := func(tx store.Tx, f store.Filter, want ...int) {
		w.Helper()
		got, err := tx.Stores().List(f)
		var rows []store.Place
		for _, i := range want {
			rows = append(rows, places[i])
		}
		ordered(w, got, err, rows...)
	}
	w.look(func(tx store.Tx) error {
		finds(tx, store.Filter{Limit: 3, Search: "AA"}, 0, 1, 2)
		finds(tx, store.Filter{Limit: 3, Search: "aa", After: "p648"}, 649, 652, 653)
		finds(tx, store.Filter{Limit: 3, Search: "aa", Newest: true}, 699, 698, 697)
		finds(tx, store.Filter{Limit: 2, Search: "aa", Newest: true, After: "p652"}, 649, 648)
		finds(tx, store.Filter{Limit: 3, Search: "aa", Scope: access.Scope{Merchants: []string{"m1"}}}, 1, 3, 5)
		finds(tx, store.Filter{Limit: 9, Search: "A699"}, 699)
		finds(tx, store.Filter{Limit: 9, Search: "店门", Newest: true}, 651, 650)
		finds(tx, store.Filter{Limit: 9, Search: long + "西"}, 651) // longer than a part
		finds(tx, store.Filter{Limit: 1, Search: long[:len("门店")*30]}, 650)
		finds(tx, store.Filter{Limit: 9, Search: "P01"}, 10, 11, 12, 13, 14, 15, 16, 17, 18)
		finds(tx, store.Filter{Limit: 9, Search: "b"})
		for _, search := range []string{"春礼", "GIFT", "five", "gift 春礼 off"} {
			got, err := tx.Templates().List(store.Filter{Limit: 9, Search: search})
			ordered(w, got, err, t)
		}
		got, err := tx.Templates().List(store.Filter{Limit: 9, Search: "gift none"})
		ordered(w, got, err)
		keys, err := tx.Keys().List(store.Filter{Limit: 9, Search: "key_"}) // the hash of its secret is no name
		if len(keys) != 0 {
			w.Errorf("a key is found by its hash")
		}
		return err
	})
	places[5].Name, places[5].Rev = "新店", 2
	w.do(func(tx store.Tx) error { return tx.Stores().Update(slices.Clone(places[5:6])) })
	w.look(func(tx store.Tx) error {
		finds(tx, store.Filter{Limit: 9, Search: "新"}, 5)
		finds(tx, store.Filter{Limit: 9, Search: "a005"})
		finds(tx, store.Filter{Limit: 9, Search: "p005"}, 5)
		return nil
	})
}
