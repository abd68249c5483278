// Package desk decides what a service agent may do for a member who was wronged:
// give a coupon again that was withdrawn or has expired (reissue), move the end of
// one that is alive (extend), or give one that was marked for it (compensate).
//
// It owns the desk of a market (Desk: how much a day, by one agent and by all; how
// far an end may move; which templates compensate), the acts, and the counters of
// their quota. It does not own the coupons: a compensation is a grant like any
// other, under the template's own limits and budgets.
//
// Invariants: each act counts once under its agent and once under the desk, in the
// same transaction; a coupon is given again at most once, keeps the terms it had,
// and takes of no limit on issuing, as the one it stands for has taken and keeps
// what it took; what a limit on liability holds is reserved anew. Desk extensions of
// one coupon move its end by Desk.ExtendDays together at most.
//
// Time: days are those of the market's zone, instants are arguments.
package desk
