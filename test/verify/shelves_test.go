package verify

import (
	"strings"
	"testing"

	"quan/internal/store"
	"quan/internal/testkit"
)

// goods are items as they were before they stood on shelves.
func goods(t *testing.T, s store.Store) {
	t.Helper()
	apple, ham, gone, free := testkit.Item("apple"), testkit.Item("ham"), testkit.Item("gone"), testkit.Item("free")
	apple.Category = "新鲜/fruit/red"
	ham.Category, ham.Brand, ham.Merchant = "", "", "acme"
	gone.ArchivedAt, free.PriceMinor = testkit.Start, 0
	write(t, s, func(tx store.Tx) error { return tx.Items().Insert([]store.Item{apple, ham, gone, free}) })
}

// stand sees that the migration puts every item where an insert does.
func stand(t *testing.T, s store.Store) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		for shelf, want := range map[string]string{"*": "apple ham", "c:新鲜": "apple", "c:新鲜/fruit": "apple", "c:新鲜/fruit/red": "apple",
			"c:新": "", "c:": "", "b:orchard": "apple", "b:": "", "m:acme": "ham", "m:": ""} {
			rows, err := tx.Items().Shelf(store.ShelfQuery{Market: "main", Shelf: shelf, Limit: 10})
			if err != nil {
				return err
			}
			var skus []string
			for _, i := range rows {
				skus = append(skus, i.SKU)
			}
			if got := strings.Join(skus, " "); got != want {
				t.Errorf("shelf %s: %q, want %q", shelf, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Items from before migration 0004 stand on their shelves behind it.
func TestMigrationFillsShelves(t *testing.T) {
	refill{migration: "0004_shelves", undo: []string{"DROP TABLE item_shelves"}, fill: goods, least: 7,
		read: "SELECT market || ' ' || shelf || ' ' || CAST(price_minor AS TEXT) || ' ' || sku FROM item_shelves"}.test(t, stand)
}
