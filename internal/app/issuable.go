package app

import (
	"context"
	"fmt"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Buyer is who would get promotions that apply by themselves, and where.
type Buyer struct {
	Member        id.ID // zero for a guest
	Market        *market.Market
	Channel, City string
	Now           calendar.Instant
}

// Promotions are the offers of a market that apply by themselves to what the cart
// holds, that the principal may see, and of which the buyer would get a coupon now
// as far as limits and newcomer coupons go: what is shown is what a lock issues.
// Claim conditions are asked by Candidate. held tells the templates that the buyer
// needs no further coupon of.
func (a *App) Promotions(ctx context.Context, by access.Principal, who Buyer, cart *pricing.Cart, held func(template id.ID) bool) ([]*Offer, error) {
	index, err := a.Cache.Promotions(ctx, who.Market.Code)
	if err != nil || index.Len() == 0 {
		return nil, err
	}
	var templates []id.ID
	for _, v := range index.Find(cart) {
		if !held(v.Template) && who.claims(&v.Doc.Claim) {
			templates = append(templates, v.Template)
		}
	}
	offers, err := a.Cache.Offers(ctx, templates)
	if err != nil {
		return nil, err
	}
	var open []*Offer
	for _, t := range templates {
		if o := offers[t]; o != nil && o.Version != nil && (o.Template.Merchant() == "" || by.Scope.Merchant(o.Template.Merchant())) {
			open = append(open, o)
		}
	}
	able, err := a.issuable(ctx, who, open)
	if err != nil {
		return nil, err
	}
	var found []*Offer
	for i, o := range open {
		if able[i] {
			found = append(found, o)
		}
	}
	return found, nil
}

// claims asks the claim rules that say when and where.
func (who Buyer) claims(c *coupon.ClaimRules) bool {
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	return c.Window.OpenAt(c.Sessions, who.Now, who.Market.Location()) && in(c.Place.Channels, who.Channel) && in(c.Place.Cities, who.City)
}

// Candidate is a promotion as if the buyer held a coupon of it, with the number of
// its template; ok is false where its claim conditions don't let the buyer have it.
// The facts are those that App.Facts loaded, nil for none.
func (a *App) Candidate(who Buyer, o *Offer, facts *condition.Facts) (c pricing.Candidate, ok bool) {
	programs := a.Cache.Conditions(o.Version)
	if programs.Claim != nil {
		known := condition.Facts{}
		if facts != nil {
			known = *facts
		}
		// As much as the issue will know: where the order is made is asked at its use.
		known.Moment = condition.MomentOf(who.Now, who.Market.Location())
		known.Channel, known.Place = who.Channel, condition.Place{City: who.City, Stores: known.Place.Stores}
		if ok, _ := programs.Claim.Check(&known); !ok {
			return c, false
		}
	}
	doc := &o.Version.Doc
	c = pricing.Held(o.Template.ID, o.Version.Number, &doc.Terms, who.Market.Currency, o.Span(who.Market, who.Now))
	c.When = programs.Use
	return c, true
}

// issuable reports for each offer whether the buyer would get a coupon of it now:
// no limit is reached and no newcomer coupon is in the way.
func (a *App) issuable(ctx context.Context, who Buyer, offers []*Offer) ([]bool, error) {
	requests := make([]*issue.Request, len(offers))
	counters := map[limit.Key]*limit.Counter{}
	var keys []limit.Key
	var rolling []limit.Taking
	for i, o := range offers {
		claim := o.Version.Doc.Claim
		if len(claim.Limits)+len(claim.Budgets)+len(o.Batches) == 0 && !claim.Newcomer {
			continue
		}
		claim.When = condition.Tree{}
		requests[i] = &issue.Request{Template: o.Template, Market: who.Market, Member: &member.Member{ID: who.Member},
			Version: &coupon.Version{Template: o.Template.ID, Number: o.Version.Number, Doc: coupon.Doc{Terms: o.Version.Doc.Terms, Claim: claim}},
			Channel: who.Channel, City: who.City, Form: coupon.FormAutomatic, Now: who.Now, Budgets: o.Draws(o.Version), Batches: o.Batches}
		rolling = append(rolling, issue.Rolling(requests[i])...)
		for _, k := range issue.Keys(requests[i]) {
			keys, counters[k] = append(keys, k), &limit.Counter{Key: k} // nothing is taken yet
		}
	}
	able := make([]bool, len(offers))
	var held []coupon.Coupon
	if len(keys) > 0 {
		err := a.Store.View(ctx, func(tx store.Tx) error {
			rows, err := tx.Counters().Get(keys)
			for i := range rows {
				counters[rows[i].Key] = &rows[i]
			}
			if err == nil {
				err = ReadRolling(tx, rolling, counters)
			}
			if err == nil && who.Member != 0 {
				held, err = tx.Coupons().Newcomers([]id.ID{who.Member})
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("app: issuable: %w", err)
		}
	}
	for i, r := range requests {
		able[i] = r == nil || len(issue.Reasons(r, held, counters)) == 0
	}
	return able, nil
}
