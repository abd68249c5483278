package main

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// Facts are what an engine answered: amounts by name, in major units. A fact that
// is not named is zero.
type Facts map[string]*big.Rat

// add adds an amount to a fact.
func (f Facts) add(name string, amount *big.Rat) {
	if f[name] == nil {
		f[name] = new(big.Rat)
	}
	f[name].Add(f[name], amount)
}

// count sets a fact that is a number or a yes.
func (f Facts) count(name string, n int64) { f[name] = big.NewRat(n, 1) }

// Expected is what the other engine answered.
type Expected struct {
	Facts Facts
	Some  bool // only these facts are told: others may be there too
}

// renamed adds up the facts of names that are one.
func (f Facts) renamed(alike map[string]string) Facts {
	out := Facts{}
	for name, amount := range f {
		if other, ok := alike[name]; ok {
			name = other
		}
		out.add(name, amount)
	}
	return out
}

// differences of two answers after rounding to the minor unit, by name.
func differences(want Expected, got Facts, alike map[string]string) (found []string) {
	wanted, got := want.Facts.renamed(alike), got.renamed(alike)
	names := slices.Collect(maps.Keys(wanted))
	if !want.Some {
		names = slices.AppendSeq(names, maps.Keys(got))
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		w, g := centsOf(wanted[name]), centsOf(got[name])
		if w != g {
			found = append(found, fmt.Sprintf("%s: %s, not %s", name, amount(g), amount(w)))
		}
	}
	return found
}

func centsOf(r *big.Rat) int64 {
	if r == nil {
		return 0
	}
	return cents(r)
}

// amount writes hundredths without zeros that say nothing.
func amount(cents int64) string {
	return strings.TrimSuffix(fmt.Sprintf("%d.%02d", cents/100, cents%100), ".00")
}
