package checkout

import (
	"context"
	"errors"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Issuer gives a member coupons of templates that apply by themselves, one by
// one: what is refused (a limit, a condition) is left out. It is the issuing use
// case, put in where the program is put together.
type Issuer func(ctx context.Context, member id.ID, templates []id.ID, channel, city string) error

// chooses reports whether the deal lets quan choose among all that the member has.
func (d *deal) chooses() bool { return d.wallet && d.cart != nil && d.err == nil && d.market != nil }

// buyer is who would get promotions of the deal.
func (b *batch) buyer(d *deal) app.Buyer {
	return app.Buyer{Member: d.member, Market: d.market, Channel: d.cart.Channel, City: d.cart.City, Now: d.now(b.Clock())}
}

// findPromotions names the promotions that may apply to the deal's cart: those
// of which the member has no coupon anyway.
func (b *batch) findPromotions(ctx context.Context, d *deal) (err error) {
	if !d.chooses() {
		return nil
	}
	held := map[id.ID]bool{}
	for _, c := range d.coupons {
		elsewhere := c.State == coupon.Locked && (d.lock == nil || c.Lock != d.lock.ID)
		held[c.Template] = held[c.Template] || !elsewhere // an order that is not paid yet is no reason to pay more for this one
	}
	d.promotions, err = b.Promotions(ctx, d.by, b.buyer(d), d.cart, func(t id.ID) bool { return held[t] })
	for _, o := range d.promotions {
		b.offers[o.Template.ID] = o
	}
	return err
}

// promoted are the deal's promotions as candidates, as if the member held a
// coupon of each; their coupons have the numbers of their templates.
func (b *batch) promoted(d *deal) (out []pricing.Candidate) {
	for _, o := range d.promotions {
		if c, ok := b.Candidate(b.buyer(d), o, d.facts); ok {
			out = append(out, c)
		}
	}
	return out
}

// issuePromotions gives the members of deals that lock the best set the promotions
// that are part of it, once for each deal; those deals are looked at anew in another
// round, the others go on in this one. What is not locked afterwards stays in the
// wallet and is found there the next time. A request that was answered before gets
// nothing.
func (b *batch) issuePromotions(ctx context.Context) error {
	wanted := map[*deal][]id.ID{}
	for _, d := range b.deals {
		if _, locks := d.verb.(*lockVerb); !locks || b.Issue == nil || d.member == 0 || len(d.promotions) == 0 || d.issued || !d.chooses() {
			continue
		}
		result := b.best(d, slices.Concat(b.candidates(d, d.Coupons), b.promoted(d)))
		for _, u := range result.Uses {
			if u.Coupon == u.Template {
				wanted[d] = append(wanted[d], u.Template)
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	var replies map[app.ReplyKey]store.Reply
	err := b.Store.View(ctx, func(tx store.Tx) (err error) {
		replies, err = b.replies(tx)
		return err
	})
	if err != nil {
		return err
	}
	for d := range wanted {
		d.issued = true
		if _, answered, err := app.Replayed(replies, d.reply("")); answered || err != nil {
			delete(wanted, d) // the transaction says so
		}
	}
	b.deals = slices.DeleteFunc(slices.Clone(b.deals), func(d *deal) bool { return wanted[d] != nil })
	return b.issueAll(ctx, wanted)
}

// issueAll issues at the same time, so that what is issued shares transactions. A
// refusal of one deal's coupons as a whole (overload) is that deal's fate.
func (b *batch) issueAll(ctx context.Context, wanted map[*deal][]id.ID) error {
	errs := make(chan error, len(wanted))
	for d, templates := range wanted {
		go func() {
			err := b.Issue(ctx, d.member, templates, d.cart.Channel, d.cart.City)
			if f := fault.From(err); f != nil {
				d.err, d.done, err = err, true, nil
			}
			errs <- err
		}()
	}
	var all []error
	for range wanted {
		all = append(all, <-errs)
	}
	return errors.Join(all...)
}
