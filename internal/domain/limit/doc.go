// Package limit is the one mechanism of limits: what × cap × period × per whom.
//
// It owns the names of counters (Key), what an act takes of them (Takings) and the
// arithmetic on a counter (Room, Take, TakeOver, Give, Move). A limit lies on a
// holder: a template, or a budget that several templates draw on (domain/budget).
// It does not own the rows: the store locks and writes them; issue and redemption
// decide on them.
//
// Invariants: 0 ≤ taken ≤ ceiling. The cap is policy and lies in the holder;
// lowering it below what is taken is legal and only stops more; ceiling =
// max(cap, taken). Over counts what was taken beyond the cap to keep a promise, and
// is never taken back. What is given back goes to the period it was taken from.
// Taking nothing (an amount of zero) is always possible. A limit per placement or
// store counts nothing where there is none; one per person, device or payer asks
// for its subject.
//
// What a plain limit (per template, member or placement; ever, day, week, month)
// has counted follows from the coupons and redemptions themselves. Any other leaves
// an Entry for each coupon and redemption, and the counter is the sum of them.
//
// Time: a period is named by its first local day in the market's zone and week, a
// rolling limit counts whole hours; day and instant are arguments.
package limit
