package pricing

import (
	"cmp"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
)

// Before orders the coupons of a set into their stack: coupons by units, sums off
// some lines, sums off everything, shipping; inside a level by priority (higher
// first), then percentages before amounts before stored values before benefits,
// then by template, version and id. It is a function of the two alone, so the
// order is one of the set. Coupons of one template stand in one place, whichever
// of them is taken.
func Before(a, b Candidate) int {
	return cmp.Or(
		cmp.Compare(level(a.Terms), level(b.Terms)),
		cmp.Compare(b.Terms.Priority, a.Terms.Priority),
		cmp.Compare(late(a.Terms), late(b.Terms)),
		cmp.Compare(a.Coupon.Template, b.Coupon.Template),
		cmp.Compare(a.Coupon.Version, b.Coupon.Version),
		cmp.Compare(a.Coupon.ID, b.Coupon.ID),
	)
}

// The levels of a stack.
const (
	levelUnits    = 0
	levelLines    = 1
	levelOrder    = 2
	levelShipping = 3
)

func level(t *coupon.Terms) int {
	switch {
	case t.Kind == coupon.KindShipping:
		return levelShipping
	case t.Class() == coupon.ClassUnits:
		return levelUnits
	case t.Scope.Everything():
		return levelOrder
	}
	return levelLines
}

// late orders inside a priority: percentages, amounts and prices, stored values, benefits.
func late(t *coupon.Terms) int {
	switch {
	case t.Class() == coupon.ClassBenefit:
		return 3
	case t.Kind == coupon.KindStoredValue:
		return 2
	case t.DiscountBps > 0 || len(t.Steps) > 0 && t.Steps[0].DiscountBps > 0:
		return 0
	}
	return 1
}

// Before orders two coupons as the profile does.
func (p Profile) Before(x, y Candidate) int {
	switch p.Order {
	case OrderRequest:
		return cmp.Or(cmp.Compare(x.Place, y.Place), Before(x, y))
	case OrderValue:
		return cmp.Or(cmp.Compare(value(y.Terms), value(x.Terms)), Before(x, y))
	}
	return Before(x, y)
}

func (b *basket) compare(x, y *effect) int { return b.rules.Profile.Before(x.Candidate, y.Candidate) }

// value is the amount or percentage that terms name, for OrderValue.
func value(t *coupon.Terms) int64 { return max(t.AmountMinor, t.DiscountBps) }

// beside reports whether two coupons can stand on one order.
func (b *basket) beside(x, y *effect) bool {
	return b.rules.Profile.Together == TogetherAll || x.Terms.Stacking.Beside(&y.Terms.Stacking)
}

// placed is an effect in its place of a stack.
type placed struct {
	*effect
	outcome
	reasons []*fault.Fault // that depend on its place
}

// stack is a set of coupons laid on a basket one after the other.
type stack struct {
	uses []placed
	*ground
}

// lay puts the next effect of the stack's order on the stack.
func (s *stack) lay(b *basket, e *effect) {
	o := e.on(b, s.ground, spent(s.uses, e.Budget))
	s.uses = append(s.uses, placed{effect: e, outcome: o, reasons: o.reasons})
	o.apply(s.ground)
}

// spent is what some coupons of a stack took of a budget.
func spent(uses []placed, budget *Budget) int64 {
	if budget == nil {
		return 0
	}
	return spentOf(budget, func(yield func(*Budget, int64)) {
		for i := range uses {
			yield(uses[i].Budget, uses[i].off)
		}
	})
}
