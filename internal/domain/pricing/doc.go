// Package pricing says what coupons bring on a cart: which apply, which not and
// why, what each takes off every line, and who bears it.
//
// It owns the order of refusals at use (Order), the amounts (semantics 2 and 3),
// the order of a stack (Before), the split over lines and funders, and the choice
// of the best set. It does not own limits, locks or stored rows: redemption asks
// those, at commit.
//
// Amounts. Coupons apply one after the other. A sum (sum.go) is rounded half up
// once; coupons by units (units.go, pattern.go) choose units, and what they
// discounted or took as a trigger is touched: the next one does not see it. None
// exceeds what is left of its lines above their least prices, and each is cut so
// that the market's floor is left to pay unless its terms allow zero. It is split
// over its lines, and each line over the funders with a carry (see bear). So
// Σ lines = Σ funders = discount of each use, Σ uses = discount of the order, and no
// line falls below zero. A benefit takes nothing off and is effective by itself.
//
// Conditions. list is the list amount of the lines in scope, before what is left of
// it in front of the coupon, after that less the coupon's own discount.
// Must-contain conditions read list amounts of the whole cart.
//
// Legal: no two coupons exclude each other or are of one group, each brings
// something in its place and meets its threshold there, and they are not too many.
//
// Best: lowest payable; ties: the higher value of gifts, then more gifts of unknown
// value, then fewer coupons, then those that expire first, then the lower ids. The
// choice is a function of the set of candidates, unless a profile keeps the
// request's order.
//
// Best is proved: search.go looks at every legal set that could be better, or says
// by Optimal and BoundMinor that it stopped. What it may leave out rests on bounds:
// of sums in bound.go, of coupons by units in peak.go. docs/adr/0009 and 0012 have
// the reasons; the model of the tests prices all subsets in another way.
//
// Time: Rules.Now decides; nothing reads a clock.
package pricing
