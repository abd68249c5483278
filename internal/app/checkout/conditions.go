package checkout

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/condition"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// know loads what the use conditions of the deals' coupons read of members,
// calendars and the outer world. It is read just before the cart is priced; what
// the cart says itself, pricing knows.
func (b *batch) know(ctx context.Context) error {
	asked := map[*deal]condition.Needs{}
	for _, d := range b.deals {
		if d.err != nil || d.cart == nil {
			continue
		}
		if needs := b.needs(d); needs.Stored() {
			asked[d] = needs
		}
	}
	if len(asked) == 0 {
		return nil
	}
	return b.Store.View(ctx, func(tx store.Tx) error {
		for d, needs := range asked {
			all, err := b.Facts(tx, app.Asking{Members: []id.ID{d.member}, Needs: needs, Market: d.market,
				At: d.now(b.Clock()), City: d.cart.City, Store: d.cart.Store})
			if err != nil {
				return err
			}
			d.facts = all[d.member]
		}
		return nil
	})
}

// needs are those of all coupons and promotions that the deal may use.
func (b *batch) needs(d *deal) (needs condition.Needs) {
	seen := map[store.VersionKey]bool{}
	for _, c := range d.coupons {
		k := store.VersionKey{Template: c.Template, Number: c.Version}
		if v := b.versions[k]; v != nil && !seen[k] {
			seen[k] = true
			if c := b.Cache.Conditions(v); c.Use != nil {
				needs.Join(c.UseNeeds)
			}
		}
	}
	for _, o := range d.promotions {
		if c := b.Cache.Conditions(o.Version); c.Use != nil || c.Claim != nil {
			needs.Join(c.UseNeeds, c.ClaimNeeds)
		}
	}
	return needs
}

// conditioned completes a candidate with its compiled conditions.
func (b *batch) conditioned(c pricing.Candidate) pricing.Candidate {
	if v := b.versions[store.VersionKey{Template: c.Coupon.Template, Number: c.Coupon.Version}]; v != nil {
		c.When = b.Cache.Conditions(v).Use
	}
	return c
}
