package pricing

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/money"
)

// gain bounds what the reward takes off one unit of a lot: minor units and
// 1/BpsWhole of them.
type gain struct{ whole, rest int64 }

func (x gain) compare(y gain) int {
	if x.whole != y.whole {
		return sign(x.whole > y.whole)
	}
	return sign(x.rest > y.rest) - sign(x.rest < y.rest)
}

// of some units, rounded up.
func (x gain) of(units int64) int64 {
	whole, rest := money.MulDivFloor(x.rest, units, money.BpsWhole)
	if rest > 0 {
		whole++
	}
	return x.whole*units + whole
}

// peak bounds what the coupon can still take off on this ground or on any that has
// less left, whatever touches its units in front of it: the units with the highest
// gain, each part for itself. It looks at the lots that claim gathered.
//
// The price of a unit is rounded up to a minor unit for it. Then it only falls: of
// u units that cost at most u × x in all, any n cost at most n × x, rounded half up
// too, and the others stay within theirs; touched units mix with others within
// the sum of the dearest. A real price may rise by a fraction, when units in front
// were rounded down.
func (h *hand) peak(b *basket, e *effect, g *ground) int64 {
	t := e.Terms
	sets := int64(0)
	if e.targets.pattern {
		h.countAll(b, e, g)
		if sets = h.sets(e); sets == 0 {
			return 0
		}
	}
	h.weigh(b, e, g)
	off := h.high(e, sets)
	switch {
	case e.rewarded() == coupon.RewardTotal:
		off = h.highTotal(e, min(sets, bundlesMax))
	case e.rewarded() == coupon.RewardAmount && t.Kind == coupon.KindBundle:
		off = atMost(off, t.AmountMinor, sets)
	case e.rewarded() == coupon.RewardAmount && e.divides(&b.rules.Profile):
		off = min(off, t.AmountMinor)
	}
	if t.CapMinor > 0 {
		off = min(off, t.CapMinor)
	}
	return off
}

// steady reports whether what the coupon takes off by itself never rises when less
// is left, so that it is its own bound: nothing chooses among its units, and no
// line is left out or passes on what its least price keeps.
func (e *effect) steady(b *basket) bool {
	t := e.Terms
	limited := e.targets.pattern || t.UnitsMax > 0 || t.LineUnitsMax > 0 || e.targets.parts[0].quantity > 0
	return !limited && !e.byPiece(b) && !(b.mins && e.divides(&b.rules.Profile))
}

// countAll counts, for every group of parts, the units that fit any of it and may
// be free behind other coupons. Where touched units are seen too, those that cost
// nothing may cost something again when they are mixed with others.
func (h *hand) countAll(b *basket, e *effect, g *ground) {
	if !e.again(b) || b.rules.Profile.Units == UnitsList {
		for i := range h.lots {
			h.lots[i].free = h.lots[i].units
		}
		h.count(len(e.targets.parts))
		return
	}
	h.avail = grown(h.avail, 1<<len(e.targets.parts))
	for n, line := range e.targets.lines {
		if g.left[line] > 0 {
			h.free(e.targets.masks[n], b.Lines[line].Quantity)
		}
	}
}

// weigh reckons the gain of each lot and sorts by it.
func (h *hand) weigh(b *basket, e *effect, g *ground) {
	h.gains, h.sorted = h.gains[:0], false
	for i := range h.lots {
		h.gains = append(h.gains, e.gain(b, g, &h.lots[i]))
	}
	h.start(e, true)
	h.settle(func(i, k int32) int { return h.gains[k].compare(h.gains[i]) })
}

// gain is the bound for a unit of a lot.
func (e *effect) gain(b *basket, g *ground, l *lot) (x gain) {
	t, p := e.Terms, &b.rules.Profile
	cost := roundedUp(l.left, l.units)
	switch e.rewarded() {
	case coupon.RewardPercent:
		of := cost
		switch quantity := b.Lines[l.line].Quantity; {
		case e.ofList(p):
			of = roundedUp(b.list[l.line], quantity)
		case p.Base == PercentLine:
			of = roundedUp(g.left[l.line], quantity)
		}
		if x.whole, x.rest = money.MulDivFloor(of, t.DiscountBps, money.BpsWhole); x.whole >= cost {
			x = gain{whole: cost}
		}
	case coupon.RewardPrice:
		if price, ok := e.price(b, l.line); ok {
			x.whole = max(cost-price, 0)
		}
	case coupon.RewardAmount:
		switch {
		case e.divides(p):
			x.whole = cost
		case e.again(b): // a cheap unit's part is taken of a dear one of its line
			x.whole = t.AmountMinor
		default:
			x.whole = min(cost, t.AmountMinor)
		}
	default:
		x.whole = cost
	}
	if most := t.ItemCapMinor; most > 0 && (x.whole >= most || e.again(b)) { // as above: caps are asked of the line
		return gain{whole: most}
	}
	return x
}

// roundedUp is what one of some units costs, rounded up.
func roundedUp(minor, units int64) int64 {
	cost := minor / units
	if minor%units > 0 {
		cost++
	}
	return cost
}

// high sums the highest gains of all parts, for so many sets of a pattern.
func (h *hand) high(e *effect, sets int64) (off int64) {
	for p := range e.targets.gets {
		want, all := e.targets.parts[p].quantity, e.targets.parts[p].quantity == 0
		if e.targets.pattern {
			want *= sets
		}
		for _, at := range h.order {
			l := &h.lots[at]
			if l.mask&(1<<p) == 0 {
				continue
			}
			units, x := l.units, h.gains[at]
			if l.most > 0 && x.whole > 0 { // further units of the lot add nothing
				units = min(units, l.most/x.whole+1)
			}
			if !all {
				units = min(units, want)
				want -= units
			}
			if off += x.of(units); !all && want == 0 {
				break
			}
		}
	}
	return off
}

// highTotal is the highest gain of sets that cost a total each: a further set adds
// less than the one before it, so the last that gains anything is searched.
func (h *hand) highTotal(e *effect, sets int64) int64 {
	low, high := int64(0), sets // the last set that gains is in low..high
	for low < high {
		middle := (low + high + 1) / 2
		if h.high(e, middle)-h.high(e, middle-1) > e.Terms.TotalMinor {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return h.high(e, low) - e.Terms.TotalMinor*low
}
