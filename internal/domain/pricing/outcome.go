package pricing

import (
	"math"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// outcome is what an effect does in its place of a stack.
type outcome struct {
	scope   int64 // left of the lines in scope before it
	rest    int64 // of the order before it
	off     int64
	over    bool    // its budget holds less
	from    []int32 // lines that it takes from
	parts   []int64 // of off, by from
	units   []Units
	given   int64 // units handed over
	aside   int64 // of scope, what an add-on's own units cost
	count   int64 // of the units in scope, those that it takes itself as an add-on
	outside int64 // of off, what is taken from lines outside the scope
	claimed *claimed
	reasons []*fault.Fault
}

// on prices the effect on a ground; spent is what coupons before it took of its
// budget. The ground is not changed.
func (e *effect) on(b *basket, g *ground, spent int64) outcome {
	o := outcome{scope: sumOf(g.left, e.lines), rest: g.rest, from: e.lines, given: e.handed(0)}
	switch {
	case e.targets != nil:
		c := b.hand.claim(b, e, g, false)
		c.shares = slices.Clone(c.shares)
		o.off, o.over = e.cut(b, c.raw, math.MaxInt64, g.rest, spent)
		o.over = o.over || c.over
		if o.off < c.raw {
			c.cut(o.off)
		}
		o.claimed, o.units, o.given = &c, c.changed(), e.handed(c.units)
		o.from, o.parts = nil, nil
		for i := range c.shares {
			o.from, o.parts = append(o.from, c.shares[i].line), append(o.parts, c.shares[i].off)
		}
		o.aside, o.count = e.ownUnits(b, &c)
		o.outside = e.offOutside(&c)
	case e.Terms.Class() == coupon.ClassSum:
		o.off, o.parts, o.over = e.sumParts(b, g, o.scope, spent)
	default:
		o.parts = make([]int64, len(e.lines))
	}
	o.reasons = e.refusals(b, o)
	return o
}

// sumParts is what a sum takes off a ground, and of each of its lines.
func (e *effect) sumParts(b *basket, g *ground, scope, spent int64) (off int64, parts []int64, over bool) {
	raw, parts, none := e.sumOn(b, g, scope)
	off, over = e.cut(b, raw, b.roomOf(g, e.lines), g.rest, spent)
	switch {
	case parts == nil:
		parts = e.divided(b, g, off)
	case off < raw:
		parts = money.Split(off, parts)
	}
	return off, parts, over || none
}

// take prices the effect on a ground and takes that from it.
func (e *effect) take(b *basket, g *ground, spent int64) {
	switch {
	case e.targets != nil:
		c := e.claims(b, g)
		if off, _ := e.cut(b, c.raw, math.MaxInt64, g.rest, spent); off < c.raw {
			c.shares = slices.Clone(c.shares)
			c.cut(off)
		}
		c.apply(g)
	case e.Terms.Class() == coupon.ClassSum:
		_, parts, _ := e.sumParts(b, g, sumOf(g.left, e.lines), spent)
		g.takeAll(e.lines, parts)
	}
}

// apply takes an outcome from the ground on which it was reckoned.
func (o *outcome) apply(g *ground) {
	if o.claimed != nil {
		o.claimed.apply(g)
		return
	}
	g.takeAll(o.from, o.parts)
}

// sumOn is the sum on a ground, and its parts where each line is rounded or
// measured by itself; over where the budget left all of them out.
func (e *effect) sumOn(b *basket, g *ground, scope int64) (raw int64, parts []int64, over bool) {
	if b.rules.Profile.Round == RoundLine && e.Terms.Kind == coupon.KindPercentOff {
		parts = e.lineByLine(b, g, scope)
		raw = sumAll(parts)
		if most := e.Terms.CapMinor; most > 0 && raw > most {
			raw, parts = most, money.Split(most, parts)
		}
	} else {
		raw = e.sum(b, scope)
	}
	if !e.byPiece(b) {
		return raw, parts, false
	}
	if parts == nil {
		parts = e.divided(b, g, min(raw, b.roomOf(g, e.lines)))
	}
	whole := sumAll(parts)
	for i := range parts {
		parts[i] = e.piece(b, parts[i])
	}
	raw = sumAll(parts)
	return raw, parts, raw == 0 && whole > 0
}

// lineByLine is a percentage that is rounded on every line.
func (e *effect) lineByLine(b *basket, g *ground, scope int64) []int64 {
	parts, p, bps := make([]int64, len(e.lines)), &b.rules.Profile, e.Terms.DiscountBps
	if len(e.Terms.Steps) > 0 {
		s := e.step(scope, p)
		if s == nil {
			return parts
		}
		bps = s.DiscountBps
	}
	for i, line := range e.lines {
		base := g.left[line]
		if e.ofList(p) {
			base = b.list[line]
		}
		parts[i] = min(p.percent(base, bps), b.room(line, g.left[line]))
	}
	return parts
}

// byPiece reports whether each line of a sum is measured against its budget.
func (e *effect) byPiece(b *basket) bool {
	return e.Budget != nil && e.over(b) == OverPiece
}

// divided splits what a sum takes off over its lines, by what may be taken of each.
func (e *effect) divided(b *basket, g *ground, off int64) []int64 {
	weights := b.hand.weights[:0]
	for _, line := range e.lines {
		weights = append(weights, b.room(line, g.left[line]))
	}
	b.hand.weights = weights
	return b.rules.Profile.split(off, weights)
}

// cut is what is left of a sum by the room of its lines, the floor, the caps of
// the set and the budget; refused where the budget refuses it.
func (e *effect) cut(b *basket, raw, room, rest, spent int64) (off int64, refused bool) {
	off = max(min(raw, room, rest-b.floor(e.Terms)), 0)
	if e.Budget == nil {
		return off, false
	}
	over := e.over(b)
	if over == OverPiece {
		return off, false
	}
	if left := max(e.Budget.LeftMinor-spent, 0); off > left {
		return left, over == OverRefuse
	}
	return off, false
}

// handed is how many units go with the order when found of them are in the cart.
func (e *effect) handed(found int64) int64 {
	if e.Terms.Gift == nil || !e.hands() {
		return 0
	}
	if e.targets == nil {
		return e.Terms.Gift.Quantity
	}
	return max(e.Terms.Gift.Quantity-found, 0)
}

// ownUnits is what an add-on's units cost, and how many they are, of those in the
// scope of its threshold: they don't count for it.
func (e *effect) ownUnits(b *basket, c *claimed) (minor, units int64) {
	if e.Terms.Kind != coupon.KindAddOn {
		return 0, 0
	}
	in := 0
	for i := range c.shares {
		s := &c.shares[i]
		for in < len(e.lines) && e.lines[in] < s.line {
			in++
		}
		if in == len(e.lines) || e.lines[in] != s.line {
			continue
		}
		units += s.units
		if e.Terms.ThresholdBase == coupon.BaseList {
			minor += money.MulDivHalfUp(b.list[s.line], s.units, b.Lines[s.line].Quantity)
		} else {
			minor += s.base
		}
	}
	return minor, units
}

// offOutside sums what is taken from lines that are not in the scope.
func (e *effect) offOutside(c *claimed) (minor int64) {
	for i := range c.shares {
		if _, in := slices.BinarySearch(e.lines, c.shares[i].line); !in {
			minor += c.shares[i].off
		}
	}
	return minor
}

// refusals are the reasons that depend on its place, in Order: its conditions, the
// threshold, the budget, and that it brings nothing.
func (e *effect) refusals(b *basket, o outcome) (found []*fault.Fault) {
	if f := e.inPlace(b, o.rest, o.off); f != nil {
		found = b.reason(found, f)
	}
	minor, units := e.gap(o)
	if minor > 0 {
		found = b.reason(found, fault.New(fault.ThresholdNotMet, "gap_minor", minor))
	}
	if units > 0 {
		found = b.reason(found, fault.New(fault.QuantityNotMet, "missing_quantity", units))
	}
	switch {
	case o.over:
		found = b.reason(found, fault.New(fault.BudgetSpent))
	case o.off == 0 && !e.brings(o.given):
		found = b.reason(found, fault.New(fault.NoEffect))
	}
	return found
}

// reason appends to a list; the first of each takes its place from a common piece.
func (b *basket) reason(found []*fault.Fault, f *fault.Fault) []*fault.Fault {
	if found != nil {
		return append(found, f)
	}
	if len(b.reasons) == 0 {
		b.reasons = make([]*fault.Fault, 64)
	}
	found, b.reasons = b.reasons[:1:1], b.reasons[1:]
	found[0] = f
	return found
}

// stands reports whether refusals would find none.
func (e *effect) stands(b *basket, o outcome) bool {
	minor, units := e.gap(o)
	return minor == 0 && units == 0 && !o.over && (o.off > 0 || e.brings(o.given)) && e.inPlace(b, o.rest, o.off) == nil
}

func (e *effect) gap(o outcome) (minor, units int64) {
	off := o.off - o.outside
	if o.aside > 0 { // of an add-on, neither the units nor what they have off count
		off = 0
	}
	return gap(e.Terms, e.list-o.aside, o.scope-o.aside, off, e.quantity-o.count)
}

// brings reports whether the effect is worth something that takes nothing off.
func (e *effect) brings(handed int64) bool {
	return handed > 0 || e.Terms.Class() == coupon.ClassBenefit
}
