package api

import (
	"context"

	"quan/internal/app/planning"
	"quan/internal/domain/access"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type pricesBody struct {
	Market    string       `json:"market,omitempty" maxLength:"64" doc:"code of the market; main when absent" example:"main"`
	Member    who          `json:"member,omitzero" doc:"whose coupons; absent: a guest"`
	Templates []templateID `json:"templates,omitempty" maxItems:"50" uniqueItems:"true" doc:"published templates of which the member counts as holding a coupon: what could be claimed" nullable:"false"`
	Lines     []priceLine  `json:"lines" minItems:"1" maxItems:"500" doc:"goods" nullable:"false"`
	Store     string       `json:"store,omitempty" maxLength:"64" doc:"code of the store" example:"nanjing-road"`
	City      string       `json:"city,omitempty" maxLength:"64" doc:"city of the purchase" example:"shanghai"`
	Channel   string       `json:"channel,omitempty" maxLength:"64" doc:"use channel" example:"app"`
	Currency  string       `json:"currency,omitempty" minLength:"3" maxLength:"3" doc:"ISO 4217 code, one that the market takes; absent: the market's own" example:"CNY"`
	Alone     *bool        `json:"alone,omitempty" doc:"false: look too for a number of units that makes one cheaper"`
}

type priceLine struct {
	SKU         string `json:"sku,omitempty" maxLength:"64" doc:"item of the catalogue, which fills in what is left out" example:"apple"`
	Category    string `json:"category,omitempty" maxLength:"256" doc:"path in the category tree"`
	Brand       string `json:"brand,omitempty" maxLength:"64" doc:"brand"`
	Merchant    string `json:"merchant,omitempty" maxLength:"64" doc:"code of the merchant who sells it"`
	UnitMinor   *int64 `json:"unit_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"list price of a unit; absent: the catalogue's" example:"1500"`
	MemberMinor int64  `json:"member_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"price of a unit for members; 0: it has none"`
	MinMinor    int64  `json:"min_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"least price of a unit that coupons may leave, at most unit_minor"`
	NoCoupons   bool   `json:"no_coupons,omitempty" doc:"no coupon sees it"`
}

type pricesInput struct{ Body pricesBody }

type pricesAnswer struct{ Body pricesRow }

type pricesRow struct {
	Currency string      `json:"currency" doc:"of all amounts"`
	Prices   []priceRow  `json:"prices" doc:"in the order of the lines" nullable:"false"`
	Barred   []judgedRow `json:"barred,omitempty" doc:"coupons that help none of them, with the reason" nullable:"false"`
}

type priceRow struct {
	SKU          string        `json:"sku,omitempty" doc:"item"`
	ListMinor    int64         `json:"list_minor" doc:"price of one unit before coupons"`
	PayableMinor int64         `json:"payable_minor" doc:"price of one unit after the best set, bought alone"`
	Coupons      []priceUse    `json:"coupons" doc:"the set" nullable:"false"`
	Optimal      bool          `json:"optimal" doc:"proved: no legal set pays less"`
	Gaps         []priceGap    `json:"gaps,omitempty" doc:"coupons that one unit is too little for" nullable:"false"`
	From         *priceFromRow `json:"from,omitempty" doc:"a number of units that makes one cheaper (alone: false)"`
}

type priceUse struct {
	Coupon        couponID   `json:"coupon,omitzero" doc:"which coupon; absent for one that could be claimed"`
	Template      templateID `json:"template" doc:"of which template"`
	DiscountMinor int64      `json:"discount_minor" doc:"what it takes off"`
}

type priceGap struct {
	Coupon       couponID   `json:"coupon,omitzero" doc:"which coupon; absent for one that could be claimed"`
	Template     templateID `json:"template" doc:"of which template"`
	MissingMinor int64      `json:"missing_minor,omitempty" doc:"list amount that lacks"`
	MissingUnits int64      `json:"missing_units,omitempty" doc:"units that lack"`
}

type priceFromRow struct {
	Quantity     int64      `json:"quantity" doc:"units"`
	PayableMinor int64      `json:"payable_minor" doc:"for all of them"`
	UnitMinor    int64      `json:"unit_minor" doc:"for one, rounded down"`
	Coupons      []priceUse `json:"coupons" doc:"the set" nullable:"false"`
}

func (s *server) pricesRoute() {
	price := int64(2500)
	add(s, operation{id: "get-prices", method: "POST", path: "/v1/prices", tag: "checkout", may: access.Quote,
		summary: "Prices after coupons for a list of goods",
		about: "券后价: each line as one unit bought alone, with the best set of the member's coupons and of those that could be claimed. " +
			"Writes nothing and promises nothing, so it takes no Idempotency-Key.",
		example: pricesBody{Market: "main", Lines: []priceLine{{SKU: "apple", UnitMinor: &price}}, Channel: "app"},
		faults:  []fault.Code{fault.Absent, fault.UnknownReference, fault.Conflicting, fault.MemberUnknown, fault.DuplicateValue, fault.CurrencyMismatch}},
		func(ctx context.Context, c *call, in *pricesInput) (*pricesAnswer, error) {
			b := &in.Body
			who, err := s.whoOf(b.Member)
			if err != nil {
				return nil, err
			}
			out, err := s.Planning.Prices(ctx, c.principal, planning.PricesInput{Market: marketOr(b.Market), Key: who.Key, Member: who.ID,
				Place: pricing.Cart{Currency: b.Currency, Store: b.Store, City: b.City, Channel: b.Channel}, Lines: b.lines(), Templates: templateIDs(b.Templates),
				More: b.Alone != nil && !*b.Alone})
			if err != nil {
				return nil, err
			}
			return &pricesAnswer{c.showPrices(out)}, nil
		})
}

func (b *pricesBody) lines() []pricing.Line {
	out := make([]pricing.Line, len(b.Lines))
	for i, l := range b.Lines {
		out[i] = pricing.Line{SKU: l.SKU, Category: l.Category, Brand: l.Brand, Merchant: l.Merchant, UnitMinor: -1,
			MemberMinor: l.MemberMinor, MinMinor: l.MinMinor, NoCoupons: l.NoCoupons}
		if l.UnitMinor != nil {
			out[i].UnitMinor = *l.UnitMinor
		}
	}
	return out
}

func templateIDs(list []templateID) []id.ID {
	out := make([]id.ID, len(list))
	for i, t := range list {
		out[i] = id.ID(t)
	}
	return out
}

func (c *call) showPrices(p *planning.Prices) pricesRow {
	out := pricesRow{Currency: p.Currency, Prices: make([]priceRow, len(p.Prices))}
	for i := range p.Prices {
		one := &p.Prices[i]
		row := priceRow{SKU: p.Lines[i].SKU, ListMinor: one.ListMinor, PayableMinor: one.PayableMinor, Coupons: priceUses(one.Uses), Optimal: one.Optimal}
		for _, g := range one.Gaps {
			row.Gaps = append(row.Gaps, priceGap{heldCoupon(g.Coupon, g.Template), templateID(g.Template), g.Minor, g.Units})
		}
		if f := one.From; f != nil {
			row.From = &priceFromRow{f.Quantity, f.PayableMinor, f.UnitMinor(), priceUses(f.Uses)}
		}
		out.Prices[i] = row
	}
	for _, j := range p.Barred {
		row := judgedRow{Coupon: heldCoupon(j.Coupon, j.Template), Template: templateID(j.Template), Version: j.Version, Verdict: string(j.Verdict)}
		for _, reason := range j.Reasons {
			row.Reasons = append(row.Reasons, c.problemErrorIn(reason, p.Currency))
		}
		out.Barred = append(out.Barred, row)
	}
	return out
}

func priceUses(uses []pricing.Use) []priceUse {
	out := make([]priceUse, len(uses))
	for i, u := range uses {
		out[i] = priceUse{heldCoupon(u.Coupon, u.Template), templateID(u.Template), u.DiscountMinor}
	}
	return out
}
