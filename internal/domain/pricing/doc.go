// Package pricing says what coupons bring on a cart: which apply, which not and
// why, what each takes off every line, and who bears it.
//
// It owns the order of refusals at use (Order), the amounts (semantics 2 and 3),
// the split over lines and funders, and the choice of the best set. It does not
// own limits, locks or stored rows: redemption asks those, at commit.
//
// Amounts. A discount is rounded half up once per coupon, never exceeds the list
// amount of the lines in scope, and leaves at least the market's floor to pay
// unless the terms allow zero. It is split over the lines in scope by money.Split,
// and each line over the funders with a carry (see bear). So Σ lines = Σ funders
// = discount, always. A gift takes nothing off and is effective by itself.
//
// Conditions. list and before are the list amount of the lines in scope as long
// as an order takes one coupon; after is that amount less the coupon's own
// discount. Must-contain conditions read list amounts of the whole cart.
//
// Best: lowest payable; ties: the higher value of gifts, then fewer coupons, then
// the coupon that expires first, then the lower id. Between equal payables a gift
// is worth something to the customer, so it goes before the count of coupons; and
// a set that brings something, be it a gift of unknown value, goes before the
// empty set. The choice is a function of the set of candidates, not of their order.
//
// This release takes one coupon an order (SetMax). best gets all legal candidates,
// so that a search over sets replaces that one function.
//
// Time: Rules.Now decides; nothing reads a clock.
package pricing
