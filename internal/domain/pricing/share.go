package pricing

import (
	"quan/internal/kernel/money"
)

// split divides a total by weights, as the profile does. Σ parts = total, and no
// part exceeds its weight where the total does not exceed their sum.
func (p *Profile) split(total int64, weights []int64) []int64 {
	return p.divided(total, weights, true)
}

// divided is split; where it is not bounded, the last line takes the rest even
// beyond its weight.
func (p *Profile) divided(total int64, weights []int64, bounded bool) []int64 {
	if p.Split == SplitLargest {
		return money.Split(total, weights)
	}
	var sum int64
	last := -1
	for i, w := range weights {
		if sum += w; w > 0 {
			last = i
		}
	}
	parts := make([]int64, len(weights))
	if sum == 0 || total == 0 {
		return parts
	}
	rest := total
	for i, w := range weights {
		parts[i], _ = money.MulDivFloor(total, w, sum)
		rest -= parts[i]
	}
	if p.Split == SplitLast {
		part := rest
		if bounded {
			part = min(rest, max(weights[last]-parts[last], 0))
		}
		parts[last] += part
		rest -= part
	}
	for rest > 0 {
		before := rest
		for i, w := range weights {
			if rest > 0 && parts[i] < w {
				parts[i]++
				rest--
			}
		}
		if rest == before { // more than the weights: the first one bears it
			for i, w := range weights {
				if w > 0 {
					parts[i] += rest
					break
				}
			}
			rest = 0
		}
	}
	return parts
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

// within divides a total by weights where no part may exceed its cap: what one
// can't bear goes to the others, by their weights. It divides at most Σ caps.
func (p *Profile) within(total int64, weights, caps []int64, amounts bool) []int64 {
	parts := make([]int64, len(weights))
	var all int64
	for _, c := range caps {
		all += c
	}
	total = min(total, all)
	open := append([]int64{}, weights...)
	for total > 0 {
		more := p.divided(total, open, amounts)
		total = 0
		free := false
		for i := range parts {
			parts[i] += more[i]
			if over := parts[i] - caps[i]; over >= 0 {
				parts[i], open[i] = caps[i], 0
				total += over
			} else if open[i] > 0 {
				free = true
			}
		}
		if !free && total > 0 { // weights of zero bear what is left
			for i := range parts {
				part := min(total, caps[i]-parts[i])
				parts[i] += part
				total -= part
			}
			return parts
		}
	}
	return parts
}
