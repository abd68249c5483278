package sqlrepo

import "quan/internal/store"

var (
	shelvesInsert = insertOf("item_shelves", "market:t shelf:t price_minor sku:t", "market", "shelf", "price_minor", "sku")
	shelvesDelete = newStatement("item_shelves.delete",
		"DELETE FROM item_shelves WHERE sku IN (SELECT value FROM json_each($1))",
		"DELETE FROM item_shelves WHERE sku = ANY($1::text[])")
	shelvesRead = same("item_shelves.read", "SELECT sku FROM item_shelves WHERE market = $1 AND shelf = $2 AND price_minor >= $3"+
		" ORDER BY price_minor, sku LIMIT $4")
)

// itemRows keep the shelves of items beside the items.
type itemRows struct{ *reference[store.Item] }

// Insert adds items, and puts them on their shelves.
func (r itemRows) Insert(rows []store.Item) error {
	if err := r.reference.Insert(rows); err != nil {
		return err
	}
	return r.place(rows)
}

// Update writes items, and moves them to their shelves.
func (r itemRows) Update(rows []store.Item) error {
	if err := r.reference.Update(rows); err != nil {
		return err
	}
	skus := make([]string, len(rows))
	for i := range rows {
		skus[i] = rows[i].SKU
	}
	if len(skus) > 0 {
		if _, err := r.tx.write(shelvesDelete, words(skus)); err != nil {
			return err
		}
	}
	return r.place(rows)
}

func (r itemRows) place(rows []store.Item) error {
	var all [][]any
	for i := range rows {
		it := &rows[i]
		if it.ArchivedAt != 0 || it.PriceMinor == 0 {
			continue
		}
		for _, shelf := range it.Shelves() {
			all = append(all, []any{it.Market, shelf, it.PriceMinor, it.SKU})
		}
	}
	return r.tx.bulk(shelvesInsert, len(all), func(i int) []any { return all[i] })
}

// Shelf returns items by price, then SKU.
func (r itemRows) Shelf(q store.ShelfQuery) ([]store.Item, error) {
	skus, err := collect(r.tx, shelvesRead, func(row Scanner) (sku string, err error) { return sku, row.Scan(&sku) },
		q.Market, q.Shelf, q.FromMinor, int64(q.Limit))
	if err != nil || len(skus) == 0 {
		return nil, err
	}
	rows, err := r.Get(skus)
	at := make(map[string]*store.Item, len(rows))
	for i := range rows {
		at[rows[i].SKU] = &rows[i]
	}
	out := make([]store.Item, 0, len(rows))
	for _, sku := range skus {
		if it := at[sku]; it != nil {
			out = append(out, *it)
		}
	}
	return out, err
}
