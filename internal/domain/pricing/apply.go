package pricing

import (
	"fmt"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// SetDefault is how many coupons an order takes where the rules don't say.
const SetDefault = 5

func (r Rules) setMax() int {
	if r.MaxCoupons > 0 {
		return int(r.MaxCoupons)
	}
	return SetDefault
}

// Apply prices exactly the chosen coupons, or returns the first refusal in
// Order, with a pointer /coupons/i and all further ones in Also. The result does
// not depend on the order of the request. No coupon at all is legal and takes
// nothing off. Result.Coupons are in request order.
func Apply(cart *Cart, chosen []Candidate, rules Rules) (Result, *fault.Fault) {
	b := basketOf(cart, &rules)
	set := make([]*effect, len(chosen))
	at := places{}
	for i, c := range chosen {
		if _, twice := at[c.Coupon.ID]; twice {
			return Result{}, fault.New(fault.DuplicateValue).At(fmt.Sprintf("/coupons/%d", i))
		}
		at[c.Coupon.ID] = i
		c.Place = i
		set[i] = assess(b, c)
	}
	judged := make([]Judged, len(set))
	for i, e := range set {
		off, _ := e.alone(b)
		judged[i] = e.judged(off, nil)
		judged[i].Verdict = Applied
	}
	slices.SortFunc(set, b.compare)
	s := b.pile(set)
	if rules.Profile.NoEffect == EffectDrop {
		s = b.effective(s, judged, at)
	}
	if f := First(s.against(b, at)); f != nil {
		return Result{}, f
	}
	r := s.result(b)
	r.Coupons, r.Optimal, r.BoundMinor = judged, true, r.PayableMinor
	return r, nil
}

// pile lays a set, sorted by compare, on a basket.
func (b *basket) pile(set []*effect) *stack {
	units := slices.ContainsFunc(set, func(e *effect) bool { return e.targets != nil })
	s := &stack{ground: b.untouched(units)}
	for _, e := range set {
		s.lay(b, e)
	}
	return s
}

// effective leaves out coupons that are refused in their place, one after the
// other from the first, and says so in their verdicts.
func (b *basket) effective(s *stack, judged []Judged, at places) *stack {
	units := s.fresh != nil
	kept := &stack{ground: b.untouched(units)}
	for _, p := range s.uses {
		o := p.on(b, kept.ground, spent(kept.uses, p.Budget))
		if reasons := slices.Concat(p.effect.reasons, o.reasons); len(reasons) > 0 {
			j := &judged[at[p.Coupon.ID]]
			j.Verdict, j.DiscountMinor, j.Reasons = Inapplicable, 0, reasons
			continue
		}
		kept.uses = append(kept.uses, placed{effect: p.effect, outcome: o})
		o.apply(kept.ground)
	}
	return kept
}

// places are where the request names each coupon.
type places map[id.ID]int

func (p places) of(e *effect) string { return fmt.Sprintf("/coupons/%d", p[e.Coupon.ID]) }

// against are all reasons against the stack. Of two coupons that can't stand
// together the fault points at the one that the request names later.
func (s *stack) against(b *basket, at places) (found []*fault.Fault) {
	for i, p := range s.uses {
		for _, f := range slices.Concat(p.effect.reasons, p.reasons) {
			found = append(found, f.At(at.of(p.effect)))
		}
		for _, q := range s.uses[:i] {
			if b.beside(q.effect, p.effect) {
				continue
			}
			first, later := q.effect, p.effect
			if at[first.Coupon.ID] > at[later.Coupon.ID] {
				first, later = later, first
			}
			found = append(found, conflict(later, first).At(at.of(later)))
		}
	}
	if most := b.rules.setMax(); len(s.uses) > most {
		found = append(found, fault.New(fault.TooManyCoupons, "max", int64(most)).At("/coupons"))
	}
	return found
}

// conflict says that a coupon can't stand on one order with another one.
func conflict(e, other *effect) *fault.Fault {
	return fault.New(fault.StackingConflict, "coupon", id.Format(id.Coupon, e.Coupon.ID), "other", id.Format(id.Coupon, other.Coupon.ID))
}

// First returns the refusal that comes first in Order, with the others in Also;
// nil for none. Refusals that Order does not name keep their place behind it.
func First(found []*fault.Fault) *fault.Fault {
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, func(a, b *fault.Fault) int { return rank(a.Code) - rank(b.Code) })
	first := found[0]
	first.Also = append(first.Also, found[1:]...)
	return first
}

func rank(code fault.Code) int {
	if i := slices.Index(Order, code); i >= 0 {
		return i
	}
	return len(Order)
}

// result adds up what a legal stack brings.
func (s *stack) result(b *basket) Result {
	r := Result{ListMinor: b.all, Lines: make([]int64, len(b.Lines))}
	for _, p := range s.uses {
		lines := make([]int64, len(b.Lines))
		for i, line := range p.from {
			lines[line] = p.parts[i]
			r.Lines[line] += p.parts[i]
		}
		r.DiscountMinor += p.off
		use := Use{
			Coupon: p.Coupon.ID, Template: p.Coupon.Template, Version: p.Coupon.Version,
			DiscountMinor: p.off, Units: p.units, Cells: bear(lines, p.Terms.Funders),
		}
		if p.given > 0 {
			gift := *p.Terms.Gift
			gift.Quantity = p.given
			use.Gift = &gift
		}
		if x := p.Terms.External; x != nil && p.Terms.Kind == coupon.KindExternal {
			use.Benefit = &Benefit{Unit: x.Unit, Value: x.Value, Lines: s.spread(b, p.effect, x.Value)}
		}
		r.Uses = append(r.Uses, use)
	}
	r.PayableMinor = r.ListMinor - r.DiscountMinor
	return r
}

// spread shares the value of a benefit over the cart's lines, by what is paid for
// those in scope.
func (s *stack) spread(b *basket, e *effect, value int64) []int64 {
	if len(e.lines) == 0 {
		return nil
	}
	weights := make([]int64, len(b.Lines))
	for _, i := range e.lines {
		weights[i] = s.left[i]
	}
	return b.rules.Profile.divided(value, weights, nil)
}
