package pricing

import (
	"math/bits"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/money"
)

// part is a number of units of certain lines.
type part struct {
	lines    []int32
	quantity int64
}

// targets are the units that a coupon by units looks for.
type targets struct {
	parts   []part // those that get the reward, then the triggers
	gets    int    // how many parts get it
	pattern bool   // only full sets of all parts
	lines   []int32
	masks   []uint16 // of lines: the parts that a line fits
	prices  []int64  // of lines: what a unit costs, for kinds that see only what gets cheaper
	order   []int32  // places in lines, the cheapest first when the coupon was first asked; a start for sorting

	recalled []recalled
}

// PartsMax bounds the parts of a pattern.
const PartsMax = 8

// targetsOf finds the lines of a coupon by units; own are those of its scope.
func targetsOf(b *basket, t *coupon.Terms, own []int32) *targets {
	n := &targets{}
	anything := &rule.Scope{}
	switch t.Kind {
	case coupon.KindNthItem:
		n.pattern, n.gets = true, 1
		n.add(b, t, own, anything, 1)
		n.add(b, t, own, anything, max(t.Nth-1, 1))
	case coupon.KindBuyGet, coupon.KindBundle:
		n.pattern, n.gets = true, len(t.Get)
		n.parts = make([]part, 0, len(t.Get)+len(t.Buy))
		for _, parts := range [][]coupon.Part{t.Get, t.Buy} {
			for i := range parts {
				n.add(b, t, own, &parts[i].Scope, parts[i].Quantity)
			}
		}
	case coupon.KindAddOn:
		n.gets = len(t.Get)
		for i := range t.Get {
			n.add(b, t, own, &t.Get[i].Scope, t.Get[i].Quantity)
		}
	case coupon.KindExchange, coupon.KindGift:
		n.gets = 1
		if t.Gift != nil {
			n.add(b, t, own, &rule.Scope{Include: rule.Selector{SKUs: []string{t.Gift.SKU}}}, t.Gift.Quantity)
		}
	default:
		n.gets = 1
		n.add(b, t, own, anything, t.UnitsMax)
	}
	n.join(len(b.Lines))
	return n
}

// add names the lines of a part; an empty scope is that of the terms.
func (n *targets) add(b *basket, t *coupon.Terms, own []int32, scope *rule.Scope, quantity int64) {
	p := part{quantity: quantity}
	switch {
	case t.Kind == coupon.KindShipping:
		for i := range b.Lines {
			if l := &b.Lines[i]; l.Shipping != "" && !l.NoCoupons && b.list[i] > 0 && (len(t.Methods) == 0 || slices.Contains(t.Methods, l.Shipping)) {
				p.lines = append(p.lines, int32(i))
			}
		}
	case scope.Everything():
		p.lines = own
	default:
		p.lines = b.picked(scope)
	}
	n.parts = append(n.parts, p)
}

// join gathers the lines of all parts, in their order, with the parts they fit.
func (n *targets) join(lines int) {
	alike := len(n.parts) > 0
	for _, p := range n.parts {
		first := n.parts[0].lines
		alike = alike && len(p.lines) == len(first) && (len(first) == 0 || &p.lines[0] == &first[0])
	}
	if alike {
		n.lines = n.parts[0].lines
		n.masks = make([]uint16, len(n.lines))
		for i := range n.masks {
			n.masks[i] = 1<<len(n.parts) - 1
		}
		return
	}
	fits := make([]uint16, lines)
	for p := range n.parts {
		for _, i := range n.parts[p].lines {
			fits[i] |= 1 << p
		}
	}
	for i, mask := range fits {
		if mask != 0 {
			n.lines, n.masks = append(n.lines, int32(i)), append(n.masks, mask)
		}
	}
}

// lot is a number of units of one line that cost the same.
type lot struct {
	line  int32
	place int32 // of the line in targets
	mask  uint16
	worn  bool
	units int64 // of the lot
	left  int64 // what they cost together
	most  int64 // bound of what any of them cost; 0: left
	free  int64 // of units, not taken yet
	got   int64 // taken for the reward
	used  int64 // taken as triggers
}

// cost is what some units of the lot cost, rounded half up.
func (l *lot) cost(units int64) int64 {
	cost := l.left
	if units < l.units {
		cost = money.MulDivHalfUp(l.left, units, l.units)
	}
	if l.most > 0 {
		return min(cost, l.most)
	}
	return cost
}

// dearer compares what a unit of two lots costs.
func dearer(a, b *lot) int {
	ah, al := bits.Mul64(uint64(a.left), uint64(b.units))
	bh, bl := bits.Mul64(uint64(b.left), uint64(a.units))
	switch {
	case ah != bh:
		return sign(ah > bh)
	case al != bl:
		return sign(al > bl)
	}
	return 0
}

