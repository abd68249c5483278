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
		s.sumParts(&try, in, weights, amount)
		if s.reached(&try, in, step.ThresholdMinor, step.ThresholdQuantity, nil) {
			chosen = try
			break
		}
	}
	*u = chosen
	for i, part := range u.parts {
		s.lines[i].takeSum(part)
	}
}

// asked is the sum before anything cuts it, and by what it is split.
func (s *modelStack) asked(t *coupon.Terms, in []int, step coupon.Step, balance int64) (weights []int64, amount int64) {
	weights = make([]int64, len(s.lines))
	var list, before, units int64
	for _, i := range in {
		l := s.lines[i]
		weights[i] = l.total()
		list, before, units = list+l.UnitMinor*l.Quantity, before+l.total(), units+l.Quantity
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
			times = min(times, base/t.ThresholdMinor)
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
			of[i] = s.lines[i].UnitMinor * s.lines[i].Quantity
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

// sumParts cuts the sum and splits it.
func (s *modelStack) sumParts(u *modelUse, in []int, weights []int64, amount int64) {
	var room int64
	for _, i := range in {
		room += s.lines[i].room()
	}
	amount = min(amount, modelSum(weights), room, s.allowed(u.t))
	if u.t.CapMinor > 0 {
		amount = min(amount, u.t.CapMinor)
	}
	amount = s.within(u, amount)
	// Lines are weighed by what they have left above their least prices. Where every
	// line is rounded by itself the parts stand, unless something cuts the whole.
	perLine := u.t.Kind == coupon.KindPercentOff && s.rules.Profile.Round == pricing.RoundLine
	if !perLine || amount < modelSum(weights) {
		for _, i := range in {
			weights[i] = s.lines[i].room()
		}
	}
	u.parts = s.split(amount, weights)
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
