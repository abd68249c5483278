package api

import (
	"maps"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/app/checkout"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/edge/api/strict"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// cartBody is what is bought, where.
type cartBody struct {
	Lines     []cartLine `json:"lines" maxItems:"10000" doc:"what is bought; may be empty for a gift that is handed over" nullable:"false"`
	Currency  string     `json:"currency,omitempty" minLength:"3" maxLength:"3" doc:"ISO 4217 code; one that the market takes; absent: the market's own" example:"CNY"`
	Store     string     `json:"store,omitempty" maxLength:"64" doc:"code of the store" example:"nanjing-road"`
	City      string     `json:"city,omitempty" maxLength:"64" doc:"city of the purchase" example:"shanghai"`
	Channel   string     `json:"channel,omitempty" maxLength:"64" doc:"use channel" example:"app"`
	Mode      string     `json:"mode,omitempty" maxLength:"64" doc:"business mode, a word of the caller's" example:"self_run"`
	Payment   string     `json:"payment,omitempty" maxLength:"64" doc:"payment method, a word of the caller's" example:"wechat"`
	Latitude  int64      `json:"latitude,omitempty" minimum:"-90000000" maximum:"90000000" doc:"where the buyer is, WGS-84 in millionths of a degree; with longitude" example:"31230416"`
	Longitude int64      `json:"longitude,omitempty" minimum:"-180000000" maximum:"180000000" doc:"where the buyer is, WGS-84 in millionths of a degree; with latitude" example:"121473701"`
	Facts     factsBody  `json:"facts,omitempty" doc:"outer facts that conditions ask for: weather, holiday and the caller's own" nullable:"false"`
}

type cartLine struct {
	SKU         string `json:"sku,omitempty" maxLength:"64" doc:"item of the catalogue, which fills in what is left out" example:"apple"`
	Category    string `json:"category,omitempty" maxLength:"256" doc:"path in the category tree" example:"fresh/fruit"`
	Brand       string `json:"brand,omitempty" maxLength:"64" doc:"brand"`
	Merchant    string `json:"merchant,omitempty" maxLength:"64" doc:"code of the merchant who sells it"`
	Quantity    int64  `json:"quantity" minimum:"1" maximum:"1000000" doc:"units; 1 of a line of shipping" example:"2"`
	UnitMinor   int64  `json:"unit_minor" minimum:"0" maximum:"1000000000000000" doc:"list price of a unit, minor units of the cart's currency" example:"1500"`
	MemberMinor int64  `json:"member_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"price of a unit for members; 0: it has none" example:"1400"`
	MinMinor    int64  `json:"min_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"least price of a unit that coupons may leave, at most unit_minor" example:"1000"`
	NoCoupons   bool   `json:"no_coupons,omitempty" doc:"no coupon sees the line, and no threshold counts it"`
	Shipping    string `json:"shipping,omitempty" maxLength:"64" doc:"method of a line of shipping, which only shipping coupons see; absent: goods"`
	TaxBps      int64  `json:"tax_bps,omitempty" minimum:"0" maximum:"100000" doc:"rate of the line's tax, basis points; prices are without it" example:"900"`
}

// factsBody are outer facts by name.
type factsBody map[string]string

// Schema describes the facts.
func (factsBody) Schema(huma.Registry) *huma.Schema {
	most, length := pricing.FactsMax, pricing.FactMax
	return &huma.Schema{Type: huma.TypeObject, MaxProperties: &most, Examples: []any{map[string]any{"weather": "rain"}},
		AdditionalProperties: &huma.Schema{Type: huma.TypeString, MaxLength: &length}}
}

// balancesBody are balances by coupon.
type balancesBody map[string]int64

// Schema describes the balances.
func (balancesBody) Schema(huma.Registry) *huma.Schema {
	most, low, high := 100, 0.0, float64(mostMinor)
	return &huma.Schema{Type: huma.TypeObject, MaxProperties: &most, Examples: []any{map[string]any{couponID(exampleID).String(): 5000}},
		AdditionalProperties: &huma.Schema{Type: huma.TypeInteger, Format: "int64", Minimum: &low, Maximum: &high}}
}

func (b balancesBody) byID() (map[id.ID]int64, error) {
	if len(b) == 0 {
		return nil, nil
	}
	out := make(map[id.ID]int64, len(b))
	for _, text := range slices.Sorted(maps.Keys(b)) {
		c, err := id.Parse(id.Coupon, text)
		if err != nil {
			return nil, fault.New(fault.InvalidValue).At(strict.Pointer("/balances", text))
		}
		out[c] = b[text]
	}
	return out, nil
}

func (b *cartBody) cart() *pricing.Cart {
	if b == nil {
		return nil
	}
	c := &pricing.Cart{Currency: b.Currency, Store: b.Store, City: b.City, Channel: b.Channel, Mode: b.Mode, Payment: b.Payment,
		Latitude: b.Latitude, Longitude: b.Longitude, Facts: b.Facts, Lines: make([]pricing.Line, len(b.Lines))}
	for i, l := range b.Lines {
		c.Lines[i] = pricing.Line(l)
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
	Market   string       `json:"market,omitempty" maxLength:"64" doc:"code of the market; when absent that of the order or its lock, or main" example:"main"`
	Order    orderKeyBody `json:"order" doc:"the order"`
	Member   who          `json:"member,omitzero" doc:"who buys; absent for the holder of the coupons, or a guest"`
	Cart     *cartBody    `json:"cart,omitempty" doc:"what is bought"`
	Coupons  []couponID   `json:"coupons,omitempty" maxItems:"20" uniqueItems:"true" doc:"coupons to use" nullable:"false"`
	Balances balancesBody `json:"balances,omitempty" doc:"what is left on coupons of stored value, minor units by coupon: quan takes at most that, the caller keeps it; not looked at when a lock is paid" nullable:"false"`
	Acting
}

func (s *server) basis(c *call, key string, b Used, body any) (checkout.Basis, error) {
	out := checkout.Basis{Once: c.once(key, body), Market: b.Market, Order: b.Order.key(), Cart: b.Cart.cart(), Coupons: couponIDs(b.Coupons), Actor: s.actor(b.Acting)}
	var err error
	if out.Balances, err = b.Balances.byID(); err != nil {
		return out, err
	}
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
