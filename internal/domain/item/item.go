package item

import (
	"maps"
	"reflect"

	"quan/internal/kernel/calendar"
)

// Item is a thing of the catalogue that a cart line can name. Its SKU is its
// identity and never changes.
type Item struct {
	SKU        string           `json:"sku"`
	Name       string           `json:"name"`
	Category   string           `json:"category,omitempty"` // path, parts divided by "/": fresh/vegetable
	Brand      string           `json:"brand,omitempty"`
	Merchant   string           `json:"merchant,omitempty"`
	PriceMinor int64            `json:"price_minor"`          // list price in the market's currency
	CostMinor  int64            `json:"cost_minor,omitempty"` // what a unit costs the business; 0: not known
	MinMinor   int64            `json:"min_minor,omitempty"`  // least price of a unit that coupons may leave; 0: none
	Prices     map[string]Price `json:"prices,omitempty"`     // in further currencies of the market
	Market     string           `json:"market"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// Price is what an item costs in one currency.
type Price struct {
	PriceMinor int64 `json:"price_minor"`         // list price
	MinMinor   int64 `json:"min_minor,omitempty"` // least price of a unit that coupons may leave; 0: none
}

// In returns the item's price in a currency, "" for the market's own; ok is false
// where it has none.
func (i *Item) In(currency string) (p Price, ok bool) {
	if currency == "" {
		return Price{i.PriceMinor, i.MinMinor}, true
	}
	p, ok = i.Prices[currency]
	return p, ok
}

// Equal reports whether two rows of an item say the same.
func (i *Item) Equal(o *Item) bool {
	a, b := *i, *o
	same := maps.Equal(a.Prices, b.Prices)
	a.Prices, b.Prices = nil, nil
	return same && reflect.DeepEqual(a, b)
}

// FloorMinor is the price of a unit below which plans warn: the least price wanted,
// or what it costs, whichever is higher; 0: neither is known. Carts are bound by
// MinMinor alone.
func (i *Item) FloorMinor() int64 { return max(i.MinMinor, i.CostMinor) }

// Shelves 货架 are the names under which an item is found by what a scope includes:
// everything, its category and those above it, its brand, its merchant.
func (i *Item) Shelves() []string {
	shelves := []string{ShelfAll}
	for at := range i.Category {
		if i.Category[at] == '/' && at > 0 {
			shelves = append(shelves, ShelfCategory+i.Category[:at])
		}
	}
	if i.Category != "" {
		shelves = append(shelves, ShelfCategory+i.Category)
	}
	if i.Brand != "" {
		shelves = append(shelves, ShelfBrand+i.Brand)
	}
	if i.Merchant != "" {
		shelves = append(shelves, ShelfMerchant+i.Merchant)
	}
	return shelves
}

// The shelf of everything, and how those of categories, brands and merchants begin.
const (
	ShelfAll      = "*"
	ShelfCategory = "c:"
	ShelfBrand    = "b:"
	ShelfMerchant = "m:"
)
