package storetest

import (
	"strings"

	"quan/internal/store"
	"quan/internal/testkit"
)

// itemShelves finds items by what scopes include, cheapest first, and follows what
// becomes of them.
func itemShelves(w *world) {
	at := func(sku string, minor int64, change func(i *store.Item)) store.Item {
		i := testkit.Item(sku)
		i.PriceMinor = minor
		if change != nil {
			change(&i)
		}
		return i
	}
	rows := []store.Item{
		at("apple", 300, nil), at("pear", 200, nil), at("plum", 300, func(i *store.Item) { i.Brand = "other" }),
		at("milk", 100, func(i *store.Item) { i.Category, i.Merchant = "fresh", "acme" }),
		at("freshener", 50, func(i *store.Item) { i.Category = "freshener" }),
		at("free", 0, nil), at("gone", 10, func(i *store.Item) { i.ArchivedAt = testkit.Start }),
		at("abroad", 20, func(i *store.Item) { i.Market = "tw" }),
	}
	look := func(shelf string, from int64, limit int, want string) {
		w.Helper()
		w.look(func(tx store.Tx) error {
			found, err := tx.Items().Shelf(store.ShelfQuery{Market: "main", Shelf: shelf, FromMinor: from, Limit: limit})
			var skus []string
			for _, i := range found {
				skus = append(skus, i.SKU)
			}
			if got := strings.Join(skus, " "); err != nil || got != want {
				w.Errorf("shelf %s from %d: %q (%v), want %q", shelf, from, got, err, want)
			}
			return nil
		})
	}
	w.do(func(tx store.Tx) error { return tx.Items().Insert(rows) })
	look("*", 0, 10, "freshener milk pear apple plum")
	look("*", 200, 2, "pear apple")
	look("c:fresh", 0, 10, "milk pear apple plum")
	look("c:fresh/fruit", 201, 10, "apple plum")
	look("b:orchard", 0, 10, "freshener milk pear apple")
	look("m:acme", 0, 10, "milk")
	w.do(func(tx store.Tx) error {
		rows[1].Rev, rows[1].PriceMinor = 2, 400
		rows[0].Rev, rows[0].ArchivedAt = 2, testkit.Start
		rows[2].Rev, rows[2].Category = 2, "dry"
		return tx.Items().Update(rows[:3])
	})
	look("c:fresh/fruit", 0, 10, "pear")
	look("c:dry", 0, 10, "plum")
	look("*", 0, 10, "freshener milk plum pear")
}
