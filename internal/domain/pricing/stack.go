package pricing

import (
	"cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Before orders the coupons of a set into their stack: line coupons, then those
// for the whole order; inside a level by priority (higher first), then
// percentages before amounts before gifts, then by template, version and id. It
// is a function of the two alone, so the order is one of the set. Coupons of one
// template stand in one place, whichever of them is taken.
func Before(a, b Candidate) int {
	return cmp.Or(
		cmp.Compare(level(a.Terms), level(b.Terms)),
		cmp.Compare(b.Terms.Priority, a.Terms.Priority),
		cmp.Compare(late(a.Terms.Kind), late(b.Terms.Kind)),
		cmp.Compare(a.Coupon.Template, b.Coupon.Template),
		cmp.Compare(a.Coupon.Version, b.Coupon.Version),
		cmp.Compare(a.Coupon.ID, b.Coupon.ID),
	)
}

func level(t *coupon.Terms) int {
	if t.Scope.Everything() {
		return 1
	}
	return 0
}

func late(k coupon.Kind) int {
	switch k {
	case coupon.KindPercentOff:
		return 0
	case coupon.KindGift:
		return 2
	}
	return 1
}

// off is what the effect takes off in its place: where scope is left of its lines
// and all of the order. Rounded once, at most what is left, and cut so that the
// floor stays. It never rises when scope and all fall.
func (e *effect) off(scope, all, floor int64) int64 {
	var off int64
	switch t := e.Terms; t.Kind {
	case coupon.KindAmountOff, coupon.KindNoThreshold:
		off = t.AmountMinor
	case coupon.KindPercentOff:
		base := scope
		if t.Stacking.Base == coupon.TakenList {
			base = e.list
		}
		off = money.Percent(base, t.DiscountBps)
		if t.CapMinor > 0 {
			off = min(off, t.CapMinor)
		}
	}
	if e.Terms.AllowZero {
		floor = 0
	}
	return max(min(off, scope, all-floor), 0)
}

// refusals are the reasons that depend on its place, in Order: the threshold, and
// that it brings nothing.
func (e *effect) refusals(scope, off int64) (found []*fault.Fault) {
	if gap := gapOf(e.Terms, e.list, scope, off); gap > 0 {
		found = append(found, fault.New(fault.ThresholdNotMet, "gap_minor", gap))
	}
	if off == 0 && e.Terms.Kind != coupon.KindGift {
		found = append(found, fault.New(fault.NoEffect))
	}
	return found
}

// stands reports whether refusals would find none.
func (e *effect) stands(scope, off int64) bool {
	return (off > 0 || e.Terms.Kind == coupon.KindGift) && gapOf(e.Terms, e.list, scope, off) <= 0
}

// gapOf is what lacks to the threshold, on the terms' base: the list amount of
// the lines in scope, what is left of it before this coupon, or after it.
func gapOf(t *coupon.Terms, list, before, off int64) int64 {
	if t.Kind == coupon.KindNoThreshold {
		return 0
	}
	base := before
	switch t.ThresholdBase {
	case coupon.BaseList:
		base = list
	case coupon.BaseAfter:
		base -= off
	}
	return t.ThresholdMinor - base
}

// placed is an effect in its place of a stack.
type placed struct {
	*effect
	scope   int64 // left of the lines in scope before it
	off     int64
	parts   []int64        // of off, by e.lines
	reasons []*fault.Fault // that depend on its place
}

// stack is a set of coupons laid on a cart one after the other.
type stack struct {
	uses []placed
	left []int64 // of each line
	all  int64   // of all lines
}

func bare(cart *Cart) *stack {
	s := &stack{left: make([]int64, len(cart.Lines))}
	for i, l := range cart.Lines {
		s.left[i] = l.ListMinor()
		s.all += s.left[i]
	}
	return s
}

// lay puts the next effect of the stack's order on the stack.
func (s *stack) lay(e *effect, floor int64) {
	p := placed{effect: e, scope: sumOf(s.left, e.lines)}
	p.off = e.off(p.scope, s.all, floor)
	p.reasons = e.refusals(p.scope, p.off)
	p.parts = e.take(s.left, p.off)
	s.all -= p.off
	s.uses = append(s.uses, p)
}

// take splits off over what is left of the lines in scope, and takes it from there.
func (e *effect) take(left []int64, off int64) []int64 {
	weights := make([]int64, len(e.lines))
	for i, line := range e.lines {
		weights[i] = left[line]
	}
	parts := money.Split(off, weights)
	for i, line := range e.lines {
		left[line] -= parts[i]
	}
	return parts
}

func sumOf(amounts []int64, lines []int32) (sum int64) {
	for _, i := range lines {
		sum += amounts[i]
	}
	return sum
}

// Holds reports whether the conditions of terms (must-contain and threshold)
// would hold for what is kept of an order: lines with their list amounts and
// quantities, what coupons before this one leave of each, and the discount that
// is left of this one. A line of no units is not there.
func Holds(t *coupon.Terms, lines []rule.Line, amounts, quantities, before []int64, discount int64) bool {
	var list, scope int64
	for i, l := range lines {
		if quantities[i] > 0 && t.Scope.Matches(l) {
			list += amounts[i]
			scope += before[i]
		}
	}
	index, _, _ := missing(t.Contains, len(lines), func(i int) (rule.Line, int64, int64) {
		return lines[i], amounts[i], quantities[i]
	})
	return index < 0 && gapOf(t, list, scope, discount) <= 0
}
