package pricing_test

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// modelTake is how many fresh and touched units of each line are taken.
type modelTake [][2]int64

func (k modelTake) of(i int) int64 { return k[i][fresh] + k[i][touched] }

// modelHeap is a heap of units alike: those of a line that are fresh, or touched.
type modelHeap struct {
	line, kind int
	price      modelFrac
	free       int64 // not taken yet
}

// heaps are the units that a coupon sees, in the order of select: none that costs
// nothing.
func (s *modelStack) heaps(t *coupon.Terms, sees func(i int) bool, by coupon.Select) []*modelHeap {
	kinds := []int{fresh}
	if s.rules.Profile.Units == pricing.UnitsAgain || s.rules.Profile.Units != pricing.UnitsList && t.Stacking.Again {
		kinds = append(kinds, touched)
	}
	var heaps []*modelHeap
	for i := range s.lines {
		for _, kind := range kinds {
			if sees(i) && s.lines[i].units[kind] > 0 && s.lines[i].left[kind] > 0 && s.wanted(t, i, kind) {
				heaps = append(heaps, &modelHeap{i, kind, s.lines[i].price(kind), s.lines[i].units[kind]})
			}
		}
	}
	modelSortHeaps(heaps, by)
	return heaps
}

// modelSortHeaps sorts by price, ties in the order of the lines, fresh units first.
func modelSortHeaps(heaps []*modelHeap, by coupon.Select) {
	slices.SortStableFunc(heaps, func(a, b *modelHeap) int {
		switch by {
		case coupon.SelectFirst:
		case coupon.SelectDearest:
			if d := b.price.compare(a.price); d != 0 {
				return d
			}
		default:
			if d := a.price.compare(b.price); d != 0 {
				return d
			}
		}
		return 2*(a.line-b.line) + a.kind - b.kind
	})
}

// wanted leaves out units that a price would not make cheaper.
func (s *modelStack) wanted(t *coupon.Terms, i, kind int) bool {
	if t.Kind != coupon.KindFixedPrice && t.Kind != coupon.KindMemberPrice {
		return true
	}
	price, ok := s.newPrice(t, i)
	return ok && s.lines[i].price(kind).compare(modelFrac{price, 1}) > 0
}

// newPrice of a unit of the line.
func (s *modelStack) newPrice(t *coupon.Terms, i int) (price int64, ok bool) {
	l := s.lines[i]
	for _, p := range t.Prices {
		if p.SKU == l.SKU {
			return p.PriceMinor, true
		}
	}
	switch {
	case t.Kind == coupon.KindMemberPrice:
		return l.MemberMinor, l.MemberMinor > 0
	case t.Kind == coupon.KindFixedPrice && len(t.Prices) > 0 && t.PriceMinor == 0:
		return 0, false
	case t.Kind == coupon.KindGift:
		return 0, true
	}
	return t.PriceMinor, true
}

// byUnits prices a coupon by units.
func (s *modelStack) byUnits(u *modelUse, in []int) {
	t := u.t
	chosen, triggers, sets := s.choose(u)
	if t.Kind == coupon.KindGift || t.Kind == coupon.KindExchange && t.PriceMinor == 0 {
		u.handed = t.Gift.Quantity
		for i := range chosen {
			u.handed -= chosen.of(i)
		}
	}
	bases := make([]int64, len(s.lines))
	for i := range s.lines {
		u.units[i] = chosen.of(i)
		bases[i] = s.lines[i].cost(fresh, chosen[i][fresh]) + s.lines[i].cost(touched, chosen[i][touched])
	}
	u.parts = s.reward(t, u.units, bases, sets)
	for i := range u.parts {
		u.parts[i] = min(u.parts[i], s.lines[i].room())
	}
	if !(s.rules.Profile.Patterns == pricing.PatternsEach && modelPattern(t)) {
		s.pieces(u) // of a pattern each set was measured
	} else if u.refused != "" && u.off() > 0 {
		u.refused = ""
	}
	if t.CapMinor > 0 {
		u.parts = s.cut(u.parts, t.CapMinor)
	}
	most := s.within(u, min(modelSum(u.parts), s.allowed(t)))
	u.parts = s.cut(u.parts, most)
	var apart func(i int) (units, list, before, after int64)
	if t.Kind == coupon.KindAddOn {
		apart = func(i int) (units, list, before, after int64) {
			return u.units[i], modelRound(s.lines[i].list, u.units[i], s.lines[i].Quantity, pricing.RoundHalfUp), bases[i], bases[i] - u.parts[i]
		}
	}
	if !s.reached(u, in, t.ThresholdMinor, t.ThresholdQuantity, apart) && u.refused == "" {
		u.refused = "threshold"
	}
	for i := range s.lines {
		s.lines[i].touch(chosen[i], triggers[i], u.parts[i])
	}
}

