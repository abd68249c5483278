package pricing

import (
	"math/bits"
	"slices"
	"strconv"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Quantities says which quantities of one SKU LowestOf tries: all of 1..Every, and
// up to Most those at which a threshold, step, repetition or pattern fills, also
// with what other coupons of the set take off before it.
type Quantities struct {
	Every int64
	Most  int64
	Tries int64 // most quantities beyond Every, the smaller first; 0: 256
}

// quantitiesMax bounds the quantities tried beyond Every.
const quantitiesMax = 256

// Lowest 最低到手价 is the least that a unit of one SKU costs in carts of nothing else.
type Lowest struct {
	ListMinor    int64 // of one unit
	Quantity     int64 // units in the cart
	PayableMinor int64 // for all of them
	Uses         []Use
	// Proved: no quantity up to Most and no legal set makes UnitMinor lower: either
	// all were tried and every search finished, or the bound is reached.
	Proved bool
	// BoundMinor is a price of a unit, rounded down, below which no quantity and no
	// legal set goes; UnitMinor where Proved.
	BoundMinor int64
}

// UnitMinor is what a unit costs, rounded down.
func (l *Lowest) UnitMinor() int64 { return l.PayableMinor / l.Quantity }

// Below reports whether a unit costs less than a price.
func (l *Lowest) Below(minor int64) bool { return cheaper(l.PayableMinor, l.Quantity, minor, 1) }

// cheaper compares what a unit costs: a for n units against b for m.
func cheaper(a, n, b, m int64) bool {
	ah, al := bits.Mul64(uint64(a), uint64(m))
	bh, bl := bits.Mul64(uint64(b), uint64(n))
	return ah < bh || ah == bh && al < bl
}

// LowestOf finds the lowest price of a unit of a line (whose quantity is not
// read), with the best of the candidates, in a cart of place that holds nothing
// else. Of equal prices it is the one of the fewest units. Carts of several SKUs,
// in which one pays for another's threshold, are not looked at.
func LowestOf(place *Cart, line Line, candidates []Candidate, rules Rules, try Quantities) Lowest {
	cart := *place
	best := Lowest{ListMinor: line.UnitMinor}
	finished := true
	seen := map[int64]bool{}
	price := func(quantity int64) []Judged {
		seen[quantity] = true
		line.Quantity = quantity
		cart.Lines = []Line{line}
		r := Quote(&cart, candidates, rules)
		finished = finished && r.Optimal
		if best.Quantity == 0 || cheaper(r.PayableMinor, quantity, best.PayableMinor, best.Quantity) {
			best.Quantity, best.PayableMinor, best.Uses = quantity, r.PayableMinor, r.Uses
		}
		return r.Coupons
	}
	queue := fills(&cart, line, candidates, try.Most)
	for q := min(max(try.Every, 1), max(try.Most, 1)); q >= 1; q-- {
		queue = append(queue, q)
	}
	slices.Sort(queue)
	tries := try.Tries
	if tries == 0 {
		tries = quantitiesMax
	}
	for beyond := int64(0); len(queue) > 0 && beyond < tries; {
		q := queue[0]
		queue = queue[1:]
		if seen[q] || q > try.Most && q > 1 {
			continue
		}
		if q > try.Every {
			beyond++
		}
		for _, j := range price(q) {
			if more := short(j.Reasons, line.UnitMinor); more > 0 && q+more > try.Every && !seen[q+more] {
				queue = append(queue, q+more)
			}
		}
	}
	best.prove(&cart, line, candidates, rules, finished && try.Every >= try.Most)
	return best
}

// LowestOfAll is LowestOf of every line, each with the candidates that speak of it.
func LowestOfAll(place *Cart, lines []Line, candidates []Candidate, rules Rules, try Quantities) []Lowest {
	found := make([]Lowest, len(lines))
	finder := newFinder(candidates)
	var fit []Candidate
	for i, l := range lines {
		fit = finder.of(place, l, fit[:0])
		found[i] = LowestOf(place, l, fit, rules, try)
	}
	return found
}

// short is how many units more a coupon wants that only its threshold refuses.
func short(reasons []*fault.Fault, unit int64) (units int64) {
	for _, f := range reasons {
		switch f.Code {
		case fault.ThresholdNotMet:
			units = max(units, ceil(figure(f, "gap_minor"), max(unit, 1)))
		case fault.QuantityNotMet:
			units = max(units, figure(f, "missing_quantity"))
		case fault.NoEffect:
		default:
			return 0
		}
	}
	return units
}

// fills are the quantities at which something fills: by list amounts, by what each
// other coupon and all others together leave of them, and the next full pattern.
func fills(place *Cart, line Line, candidates []Candidate, most int64) (quantities []int64) {
	if line.UnitMinor <= 0 {
		return nil
	}
	seen := map[int64]bool{}
	var sets []int64
	terms := make([]*coupon.Terms, 0, len(candidates))
	for i := range candidates {
		if t, ok := candidates[i].Terms.In(place.Currency, candidates[i].Home); ok {
			terms = append(terms, t)
			if set := patternOf(t); set > 1 {
				sets = append(sets, set)
			}
		}
	}
	add := func(minor, units int64) {
		q := max(ceil(minor, line.UnitMinor), units)
		for i := -1; i < len(sets); i++ {
			full := q
			if i >= 0 {
				full = ceil(q, sets[i]) * sets[i]
			}
			if full > 0 && full <= most && !seen[full] {
				seen[full] = true
				quantities = append(quantities, full)
			}
		}
	}
	for _, t := range terms {
		add(t.TotalMinor, 0)
		add(0, max(patternOf(t), t.UnitsMax))
		for _, s := range thresholds(t) {
			all := s.ThresholdMinor
			add(all, s.ThresholdQuantity)
			for _, other := range terms {
				if other == t && t.ThresholdBase != coupon.BaseAfter {
					continue
				}
				add(before(s.ThresholdMinor, other), s.ThresholdQuantity)
				all = before(all, other)
			}
			add(all, s.ThresholdQuantity)
		}
	}
	return quantities
}

// thresholds are those of the terms, with the first repetitions.
func thresholds(t *coupon.Terms) (steps []coupon.Step) {
	if len(t.Steps) > 0 {
		return t.Steps
	}
	for n := int64(1); n <= repeats(t); n++ {
		minor, err := money.Mul(t.ThresholdMinor, n)
		if err != nil || minor > money.MaxMinor {
			break
		}
		steps = append(steps, coupon.Step{ThresholdMinor: minor, ThresholdQuantity: t.ThresholdQuantity * n})
	}
	return steps
}

// before is the amount of which a coupon leaves an amount: about, for a quantity to try.
func before(minor int64, t *coupon.Terms) int64 {
	bps, amount := t.DiscountBps, t.AmountMinor
	if n := len(t.Steps); n > 0 {
		bps, amount = t.Steps[n-1].DiscountBps, t.Steps[n-1].AmountMinor
	}
	if minor == 0 || minor > money.MaxMinor/money.BpsWhole || bps >= money.BpsWhole {
		return minor
	}
	return ceil(minor*money.BpsWhole, money.BpsWhole-bps) + amount
}

// patternOf is how many units a full pattern of the terms has, zero for none.
func patternOf(t *coupon.Terms) (set int64) {
	for _, p := range slices.Concat(t.Buy, t.Get) {
		set += p.Quantity
	}
	return max(set, t.Nth)
}

// repeats is how many repetitions of a threshold are worth a try by themselves.
func repeats(t *coupon.Terms) int64 {
	const most = 8
	if !t.Repeat {
		return 1
	}
	if t.Times > 0 {
		return min(t.Times, most)
	}
	return most
}

// prove fills in the bound: the list price less the most that each of as many
// coupons of different groups as an order takes can ever take off a unit.
func (l *Lowest) prove(place *Cart, line Line, candidates []Candidate, rules Rules, all bool) {
	most := map[string]int64{} // thousandths of a minor unit, by group
	for i := range candidates {
		c := &candidates[i]
		t, ok := c.Terms.In(place.Currency, c.Home)
		if !ok {
			continue
		}
		line.Quantity = 1
		off := perUnitMost(place, t, line)
		group := t.Stacking.Named()
		if rules.Profile.Together == TogetherAll {
			group = strconv.Itoa(i)
		}
		most[group] = max(most[group], off)
	}
	offs := make([]int64, 0, len(most))
	for _, off := range most {
		offs = append(offs, off)
	}
	slices.Sort(offs)
	left := line.UnitMinor * 1000
	for n := 0; n < rules.setMax() && n < len(offs); n++ {
		left -= min(offs[len(offs)-1-n], left)
	}
	left = max(left, line.MinMinor*1000)
	l.BoundMinor = left / 1000
	l.Proved = all || l.BoundMinor >= l.UnitMinor()
	if l.Proved {
		l.BoundMinor = l.UnitMinor()
	}
}

// perUnitMost bounds what terms take off a unit in a cart of one line, whatever its
// quantity, in thousandths of a minor unit, rounded up. All of the price is a bound
// for everything that is not told apart here.
func perUnitMost(place *Cart, t *coupon.Terms, line Line) int64 {
	whole := line.UnitMinor * 1000
	if t.Class() == coupon.ClassBenefit || t.Kind == coupon.KindShipping {
		return 0
	}
	own := len(t.Get)+len(t.Buy) > 0 || t.Gift != nil // scopes of its own
	if !own && !t.Scope.Matches(scopedIn(place, line)) {
		return 0
	}
	off := whole
	switch {
	case t.Kind == coupon.KindAmountOff && t.Repeat && t.ThresholdMinor > 0:
		off = ratio(t.AmountMinor, line.UnitMinor, t.ThresholdMinor)
	case t.Kind == coupon.KindAmountOff:
		off = 0
		steps := t.Steps
		if len(steps) == 0 && !t.Repeat && len(t.Chain) == 0 {
			steps = []coupon.Step{{ThresholdMinor: t.ThresholdMinor, ThresholdQuantity: t.ThresholdQuantity, AmountMinor: t.AmountMinor}}
		} else if len(steps) == 0 {
			return whole
		}
		for _, s := range steps {
			units := max(ceil(s.ThresholdMinor, max(line.UnitMinor, 1)), s.ThresholdQuantity, 1)
			off = max(off, ratio(s.AmountMinor, 1, units))
		}
	case t.Kind == coupon.KindPercentOff && len(t.Steps) == 0:
		off = percentMost(line, t.DiscountBps, t.ThresholdMinor, t.ThresholdQuantity)
	case t.Kind == coupon.KindPercentOff:
		off = 0
		for _, s := range t.Steps {
			off = max(off, percentMost(line, s.DiscountBps, s.ThresholdMinor, s.ThresholdQuantity))
		}
	}
	return min(off, whole)
}

// percentMost is a percentage of a unit with its rounding, which weighs most where
// the fewest units reach the threshold.
func percentMost(line Line, bps, minor, quantity int64) int64 {
	off := ratio(line.UnitMinor, bps, money.BpsWhole)
	if _, rest := money.MulDivFloor(line.UnitMinor, bps, money.BpsWhole); rest > 0 {
		off += ratio(1, 1, max(ceil(minor, max(line.UnitMinor, 1)), quantity, 1))
	}
	return off
}

// ratio is a × b / c in thousandths, rounded up, or more than any price where that
// does not fit.
func ratio(a, b, c int64) int64 {
	const most = 1 << 50 // more than money.MaxMinor
	if high, _ := bits.Mul64(uint64(a), uint64(b)); high >= uint64(c) {
		return most * 1000
	}
	whole, rest := money.MulDivFloor(a, b, c)
	if whole >= most || whole < 0 {
		return most * 1000
	}
	high, low := bits.Mul64(uint64(rest), 1000)
	part, over := bits.Div64(high, low, uint64(c))
	if over > 0 {
		part++
	}
	return whole*1000 + int64(part)
}
