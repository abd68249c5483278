// Package issue decides whether a member gets a coupon 发券: by a claim 领取, a
// grant 派发, an exchange code or an import. It is pure; the app locks the rows, reads now once
// after the locks, and writes what Decide returns.
//
// It owns the refusals of issuing and their order (Order, as in kernel/fault), the
// newcomer rule, dates and worst-case liability of the new coupon, and the facts that
// explain it later. It does not own ids, coupon numbers or the counters' rows.
//
// What each delivery form is asked:
//
//	                                   claim   grant   import   (a code asks as a claim)
//	state, claiming switch, blocked    yes     yes     yes
//	claim window                       yes     no      yes, at the import's own now
//	placement, when one is named       yes     yes     yes
//	a batch of stock, where there are  yes     yes     yes
//	delivery channel and city          yes     when given (both)
//	conditions of the claim rules      yes     yes     no
//	newcomer rule, limits              yes     yes     yes
//	open budgets                       yes     yes     no
//	by which device, payer, person     yes     no      no, where a limit counts by it
//
// A claim that names no city can't be made where the template lists cities. A
// placement's channel is the channel of its claims: naming another one is
// channel_not_allowed. A coupon whose dates would have ended before they began,
// or by now, is refused as claim_ended. A template with batches (package stock) gives out coupons of the first one with
// room, with its validity. None open is batch_closed; open ones without coupons are
// sold_out, or budget_exhausted where only the money is missing.
//
// Newcomer rule (semantics 8): at most one live newcomer issue per member. Live is
// usable or locked and not past its end; a pack's coupons (one origin) are one issue.
//
// Counters: the stock of the template (coupons ever issued) and that of the
// placement are always counted, limited or not, so that a cap set later starts
// from the truth. IssueCount takes one, IssueAmount the worst-case liability,
// for good: neither use nor expiry gives it back. Liability takes it too, and is
// settled by what becomes of the coupon (budget.Settle).
//
// Time: one now a decision; days and weeks are the market's.
package issue
