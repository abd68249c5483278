package pricing

import (
	"math"

	"quan/internal/domain/coupon"
)

// measure is what an effect finds on a ground, before what is left of the order, the
// budget and the caps of the set cut it. It changes only when a coupon takes from its
// lines.
type measure struct {
	scope  int64 // left of the lines in scope
	room   int64 // that may be taken of them; sums only
	raw    int64 // what it takes off before anything cuts it
	ridge  int64 // bound of raw on any ground with less; sums: raw
	handed int64
	aside  int64
	count  int64
	over   bool // OverPiece left all of it out
}

// measure reckons the effect on a ground, without the parts of lines; the ridge of
// coupons by units only where it is asked for.
func (e *effect) measure(b *basket, g *ground, ridge bool) measure {
	m := measure{scope: sumOf(g.left, e.lines), room: math.MaxInt64, handed: e.handed(0)}
	switch {
	case e.targets != nil:
		var known *recalled
		if g != &b.start { // asked once
			if known = e.recall(b, g); known != nil && known.measured {
				known.measure.scope = m.scope
				return known.measure
			}
		}
		c := b.hand.claim(b, e, g, true)
		m.raw, m.handed, m.over = c.raw, e.handed(c.units), c.over
		m.aside, m.count = e.ownUnits(b, &c)
		if m.ridge = m.raw; ridge && !e.steady(b) {
			m.ridge = b.hand.peak(b, e, g)
		}
		if known != nil && ridge {
			known.measured, known.measure = true, m
		}
	case e.Terms.Class() == coupon.ClassSum:
		m.raw, _, m.over = e.sumOn(b, g, m.scope)
		m.room = b.roomOf(g, e.lines)
		if m.ridge = m.raw; e.byPiece(b) { // a line that is left out may come back
			m.ridge = e.sum(b, m.scope)
		}
	}
	return m
}

// outcome is what the measured effect does where rest is left of the order, when it
// takes off; over where its budget refuses that.
func (m *measure) outcome(rest, off int64, over bool) outcome {
	return outcome{scope: m.scope, rest: rest, off: off, over: m.over || over, given: m.handed, aside: m.aside, count: m.count}
}

// fine reports whether a measure is too coarse to say if the effect stands: what
// stays of its scope depends on the cut of each line.
func (e *effect) fine() bool { return e.targets != nil && e.Terms.ThresholdBase == coupon.BaseAfter }

// verdict is what the measured effect takes off a ground, and the reasons against it
// that depend on its place.
func (e *effect) verdict(b *basket, g *ground, m *measure, spent int64) outcome {
	if e.fine() {
		return e.on(b, g, spent)
	}
	off, over := e.cut(b, m.raw, m.room, g.rest, spent)
	o := m.outcome(g.rest, off, over)
	o.reasons = e.refusals(b, o)
	return o
}
