package pricing_test

import (
	"math"
	"strings"
	"testing"

	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

func TestCartValidate(t *testing.T) {
	valid := pricing.Line{SKU: "a", Quantity: 1, UnitMinor: 100}
	for _, c := range []struct {
		name string
		edit func(c *pricing.Cart)
		want string
	}{
		{"valid", func(*pricing.Cart) {}, ""},
		{"empty", func(c *pricing.Cart) { c.Lines = nil }, ""},
		{"no quantity", func(c *pricing.Cart) { c.Lines[1].Quantity = 0 }, "out_of_range /lines/1/quantity"},
		{"huge quantity", func(c *pricing.Cart) { c.Lines[1].Quantity = 1_000_001 }, "out_of_range /lines/1/quantity"},
		{"negative price", func(c *pricing.Cart) { c.Lines[0].UnitMinor = -1 }, "out_of_range /lines/0/unit_minor"},
		{"huge price", func(c *pricing.Cart) { c.Lines[0].UnitMinor = math.MaxInt64 }, "out_of_range /lines/0/unit_minor"},
		{"overflowing line", func(c *pricing.Cart) { c.Lines[0].UnitMinor, c.Lines[0].Quantity = money.MaxMinor, 1_000_000 },
			"out_of_range /lines/0/unit_minor"},
		{"overflowing total", func(c *pricing.Cart) { c.Lines[0].UnitMinor = money.MaxMinor }, "out_of_range /lines"},
		{"control character", func(c *pricing.Cart) { c.Lines[0].SKU = "a\n" }, "invalid_value /lines/0/sku"},
		{"long store", func(c *pricing.Cart) { c.Store = strings.Repeat("x", 129) }, "too_long /store"},
		{"too many lines", func(c *pricing.Cart) { c.Lines = make([]pricing.Line, 10_001) }, "too_long /lines"},
	} {
		cart := pricing.Cart{Lines: []pricing.Line{valid, valid}}
		c.edit(&cart)
		got := ""
		if f := fault.From(cart.Validate()); f != nil {
			got = string(f.Code) + " " + f.Pointer
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestHashTellsCartsApart(t *testing.T) {
	a := pricing.Line{SKU: "a", Brand: "bc", Quantity: 1, UnitMinor: 2}
	b := pricing.Line{SKU: "ab", Brand: "c", Quantity: 1, UnitMinor: 2}
	carts := []pricing.Cart{
		{}, {Store: "s"}, {City: "s"}, {Channel: "s"}, {Lines: []pricing.Line{a}}, {Lines: []pricing.Line{b}},
		{Lines: []pricing.Line{a, b}}, {Lines: []pricing.Line{b, a}}, {Lines: []pricing.Line{{}}},
		{Lines: []pricing.Line{{SKU: "a", Brand: "bc", Quantity: 2, UnitMinor: 1}}},
	}
	seen := map[string]int{}
	for i := range carts {
		h := carts[i].Hash()
		if j, twice := seen[h]; twice {
			t.Errorf("carts %d and %d hash alike", i, j)
		}
		seen[h] = i
		same := carts[i]
		if same.Hash() != h || len(h) != 64 {
			t.Errorf("hash of %d: %s", i, h)
		}
	}
}
