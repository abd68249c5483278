package planning

import (
	"context"
	"slices"
	"strconv"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/item"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// pricesWallet bounds the coupons of the member that a list of prices looks at.
const pricesWallet = 100

// PricesInput asks for prices after coupons 券后价. Lines are goods; a line with
// UnitMinor < 0 has the catalogue's price. Quantities are not read.
type PricesInput struct {
	Market    string
	Key       member.Key // whose coupons; or Member; neither for a guest
	Member    id.ID
	Place     pricing.Cart // where: its lines are not read
	Lines     []pricing.Line
	Templates []id.ID // priced as if the member held a coupon of each: what could be claimed
	More      bool    // look for a quantity that makes a unit cheaper
}

// Prices are prices of single units, in the order of the lines.
type Prices struct {
	Market   *market.Market
	Currency string         // of all amounts
	Lines    []pricing.Line // completed from the catalogue
	Prices   []pricing.Price
	Barred   []pricing.Judged // coupons that help none of them, with the reason
}

// Prices prices one unit of each line by itself with the best set of the member's
// coupons, those that could be claimed, and the promotions that apply by themselves.
func (p *Planning) Prices(ctx context.Context, by access.Principal, in PricesInput) (*Prices, error) {
	if err := by.May(access.Quote); err != nil {
		return nil, err
	}
	m, err := p.Cache.Market(ctx, in.Market)
	if err != nil {
		return nil, wrap("prices", err)
	}
	if !m.Takes(in.Place.Currency) {
		return nil, fault.New(fault.CurrencyMismatch, "currency", in.Place.Currency).At("/currency")
	}
	if in.Place.Currency == m.Currency {
		in.Place.Currency = ""
	}
	out := &Prices{Market: m, Currency: m.Paying(in.Place.Currency)}
	var who id.ID
	var held []coupon.Coupon
	err = p.Store.View(ctx, func(tx store.Tx) (err error) {
		if who, held, err = wallet(tx, by, &in, p.Clock()); err != nil {
			return err
		}
		out.Lines, err = priced(tx, in.Lines, m.Code, in.Place.Currency)
		return err
	})
	if err != nil {
		return nil, wrap("prices", err)
	}
	place := in.Place
	place.Lines = out.Lines
	for i := range place.Lines {
		place.Lines[i].Quantity = 1
	}
	if err := place.Validate(); err != nil {
		return nil, err
	}
	now := p.Clock()
	candidates, err := p.held(ctx, by, m, held)
	if err != nil {
		return nil, wrap("prices", err)
	}
	more, barred, err := p.claimable(ctx, by, m, in.Templates, now)
	if err != nil {
		return nil, wrap("prices", err)
	}
	rules := rulesOf(m, place.Currency)
	rules.Now, rules.Zone = now, m.Location()
	candidates = append(candidates, more...)
	buyer := app.Buyer{Member: who, Market: m, Channel: place.Channel, City: place.City, Now: now}
	promotions, err := p.Promotions(ctx, by, buyer, &place, func(template id.ID) bool {
		return slices.ContainsFunc(candidates, func(c pricing.Candidate) bool { return c.Coupon.Template == template })
	})
	if err != nil {
		return nil, wrap("prices", err)
	}
	if rules.Facts, err = p.know(ctx, who, m, &place, candidates, promotions, now); err != nil {
		return nil, wrap("prices", err)
	}
	for _, o := range promotions {
		if c, ok := p.Candidate(buyer, o, rules.Facts); ok {
			candidates = append(candidates, c)
		}
	}
	out.Prices, out.Barred = pricing.Prices(&place, out.Lines, candidates, rules, in.More)
	out.Barred = append(out.Barred, barred...)
	return out, nil
}

// know loads what conditions of the candidates and the promotions ask beside the cart.
func (p *Planning) know(ctx context.Context, who id.ID, m *market.Market, place *pricing.Cart, candidates []pricing.Candidate, promotions []*app.Offer, now calendar.Instant) (facts *condition.Facts, err error) {
	var needs condition.Needs
	asked := false
	for _, c := range candidates {
		if !c.Terms.When.IsZero() {
			asked = true
			needs.Join(c.Terms.When.Needs())
		}
	}
	for _, o := range promotions {
		if c := p.Cache.Conditions(o.Version); c.Use != nil || c.Claim != nil {
			asked = true
			needs.Join(c.UseNeeds, c.ClaimNeeds)
		}
	}
	if !asked {
		return nil, nil
	}
	err = p.Store.View(ctx, func(tx store.Tx) error {
		all, err := p.Facts(tx, app.Asking{Members: []id.ID{who}, Needs: needs, Market: m, At: now, City: place.City, Store: place.Store,
			Channel: place.Channel})
		facts = all[who]
		return err
	})
	return facts, err
}

// wallet reads the member, if one is named, and its live coupons.
func wallet(tx store.Tx, by access.Principal, in *PricesInput, now calendar.Instant) (who id.ID, held []coupon.Coupon, err error) {
	who = in.Member
	if who == 0 && in.Key.Hash != "" {
		rows, err := tx.Members().Find([]member.Key{in.Key})
		if err != nil {
			return 0, nil, err
		}
		if len(rows) == 0 {
			return 0, nil, fault.New(fault.MemberUnknown).At("/member")
		}
		who = rows[0].Member
	}
	if who == 0 {
		return 0, nil, nil
	}
	if err := by.ActsFor(who); err != nil {
		return 0, nil, err
	}
	held, err = tx.Coupons().Live(who, now, pricesWallet)
	return who, held, err
}

// priced completes lines from the catalogue, with its prices in a currency.
func priced(tx store.Tx, lines []pricing.Line, market, currency string) ([]pricing.Line, error) {
	skus := make([]string, 0, len(lines))
	for _, l := range lines {
		if l.SKU != "" {
			skus = append(skus, l.SKU)
		}
	}
	rows, err := tx.Items().Get(skus)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*item.Item, len(rows))
	for i := range rows {
		if rows[i].Market == market {
			known[rows[i].SKU] = &rows[i]
		}
	}
	out := append([]pricing.Line{}, lines...)
	for i := range out {
		l := &out[i]
		it := known[l.SKU]
		if it == nil && l.UnitMinor < 0 {
			return nil, fault.New(fault.UnknownReference, "what", "item", "value", l.SKU).At("/lines/" + strconv.Itoa(i) + "/sku")
		}
		if it == nil {
			continue
		}
		full := lineOf(it)
		price, ok := it.In(currency)
		if l.UnitMinor < 0 && !ok {
			return nil, fault.New(fault.CurrencyMismatch, "currency", currency).At("/lines/" + strconv.Itoa(i) + "/unit_minor")
		}
		if l.UnitMinor < 0 {
			l.UnitMinor = price.PriceMinor
		}
		if l.MinMinor == 0 {
			l.MinMinor = min(price.MinMinor, l.UnitMinor)
		}
		for at, text := range map[*string]string{&l.Category: full.Category, &l.Brand: full.Brand, &l.Merchant: full.Merchant} {
			if *at == "" {
				*at = text
			}
		}
	}
	return out, nil
}

