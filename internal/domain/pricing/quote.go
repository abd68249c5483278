package pricing

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Quote judges every candidate and chooses the best legal set (of one coupon in
// this release). The result's choice does not depend on the order of the request.
func Quote(cart *Cart, candidates []Candidate, rules Rules) Result { return Result{} }

// Apply prices exactly the chosen coupons, or returns the first refusal in
// Order, with a pointer /coupons/i and all further ones in Also. No coupon at
// all is legal and takes nothing off.
func Apply(cart *Cart, chosen []Candidate, rules Rules) (Result, *fault.Fault) {
	return Result{}, nil
}

// Judge judges one candidate alone: its discount, or the reasons against it -
// the first only, or all of them. Verdict is Skipped where it is legal.
func Judge(cart *Cart, c Candidate, rules Rules, all bool) Judged { return Judged{} }

// Usable returns the refusals that need no cart (state, dates, lock, switch), in
// Order: what lock and redeem ask again under their locks. forLock is the lock
// whose hold on the coupon does not count.
func Usable(c *coupon.Coupon, use bool, forLock id.ID, now calendar.Instant) []*fault.Fault {
	return nil
}
