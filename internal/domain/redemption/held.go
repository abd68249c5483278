package redemption

import (
	"encoding/json"
	"fmt"

	"quan/internal/domain/budget"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
)

// Held is a coupon of a decision with what must be known of it.
type Held struct {
	Coupon *coupon.Coupon // the locked row; decisions copy, never change it
	Terms  *coupon.Terms
	Limits []limit.Limit // of the version that the coupon was issued under, so that what is given back was taken
	Use    bool          // template's switch

	Budgets []*budget.Budget // those that the version draws on
	Entries []limit.Entry    // what the coupon holds of counters, from its issue
}

// Limited reports whether a limit of the coupon's version or budgets is such.
func (h *Held) Limited(such func(*limit.Limit) bool) bool {
	for i := range h.Limits {
		if such(&h.Limits[i]) {
			return true
		}
	}
	for _, b := range h.Budgets {
		for i := range b.Limits {
			if such(&b.Limits[i]) {
				return true
			}
		}
	}
	return false
}

// Priced is what a lock promises: the cart and its pricing.
type Priced struct {
	Market        string        `json:"market"`
	Cart          pricing.Cart  `json:"cart"`
	ListMinor     int64         `json:"list_minor"`
	DiscountMinor int64         `json:"discount_minor"`
	PayableMinor  int64         `json:"payable_minor"`
	Lines         []int64       `json:"lines"` // discount of each line
	Uses          []pricing.Use `json:"uses"`

	Actor limit.Actor   `json:"actor,omitzero"`
	Kept  []limit.Entry `json:"kept,omitempty"` // what a lock holds of counters, by coupon, beside what follows from its uses
}

// PricedOf takes the promise out of a pricing.
func PricedOf(cart *pricing.Cart, r pricing.Result) *Priced {
	return &Priced{
		Cart: *cart, ListMinor: r.ListMinor, DiscountMinor: r.DiscountMinor, PayableMinor: r.PayableMinor,
		Lines: r.Lines, Uses: r.Uses,
	}
}

// scene is that of the promise at a moment.
func (p *Priced) scene(m *market.Market, at calendar.Instant) Scene {
	return Scene{Market: m, At: at, Store: p.Cart.Store, Actor: p.Actor}
}

// Encode writes the promise for Lock.Priced.
func (p *Priced) Encode() string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // no field of it can fail
	}
	return string(b)
}

// DecodePriced reads Lock.Priced.
func DecodePriced(text string) (*Priced, error) {
	var p Priced
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, fmt.Errorf("redemption: stored pricing: %w", err)
	}
	return &p, nil
}
