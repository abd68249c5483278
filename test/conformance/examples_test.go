package main

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/testkit"
)

// The published examples of another vendor that the README of the suites repeats:
// a cart of 10 × 2, 15 × 3, 20 × 3 and 25 × 2, the rule covers the first three.
func examples() Question {
	return Question{
		Now: recorded,
		Cart: pricing.Cart{Lines: []pricing.Line{
			{SKU: "a", Quantity: 2, UnitMinor: 1000}, {SKU: "b", Quantity: 3, UnitMinor: 1500},
			{SKU: "c", Quantity: 3, UnitMinor: 2000}, {SKU: "d", Quantity: 2, UnitMinor: 2500},
		}},
	}
}

// itemOff takes something off the first three lines.
func itemOff(edit func(*coupon.Terms)) coupon.Terms {
	t := terms(coupon.KindItemOff)
	t.Reward, t.AmountMinor, t.Scope = coupon.RewardAmount, 1000, skus([]string{"a", "b", "c"})
	edit(&t)
	return t
}

func TestPublishedItemDiscounts(t *testing.T) {
	for _, c := range []struct {
		name  string
		terms coupon.Terms
		want  []int64
	}{
		{"10 off a line", itemOff(func(t *coupon.Terms) { t.Split = coupon.SplitLine }), []int64{1000, 1000, 1000, 0}},
		{"10 off a unit", itemOff(func(t *coupon.Terms) { t.Split = coupon.SplitUnit }), []int64{2000, 3000, 3000, 0}},
		{"10 by amount", itemOff(func(t *coupon.Terms) { t.Split = coupon.SplitAmount }), []int64{160, 360, 480, 0}},
		{"10 by quantity", itemOff(func(t *coupon.Terms) { t.Split = coupon.SplitQuantity }), []int64{250, 375, 375, 0}},
		{"10 %", itemOff(func(t *coupon.Terms) {
			t.Reward, t.AmountMinor, t.DiscountBps = coupon.RewardPercent, 0, 1000
		}), []int64{200, 450, 600, 0}},
		{"new price 10", itemOff(func(t *coupon.Terms) {
			t.Kind, t.Reward, t.AmountMinor, t.PriceMinor = coupon.KindFixedPrice, "", 0, 1000
		}), []int64{0, 1500, 3000, 0}},
	} {
		q := examples()
		q.Offers = []Offer{{Code: c.name, Terms: c.terms}}
		if err := q.legal(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		a, err := q.price(pricing.Profile{})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if diff := cmp.Diff(c.want, a.Result.Lines); diff != "" {
			t.Errorf("%s: lines (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestPublishedStack(t *testing.T) {
	off := func(group string, priority int64, kind coupon.Kind, minor, bps int64) Offer {
		x := terms(kind)
		x.AmountMinor, x.DiscountBps, x.Priority, x.Stacking.Group = minor, bps, priority, group
		return Offer{Code: group, Terms: x}
	}
	q := Question{
		Now:  recorded,
		Cart: pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 200_000}}},
		Offers: []Offer{
			off("last", 1, coupon.KindNoThreshold, 8_000, 0),
			off("second", 2, coupon.KindPercentOff, 0, 2_000),
			off("gift", 3, coupon.KindNoThreshold, 100, 0),
		},
	}
	a, err := q.price(pricing.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	var taken []int64
	for _, u := range a.Result.Uses {
		taken = append(taken, u.DiscountMinor)
	}
	if want := []int64{100, 39_980, 8_000}; !slices.Equal(taken, want) || a.Result.PayableMinor != 151_920 {
		t.Errorf("taken %v, payable %d; want %v and 151920", taken, a.Result.PayableMinor, want)
	}
}

// A translator must not see what was answered.
func TestCasesAreCutInTwo(t *testing.T) {
	suites, err := readSuites(testkit.Shared(t, "conformance"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range suites {
		for _, c := range s.Cases {
			var given object
			if err := json.Unmarshal(c.Given.raw, &given); err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"id", "expect", "assertion", "observed_2_21_2", "verified_on_2_21_2"} {
				if _, there := given[name]; there {
					t.Errorf("%s %s: the translator is given %s", s.engine.name, c.ID, name)
				}
			}
		}
	}
}
