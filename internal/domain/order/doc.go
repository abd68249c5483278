// Package order holds purchases as quan knows them, with or without a coupon, and
// the refunds on them.
//
// It owns the order's identity (source and reference), its lines as sold, and what
// was given back. It does not own fulfilment or payment, nor which coupon brought a
// discount (redemption).
//
// Invariants: Σ lines = order, for list, discount and refunded amounts; 0 ≤
// discount ≤ list; 0 ≤ refunded ≤ paid, per line and per order; (source, ref) acts
// once for ever; CartHash tells a repeat from a change.
//
// Time: At is the decision's instant, Day the market's local day of it, both stored.
package order
