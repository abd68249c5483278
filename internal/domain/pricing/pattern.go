package pricing

import (
	"quan/internal/domain/coupon"
)

// opposite is the selection of the triggers: those that are not worth giving.
func opposite(by coupon.Select) coupon.Select {
	switch by {
	case coupon.SelectDearest:
		return coupon.SelectCheapest
	case coupon.SelectFirst:
		return coupon.SelectFirst
	}
	return coupon.SelectDearest
}

// pattern takes the units of as many full sets as there can be, and returns how
// many that are.
func (h *hand) pattern(e *effect, by coupon.Select) int64 {
	h.count(len(e.targets.parts))
	sets := h.sets(e)
	if sets == 0 {
		return 0
	}
	if e.Terms.Kind == coupon.KindBundle && e.Terms.Reward == coupon.RewardTotal {
		return h.bundles(e, by, sets)
	}
	parts, gets := e.targets.parts, e.targets.gets
	open := uint16(1)<<len(parts) - 1 // parts that are not filled yet
	h.sort(e, by)
	for p := range parts {
		if p == gets {
			h.sort(e, opposite(by))
		}
		open &^= 1 << p
		h.fill(e, p, parts[p].quantity*sets, open, sets)
	}
	return sets
}

// count sums, for every group of parts, the free units that fit any of it.
func (h *hand) count(parts int) {
	h.avail = grown(h.avail, 1<<parts)
	for i := range h.lots {
		h.free(h.lots[i].mask, h.lots[i].free)
	}
}

// free counts units that are free (or taken, where units is negative) for every
// group of parts that they fit.
func (h *hand) free(mask uint16, units int64) {
	for group := range h.avail {
		if mask&uint16(group) != 0 {
			h.avail[group] += units
		}
	}
}

// sets is the number of full sets that can be made of the free units, at most the
// terms' times: Hall's condition for every group of parts.
func (h *hand) sets(e *effect) int64 {
	most := int64(1) << 62
	for group := 1; group < len(h.avail); group++ {
		most = min(most, h.avail[group]/max(need(e.targets.parts, uint16(group)), 1))
	}
	if e.Terms.Times > 0 {
		most = min(most, e.Terms.Times)
	}
	return most
}

// need is how many units a group of parts asks for one set.
func need(parts []part, group uint16) (units int64) {
	for p := range parts {
		if group&(1<<p) != 0 {
			units += parts[p].quantity
		}
	}
	return units
}

// fill takes units for a part, in the sorted order, and leaves enough for every
// group of the open parts to be filled sets times.
func (h *hand) fill(e *effect, p int, want int64, open uint16, sets int64) {
	parts := e.targets.parts
	for _, at := range h.order {
		if want == 0 {
			return
		}
		l := &h.lots[at]
		units := min(l.free, want)
		if l.mask&(1<<p) == 0 || units == 0 {
			continue
		}
		for group := uint16(1); int(group) < len(h.avail); group++ {
			if group&^open == 0 && group&l.mask != 0 {
				units = min(units, h.avail[group]-sets*need(parts, group))
			}
		}
		if units <= 0 {
			continue
		}
		h.free(l.mask, -units)
		want -= units
		l.free -= units
		if p < e.targets.gets {
			l.got += units
		} else {
			l.used += units
		}
	}
}

// bundlesMax bounds the sets that are filled one by one.
const bundlesMax = 10_000

// bundles fills sets one by one, as long as each is cheaper than its parts.
func (h *hand) bundles(e *effect, by coupon.Select, sets int64) (made int64) {
	parts := e.targets.parts
	h.sort(e, by)
	sets = min(sets, bundlesMax)
	for ; made < sets; made++ {
		h.before = h.before[:0]
		for i := range h.lots {
			h.before = append(h.before, h.lots[i].got)
		}
		var base int64
		left := sets - made
		for p := range parts {
			h.fillOne(e, p, left, &base)
		}
		if base <= e.Terms.TotalMinor {
			for i := range h.lots {
				h.lots[i].free += h.lots[i].got - h.before[i]
				h.lots[i].got = h.before[i]
			}
			return made
		}
	}
	return made
}

// fillOne takes the units of one part for one set, so that what is open of all
// sets that are left can still be filled.
func (h *hand) fillOne(e *effect, p int, left int64, base *int64) {
	parts := e.targets.parts
	want := parts[p].quantity
	for _, at := range h.order {
		l := &h.lots[at]
		units := min(l.free, want)
		if units == 0 || l.mask&(1<<p) == 0 {
			if want == 0 {
				return
			}
			continue
		}
		for group := uint16(1); int(group) < len(h.avail); group++ {
			if group&(1<<p) != 0 || group&l.mask == 0 {
				continue
			}
			units = min(units, h.avail[group]-owed(parts, group, p, left))
		}
		if units <= 0 {
			continue
		}
		h.free(l.mask, -units)
		*base += l.cost(l.got+units) - l.cost(l.got)
		l.got += units
		l.free -= units
		want -= units
	}
}

// owed is what a group of parts still needs while part p of a set is filled: the
// parts before p have theirs of this set already.
func owed(parts []part, group uint16, p int, left int64) (units int64) {
	for q := range parts {
		if group&(1<<q) == 0 {
			continue
		}
		if q < p {
			units += parts[q].quantity * (left - 1)
		} else {
			units += parts[q].quantity * left
		}
	}
	return units
}
