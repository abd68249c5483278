package item

import "quan/internal/kernel/calendar"

// Item is a thing of the catalogue that a cart line can name. Its SKU is its
// identity and never changes.
type Item struct {
	SKU        string           `json:"sku"`
	Name       string           `json:"name"`
	Category   string           `json:"category,omitempty"` // path, parts divided by "/": fresh/vegetable
	Brand      string           `json:"brand,omitempty"`
	Merchant   string           `json:"merchant,omitempty"`
	PriceMinor int64            `json:"price_minor"` // list price in the market's currency
	Market     string           `json:"market"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}
