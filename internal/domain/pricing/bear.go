package pricing

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/money"
)

// bear splits the discount of each line over the funders, in line order. A
// funder's quota is its share of the line plus what earlier lines left it (the
// carry, which may be negative); it gets the floor of its quota, never less than
// zero, and the units that are left go to the largest fractions, ties to the
// earlier funder. Quota less what it got is its carry on the next line. All is
// exact: carries are counted in 1/10,000 of a minor unit. The cells of a line sum
// to the line; zero cells are left out.
//
// Floors at zero can give out more than the line holds; the excess is taken back
// where the fraction is smallest.
func bear(lines []int64, funders []coupon.Funder) []Cell {
	both := make([]int64, 2*len(funders))
	carry, got := both[:len(funders)], both[len(funders):] // carry in 1/money.BpsWhole minor units; sums to zero
	order := make([]int, len(funders))
	borne := 0
	for _, amount := range lines {
		if amount > 0 {
			borne++
		}
	}
	if borne == 0 {
		return nil
	}
	cells := make([]Cell, 0, borne*len(funders))
	for line, amount := range lines {
		if amount == 0 {
			continue
		}
		left := amount
		for i, f := range funders {
			quotient, rest := money.MulDivFloor(amount, f.ShareBps, money.BpsWhole)
			got[i], carry[i] = floor(quotient, rest+carry[i])
			left -= got[i]
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int { return int(carry[b] - carry[a]) })
		settle(left, order, got, carry)
		for i, f := range funders {
			if got[i] > 0 {
				cells = append(cells, Cell{Line: int64(line), Funder: f, Minor: got[i]})
			}
		}
	}
	return cells
}

// floor returns the whole part of quotient + rest/BpsWhole, at least zero, and
// what is left of it.
func floor(quotient, rest int64) (whole, left int64) {
	step := rest / money.BpsWhole
	if rest%money.BpsWhole < 0 {
		step--
	}
	whole = max(quotient+step, 0)
	return whole, rest - (whole-quotient)*money.BpsWhole
}

// settle hands out what is left, the largest fraction first, or takes back what
// is too much, the smallest first.
func settle(left int64, order []int, got, carry []int64) {
	for ; left > 0; left-- {
		i := order[0]
		order = order[1:]
		got[i]++
		carry[i] -= money.BpsWhole
	}
	for at := len(order) - 1; left < 0; at = (at + len(order) - 1) % len(order) {
		if i := order[at]; got[i] > 0 {
			got[i]--
			carry[i] += money.BpsWhole
			left++
		}
	}
}
