// Package metric holds the rollups of the funnel: issued, used, returned, expired,
// and the money, by market, day, template, placement, form, channel and city, and for
// uses by the merchant and store of their orders.
//
// It owns the dimensions, the sums and how they fold. It does not own the facts:
// every value can be recounted from coupons, redemptions, orders and refunds.
//
// Invariants: folded rows plus deltas = recount. Template zero is the cell of all
// orders and is never added to the cells of templates.
//
// Time: Day is the market's local date at the decision, stored with the fact.
package metric
