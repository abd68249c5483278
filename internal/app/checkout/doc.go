// Package checkout is the use of coupons: Quote (which coupons fit a cart, and
// what it costs), Lock, Redeem, Release, Refund and Return, orders with or
// without a coupon, and the expiry of coupons and locks.
//
// It owns the way of a request: read and price in a View, then lock the rows,
// look up the request's key, see that nothing has moved since the View (the
// revisions of coupons, locks and orders, the generation of templates), decide
// by the pure functions of domain/redemption, and write coupon, lock, order,
// redemption, counters, reply, changes and rollup deltas in one transaction.
// What has moved is read, priced and decided again.
//
// Every writing use case takes a slice. Each element has its own fate; two
// elements that touch the same coupon are decided one after the other, the
// second in a further round, as if they had come alone.
//
// A member's row is locked first and orders twins; an order without a member is
// ordered by the caller's key row. Time is read once, after the locks, unless an
// import brings its own.
package checkout
