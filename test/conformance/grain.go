package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"quan/internal/kernel/money"
)

// Number is a decimal of a suite, exactly as written; it reads numbers and texts.
type Number struct{ big.Rat }

// UnmarshalJSON reads 12.5 and "12.5".
func (n *Number) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		text = string(raw)
	}
	if _, ok := n.SetString(strings.TrimSpace(text)); !ok {
		return fmt.Errorf("%s is no number", raw)
	}
	return nil
}

// or is the number, or another one where there is none.
func (n *Number) or(other int64) *big.Rat {
	if n == nil {
		return big.NewRat(other, 1)
	}
	return &n.Rat
}

// whole is the number as an integer; ok is false where it is none.
func (n *Number) whole() (value int64, ok bool) {
	if n == nil || !n.IsInt() || !n.Num().IsInt64() {
		return 0, false
	}
	return n.Num().Int64(), true
}

// grainMin is the coarsest unit, in parts of a major unit.
const grainMin = 10_000

// grain is the unit in which a case is reckoned: parts of the major unit, as many
// as make every amount of the case a whole number.
type grain struct{ parts big.Int }

func newGrain() *grain {
	g := &grain{}
	g.parts.SetInt64(grainMin)
	return g
}

// hold makes the grain fine enough for an amount.
func (g *grain) hold(amounts ...*big.Rat) {
	for _, a := range amounts {
		d := new(big.Int).GCD(nil, nil, &g.parts, a.Denom())
		d.Quo(a.Denom(), d)
		g.parts.Mul(&g.parts, d)
	}
}

// finest is how many units all prices of a case may have together: far from the
// largest amount that quan knows, as sums and prices with tax come on top.
const finest = 10_000_000_000_000

// refine makes the grain as fine as a total allows, so that what is rounded to it
// is far below the minor unit.
func (g *grain) refine(total *big.Rat) {
	ten := big.NewInt(10)
	for range 6 {
		next := new(big.Int).Mul(&g.parts, ten)
		units := new(big.Int).Mul(total.Num(), next)
		if units.Cmp(new(big.Int).Mul(total.Denom(), big.NewInt(finest))) > 0 {
			return
		}
		g.parts.Set(next)
	}
}

// of is an amount that the grain holds, in its unit.
func (g *grain) of(amount *big.Rat) (int64, error) {
	n := new(big.Int).Mul(amount.Num(), &g.parts)
	n, rest := n.QuoRem(n, amount.Denom(), new(big.Int))
	if rest.Sign() != 0 || !n.IsInt64() || n.Int64() > money.MaxMinor || n.Sign() < 0 {
		return 0, cannot("amounts so fine or so large that no whole unit holds them all")
	}
	return n.Int64(), nil
}

// rat is a number of units in major units.
func (g *grain) rat(units int64) *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(units), &g.parts)
}

// cents rounds an amount of major units half up to hundredths. What is beyond the
// seventh decimal is noise of floating point numbers: 12.744999999999997 is 12.745.
func cents(amount *big.Rat) int64 {
	return new(big.Int).Quo(new(big.Int).Add(halfUp(amount, 10_000_000), big.NewInt(50_000)), big.NewInt(100_000)).Int64()
}

// halfUp is an amount in parts of the major unit, rounded half up.
func halfUp(amount *big.Rat, parts int64) *big.Int {
	n := new(big.Int).Mul(amount.Num(), big.NewInt(2*parts))
	n.Add(n, amount.Denom())
	return n.Div(n, new(big.Int).Mul(amount.Denom(), big.NewInt(2)))
}

// bps is a percentage in basis points, at most 100 %.
func bps(percent *big.Rat) (int64, error) {
	b := new(big.Rat).Mul(percent, big.NewRat(100, 1))
	if !b.IsInt() || b.Sign() < 0 {
		return 0, cannot("a percentage that is no whole number of basis points")
	}
	if b.Cmp(big.NewRat(money.BpsWhole, 1)) > 0 {
		return money.BpsWhole, nil
	}
	return b.Num().Int64(), nil
}
