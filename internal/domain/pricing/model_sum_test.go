package pricing_test

import (
	"math"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// sum prices a coupon that takes one sum off the lines in scope. Of steps the
// last one that is reached counts, asked from the last on.
func (s *modelStack) sum(u *modelUse, in []int) {
	t := u.t
	steps := []coupon.Step{{ThresholdMinor: t.ThresholdMinor, ThresholdQuantity: t.ThresholdQuantity, AmountMinor: t.AmountMinor, DiscountBps: t.DiscountBps}}
	if len(t.Steps) > 0 {
		steps = slices.Clone(t.Steps)
		slices.Reverse(steps)
	}
	chosen := *u
	chosen.refused = "threshold"
	for _, step := range steps {
		try := *u
		weights, amount := s.asked(t, in, step, u.c.BalanceMinor)
		if len(t.Steps) > 0 && !s.stepReached(t, in, step) {
			continue
		}
		s.sumParts(&try, in, weights, amount)
		least := steps[len(steps)-1]
		if s.reached(&try, in, least.ThresholdMinor, least.ThresholdQuantity, nil) {
			chosen = try
		}
		break
	}
	*u = chosen
	for i, part := range u.parts {
		s.lines[i].takeSum(part)
	}
}

// stepReached asks a step's thresholds, after what it takes off by the terms alone:
// its amount, or its percentage rounded once, at most the cap.
func (s *modelStack) stepReached(t *coupon.Terms, in []int, step coupon.Step) bool {
	var list, before, units int64
	for _, i := range in {
		list, before, units = list+s.lines[i].list, before+s.lines[i].total(), units+s.lines[i].Quantity
	}
	base, own := before, step.AmountMinor
	if step.DiscountBps > 0 {
		if s.ofList(t) {
			base = list
		}
		own = modelRound(base, step.DiscountBps, 10000, s.rules.Profile.Rounding)
	}
	if t.CapMinor > 0 {
		own = min(own, t.CapMinor)
	}
	seen := before
	switch t.ThresholdBase {
	case coupon.BaseList:
		seen = list
	case coupon.BaseAfter:
		seen = before - own
	}
	return seen >= step.ThresholdMinor && units >= step.ThresholdQuantity
}

// asked is the sum before anything cuts it, and by what it is split.
func (s *modelStack) asked(t *coupon.Terms, in []int, step coupon.Step, balance int64) (weights []int64, amount int64) {
	weights = make([]int64, len(s.lines))
	var list, before, units int64
	for _, i := range in {
		l := s.lines[i]
		weights[i] = l.total()
		list, before, units = list+l.list, before+l.total(), units+l.Quantity
	}
	switch t.Kind {
	case coupon.KindPercentOff:
		return s.percentOfLines(t, in, weights, step.DiscountBps)
	case coupon.KindNewTotal:
		return weights, max(0, before-t.TotalMinor)
	case coupon.KindStoredValue:
		if amount = balance; t.AmountMinor > 0 {
			amount = min(amount, t.AmountMinor)
		}
		return weights, amount
	}
	amount = step.AmountMinor
	if t.Repeat {
		base := before
		if t.ThresholdBase == coupon.BaseList {
			base = list
		}
		times := int64(math.MaxInt64)
		if t.ThresholdMinor > 0 {
			whole := t.ThresholdMinor
			if t.ThresholdBase == coupon.BaseAfter {
				whole += t.AmountMinor // each is full after its own
			}
			times = min(times, base/whole)
		}
		if t.ThresholdQuantity > 0 {
			times = min(times, units/t.ThresholdQuantity)
		}
		if t.Times > 0 {
			times = min(times, t.Times)
		}
		amount *= times
	}
	return weights, amount
}

// percentOfLines takes a percentage once, or of every line.
func (s *modelStack) percentOfLines(t *coupon.Terms, in []int, weights []int64, bps int64) ([]int64, int64) {
	p := s.rules.Profile
	of := slices.Clone(weights)
	if s.ofList(t) {
		for _, i := range in {
			of[i] = s.lines[i].list
		}
	}
	if p.Round != pricing.RoundLine {
		return weights, modelRound(modelSum(of), bps, 10000, p.Rounding)
	}
	for i := range weights {
		weights[i] = min(s.lines[i].room(), weights[i], modelRound(of[i], bps, 10000, p.Rounding))
	}
	return weights, modelSum(weights)
}

// ofList reports whether percentages are taken of list amounts.
func (s *modelStack) ofList(t *coupon.Terms) bool {
	return t.Stacking.Base == coupon.TakenList || t.Stacking.Base == "" && s.rules.Profile.Base == pricing.PercentList
}

// sumParts cuts the sum and splits it by what its lines have left above their least
// prices. Where every line is rounded or measured by itself, a cut goes by what
// each had.
func (s *modelStack) sumParts(u *modelUse, in []int, weights []int64, amount int64) {
	rooms := make([]int64, len(s.lines))
	for _, i := range in {
		rooms[i] = s.lines[i].room()
	}
	capped := func(n int64) int64 {
		if u.t.CapMinor > 0 {
			return min(n, u.t.CapMinor)
		}
		return n
	}
	if u.t.Kind == coupon.KindPercentOff && s.rules.Profile.Round == pricing.RoundLine {
		u.parts = s.cut(weights, capped(amount))
	} else if u.c.Budget != nil && s.rules.Profile.Over == pricing.OverPiece {
		u.parts = s.split(min(capped(amount), modelSum(rooms)), rooms)
	} else {
		u.parts = s.split(s.within(u, min(capped(amount), modelSum(rooms), s.allowed(u.t))), rooms)
		return
	}
	s.pieces(u)
	u.parts = s.cut(u.parts, s.within(u, min(modelSum(u.parts), s.allowed(u.t))))
}

// takeSum takes from the touched units in proportion, floored, the rest from the
// fresh ones.
func (l *modelLine) takeSum(part int64) {
	if part == 0 {
		return
	}
	of := modelRound(part, l.left[touched], l.total(), pricing.RoundDown)
	l.left[touched] -= of
	l.left[fresh] -= part - of
}
