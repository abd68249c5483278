// Package redemption decides what happens to issued coupons on orders: lock 锁定,
// redeem 核销, release, expiry of a lock, refund 退款 and return 退券. It is pure;
// the app prices before the transaction, locks the rows, and writes what a
// decision returns.
//
// Refusals come in Order; the first that holds is given, the others are in Also.
//
// Locks. The identity of a lock is the order's key: locking again resolves the
// old lock, keeps the coupons that are in both and releases the rest. A lock ends
// after the market's TTL, or with the first of its coupons if that is sooner, so
// that what it promises can be kept. It leaves Active once: redeemed, released or
// expired. Expiry is a fact of the clock; the row follows by a job.
//
// Payment. With a lock its stored pricing counts, whatever prices say by then. A
// payment after the lock's end is honoured, where the market does, if the coupon
// is unused, unlocked and inside its own dates: recorded as late. Pauses and
// withdrawals act on locked coupons too.
//
// Limits. A lock takes the redeem counters of its day, without which it is
// refused. Paying settles: on the same counters nothing moves; where a day, week
// or month has begun since, the taking moves to the new period and what lies over
// its cap is over-use. Release and expiry give back to the lock's period. A late
// payment of a lock that was swept takes over the cap. A return gives back one
// use and the whole discount to the period of the redemption's Day, once, when
// nothing of the order is left - whether or not the coupon goes back; a partial
// refund gives nothing back. Issue counters stay: neither use nor return undoes an issue.
//
// So a redeem counter is, at any time: the redemptions of its period without
// ReturnedAt, and the active locks created in it.
//
// Refunds. Line by line the paid share of the returned units is floor(paid ×
// returned ÷ quantity), cumulative, so that the refunds of a line sum to what was
// paid. Conditions that break (kept.go): keep changes nothing, a gift stays too;
// recompute holds back what the kept units would no longer get, and gifts that are
// not sent back, until those units return; refuse refuses. On a full refund a gift
// not sent back is charged. A coupon goes back on a full refund only, with its own
// expiry, or the market's grace when it was used up.
//
// Time: one now a decision, read by the caller after its locks.
package redemption
