package money

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestPercentRoundsHalfUp(t *testing.T) {
	for _, c := range []struct{ minor, bps, want int64 }{
		{1000, 1500, 150}, {1, 5000, 1}, {1, 4999, 0}, {3, 5000, 2}, {333, 1000, 33}, {335, 1000, 34}, {0, 10_000, 0},
		{MaxMinor, BpsWhole, MaxMinor}, {199_900, 2000, 39_980},
	} {
		if got := Percent(c.minor, c.bps); got != c.want {
			t.Errorf("Percent(%d, %d) = %d, want %d", c.minor, c.bps, got, c.want)
		}
	}
}

func TestMulDivAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.Int64Range(1, math.MaxInt64).Draw(t, "c")
		b := rapid.Int64Range(0, c).Draw(t, "b")
		a := rapid.Int64Range(0, math.MaxInt64).Draw(t, "a")
		product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		floor, rest := new(big.Int).QuoRem(product, big.NewInt(c), new(big.Int))
		q, r := MulDivFloor(a, b, c)
		if q != floor.Int64() || r != rest.Int64() {
			t.Fatalf("MulDivFloor(%d, %d, %d) = %d, %d, want %s, %s", a, b, c, q, r, floor, rest)
		}
		half := new(big.Int).Add(product, big.NewInt(c/2))
		half.Quo(half, big.NewInt(c))
		if got := MulDivHalfUp(a, b, c); got != half.Int64() {
			t.Fatalf("MulDivHalfUp(%d, %d, %d) = %d, want %s", a, b, c, got, half)
		}
	})
}

func TestSplitExamples(t *testing.T) {
	for _, c := range []struct {
		total   int64
		weights []int64
		want    []int64
	}{
		{10, []int64{1, 1, 1}, []int64{4, 3, 3}},
		{1000, []int64{2000, 4500, 6000, 5000}, []int64{114, 257, 343, 286}},
		{5, []int64{0, 10, 0}, []int64{0, 5, 0}},
		{5, []int64{0, 0}, []int64{0, 0}},
		{0, []int64{1, 2}, []int64{0, 0}},
		{2, []int64{1, 1, 1}, []int64{1, 1, 0}},
	} {
		got := Split(c.total, c.weights)
		for i := range c.want {
			if got[i] != c.want[i] {
				t.Errorf("Split(%d, %v) = %v, want %v", c.total, c.weights, got, c.want)
				break
			}
		}
	}
}

func TestSplitSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Int64Range(0, MaxMinor/200), 1, 200).Draw(t, "weights")
		var sum int64
		for _, w := range weights {
			sum += w
		}
		total := rapid.Int64Range(0, sum).Draw(t, "total")
		var got int64
		for i, p := range Split(total, weights) {
			if p < 0 || p > weights[i] {
				t.Fatalf("part %d is %d of a weight of %d", i, p, weights[i])
			}
			got += p
		}
		if got != total {
			t.Fatalf("parts sum to %d, not to %d", got, total)
		}
	})
}

func TestOverflow(t *testing.T) {
	for _, c := range []struct{ a, b int64 }{{math.MaxInt64, 1}, {math.MinInt64, -1}} {
		if _, err := Add(c.a, c.b); !errors.Is(err, ErrOverflow) {
			t.Errorf("Add(%d, %d): %v", c.a, c.b, err)
		}
	}
	if s, err := Add(math.MaxInt64, -1); err != nil || s != math.MaxInt64-1 {
		t.Errorf("Add: %d, %v", s, err)
	}
	if s, err := Add(math.MinInt64, 0); err != nil || s != math.MinInt64 {
		t.Errorf("Add of zero: %d, %v", s, err)
	}
	for _, c := range []struct{ a, b int64 }{{math.MaxInt64, 2}, {1 << 40, 1 << 40}, {-1, 2}} {
		if _, err := Mul(c.a, c.b); !errors.Is(err, ErrOverflow) {
			t.Errorf("Mul(%d, %d): %v", c.a, c.b, err)
		}
	}
	if p, err := Mul(1<<31, 1<<31); err != nil || p != 1<<62 {
		t.Errorf("Mul: %d, %v", p, err)
	}
}
