package pricing_test

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// reward is what the chosen units bring, line by line: units of each line and
// what they cost.
func (s *modelStack) reward(t *coupon.Terms, units, bases []int64, sets int64) []int64 {
	parts := make([]int64, len(bases))
	reward := t.Reward
	switch t.Kind {
	case coupon.KindFixedPrice, coupon.KindMemberPrice, coupon.KindAddOn, coupon.KindExchange, coupon.KindGift:
		reward = coupon.RewardPrice
	}
	sum := modelSum(bases)
	switch reward {
	case coupon.RewardPercent:
		return s.percentOfUnits(t, units, bases)
	case coupon.RewardTotal:
		return s.split(max(0, sum-t.TotalMinor*sets), bases)
	case coupon.RewardPrice:
		for i, base := range bases {
			if price, ok := s.newPrice(t, i); ok {
				parts[i] = capped(t, units[i], max(0, base-units[i]*price))
			}
		}
		return parts
	}
	switch {
	case t.Kind == coupon.KindBundle:
		return s.split(min(sum, t.AmountMinor*sets), bases)
	case t.Kind == coupon.KindItemOff && t.Split == coupon.SplitAmount:
		return s.split(min(sum, t.AmountMinor), bases)
	case t.Kind == coupon.KindItemOff && t.Split == coupon.SplitQuantity:
		return s.byQuantity(min(sum, t.AmountMinor), units, bases)
	}
	for i, base := range bases {
		if t.Kind == coupon.KindItemOff && t.Split == coupon.SplitLine {
			parts[i] = min(base, t.AmountMinor)
		} else {
			parts[i] = capped(t, units[i], min(base, t.AmountMinor*units[i]))
		}
	}
	return parts
}

// capped is at most the cap of an item for each unit.
func capped(t *coupon.Terms, units, part int64) int64 {
	if t.ItemCapMinor > 0 {
		return min(part, t.ItemCapMinor*units)
	}
	return part
}

// byQuantity splits by units; what a line can't bear goes to the others.
func (s *modelStack) byQuantity(amount int64, units, bases []int64) []int64 {
	parts := make([]int64, len(bases))
	for amount > 0 {
		weights := make([]int64, len(bases))
		for i := range bases {
			if parts[i] < bases[i] {
				weights[i] = units[i]
			}
		}
		if modelSum(weights) == 0 {
			break
		}
		bears := make([]int64, len(bases))
		for i := range bears {
			bears[i] = amount * min(1, weights[i])
		}
		for i, more := range modelSplit(amount, weights, bears, s.rules.Profile.Split) {
			more = min(more, bases[i]-parts[i])
			parts[i] += more
			amount -= more
		}
	}
	return parts
}

// percentOfUnits is a percentage of the bases, or of list prices up to the bases,
// each line up to its cap, rounded once and split by what each line gives.
func (s *modelStack) percentOfUnits(t *coupon.Terms, units, bases []int64) []int64 {
	p := s.rules.Profile
	gives := make([]int64, len(bases)) // in 1/10000 of a minor unit
	parts := make([]int64, len(bases))
	for i, base := range bases {
		of := base
		switch l := &s.lines[i]; {
		case s.ofList(t):
			of = modelRound(l.list, units[i], l.Quantity, pricing.RoundHalfUp)
		case p.Base == pricing.PercentLine:
			of = modelRound(l.total(), units[i], l.Quantity, pricing.RoundHalfUp)
		}
		gives[i] = min(of*t.DiscountBps, base*10000)
		gives[i] = capped(t, units[i]*10000, gives[i])
		parts[i] = min(base, modelRound(gives[i], 1, 10000, p.Rounding))
	}
	if p.Round == pricing.RoundLine {
		return parts
	}
	return modelSplit(modelRound(modelSum(gives), 1, 10000, p.Rounding), gives, bases, p.Split)
}
