// Package schedule holds when a coupon can be claimed (Window) and used (Validity),
// and finds the dates of an issued coupon.
//
// Intervals are [from, to). Days are local days of the market: a same-day coupon
// ends at local midnight, N days are N local days of which the day of activation is
// the first, however long a clock change makes them. A delay activates the coupon
// some hours after its issue, at the beginning of a later day, or at a moment. A relative validity may outlive the claim window
// (default) or be cut by it. Forever stands for no end, so that one comparison
// serves all.
//
// Sessions open a claim window again and again, by local clocks: an hour that a
// clock change skips begins with the change, one that comes twice counts from the
// first time to the end of the second. A session belongs to the day on which it
// begins, also when it goes over midnight; sessions never share a moment, so the
// start of one is its name (Window.Start), under which limits count.
//
// It does not know who claims or what is bought. It never reads a clock: the
// moment of issue is an argument.
package schedule
