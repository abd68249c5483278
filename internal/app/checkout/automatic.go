package checkout

import (
	"context"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Issuer gives a member coupons of templates that apply by themselves, one by
// one: what is refused (a limit, a condition) is left out. It is the issuing use
// case, put in where the program is put together.
type Issuer func(ctx context.Context, member id.ID, templates []id.ID, channel, city string) error

// chooses reports whether the deal lets quan choose among all that the member has.
func (d *deal) chooses() bool { return d.wallet && d.cart != nil && d.err == nil && d.market != nil }

// findPromotions names the promotions that may apply to the deal's cart: those
// of which the member has no coupon anyway.
func (b *batch) findPromotions(ctx context.Context, d *deal) error {
	if !d.chooses() {
		return nil
	}
	index, err := b.Cache.Promotions(ctx, d.market.Code)
	if err != nil || index.Len() == 0 {
		return err
	}
	now := d.now(b.Clock())
	held := map[id.ID]bool{}
	for _, c := range d.coupons {
		elsewhere := c.State == coupon.Locked && (d.lock == nil || c.Lock != d.lock.ID)
		held[c.Template] = held[c.Template] || !elsewhere // an order that is not paid yet is no reason to pay more for this one
	}
	found := index.Find(d.cart)
	found = slices.DeleteFunc(found, func(p *pricing.Promotion) bool { return held[p.Template] || !given(p.Claim, d.cart, now) })
	templates := make([]id.ID, len(found))
	for i, p := range found {
		templates[i] = p.Template
	}
	offers, err := b.Cache.Offers(ctx, templates)
	if err != nil {
		return err
	}
	var known []*app.Offer
	found = slices.DeleteFunc(found, func(p *pricing.Promotion) bool {
		o := offers[p.Template]
		if o == nil || o.Version == nil || o.Template.Merchant() != "" && !b.by.Scope.Merchant(o.Template.Merchant()) {
			return true
		}
		known = append(known, o)
		return false
	})
	able, err := b.Issuable(ctx, app.Buyer{Member: d.member, Market: d.market, Channel: d.cart.Channel, City: d.cart.City, Now: now}, known)
	if err != nil {
		return err
	}
	for i, p := range found {
		if able[i] {
			b.offers[p.Template] = known[i]
			d.promotions = append(d.promotions, p)
		}
	}
	return nil
}

// given asks the claim rules that a quote can ask; limits are the issue's.
func given(c *coupon.ClaimRules, cart *pricing.Cart, now calendar.Instant) bool {
	in := func(list []string, value string) bool { return len(list) == 0 || slices.Contains(list, value) }
	return now >= c.Window.From && (c.Window.To == 0 || now < c.Window.To) &&
		in(c.Place.Channels, cart.Channel) && in(c.Place.Cities, cart.City)
}

// promoted are the deal's promotions as candidates, as if the member held a
// coupon of each; their coupons have the numbers of their templates.
func (b *batch) promoted(d *deal) []pricing.Candidate {
	var out []pricing.Candidate
	now := d.now(b.Clock())
	for _, p := range d.promotions {
		programs := b.Cache.Conditions(&coupon.Version{Template: p.Template, Number: p.Version, Doc: coupon.Doc{Terms: *p.Terms, Claim: *p.Claim}})
		if programs.Claim != nil {
			facts := condition.Facts{}
			if d.facts != nil {
				facts = *d.facts
			}
			facts.Moment = condition.MomentOf(now, d.market.Location())
			// As much as the issue will know: where the order is made is asked at its use.
			facts.Channel, facts.Place = d.cart.Channel, condition.Place{City: d.cart.City, Stores: facts.Place.Stores}
			if ok, _ := programs.Claim.Check(&facts); !ok {
				continue
			}
		}
		c := p.Candidate(p.Template, now)
		c.Home, c.When = d.market.Currency, programs.Use
		span := p.Terms.Validity.For(now, d.market.Location(), p.Claim.Window.To)
		if c.Coupon.ValidFrom, c.Coupon.ValidTo = span.From, span.To; span.To == 0 {
			c.Coupon.ValidTo = 1<<62 - 1
		}
		c.Coupon.Uses = max(p.Terms.UsesPerCoupon, 1)
		out = append(out, c)
	}
	return out
}

// issuePromotions gives the members of deals that ask for the best set the
// promotions that are part of it, so that a lock can hold them. What is not
// locked afterwards stays in the wallet and is found there the next time.
func (c *Checkout) issuePromotions(ctx context.Context, by access.Principal, deals []*deal) error {
	if c.Issue == nil {
		return nil
	}
	var best []*deal
	for _, d := range deals {
		if d.wallet && d.Cart != nil {
			best = append(best, &deal{Basis: d.Basis, wallet: true})
		}
	}
	if len(best) == 0 {
		return nil
	}
	b := &batch{Checkout: c, by: by, deals: best}
	if err := b.look(ctx); err != nil {
		return err
	}
	for _, d := range best {
		if d.err != nil || d.member == 0 || len(d.promotions) == 0 {
			continue
		}
		result := b.best(d, slices.Concat(b.candidates(d, d.Coupons), b.promoted(d)))
		var wanted []id.ID
		for _, u := range result.Uses {
			if u.Coupon == u.Template {
				wanted = append(wanted, u.Template)
			}
		}
		if len(wanted) == 0 {
			continue
		}
		if err := c.Issue(ctx, d.member, wanted, d.cart.Channel, d.cart.City); err != nil {
			return err
		}
	}
	return nil
}
