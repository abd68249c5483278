package pricing

import "quan/internal/domain/coupon"

// each makes the sets of a pattern one after the other, as PatternsEach says, and
// returns how many.
func (h *hand) each(b *basket, e *effect, g *ground) (made int64) {
	most := int64(bundlesMax)
	if e.Terms.Times > 0 {
		most = min(most, e.Terms.Times)
	}
	h.sort(e, e.Terms.Select)
	var before []lot
	for ; made < most; made++ {
		before = append(before[:0], h.lots...)
		if !h.set(b, e, g) {
			copy(h.lots, before)
			return made
		}
		if e.byPiece(b) {
			h.overPieces(b, e, g, before)
		}
	}
	return made
}

// overPieces leaves out what a set gives on a line where that alone is more than
// the budget holds; the units stay bound.
func (h *hand) overPieces(b *basket, e *effect, g *ground, before []lot) {
	for i := range h.lots {
		l := &h.lots[i]
		if units := l.got - before[i].got; units > 0 {
			one := share{line: l.line, units: units, base: l.cost(l.got) - l.cost(before[i].got)}
			if e.ofUnits(b, g, &one) > e.Budget.LeftMinor {
				l.got, l.used, h.over = l.got-units, l.used+units, true
			}
		}
	}
}

// ofUnits is what the reward takes off some units of a line by themselves.
func (e *effect) ofUnits(b *basket, g *ground, s *share) int64 {
	if e.rewarded() == coupon.RewardTotal {
		return max(s.base-e.Terms.TotalMinor, 0)
	}
	return e.ofLine(b, g, s)
}

// set takes the units of one set; false where a part can't be filled.
func (h *hand) set(b *basket, e *effect, g *ground) bool {
	parts, gets := e.targets.parts, e.targets.gets
	rewards := uint16(1)<<gets - 1
	for p := gets; p < len(parts); p++ {
		want := h.triggers(b, g, p, parts[p].quantity, func(l *lot) bool { return l.mask&rewards == 0 })
		if h.triggers(b, g, p, want, func(l *lot) bool { return l.mask&rewards != 0 }) > 0 {
			return false
		}
	}
	for p := range gets {
		want := parts[p].quantity
		for _, at := range h.order {
			l := &h.lots[at]
			if l.mask&(1<<p) == 0 {
				continue
			}
			_, got := h.onLine(at)
			units := max(min(want, l.free, b.Lines[l.line].Quantity-g.rewarded[l.line]-got), 0)
			l.got, l.free, want = l.got+units, l.free-units, want-units
		}
		if want > 0 {
			return false
		}
	}
	return true
}

// triggers takes units of some lots as triggers and returns how many lack.
func (h *hand) triggers(b *basket, g *ground, p int, want int64, of func(*lot) bool) int64 {
	for _, at := range h.order {
		l := &h.lots[at]
		if l.mask&(1<<p) == 0 || !of(l) {
			continue
		}
		used, _ := h.onLine(at)
		units := max(min(want, l.free, b.Lines[l.line].Quantity-g.triggered[l.line]-used), 0)
		l.used, l.free, want = l.used+units, l.free-units, want-units
	}
	return want
}

// onLine is how many units of a lot's line are triggers and rewarded by now: a line
// has one lot or two.
func (h *hand) onLine(at int32) (used, got int64) {
	for i := max(at-1, 0); int(i) < len(h.lots) && i <= at+1; i++ {
		if l := &h.lots[i]; l.line == h.lots[at].line {
			used, got = used+l.used, got+l.got
		}
	}
	return used, got
}
