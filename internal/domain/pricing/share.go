package pricing

import (
	"cmp"
	"slices"

	"quan/internal/kernel/money"
)

// split divides a total by weights, as the profile does. Σ parts = total, and no
// part exceeds its weight where the total does not exceed their sum.
func (p *Profile) split(total int64, weights []int64) []int64 {
	if p.Split == SplitLargest {
		return money.Split(total, weights)
	}
	return p.divided(total, weights, weights)
}

// divided divides a total by weights: floors, and of the rest one minor unit after
// the other to lines that bear it. bears are the most that each part can be, in all
// no less than the total; nil: anything.
func (p *Profile) divided(total int64, weights, bears []int64) []int64 {
	parts := make([]int64, len(weights))
	sum, last := int64(0), 0
	for i, w := range weights {
		if sum += w; w > 0 {
			last = i
		}
	}
	if sum == 0 || total == 0 {
		return parts
	}
	can := func(i int) bool { return weights[i] > 0 && (bears == nil || parts[i] < bears[i]) }
	rest, fractions := total, make([]int64, len(weights))
	for i, w := range weights {
		parts[i], fractions[i] = money.MulDivFloor(total, w, sum)
		if bears != nil {
			parts[i] = min(parts[i], bears[i])
		}
		rest -= parts[i]
	}
	switch p.Split {
	case SplitLargest:
		rest = largest(parts, fractions, rest, can)
	case SplitLast:
		part := rest
		if bears != nil {
			part = min(rest, max(bears[last]-parts[last], 0))
		}
		parts[last] += part
		rest -= part
	}
	for before := int64(0); rest > 0 && rest != before; {
		before = rest
		for i := range parts {
			if rest > 0 && can(i) {
				parts[i]++
				rest--
			}
		}
	}
	return parts
}

// largest gives minor units to the largest fractions, ties to the earlier line, and
// returns what is left where too few can take one.
func largest(parts, fractions []int64, rest int64, can func(i int) bool) int64 {
	order := make([]int, 0, len(parts))
	for i := range parts {
		if fractions[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(fractions[k], fractions[i]) })
	for _, i := range order {
		if rest > 0 && can(i) {
			parts[i]++
			rest--
		}
	}
	return rest
}

// overflowing divides a total by weights that say nothing of what a line bears:
// what one can't bear goes to the others, by their weights. It divides at most
// what all bear.
func (p *Profile) overflowing(total int64, weights, bears []int64) []int64 {
	parts, open := make([]int64, len(weights)), slices.Clone(weights)
	total = min(total, sumAll(bears))
	for total > 0 {
		more := p.divided(total, open, nil)
		total = 0
		for i := range parts {
			parts[i] += more[i]
			if over := parts[i] - bears[i]; over >= 0 {
				parts[i], open[i] = bears[i], 0
				total += over
			}
		}
	}
	return parts
}

func sumAll(list []int64) (sum int64) {
	for _, n := range list {
		sum += n
	}
	return sum
}

// percent is a part of an amount in basis points, rounded as the profile does.
func (p *Profile) percent(minor, bps int64) int64 {
	if p.Rounding == RoundHalfUp {
		return money.Percent(minor, bps)
	}
	return p.up(money.MulDivFloor(minor, bps, money.BpsWhole))
}

// up rounds whole + rest/BpsWhole as the profile does.
func (p *Profile) up(whole, rest int64) int64 {
	const half = money.BpsWhole / 2
	switch p.Rounding {
	case RoundHalfUp:
		if rest >= half {
			whole++
		}
	case RoundUp:
		if rest > 0 {
			whole++
		}
	case RoundHalfDown:
		if rest > half {
			whole++
		}
	case RoundHalfEven:
		if rest > half || rest == half && whole%2 == 1 {
			whole++
		}
	}
	return whole
}
