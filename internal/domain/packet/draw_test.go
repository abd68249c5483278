package packet

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Whatever the bounds: the sum is exact, no share is below the least or above the most,
// and the same seed draws the same.
func TestDrawIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Draw{Shares: rapid.Int64Range(1, MostShares).Draw(t, "shares"), LeastMinor: rapid.Int64Range(1, 50).Draw(t, "least")}
		spare := rapid.Int64Range(0, 1_000_000).Draw(t, "spare")
		d.TotalMinor = d.Shares*d.LeastMinor + spare
		if rapid.Bool().Draw(t, "bounded") {
			each := (spare + d.Shares - 1) / d.Shares
			d.MostMinor = d.LeastMinor + each + rapid.Int64Range(0, 100).Draw(t, "room")
		}
		seed := rapid.String().Draw(t, "seed")
		got := d.Amounts(seed)
		var sum int64
		for _, a := range got {
			sum += a
			if a < d.LeastMinor || d.MostMinor > 0 && a > d.MostMinor {
				t.Fatalf("share %d of %+v", a, d)
			}
		}
		if sum != d.TotalMinor || int64(len(got)) != d.Shares {
			t.Fatalf("%+v: %d shares of %d in all", d, len(got), sum)
		}
		if !slices.Equal(got, d.Amounts(seed)) {
			t.Fatal("the same seed draws otherwise")
		}
	})
}

// Each place has the same expectation, the sum by the number of shares, and the same
// spread: over 40,000 packets the mean of a place lies within five standard errors.
func TestDrawIsFair(t *testing.T) {
	const packets = 40_000
	for _, d := range []Draw{{Shares: 10, TotalMinor: 10_000, LeastMinor: 1}, {Shares: 7, TotalMinor: 100, LeastMinor: 3}, {Shares: 5, TotalMinor: 1000, LeastMinor: 100, MostMinor: 260}} {
		sum, squares := make([]float64, d.Shares), make([]float64, d.Shares)
		for n := range packets {
			for i, a := range d.Amounts(fmt.Sprint("fair ", n)) {
				sum[i] += float64(a)
				squares[i] += float64(a) * float64(a)
			}
		}
		want := float64(d.TotalMinor) / float64(d.Shares)
		var spread float64
		for i := range sum {
			mean := sum[i] / packets
			variance := squares[i]/packets - mean*mean
			spread += variance / float64(d.Shares)
			if off := math.Abs(mean - want); off > 5*math.Sqrt(variance/packets) {
				t.Errorf("%+v: place %d has %.3f on average, want %.3f", d, i, mean, want)
			}
		}
		for i := range sum {
			mean := sum[i] / packets
			if variance := squares[i]/packets - mean*mean; math.Abs(variance-spread) > 0.06*spread {
				t.Errorf("%+v: place %d varies by %.1f, all by %.1f", d, i, variance, spread)
			}
		}
	}
}

// A small packet drawn as the method says, exactly: every way of the draw with its
// chance, every order of the shuffle, against what 60,000 seeds make.
func TestDrawAgainstExactChances(t *testing.T) {
	const packets = 60_000
	d := Draw{Shares: 3, TotalMinor: 7, LeastMinor: 1}
	chances := map[[3]int64]*big.Rat{}
	rest := d.TotalMinor - 3
	for a := int64(0); a <= 2*rest/3; a++ {
		left := rest - a
		for b := int64(0); b <= left; b++ {
			way := big.NewRat(1, 6*(2*rest/3+1)*(left+1)) // one of six orders
			x, y, z := a+1, b+1, left-b+1
			for _, order := range [][3]int64{{x, y, z}, {x, z, y}, {y, x, z}, {y, z, x}, {z, x, y}, {z, y, x}} {
				if chances[order] == nil {
					chances[order] = new(big.Rat)
				}
				chances[order].Add(chances[order], way)
			}
		}
	}
	seen := map[[3]int64]float64{}
	for n := range packets {
		seen[[3]int64(d.Amounts(fmt.Sprint("small ", n)))]++
	}
	for order, chance := range chances {
		p, _ := chance.Float64()
		if off := math.Abs(seen[order] - p*packets); off > 5*math.Sqrt(packets*p*(1-p)) {
			t.Errorf("%v: %v of %d, want about %.0f", order, seen[order], packets, p*packets)
		}
		delete(seen, order)
	}
	if len(seen) > 0 {
		t.Errorf("draws that the method can't make: %v", seen)
	}
}

func TestBestLuck(t *testing.T) {
	p := Packet{Shares: 3}
	for _, c := range []struct {
		amounts []int64
		want    int64
	}{{[]int64{5, 9, 9}, 2}, {[]int64{5, 9}, 0}, {[]int64{4, 4, 4}, 0}, {[]int64{9, 1, 1}, 1}} {
		var opened []Share
		for i, a := range c.amounts {
			opened = append(opened, Share{Number: int64(i) + 1, AmountMinor: a})
		}
		slices.Reverse(opened)
		if got := p.Best(opened); got != c.want {
			t.Errorf("%v: share %d, want %d", c.amounts, got, c.want)
		}
	}
}
