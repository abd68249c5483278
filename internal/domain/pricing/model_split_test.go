package pricing_test

import (
	"cmp"

	"quan/internal/domain/pricing"
	"quan/internal/kernel/money"
)

// modelFrac is a fraction of small numbers.
type modelFrac struct{ num, den int64 }

func (x modelFrac) compare(y modelFrac) int { return cmp.Compare(x.num*y.den, y.num*x.den) }

// modelRound rounds a × b / c, not negative, to the minor unit.
func modelRound(a, b, c int64, policy pricing.RoundingPolicy) int64 {
	floor, rest := money.MulDivFloor(a, b, c)
	half := cmp.Compare(2*rest, c)
	up := false
	switch policy {
	case pricing.RoundHalfUp:
		up = half >= 0
	case pricing.RoundHalfEven:
		up = half > 0 || half == 0 && floor%2 == 1
	case pricing.RoundHalfDown:
		up = half > 0
	case pricing.RoundUp:
		up = rest > 0
	}
	if up {
		return floor + 1
	}
	return floor
}

// modelSplit divides an amount over weights: floors, then one minor unit of the
// rest after the other. bears is the most of each part, which matters for the
// policies that don't go by fractions.
func modelSplit(amount int64, weights, bears []int64, policy pricing.SplitPolicy) []int64 {
	parts, rest := make([]int64, len(weights)), make([]int64, len(weights))
	sum := modelSum(weights)
	if sum == 0 {
		return parts
	}
	given := int64(0)
	for i, w := range weights {
		parts[i], rest[i] = money.MulDivFloor(amount, w, sum)
		parts[i] = min(parts[i], bears[i])
		given += parts[i]
	}
	extra, last := make([]int64, len(parts)), 0
	for i, w := range weights {
		if w > 0 {
			last = i
		}
	}
	for ; given < amount; given++ {
		at := -1
		for i := range parts {
			can := parts[i] < bears[i] && weights[i] > 0
			switch {
			case policy == pricing.SplitLargest && can && (at < 0 || rest[i] > rest[at]):
				at = i // largest remainder, ties to the earlier line
			case policy == pricing.SplitLast && can && (at < 0 || i == last || extra[i] < extra[at]):
				at = i // as far as the last line bears it, then one each, from the first on
			case policy == pricing.SplitFirst && can && (at < 0 || extra[i] < extra[at]):
				at = i // one each, from the first on
			}
		}
		parts[at]++
		extra[at]++
		if rest[at] = max(rest[at], 0); policy == pricing.SplitLargest {
			rest[at] = -extra[at] // behind those that have none yet
		}
	}
	return parts
}

// split divides by what the lines have.
func (s *modelStack) split(amount int64, weights []int64) []int64 {
	return modelSplit(amount, weights, weights, s.rules.Profile.Split)
}

// cut takes the whole down to an amount, by what each line had.
func (s *modelStack) cut(parts []int64, to int64) []int64 {
	if modelSum(parts) <= to {
		return parts
	}
	return modelSplit(to, parts, parts, pricing.SplitLargest)
}
