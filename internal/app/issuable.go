package app

import (
	"context"
	"fmt"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
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

// Issuable reports for each offer whether the buyer would get a coupon of it now:
// no limit is reached and no newcomer coupon is in the way, so that what is shown
// is what a lock issues. Conditions of the claim are not asked here.
func (a *App) Issuable(ctx context.Context, who Buyer, offers []*Offer) ([]bool, error) {
	requests := make([]*issue.Request, len(offers))
	counters := map[limit.Key]*limit.Counter{}
	var keys []limit.Key
	for i, o := range offers {
		claim := o.Version.Doc.Claim
		if len(claim.Limits) == 0 && !claim.Newcomer {
			continue
		}
		claim.When = condition.Tree{}
		requests[i] = &issue.Request{Template: o.Template, Market: who.Market, Member: &member.Member{ID: who.Member},
			Version: &coupon.Version{Template: o.Template.ID, Number: o.Version.Number, Doc: coupon.Doc{Terms: o.Version.Doc.Terms, Claim: claim}},
			Channel: who.Channel, City: who.City, Form: coupon.FormAutomatic, Now: who.Now}
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
