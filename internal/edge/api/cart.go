package api

import (
	"quan/internal/app/checkout"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
)

// cartBody is what is bought, where.
type cartBody struct {
	Lines   []cartLine `json:"lines" maxItems:"10000" doc:"what is bought; may be empty for a gift that is handed over" nullable:"false"`
	Store   string     `json:"store,omitempty" maxLength:"64" doc:"code of the store" example:"nanjing-road"`
	City    string     `json:"city,omitempty" maxLength:"64" doc:"city of the purchase" example:"shanghai"`
	Channel string     `json:"channel,omitempty" maxLength:"64" doc:"use channel" example:"app"`
}

type cartLine struct {
	SKU       string `json:"sku,omitempty" maxLength:"64" doc:"item of the catalogue, which fills in what is left out" example:"apple"`
	Category  string `json:"category,omitempty" maxLength:"256" doc:"path in the category tree" example:"fresh/fruit"`
	Brand     string `json:"brand,omitempty" maxLength:"64" doc:"brand"`
	Merchant  string `json:"merchant,omitempty" maxLength:"64" doc:"code of the merchant who sells it"`
	Quantity  int64  `json:"quantity" minimum:"1" maximum:"1000000" doc:"units" example:"2"`
	UnitMinor int64  `json:"unit_minor" minimum:"0" maximum:"1000000000000000" doc:"list price of a unit, minor units of the market's currency" example:"1500"`
}

func (b *cartBody) cart() *pricing.Cart {
	if b == nil {
		return nil
	}
	c := &pricing.Cart{Store: b.Store, City: b.City, Channel: b.Channel, Lines: make([]pricing.Line, len(b.Lines))}
	for i, l := range b.Lines {
		c.Lines[i] = pricing.Line{SKU: l.SKU, Category: l.Category, Brand: l.Brand, Merchant: l.Merchant,
			Quantity: l.Quantity, UnitMinor: l.UnitMinor}
	}
	return c
}

// orderKeyBody names an order.
type orderKeyBody struct {
	Source string `json:"source" minLength:"1" maxLength:"64" doc:"system from which the order comes" example:"shop"`
	Ref    string `json:"ref" minLength:"1" maxLength:"128" doc:"the order's number there" example:"A-1001"`
}

func (k orderKeyBody) key() order.Key { return order.Key{Source: k.Source, Ref: k.Ref} }

// Used is what requests on an order share.
type Used struct {
	Market  string       `json:"market,omitempty" maxLength:"64" doc:"code of the market; when absent that of the order or its lock, or main" example:"main"`
	Order   orderKeyBody `json:"order" doc:"the order"`
	Member  who          `json:"member,omitzero" doc:"who buys; absent for the holder of the coupons, or a guest"`
	Cart    *cartBody    `json:"cart,omitempty" doc:"what is bought"`
	Coupons []couponID   `json:"coupons,omitempty" maxItems:"20" uniqueItems:"true" doc:"coupons to use" nullable:"false"`
}

func (s *server) basis(c *call, key string, b Used, body any) (checkout.Basis, error) {
	out := checkout.Basis{Once: c.once(key, body), Market: b.Market, Order: b.Order.key(), Cart: b.Cart.cart(), Coupons: couponIDs(b.Coupons)}
	var err error
	out.Who, err = s.whoOf(b.Member)
	return out, err
}

// whoOf resolves a member that may be absent.
func (s *server) whoOf(w who) (checkout.Who, error) {
	if w == (who{}) {
		return checkout.Who{}, nil
	}
	key, known, err := w.resolve(s.Vault, "/member")
	return checkout.Who{Key: key, ID: known}, err
}

func couponIDs(list []couponID) []id.ID {
	out := make([]id.ID, len(list))
	for i, k := range list {
		out[i] = id.ID(k)
	}
	return out
}
