package pricing

import (
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// basket is a cart with what is reckoned of it once.
type basket struct {
	*Cart
	list  []int64 // list amount of each line
	all   int64   // of all lines
	mins  bool    // some line has a minimum price
	rules *Rules
	facts *condition.Facts // see knowledge
	whole *whole           // see everything
	start ground           // see bare

	kept    []int32        // see keep
	reasons []*fault.Fault // room for lists of one, see reason
	*desk
}

func basketOf(cart *Cart, rules *Rules) *basket {
	b := &basket{Cart: cart, list: make([]int64, len(cart.Lines)), rules: rules, desk: &desk{}}
	for i := range cart.Lines {
		l := &cart.Lines[i]
		b.list[i] = l.ListMinor()
		if rules.Profile.Tax == TaxIn && l.TaxBps > 0 {
			b.list[i] += money.Percent(b.list[i], l.TaxBps)
		}
		b.all += b.list[i]
		b.mins = b.mins || l.MinMinor > 0
	}
	return b
}

// whole is what a scope of everything holds; effects share it and don't change it.
type whole struct {
	lines    []int32 // that cost something
	list     int64
	quantity int64
	any      bool
}

// everything is reckoned when the first coupon without a scope asks.
func (b *basket) everything() *whole {
	if b.whole != nil {
		return b.whole
	}
	w := &whole{lines: make([]int32, 0, len(b.Lines))}
	for i := range b.Lines {
		if l := &b.Lines[i]; l.NoCoupons || l.Shipping != "" {
			continue
		}
		w.any = true
		w.quantity += b.Lines[i].Quantity
		if b.list[i] > 0 {
			w.lines = append(w.lines, int32(i))
			w.list += b.list[i]
		}
	}
	b.whole = w
	return w
}

// picked are the lines of goods in a scope that cost something.
func (b *basket) picked(scope *rule.Scope) []int32 {
	lines := b.picks[:0]
	for i := range b.Lines {
		if l := &b.Lines[i]; !l.NoCoupons && l.Shipping == "" && b.list[i] > 0 && scope.Matches(b.Scoped(i)) {
			lines = append(lines, int32(i))
		}
	}
	return b.keep(lines)
}

// keep copies lines that were picked into a common piece.
func (b *basket) keep(lines []int32) []int32 {
	b.picks = lines
	if n := len(lines); n > cap(b.kept)-len(b.kept) {
		b.kept = make([]int32, 0, max(n, 4*len(b.Lines), 64))
	}
	from := len(b.kept)
	b.kept = append(b.kept, lines...)
	return b.kept[from:len(b.kept):len(b.kept)]
}

// room is what coupons may still take off a line of which left is left.
func (b *basket) room(i int32, left int64) int64 {
	if l := &b.Lines[i]; l.MinMinor > 0 {
		return max(left-l.MinMinor*l.Quantity, 0)
	}
	return left
}

// floor is the least that stays to pay behind a coupon.
func (b *basket) floor(t *coupon.Terms) int64 {
	floor := b.rules.FloorMinor
	if t.AllowZero {
		floor = 0
	}
	return max(floor, b.setFloor())
}

// setFloor is what the caps over the whole set leave to pay.
func (b *basket) setFloor() int64 {
	var floor int64
	if most := b.rules.SetCapMinor; most > 0 {
		floor = max(floor, b.all-most)
	}
	if most := b.rules.SetCapBps; most > 0 {
		off, _ := money.MulDivFloor(b.all, most, money.BpsWhole)
		floor = max(floor, b.all-off)
	}
	return floor
}

// ground is what a set of coupons leaves of a basket.
type ground struct {
	left  []int64 // of each line
	fresh []int64 // units of each line that no coupon by units has touched; nil where none is in play
	worn  []int64 // part of left that belongs to touched units
	rest  int64   // of all lines

	triggered, rewarded []int64 // PatternsEach: units of each line by their part in patterns
}

// bare is the ground before the first coupon, which nobody changes; units says
// whether coupons by units are in play.
func (b *basket) bare(units bool) *ground {
	g := &b.start
	if g.left == nil {
		g.left, g.rest = b.list, b.all
	}
	if units && g.fresh == nil {
		g.fresh, g.worn = make([]int64, len(b.list)), make([]int64, len(b.list))
		for i := range b.Lines {
			g.fresh[i] = b.Lines[i].Quantity
		}
		if b.rules.Profile.Patterns == PatternsEach {
			g.triggered, g.rewarded = make([]int64, len(b.list)), make([]int64, len(b.list))
		}
	}
	return g
}

// untouched is a ground before the first coupon to lay a stack on.
func (b *basket) untouched(units bool) *ground {
	g := &ground{}
	b.bare(units).copyTo(g)
	return g
}

// copyTo makes to alike, using what it has allocated.
func (g *ground) copyTo(to *ground) {
	to.left, to.rest = append(to.left[:0], g.left...), g.rest
	to.fresh, to.worn = append(to.fresh[:0], g.fresh...), append(to.worn[:0], g.worn...)
	to.triggered, to.rewarded = append(to.triggered[:0], g.triggered...), append(to.rewarded[:0], g.rewarded...)
	if g.fresh == nil {
		to.fresh, to.worn = nil, nil
	}
	if g.triggered == nil {
		to.triggered, to.rewarded = nil, nil
	}
}

// take takes an amount off a line, of its touched units in proportion.
func (g *ground) take(line int32, minor int64) {
	if g.worn != nil && g.worn[line] > 0 {
		part, _ := money.MulDivFloor(minor, g.worn[line], g.left[line])
		g.worn[line] -= part
	}
	g.left[line] -= minor
	g.rest -= minor
}

// takeAll takes a part off each of some lines.
func (g *ground) takeAll(lines []int32, parts []int64) {
	for i, line := range lines {
		if parts[i] > 0 {
			g.take(line, parts[i])
		}
	}
}

func sumOf(amounts []int64, lines []int32) (sum int64) {
	for _, i := range lines {
		sum += amounts[i]
	}
	return sum
}

// roomOf sums what may still be taken off lines.
func (b *basket) roomOf(g *ground, lines []int32) (sum int64) {
	if !b.mins {
		return sumOf(g.left, lines)
	}
	for _, i := range lines {
		sum += b.room(i, g.left[i])
	}
	return sum
}
