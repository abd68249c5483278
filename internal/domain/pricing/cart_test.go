package pricing_test

import (
	"math"
	"reflect"
	"strconv"
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
		{"no currency", func(c *pricing.Cart) { c.Currency = "cny" }, "invalid_value /currency"},
		{"currency", func(c *pricing.Cart) { c.Currency = "TWD" }, ""},
		{"unknown currency", func(c *pricing.Cart) { c.Currency = "QQQ" }, "invalid_value /currency"},
		{"long currency", func(c *pricing.Cart) { c.Currency = "CNYX" }, "invalid_value /currency"},
		{"mode", func(c *pricing.Cart) { c.Mode = " agent" }, "invalid_value /mode"},
		{"payment", func(c *pricing.Cart) { c.Payment = "a\x00" }, "invalid_value /payment"},
		{"the poles", func(c *pricing.Cart) { c.Latitude, c.Longitude = -90_000_000, 180_000_000 }, ""},
		{"beyond the pole", func(c *pricing.Cart) { c.Latitude = 90_000_001 }, "out_of_range /latitude"},
		{"beyond the date line", func(c *pricing.Cart) { c.Longitude = -180_000_001 }, "out_of_range /longitude"},
		{"facts", func(c *pricing.Cart) { c.Facts = map[string]string{"weather": "rain", "empty": ""} }, ""},
		{"fact without a name", func(c *pricing.Cart) { c.Facts = map[string]string{"": "x"} }, "missing_value /facts/"},
		{"fact's pointer", func(c *pricing.Cart) { c.Facts = map[string]string{"a/b~c": "\n"} }, "invalid_value /facts/a~1b~0c"},
		{"long fact", func(c *pricing.Cart) { c.Facts = map[string]string{"a": strings.Repeat("x", 257)} }, "too_long /facts/a"},
		{"too many facts", func(c *pricing.Cart) { c.Facts = manyFacts(65) }, "out_of_range /facts"},
		{"member price above the list's", func(c *pricing.Cart) { c.Lines[0].MemberMinor = 200 }, ""},
		{"negative member price", func(c *pricing.Cart) { c.Lines[0].MemberMinor = -1 }, "out_of_range /lines/0/member_minor"},
		{"minimum is the price", func(c *pricing.Cart) { c.Lines[0].MinMinor = 100 }, ""},
		{"minimum above the price", func(c *pricing.Cart) { c.Lines[0].MinMinor = 101 }, "out_of_range /lines/0/min_minor"},
		{"shipping", func(c *pricing.Cart) { c.Lines[1] = pricing.Line{Shipping: "express", Quantity: 1, UnitMinor: 800} }, ""},
		{"shipped twice", func(c *pricing.Cart) { c.Lines[1] = pricing.Line{Shipping: "express", Quantity: 2} }, "out_of_range /lines/1/quantity"},
		{"method", func(c *pricing.Cart) { c.Lines[1].Shipping = "a\n" }, "invalid_value /lines/1/shipping"},
		{"tax", func(c *pricing.Cart) { c.Lines[1].TaxBps = 100_001 }, "out_of_range /lines/1/tax_bps"},
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

func manyFacts(n int) map[string]string {
	facts := map[string]string{}
	for i := range n {
		facts[strconv.Itoa(i)] = ""
	}
	return facts
}

func TestHashTellsCartsApart(t *testing.T) {
	a := pricing.Line{SKU: "a", Brand: "bc", Quantity: 1, UnitMinor: 2}
	b := pricing.Line{SKU: "ab", Brand: "c", Quantity: 1, UnitMinor: 2}
	carts := []pricing.Cart{
		{}, {Store: "s"}, {City: "s"}, {Channel: "s"}, {Lines: []pricing.Line{a}}, {Lines: []pricing.Line{b}},
		{Lines: []pricing.Line{a, b}}, {Lines: []pricing.Line{b, a}}, {Lines: []pricing.Line{{}}},
		{Lines: []pricing.Line{{SKU: "a", Brand: "bc", Quantity: 2, UnitMinor: 1}}},
		{Currency: "s"}, {Mode: "s"}, {Payment: "s"}, {Latitude: 1}, {Longitude: 1}, {Latitude: -1},
		{Facts: map[string]string{"a": "bc"}}, {Facts: map[string]string{"ab": "c"}}, {Facts: map[string]string{"a": "bc", "d": ""}},
	}
	for _, edit := range []func(*pricing.Line){
		func(l *pricing.Line) { l.MemberMinor = 1 }, func(l *pricing.Line) { l.MinMinor = 1 }, func(l *pricing.Line) { l.TaxBps = 1 },
		func(l *pricing.Line) { l.NoCoupons = true }, func(l *pricing.Line) { l.Shipping = "s" },
	} {
		edited := a
		edit(&edited)
		carts = append(carts, pricing.Cart{Lines: []pricing.Line{edited, b}}, pricing.Cart{Lines: []pricing.Line{b, edited}})
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

// Hashes lie in stored locks and orders: a cart without newer fields keeps its own.
func TestHashOfAPlainCartStays(t *testing.T) {
	c := pricing.Cart{Store: "s", City: "c", Channel: "app", Facts: map[string]string{},
		Lines: []pricing.Line{{SKU: "a", Category: "b/c", Brand: "d", Merchant: "e", Quantity: 2, UnitMinor: 300}}}
	if got := c.Hash(); got != "96b26e70a1678ae980eea8003792660e6d3fdb1c076428f3e5a9cfebc1315827" {
		t.Error(got)
	}
}

// Every field of a cart and of a line is part of the hash.
func TestHashReadsEveryField(t *testing.T) {
	base := pricing.Cart{Lines: []pricing.Line{{}}}
	for _, v := range []reflect.Value{reflect.ValueOf(&base).Elem(), reflect.ValueOf(&base.Lines[0]).Elem()} {
		for i := range v.NumField() {
			before, was := base.Hash(), reflect.ValueOf(v.Field(i).Interface())
			switch f := v.Field(i); f.Kind() {
			case reflect.String:
				f.SetString("x")
			case reflect.Int64:
				f.SetInt(7)
			case reflect.Bool:
				f.SetBool(true)
			case reflect.Map:
				f.Set(reflect.ValueOf(map[string]string{"x": ""}))
			case reflect.Slice:
				f.Set(reflect.ValueOf([]pricing.Line{{}, {}}))
			default:
				t.Fatalf("%s: no value for a %s", v.Type().Field(i).Name, f.Kind())
			}
			if base.Hash() == before {
				t.Errorf("%s is not in the hash", v.Type().Field(i).Name)
			}
			v.Field(i).Set(was)
		}
	}
}
