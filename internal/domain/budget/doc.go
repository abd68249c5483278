// Package budget holds budgets 预算: limits that several templates draw on together,
// with a time of their own.
//
// It owns what a budget is and what a coupon holds of limits on liability over its
// life (Settle). It does not own how limits are counted (domain/limit), nor which
// template draws on it: a published version names its budgets.
//
// Invariants: a budget belongs to one market, whose currency its amounts are in; a
// coupon that was issued draws on the budgets of its version for life; what it holds
// of a limit on liability is the worst case of the uses that it has left, and what
// the uses that stand took off. Its From stays once it has begun, so that the limits
// of the campaign are counted once.
//
// Time: coupons are issued in [From, To), either end open when zero. Uses go on
// drawing on it after that.
package budget
