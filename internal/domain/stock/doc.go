// Package stock is batches of a template's coupons 批次: each has a number of coupons
// of its own and may have its own validity, placements, times and budget.
//
// It owns what a batch is and which batches a request draws from, and in which
// order (Candidates, Open). It does not own the counters of a batch nor the
// decision: package issue takes the first open batch with room, under the lock of
// its counters. It knows no coupons; a coupon names its batch.
//
// A template that was ever given a batch gives out coupons from batches only,
// also when all of them are archived: else the end of the last one would open the
// template's whole stock. The limits of the template hold besides.
//
//	the request names      it draws from
//	a batch                that one
//	a placement            the batches bound to it; where there are none, as without
//	nothing                the batches that are bound to no placement and not reserved
//
// Among several: by rank, then by id. A batch that is full, stopped, outside its
// times or whose validity is over is passed over.
//
// Invariants: a batch gives out no more coupons than the largest size that it ever
// had (Most); lowering the size below what is out is legal and only stops more.
//
// Time: the moment is an argument; intervals are [from, to).
package stock
