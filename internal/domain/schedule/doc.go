// Package schedule holds when a coupon can be claimed (Window) and used (Validity),
// and finds the dates of an issued coupon.
//
// Intervals are [from, to). Days are local days of the market: a same-day coupon
// ends at local midnight, N days are N local days of which the day of activation is
// the first, however long a clock change makes them. A delay starts the coupon at
// the beginning of a later day. A relative validity may outlive the claim window
// (default) or be cut by it. Forever stands for no end, so that one comparison
// serves all.
//
// It does not know who claims or what is bought. It never reads a clock: the
// moment of issue is an argument.
package schedule