// held joins coupons of the market with their terms, in the principal's scope.
func (p *Planning) held(ctx context.Context, by access.Principal, m *market.Market, coupons []coupon.Coupon) ([]pricing.Candidate, error) {
	var templates []id.ID
	var keys []store.VersionKey
	for _, c := range coupons {
		templates = append(templates, c.Template)
		keys = append(keys, store.VersionKey{Template: c.Template, Number: c.Version})
	}
	offers, err := p.Cache.Offers(ctx, templates)
	if err != nil {
		return nil, err
	}
	versions, err := p.Cache.Versions(ctx, keys)
	if err != nil {
		return nil, err
	}
	var out []pricing.Candidate
	for i := range coupons {
		o, v := offers[coupons[i].Template], versions[keys[i]]
		if v != nil && visible(o, by, m) {
			out = append(out, pricing.Candidate{Coupon: &coupons[i], Terms: v.Doc.Terms.Of(&coupons[i]), Use: o.Template.Use, Home: m.Currency})
		}
	}
	return out, nil
}

func visible(o *app.Offer, by access.Principal, m *market.Market) bool {
	return o != nil && o.Template.Market == m.Code && (o.Template.Merchant() == "" || by.Scope.Merchant(o.Template.Merchant()))
}

// claimable are coupons of templates as if they were claimed now, and those that
// nobody can claim now.
func (p *Planning) claimable(ctx context.Context, by access.Principal, m *market.Market, templates []id.ID, now calendar.Instant) (able []pricing.Candidate, barred []pricing.Judged, err error) {
	offers, err := p.Cache.Offers(ctx, templates)
	if err != nil {
		return nil, nil, err
	}
	for i, t := range templates {
		o := offers[t]
		if !visible(o, by, m) || o.Version == nil {
			return nil, nil, fault.New(fault.UnknownReference, "what", "template", "value", id.Format(id.Template, t)).At("/templates/" + strconv.Itoa(i))
		}
		d := &o.Version.Doc
		span := o.Span(m, now)
		if f := closed(o, now, m.Location()); f != nil {
			barred = append(barred, pricing.Judged{Coupon: t, Template: t, Version: o.Version.Number, Verdict: pricing.Inapplicable, Reasons: []*fault.Fault{f}})
			continue
		}
		c := pricing.Held(t, o.Version.Number, &d.Terms, m.Currency, span)
		c.Use = o.Template.Use
		able = append(able, c)
	}
	return able, barred, nil
}

// closed is why nobody can claim of a template now, nil where somebody can.
func closed(o *app.Offer, now calendar.Instant, zone *time.Location) *fault.Fault {
	switch {
	case o.Template.Status == coupon.StatusArchived:
		return fault.New(fault.TemplateArchived)
	case !o.Template.Claiming:
		return fault.New(fault.ClaimingStopped)
	}
	return o.Version.Doc.Claim.Closed(now, zone)
}
