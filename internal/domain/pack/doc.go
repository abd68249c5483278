// Package pack is the noun of packs 礼包: several templates with counts that a member
// gets by one act.
//
// It owns what a pack is made of, its own window, switch and limits, the decision
// whether a member gets one, and the order of its refusals. It does not own whether
// each of its coupons may be issued (package issue decides each as if it were asked
// for alone), nor their dates and counters.
//
// One act has one origin id, which its coupons share; that is also what tells a pack
// apart. Whole packs (the default) are given whole or not at all; a partial pack gives
// what can be had, at least one coupon, and says what is missing and why.
//
// A newcomer pack, or one that holds a newcomer coupon, is one newcomer issue
// (semantics 8): its coupons don't stand in each other's way, and the coupons of a
// newcomer pack are newcomer coupons whatever their templates say.
//
// Limits are those of package limit, counted in packs: per pack, member, and what a
// placement may give out. They are decided before the coupons' own, in the same
// transaction, and taken only if coupons are issued. A pack that is changed changes
// what is given out from then on; coupons that were issued keep their terms.
//
// Time: one now a decision; days and weeks are the market's.
package pack
