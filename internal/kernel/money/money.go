package money

import (
	"errors"
	"math"
	"math/bits"
	"slices"
)

// BpsWhole is 100 % in basis points.
const BpsWhole = 10_000

// MaxMinor bounds every amount that enters the system (10^15 minor units), so
// that sums over a cart of the largest allowed size stay far below overflow.
const MaxMinor = 1_000_000_000_000_000

// ErrOverflow says that a result does not fit into an int64.
var ErrOverflow = errors.New("money: amount overflows")

// Money is an amount of one currency (ISO 4217 code), in minor units.
type Money struct {
	Minor    int64  `json:"minor" doc:"integer of the currency's minor unit"`
	Currency string `json:"currency" doc:"ISO 4217 code"`
}

// Add returns a+b or ErrOverflow.
func Add(a, b int64) (int64, error) {
	s := a + b
	if (s > a) != (b > 0) && b != 0 {
		return 0, ErrOverflow
	}
	return s, nil
}

// Mul returns a*b for non-negative factors, or ErrOverflow.
func Mul(a, b int64) (int64, error) {
	if a < 0 || b < 0 {
		return 0, ErrOverflow
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi != 0 || lo > math.MaxInt64 {
		return 0, ErrOverflow
	}
	return int64(lo), nil
}

// MulDivHalfUp returns a*b/c rounded half up, computed in 128 bits.
// a and b are not negative, c is positive; the result must fit an int64
// (it does whenever b <= c).
func MulDivHalfUp(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	lo, carry := bits.Add64(lo, uint64(c)/2, 0)
	hi += carry
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(q)
}

// MulDivFloor returns floor(a*b/c) and the remainder, computed in 128 bits,
// under the same conditions as MulDivHalfUp.
func MulDivFloor(a, b, c int64) (quotient, remainder int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, r := bits.Div64(hi, lo, uint64(c))
	return int64(q), int64(r)
}

// Percent returns bps of an amount, half up to the minor unit.
func Percent(minor, bps int64) int64 { return MulDivHalfUp(minor, bps, BpsWhole) }

// Split divides total over the weights by largest remainder: each part gets
// the floor of its share, the units left over go to the largest fractions, ties
// to the earlier part. A weight of zero or less gets nothing. The parts sum to
// total; with no positive weight all parts are zero. total is not negative, and
// no part exceeds its weight while total <= sum of the weights.
func Split(total int64, weights []int64) []int64 {
	parts := make([]int64, len(weights))
	var sum int64
	for _, w := range weights {
		sum += max(w, 0)
	}
	if sum == 0 || total == 0 {
		return parts
	}
	var room [64]fraction
	fractions := room[:0]
	if len(weights) > len(room) {
		fractions = make([]fraction, 0, len(weights))
	}
	left := total
	for i, w := range weights {
		q, r := MulDivFloor(total, max(w, 0), sum)
		parts[i] = q
		left -= q
		if r > 0 {
			fractions = append(fractions, fraction{r, i})
		}
	}
	lead(fractions, int(left))
	for _, f := range fractions[:left] {
		parts[f.at]++
	}
	return parts
}

// fraction is what the floor of a share leaves of it.
type fraction struct {
	rest int64
	at   int
}

// before orders the larger fraction first, ties by place: no two are equal.
func (f fraction) before(g fraction) bool { return f.rest > g.rest || f.rest == g.rest && f.at < g.at }

// lead brings the n fractions that come first to the front, in any order. It parts
// the list around a middle value again and again, and sorts what resists.
func lead(list []fraction, n int) {
	for tries := 0; len(list) > 8 && tries < 16; tries++ {
		if n <= 0 || n >= len(list) {
			return
		}
		end := len(list) - 1
		middle(list, len(list)/2, end)
		at := 0
		for k := range list[:end] {
			if list[k].before(list[end]) {
				list[at], list[k] = list[k], list[at]
				at++
			}
		}
		list[at], list[end] = list[end], list[at]
		if n <= at {
			list = list[:at]
		} else {
			list, n = list[at+1:], n-at-1
		}
	}
	slices.SortFunc(list, func(a, b fraction) int {
		if a.before(b) {
			return -1
		}
		return 1
	})
}

// middle brings the middle one of the first, the k-th and the last to the end.
func middle(list []fraction, k, end int) {
	if list[k].before(list[0]) {
		list[0], list[k] = list[k], list[0]
	}
	if list[end].before(list[0]) {
		list[0], list[end] = list[end], list[0]
	}
	if list[k].before(list[end]) {
		list[k], list[end] = list[end], list[k]
	}
}
