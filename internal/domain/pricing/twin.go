package pricing

import (
	"cmp"
	"slices"

	"quan/internal/domain/coupon"
)

// twins finds coupons that stand next to each other in the stack and do the very
// same, and puts those that are preferred at equal worth first. A set that takes
// some of them is never worse when it takes the first ones, so the search takes a
// twin only behind the one ahead of it: a hundred alike are five ways to go, not
// all sets of a hundred.
func (s *search) twins() {
	s.ahead = make([]int32, len(s.all))
	for i := range s.ahead {
		s.ahead[i] = -1
	}
	alone := s.pairs.alone()
	for from := 0; from < len(s.all); {
		to := from + 1
		for to < len(s.all) && alone[from] && alone[to] && same(s.all[from], s.all[to]) {
			to++
		}
		if to-from > 1 {
			s.prefer(from, to)
		}
		from = to
	}
}

// prefer sorts a run of twins by what decides ties. Their groups go along.
func (s *search) prefer(from, to int) {
	order := make([]int, to-from)
	for i := range order {
		order[i] = from + i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := s.all[a].Coupon, s.all[b].Coupon
		return cmp.Or(cmp.Compare(x.ValidTo, y.ValidTo), cmp.Compare(x.ID, y.ID))
	})
	all, groups := slices.Clone(s.all), slices.Clone(s.pairs.group)
	for i, was := range order {
		s.all[from+i], s.pairs.group[from+i] = all[was], groups[was]
		if i > 0 {
			s.ahead[from+i] = int32(from + i - 1)
		}
	}
}

// alone tells the coupons that exclude nothing, that nothing excludes, and that
// have their group for themselves.
func (p *pairs) alone() []bool {
	count, barred := map[int32]int{}, map[int32]bool{}
	for i := range p.all {
		count[p.group[i]]++
		for _, g := range p.bars[i] {
			barred[g] = true
		}
	}
	out := make([]bool, len(p.all))
	for i := range p.all {
		out[i] = count[p.group[i]] == 1 && len(p.bars[i]) == 0 && !barred[p.group[i]]
	}
	return out
}

// same reports whether two sums take the same off the same lines by the same rules.
func same(x, y *effect) bool {
	a, b := x.Terms, y.Terms
	return a.Class() == coupon.ClassSum && a.Kind == b.Kind && a.AmountMinor == b.AmountMinor && a.DiscountBps == b.DiscountBps &&
		a.CapMinor == b.CapMinor && a.TotalMinor == b.TotalMinor && a.ThresholdMinor == b.ThresholdMinor &&
		a.ThresholdQuantity == b.ThresholdQuantity && a.ThresholdBase == b.ThresholdBase && a.Repeat == b.Repeat && a.Times == b.Times &&
		a.AllowZero == b.AllowZero && a.Priority == b.Priority && a.Stacking.Base == b.Stacking.Base &&
		len(a.Steps)+len(b.Steps) == 0 && x.when == nil && y.when == nil && x.Budget == y.Budget && x.BalanceMinor == y.BalanceMinor &&
		slices.Equal(x.lines, y.lines)
}

// waits reports whether the twin ahead of a coupon is missing in the chosen set.
func (s *search) waits(i int32) bool {
	return s.ahead[i] >= 0 && !slices.Contains(s.chosen, s.ahead[i])
}
