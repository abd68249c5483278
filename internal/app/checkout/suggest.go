package checkout

import (
	"context"
	"fmt"

	"quan/internal/domain/item"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/store"
)

// Advice is what a customer could add to a cart, and what coupons lack.
type Advice struct {
	Wants       []pricing.Want // Place is that in Result.Coupons
	Suggestions []pricing.Suggestion
	Items       map[string]item.Item // those that suggestions name
}

// Bounds of the goods that one quote looks for. Every read is by an index and stops
// at its limit, so the cost does not grow with the catalogue.
const (
	adviceWants   = 20 // coupons, in the order of the candidates
	adviceShelves = 8  // categories, brands, merchants or SKUs of a scope
	adviceGoods   = 8  // goods a shelf: those that fill the gap alone, then half of it, then the cheapest
)

// advise finds goods of the market for what the coupons of a priced cart lack.
func (b *batch) advise(ctx context.Context, d *deal, candidates []pricing.Candidate, now *pricing.Result, most int) (Advice, error) {
	rules := b.rules(d)
	a := Advice{Wants: pricing.Wants(d.cart, candidates, now, rules), Items: map[string]item.Item{}}
	found := map[string]item.Item{}
	err := b.Store.View(ctx, func(tx store.Tx) error {
		clear(found)
		for _, w := range a.Wants[:min(len(a.Wants), adviceWants)] {
			if d.cart.Currency != "" {
				w.Minor = 0 // shelves are sorted by prices in the market's currency: the cheapest have to do
			}
			if err := b.goods(tx, d, w, found); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return a, fmt.Errorf("checkout: suggest: %w", err)
	}
	goods := make([]pricing.Line, 0, len(found))
	for _, it := range found {
		if price, ok := it.In(d.cart.Currency); ok {
			goods = append(goods, pricing.Line{SKU: it.SKU, Category: it.Category, Brand: it.Brand, Merchant: it.Merchant, UnitMinor: price.PriceMinor})
		}
	}
	a.Suggestions = pricing.Suggest(d.cart, candidates, now, a.Wants, goods, rules, most)
	for _, s := range a.Suggestions {
		for _, add := range s.Add {
			a.Items[add.SKU] = found[add.SKU]
		}
	}
	return a, nil
}

// goods reads goods that fit a want, in the principal's scope.
func (b *batch) goods(tx store.Tx, d *deal, w pricing.Want, found map[string]item.Item) error {
	add := func(rows []item.Item, err error) error {
		for _, it := range rows {
			if it.Market == d.market.Code && it.ArchivedAt == 0 && d.by.Scope.Merchant(it.Merchant) {
				found[it.SKU] = it
			}
		}
		return err
	}
	if skus := w.Scope.Include.SKUs; len(skus) > 0 {
		if err := add(tx.Items().Get(skus[:min(len(skus), adviceShelves*adviceGoods)])); err != nil {
			return err
		}
	}
	for _, shelf := range shelvesOf(w.Scope) {
		for _, from := range []int64{w.Minor, (w.Minor + 1) / 2, 0} {
			if err := add(tx.Items().Shelf(store.ShelfQuery{Market: d.market.Code, Shelf: shelf, FromMinor: from, Limit: adviceGoods})); err != nil {
				return err
			}
			if w.Minor == 0 {
				break
			}
		}
	}
	return nil
}

// shelvesOf are the shelves on which a scope's goods stand; what it asks besides is
// asked when goods are tried.
func shelvesOf(s rule.Scope) (shelves []string) {
	in := s.Include
	for _, c := range in.Categories {
		shelves = append(shelves, item.ShelfCategory+c)
	}
	for _, brand := range in.Brands {
		shelves = append(shelves, item.ShelfBrand+brand)
	}
	if len(shelves)+len(in.SKUs) == 0 {
		for _, m := range in.Merchants {
			shelves = append(shelves, item.ShelfMerchant+m)
		}
	}
	if len(shelves)+len(in.SKUs) == 0 {
		shelves = append(shelves, item.ShelfAll)
	}
	return shelves[:min(len(shelves), adviceShelves)]
}
