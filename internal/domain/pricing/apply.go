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
	set := make([]*effect, len(chosen))
	at := places{}
	for i, c := range chosen {
		if _, twice := at[c.Coupon.ID]; twice {
			return Result{}, fault.New(fault.DuplicateValue).At(fmt.Sprintf("/coupons/%d", i))
		}
		at[c.Coupon.ID] = i
		set[i] = assess(cart, c, rules)
	}
	judged := make([]Judged, len(set))
	for i, e := range set {
		off, _ := e.alone(cart, rules)
		judged[i] = e.judged(off, nil)
		judged[i].Verdict = Applied
	}
	slices.SortFunc(set, compare)
	s := pile(cart, set, rules)
	if f := First(s.against(at, rules)); f != nil {
		return Result{}, f
	}
	r := s.result(cart)
	r.Coupons, r.Optimal, r.BoundMinor = judged, true, r.PayableMinor
	return r, nil
}

// compare is Before for effects.
func compare(a, b *effect) int { return Before(a.Candidate, b.Candidate) }

// pile lays a set, sorted by compare, on a cart.
func pile(cart *Cart, set []*effect, rules Rules) *stack {
	s := bare(cart)
	for _, e := range set {
		s.lay(e, rules.FloorMinor)
	}
	return s
}

// places are where the request names each coupon.
type places map[id.ID]int

func (p places) of(e *effect) string { return fmt.Sprintf("/coupons/%d", p[e.Coupon.ID]) }

// against are all reasons against the stack. Of two coupons that can't stand
// together the fault points at the one that the request names later.
func (s *stack) against(at places, rules Rules) (found []*fault.Fault) {
	for i, p := range s.uses {
		for _, f := range slices.Concat(p.effect.reasons, p.reasons) {
			found = append(found, f.At(at.of(p.effect)))
		}
		for _, q := range s.uses[:i] {
			if q.Terms.Stacking.Beside(&p.Terms.Stacking) {
				continue
			}
			first, later := q.effect, p.effect
			if at[first.Coupon.ID] > at[later.Coupon.ID] {
				first, later = later, first
			}
			found = append(found, conflict(later, first).At(at.of(later)))
		}
	}
	if most := rules.setMax(); len(s.uses) > most {
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
func (s *stack) result(cart *Cart) Result {
	r := Result{ListMinor: cart.ListMinor(), Lines: make([]int64, len(cart.Lines))}
	for _, p := range s.uses {
		lines := make([]int64, len(cart.Lines))
		for i, line := range p.lines {
			lines[line] = p.parts[i]
			r.Lines[line] += p.parts[i]
		}
		r.DiscountMinor += p.off
		use := Use{
			Coupon: p.Coupon.ID, Template: p.Coupon.Template, Version: p.Coupon.Version,
			DiscountMinor: p.off, Cells: bear(lines, p.Terms.Funders),
		}
		if p.Terms.Kind == coupon.KindGift {
			use.Gift = p.Terms.Gift
		}
		r.Uses = append(r.Uses, use)
	}
	r.PayableMinor = r.ListMinor - r.DiscountMinor
	return r
}
