package pricing

import (
	"quan/internal/domain/coupon"
)

// sum is what a coupon that takes one sum takes off lines of which scope is left,
// before anything cuts it. It never rises when scope falls.
func (e *effect) sum(b *basket, scope int64) int64 {
	t := e.Terms
	amount, bps := t.AmountMinor, t.DiscountBps
	if len(t.Steps) > 0 {
		s := e.step(scope, &b.rules.Profile)
		if s == nil {
			return 0
		}
		amount, bps = s.AmountMinor, s.DiscountBps
	}
	var off int64
	switch t.Kind {
	case coupon.KindNewTotal:
		off = max(scope-t.TotalMinor, 0)
	case coupon.KindStoredValue:
		off = max(e.BalanceMinor, 0)
		if t.AmountMinor > 0 {
			off = min(off, t.AmountMinor)
		}
	case coupon.KindPercentOff:
		base := scope
		if e.ofList(&b.rules.Profile) {
			base = e.list
		}
		off = b.rules.Profile.percent(base, bps)
	default:
		off = amount
		if t.Repeat {
			off *= e.times(scope)
		}
	}
	if t.CapMinor > 0 {
		off = min(off, t.CapMinor)
	}
	return off
}

// ofList reports whether percentages are taken of list amounts.
func (e *effect) ofList(p *Profile) bool {
	if e.Terms.Stacking.Base == "" {
		return p.Base == PercentList
	}
	return e.Terms.Stacking.Base == coupon.TakenList
}

// step is the last step that is reached; nil for none. Steps rise.
func (e *effect) step(scope int64, p *Profile) *coupon.Step {
	for n := len(e.Terms.Steps) - 1; n >= 0; n-- {
		s := &e.Terms.Steps[n]
		off := e.ofStep(s, scope, p)
		if s.ThresholdQuantity <= e.quantity && s.ThresholdMinor <= baseOf(e.Terms, e.list, scope, off) {
			return s
		}
	}
	return nil
}

// ofStep is what a step takes off by the terms: nothing but their cap cuts it.
func (e *effect) ofStep(s *coupon.Step, scope int64, p *Profile) int64 {
	off := s.AmountMinor
	if s.DiscountBps > 0 {
		if e.ofList(p) {
			scope = e.list
		}
		off = p.percent(scope, s.DiscountBps)
	}
	if e.Terms.CapMinor > 0 {
		off = min(off, e.Terms.CapMinor)
	}
	return off
}

// times is how often a threshold is full.
func (e *effect) times(scope int64) int64 {
	t := e.Terms
	most := t.Times
	if most == 0 {
		most = 1_000_000_000
	}
	if t.ThresholdMinor > 0 {
		whole := t.ThresholdMinor
		if t.ThresholdBase == coupon.BaseAfter {
			whole += t.AmountMinor
		}
		most = min(most, baseOf(t, e.list, scope, 0)/whole)
	}
	if t.ThresholdQuantity > 0 {
		most = min(most, e.quantity/t.ThresholdQuantity)
	}
	if t.AmountMinor > 0 { // more than the cart holds changes nothing
		most = min(most, scope/t.AmountMinor+1)
	}
	return most
}

// baseOf is the amount that a threshold is compared with: the list amount of the
// lines in scope, what is left of it before this coupon, or after it.
func baseOf(t *coupon.Terms, list, before, off int64) int64 {
	switch t.ThresholdBase {
	case coupon.BaseList:
		return list
	case coupon.BaseAfter:
		return before - off
	}
	return before
}

// gap is what lacks to the threshold of terms, in minor units and in units.
func gap(t *coupon.Terms, list, before, off, quantity int64) (minor, units int64) {
	if t.Kind == coupon.KindNoThreshold {
		return 0, 0
	}
	want, count := t.ThresholdMinor, t.ThresholdQuantity
	if len(t.Steps) > 0 {
		want, count = t.Steps[0].ThresholdMinor, t.Steps[0].ThresholdQuantity
	}
	if units = max(count-quantity, 0); want > 0 {
		minor = max(want-baseOf(t, list, before, off), 0)
	}
	return minor, units
}