// hand chooses units for one coupon after the other and reckons what they bring; it
// keeps what it has allocated.
type hand struct {
	lots   []lot
	order  []int32 // of lots, as they are taken
	first  []int32 // of each place, and behind the last: its first lot
	sorted bool    // order is by
	by     coupon.Select
	avail  []int64 // by set of parts: free units that fit any of them
	taken  []int64 // of each line, for LineUnitsMax
	over   bool    // a set of a pattern gave more than the budget holds

	shares                    []share
	bases, weights, fractions []int64 // by share
	before                    []int64 // units of each lot that sets before this one took
	gains                     []gain  // by lot

	held    []int64 // see recall
	recalls int     // numbers that are remembered
}

// grown is a list of so many zeros, in the place of another one.
func grown(list []int64, n int) []int64 {
	list = slices.Grow(list[:0], n)[:n]
	clear(list)
	return list
}

// gather lists the units that the coupon sees, in line order. Units that cost
// nothing are not seen, nor those that a price would not make cheaper.
func (h *hand) gather(b *basket, e *effect, g *ground) {
	h.lots, h.over, h.sorted = h.lots[:0], false, false
	again, alike, priced := e.again(b), b.rules.Profile.Units == UnitsList, e.targets.prices
	see := func(n int, l lot) {
		if priced == nil || l.left > priced[n]*l.units {
			l.place = int32(n)
			h.lots = append(h.lots, l)
		}
	}
	for n, i := range e.targets.lines {
		if g.left[i] == 0 {
			continue
		}
		mask := e.targets.masks[n]
		if alike {
			units := b.Lines[i].Quantity
			see(n, lot{line: i, mask: mask, worn: true, units: units, left: b.list[i], most: g.left[i], free: units})
			continue
		}
		fresh, worn := g.fresh[i], g.worn[i]
		if left := g.left[i] - worn; fresh > 0 && left > 0 {
			see(n, lot{line: i, mask: mask, units: fresh, left: left, free: fresh})
		}
		if touched := b.Lines[i].Quantity - fresh; again && touched > 0 && worn > 0 {
			see(n, lot{line: i, mask: mask, worn: true, units: touched, left: worn, free: touched})
		}
	}
}

// again reports whether the coupon sees touched units too.
func (e *effect) again(b *basket) bool {
	return e.Terms.Stacking.Again || b.rules.Profile.Units == UnitsAgain
}

// cheaper notes the prices of kinds that see only units which become cheaper, and
// leaves out the lines of which none ever does: what n units cost never exceeds n
// times a price that it did not exceed at list price, whatever is taken of it or of
// the units beside them, because a cost is rounded and n times the price is whole.
func (e *effect) cheaper(b *basket) {
	if e.Terms.Kind != coupon.KindFixedPrice && e.Terms.Kind != coupon.KindMemberPrice {
		return
	}
	n := e.targets
	lines, masks := n.lines, n.masks
	n.lines, n.masks, n.prices = make([]int32, 0, len(lines)), masks[:0], make([]int64, 0, len(lines))
	for at, line := range lines {
		price, ok := e.price(b, line)
		if ok && b.list[line] > price*b.Lines[line].Quantity {
			n.lines, n.masks, n.prices = append(n.lines, line), append(n.masks, masks[at]), append(n.prices, price)
		}
	}
}

// price is what a unit of a line costs by the terms; ok is false where they name none.
func (e *effect) price(b *basket, line int32) (minor int64, ok bool) {
	l := &b.Lines[line]
	for _, p := range e.Terms.Prices {
		if p.SKU == l.SKU && l.SKU != "" {
			return p.PriceMinor, true
		}
	}
	switch e.Terms.Kind {
	case coupon.KindMemberPrice:
		return l.MemberMinor, l.MemberMinor > 0
	case coupon.KindFixedPrice:
		return e.Terms.PriceMinor, len(e.Terms.Prices) == 0 || e.Terms.PriceMinor > 0
	}
	return e.Terms.PriceMinor, true
}

// choose takes the units that get the reward, and the triggers, by the terms'
// selection or by another one. It returns the number of full sets of a pattern.
func (h *hand) choose(b *basket, e *effect, g *ground, by coupon.Select) (sets int64) {
	n, t := e.targets, e.Terms
	switch {
	case n.pattern && b.rules.Profile.Patterns == PatternsEach:
		return h.each(b, e, g)
	case n.pattern:
		return h.pattern(e, by)
	}
	limited := t.UnitsMax > 0 || t.LineUnitsMax > 0 || t.Kind == coupon.KindAddOn || n.parts[0].quantity > 0
	if !limited {
		for i := range h.lots {
			h.lots[i].got, h.lots[i].free = h.lots[i].free, 0
		}
		return 0
	}
	h.sort(e, by)
	if t.LineUnitsMax > 0 {
		h.taken = grown(h.taken, len(b.Lines))
	}
	for p := range n.parts {
		room := n.parts[p].quantity
		for _, at := range h.order {
			l := &h.lots[at]
			units := l.free
			if l.mask&(1<<p) == 0 {
				continue
			}
			if n.parts[p].quantity > 0 {
				units = min(units, room)
			}
			if t.LineUnitsMax > 0 {
				units = min(units, t.LineUnitsMax-h.taken[l.line])
				h.taken[l.line] += units
			}
			l.got += units
			l.free -= units
			room -= units
		}
	}
	return 0
}
