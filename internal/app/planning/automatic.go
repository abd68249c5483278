package planning

import (
	"context"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// automatic are the promotions that apply by themselves to some line of the
// place, as if the buyer held a coupon of each; those that are known are left out.
func (p *Planning) automatic(ctx context.Context, by access.Principal, who id.ID, m *market.Market, place *pricing.Cart, known []pricing.Candidate, now calendar.Instant) ([]pricing.Candidate, error) {
	index, err := p.Cache.Promotions(ctx, m.Code)
	if err != nil || index.Len() == 0 {
		return nil, err
	}
	var templates []id.ID
	for _, found := range index.Find(place) {
		same := func(c pricing.Candidate) bool { return c.Coupon.Template == found.Template }
		claim := found.Claim.Place
		if !slices.ContainsFunc(known, same) && allows(claim.Channels, place.Channel) && allows(claim.Cities, place.City) {
			templates = append(templates, found.Template)
		}
	}
	offers, err := p.Cache.Offers(ctx, templates)
	if err != nil {
		return nil, err
	}
	var open []*app.Offer
	for _, t := range templates {
		if o := offers[t]; visible(o, by, m) && o.Version != nil && closed(o, now) == nil {
			open = append(open, o)
		}
	}
	able, err := p.Issuable(ctx, app.Buyer{Member: who, Market: m, Channel: place.Channel, City: place.City, Now: now}, open)
	if err != nil {
		return nil, err
	}
	var out []pricing.Candidate
	for i, o := range open {
		if !able[i] {
			continue
		}
		d := &o.Version.Doc
		c := pricing.Held(o.Template.ID, o.Version.Number, &d.Terms, m.Currency, d.Terms.Validity.For(now, m.Location(), d.Claim.Window.To))
		c.Use = o.Template.Use
		out = append(out, c)
	}
	return out, nil
}

func allows(list []string, value string) bool {
	return len(list) == 0 || slices.Contains(list, value)
}

// claims are the claim conditions of promotions, by template.
func (p *Planning) claims(ctx context.Context, promotions []pricing.Candidate) (map[id.ID]condition.Tree, error) {
	templates := make([]id.ID, len(promotions))
	for i, c := range promotions {
		templates[i] = c.Coupon.Template
	}
	offers, err := p.Cache.Offers(ctx, templates)
	trees := map[id.ID]condition.Tree{}
	for t, o := range offers {
		if o.Version != nil && !o.Version.Doc.Claim.When.IsZero() {
			trees[t] = o.Version.Doc.Claim.When
		}
	}
	return trees, err
}

// claimed leaves out the promotions that the buyer could not claim.
func claimed(promotions []pricing.Candidate, trees map[id.ID]condition.Tree, facts *condition.Facts) []pricing.Candidate {
	return slices.DeleteFunc(promotions, func(c pricing.Candidate) bool {
		tree, asks := trees[c.Coupon.Template]
		if !asks {
			return false
		}
		program, err := condition.Compile(tree)
		if err != nil || facts == nil {
			return true
		}
		ok, _ := program.Check(facts)
		return !ok
	})
}
