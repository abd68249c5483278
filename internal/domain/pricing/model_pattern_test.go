package pricing_test

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// modelDemand is a part of a pattern that still needs units.
type modelDemand struct {
	fits  func(i int) bool
	quant int64 // of one set
	need  int64
}

// pattern fills the sets of a pattern.
func (s *modelStack) pattern(u *modelUse) (chosen, triggers modelTake, sets int64) {
	t := u.t
	chosen, triggers = make(modelTake, len(s.lines)), make(modelTake, len(s.lines))
	get, buy := t.Get, t.Buy
	switch t.Kind {
	case coupon.KindNthItem:
		get, buy = []coupon.Part{{Quantity: 1}}, []coupon.Part{{Quantity: t.Nth - 1}}
	case coupon.KindBundle:
		buy = nil
	}
	var gets, all []*modelDemand
	for n, part := range append(append([]coupon.Part{}, get...), buy...) {
		d := &modelDemand{fits: func(i int) bool { return s.fits(t, part, i) }, quant: part.Quantity}
		if all = append(all, d); n < len(get) {
			gets = append(gets, d)
		}
	}
	heaps := s.heaps(t, func(i int) bool { return s.goods(i) }, t.Select)
	if s.rules.Profile.Patterns == pricing.PatternsEach {
		return s.each(u, heaps, gets, all[len(gets):])
	}
	for t.Times == 0 || sets < t.Times {
		for _, d := range all {
			d.need = (sets + 1) * d.quant
		}
		if !modelFillable(heaps, all) {
			break
		}
		sets++
	}
	for _, d := range all {
		d.need = sets * d.quant
	}
	if t.Kind == coupon.KindBundle && t.Reward == coupon.RewardTotal {
		sets = s.cheaperSets(t, heaps, all, sets, chosen)
		return chosen, triggers, sets
	}
	for _, d := range gets {
		s.fill(heaps, all, d, d.need, chosen)
	}
	switch t.Select {
	case coupon.SelectFirst:
	case coupon.SelectDearest:
		modelSortHeaps(heaps, coupon.SelectCheapest)
	default:
		modelSortHeaps(heaps, coupon.SelectDearest)
	}
	for _, d := range all[len(gets):] {
		s.fill(heaps, all, d, d.need, triggers)
	}
	return chosen, triggers, sets
}

// cheaperSets makes the sets of a bundle with a price one by one, up to the first
// that is not cheaper than its parts.
func (s *modelStack) cheaperSets(t *coupon.Terms, heaps []*modelHeap, all []*modelDemand, sets int64, chosen modelTake) int64 {
	for made := range sets {
		one := make(modelTake, len(s.lines))
		for _, d := range all {
			s.fill(heaps, all, d, d.quant, one)
		}
		if s.adds(chosen, one) <= t.TotalMinor {
			return made
		}
		for i := range one {
			chosen[i][fresh] += one[i][fresh]
			chosen[i][touched] += one[i][touched]
		}
	}
	return sets
}

// adds is what some more units add to what the chosen ones cost.
func (s *modelStack) adds(chosen, one modelTake) (cost int64) {
	for i := range one {
		for kind, n := range one[i] {
			cost += s.lines[i].cost(kind, chosen[i][kind]+n) - s.lines[i].cost(kind, chosen[i][kind])
		}
	}
	return cost
}

// fill takes units for one part, one by one, each the first in order that leaves
// everything else fillable.
func (s *modelStack) fill(heaps []*modelHeap, all []*modelDemand, d *modelDemand, units int64, into modelTake) {
	for ; units > 0; units-- {
		for _, h := range heaps {
			if h.free == 0 || !d.fits(h.line) {
				continue
			}
			h.free--
			d.need--
			if modelFillable(heaps, all) {
				into[h.line][h.kind]++
				break
			}
			h.free++
			d.need++
		}
	}
}

// modelFillable reports whether all demands can be filled by different units: a
// flow from heaps to demands, found path by path.
func modelFillable(heaps []*modelHeap, all []*modelDemand) bool {
	flow := make([][]int64, len(all)) // flow[d][h]: units of h for d
	used := make([]int64, len(heaps))
	for d := range all {
		flow[d] = make([]int64, len(heaps))
	}
	// feed finds one more unit for a demand, taking it from another demand that
	// finds a further one in turn.
	var feed func(d int, asked []bool) bool
	feed = func(d int, asked []bool) bool {
		asked[d] = true
		for h, heap := range heaps {
			if all[d].fits(heap.line) && used[h] < heap.free {
				used[h]++
				flow[d][h]++
				return true
			}
		}
		for h, heap := range heaps {
			for other := range all {
				if asked[other] || flow[other][h] == 0 || !all[d].fits(heap.line) {
					continue
				}
				if feed(other, asked) {
					flow[other][h]--
					flow[d][h]++
					return true
				}
			}
		}
		return false
	}
	for d, demand := range all {
		for range demand.need {
			if !feed(d, make([]bool, len(all))) {
				return false
			}
		}
	}
	return true
}
