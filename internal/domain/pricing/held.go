package pricing

import (
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/id"
)

// Held is a candidate that nobody holds: a coupon of these terms as if it had been
// issued, for prices of what could be claimed and for plans. It has the number of
// its template, which no issued coupon has. Version is 0 for a draft.
func Held(template id.ID, version int64, t *coupon.Terms, home string, valid schedule.Interval) Candidate {
	if valid.To == 0 {
		valid.To = schedule.Forever
	}
	uses := max(t.UsesPerCoupon, 1)
	c := &coupon.Coupon{ID: template, Template: template, Version: version, State: coupon.Usable,
		Uses: uses, NextUse: 1, ValidFrom: valid.From, ValidTo: valid.To}
	return Candidate{Coupon: c, Terms: t, Use: true, Home: home}
}

// Anytime returns the terms without conditions of members and moments: what they
// take off where those hold.
func Anytime(t *coupon.Terms) *coupon.Terms {
	c := *t
	c.When = condition.Tree{}
	return &c
}

// Anywhere returns the terms without places as well.
func Anywhere(t *coupon.Terms) *coupon.Terms {
	c := Anytime(t)
	c.Use = rule.Place{}
	c.Scope.Include.Stores, c.Scope.Exclude.Stores = nil, nil
	return c
}
