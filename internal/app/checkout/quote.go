package checkout

import (
	"context"
	"fmt"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// QuoteInput asks what a cart costs. Coupons limits the choice; without it every
// live coupon of the member is a candidate.
type QuoteInput struct {
	Market  string
	Who     Who
	Cart    pricing.Cart
	Coupons []id.ID
	// Balances are what the caller says is left on coupons of stored value.
	Balances map[id.ID]int64
	// Suggest asks for so many suggestions of what to add; 0: none.
	Suggest int64
	Rehearsal
}

// Quote is the answer: nothing is written, and nothing is promised - a lock does that.
type Quote struct {
	Market  *market.Market
	Member  id.ID
	Cart    *pricing.Cart // completed from the catalogue
	Result  pricing.Result
	Coupons map[id.ID]*coupon.Coupon
	Offers  map[id.ID]*coupon.Template
	Advice  Advice // where it was asked for
}

// Quote prices a cart with the best of the member's coupons and says of each
// other why not.
func (c *Checkout) Quote(ctx context.Context, by access.Principal, in QuoteInput) (*Quote, error) {
	if err := by.May(access.Quote); err != nil {
		return nil, err
	}
	if err := in.may(by); err != nil {
		return nil, err
	}
	cart := in.Cart
	d := &deal{Basis: Basis{Market: in.Market, Who: in.Who, Cart: &cart, Coupons: in.Coupons, Balances: in.Balances, At: in.At}, by: by, wallet: len(in.Coupons) == 0}
	d.asked = d.Coupons
	b := &batch{Checkout: c, deals: []*deal{d}, dry: true}
	if err := b.look(ctx); err != nil {
		return nil, fmt.Errorf("checkout: quote: %w", err)
	}
	if d.err != nil {
		return nil, d.err
	}
	q := &Quote{Market: d.market, Member: d.member, Cart: d.cart, Coupons: d.coupons, Offers: map[id.ID]*coupon.Template{}}
	drafts, err := b.rehearsed(ctx, d, in.Rehearsal)
	if err != nil {
		return nil, err
	}
	candidates := slices.Concat(b.candidates(d, d.Coupons), b.promoted(d), drafts)
	q.Result = b.best(d, candidates)
	if in.Suggest > 0 {
		if q.Advice, err = b.advise(ctx, d, candidates, &q.Result, int(in.Suggest)); err != nil {
			return nil, err
		}
	}
	for _, c := range candidates {
		if o := b.offers[c.Coupon.Template]; o != nil {
			q.Offers[c.Coupon.Template] = o.Template
		}
	}
	return q, nil
}

// rules are the market's choices at the deal's moment.
func (b *batch) rules(d *deal) pricing.Rules {
	r := pricing.RulesOf(d.market, d.cart.Currency)
	r.Now, r.Facts = d.now(b.Clock()), d.facts
	return r
}

// price fixes the deal's coupons and what they bring; best lets pricing choose.
func (b *batch) price(d *deal, best bool) error {
	if d.cart == nil {
		return fault.New(fault.MissingValue).At("/cart")
	}
	if best {
		result := b.best(d, b.candidates(d, d.Coupons))
		d.Coupons = nil
		for _, u := range result.Uses {
			d.Coupons = append(d.Coupons, u.Coupon)
		}
		b.promise(d, result)
		return nil
	}
	able, full := d.bounded(b.candidates(d, d.Coupons))
	if len(full) > 0 {
		able = b.candidates(d, d.Coupons) // the decision says that a limit is reached
	}
	result, refusal := pricing.Apply(d.cart, able, b.rules(d))
	if refusal != nil {
		return refusal
	}
	if err := d.dropped(&result); err != nil {
		return err
	}
	b.promise(d, result)
	return nil
}

// dropped leaves out the coupons that the market's profile drops because they bring
// nothing (no_effect); where none is left, the deal is refused as the first of them.
func (d *deal) dropped(r *pricing.Result) error {
	if len(r.Uses) == len(d.Coupons) {
		return nil
	}
	used := set[id.ID]{}
	for _, u := range r.Uses {
		used.add(u.Coupon)
	}
	if len(used.list) == 0 {
		return r.Coupons[0].Reasons[0].At("/coupons/0")
	}
	d.Coupons = slices.DeleteFunc(slices.Clone(d.Coupons), func(c id.ID) bool { return !used.seen[c] })
	return nil
}

// drops reports whether the deal's market leaves out coupons that bring nothing, so
// that fewer may have been used than were asked for.
func (d *deal) drops() bool {
	return pricing.ProfileOf(d.market.Policies.Pricing).NoEffect == pricing.EffectDrop
}