// touch makes units touched ones, off being taken off the chosen of them.
func (l *modelLine) touch(chosen, triggers [2]int64, off int64) {
	l.rewarded += chosen[fresh] + chosen[touched]
	l.triggered += triggers[fresh] + triggers[touched]
	if l.alike {
		l.left[fresh] -= off
		return
	}
	n := chosen[fresh] + triggers[fresh]
	base := l.cost(fresh, n)
	l.units[fresh] -= n
	l.left[fresh] -= base
	l.units[touched] += n
	l.left[touched] += base - off
}

func modelPattern(t *coupon.Terms) bool {
	return t.Kind == coupon.KindNthItem || t.Kind == coupon.KindBuyGet || t.Kind == coupon.KindBundle
}

// choose says which units are discounted, and which are triggers.
func (s *modelStack) choose(u *modelUse) (chosen, triggers modelTake, sets int64) {
	chosen, triggers = make(modelTake, len(s.lines)), make(modelTake, len(s.lines))
	t := u.t
	inTerms := func(i int) bool { return s.goods(i) && t.Scope.Matches(s.cart.Scoped(i)) }
	sees, most := inTerms, int64(0)
	switch t.Kind {
	case coupon.KindNthItem, coupon.KindBuyGet, coupon.KindBundle:
		return s.pattern(u)
	case coupon.KindAddOn:
		heaps := s.heaps(t, func(i int) bool { return s.goods(i) }, t.Select)
		for _, part := range t.Get {
			s.take(t, chosen, heaps, part.Quantity, func(i int) bool { return s.fits(t, part, i) })
		}
		return chosen, triggers, 0
	case coupon.KindShipping:
		sees = func(i int) bool { return s.shipped(t, i) }
	case coupon.KindExchange, coupon.KindGift:
		sees = func(i int) bool { return s.goods(i) && s.lines[i].SKU == t.Gift.SKU }
		most = t.Gift.Quantity
	}
	s.take(t, chosen, s.heaps(t, sees, t.Select), most, sees)
	return chosen, triggers, 0
}

// take takes unit by unit, at most so many (0: all).
func (s *modelStack) take(t *coupon.Terms, chosen modelTake, heaps []*modelHeap, most int64, fits func(i int) bool) {
	all := int64(0)
	for i := range chosen {
		all += chosen.of(i)
	}
	taken := int64(0)
	for _, h := range heaps {
		for h.free > 0 && fits(h.line) && (most == 0 || taken < most) && (t.UnitsMax == 0 || all < t.UnitsMax) &&
			(t.LineUnitsMax == 0 || chosen.of(h.line) < t.LineUnitsMax) {
			h.free--
			chosen[h.line][h.kind]++
			all++
			taken++
		}
	}
}

// fits reports whether the units of a line fit a part.
func (s *modelStack) fits(t *coupon.Terms, part coupon.Part, i int) bool {
	scope := part.Scope
	if scope.Everything() {
		scope = t.Scope
	}
	return s.goods(i) && scope.Matches(s.cart.Scoped(i))
}
