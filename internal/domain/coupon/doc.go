// Package coupon holds the template 券模板, its versions, and the issued coupon.
//
// It owns the content of a template and what is well formed (Validate), the states
// of a coupon and every legal step between them, and the coupon number 券码. It
// does not own whether a member may have a coupon (issue), what it brings
// (pricing), or orders and locks (redemption).
//
//	usable → locked → usable | used          by an order's lock
//	usable → usable | used                   a use; uses left keep it usable
//	usable → expired | withdrawn             final
//	used → usable | expired                  a return only
//
// Invariants: 0 ≤ used ≤ uses; NextUse only rises, so (coupon, use) names one
// redemption for ever; a locked coupon has the id of its lock; each step raises Rev
// by one and is one change. Terms and dates of an issued coupon never change, save
// the grace that a return may give; a published version never changes.
//
// Kinds: a kind reads some fields of Terms (kinds in reads.go is the table); any
// other is refused, and so are rules of which one is never reached. Whole terms may
// be free only with AllowZero; single units, gifts and shipping may be free always.
// Liability bounds what all uses can cost; no amount limit stands over terms that
// nothing bounds, or that have amounts in further currencies. Complexity says how
// hard it all is to understand.
//
// A coupon number is a keyed permutation of the id with a check character: found
// without a look-up, and no hint of the id without the secret.
//
// Time: a coupon lives in [ValidFrom, ValidTo). At says what it is at an instant; a
// stored state may be behind.
package coupon
