package pricing_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// stock draws a cart of goods that promotions speak of.
func stock(r *rand.Rand, lines int) *pricing.Cart {
	cart := &pricing.Cart{Store: fmt.Sprint("store-", r.IntN(3)), City: fmt.Sprint("city-", r.IntN(3)), Channel: "app"}
	for range lines {
		cart.Lines = append(cart.Lines, pricing.Line{
			SKU: fmt.Sprint("sku-", r.IntN(12)), Category: []string{"fresh/fruit", "fresh/meat", "home", ""}[r.IntN(4)],
			Brand: fmt.Sprint("brand-", r.IntN(4)), Merchant: fmt.Sprint("shop-", r.IntN(3)), Quantity: 1 + r.Int64N(4), UnitMinor: r.Int64N(3000),
		})
	}
	if r.IntN(2) == 0 {
		cart.Lines = append(cart.Lines, pricing.Line{Shipping: []string{"express", "post"}[r.IntN(2)], Quantity: 1, UnitMinor: 900})
	}
	return cart
}

func anyScope(r *rand.Rand) (s rule.Scope) {
	if r.IntN(2) == 0 {
		s.Include.SKUs = []string{fmt.Sprint("sku-", r.IntN(12))}
	}
	if r.IntN(3) == 0 {
		s.Include.Categories = []string{[]string{"fresh", "fresh/meat", "home"}[r.IntN(3)]}
	}
	if r.IntN(4) == 0 {
		s.Include.Brands = []string{fmt.Sprint("brand-", r.IntN(4))}
	}
	if r.IntN(4) == 0 {
		s.Include.Merchants = []string{fmt.Sprint("shop-", r.IntN(3))}
	}
	if r.IntN(6) == 0 {
		s.Include.Stores = []string{fmt.Sprint("store-", r.IntN(3))}
	}
	return s
}

// scattered are terms of every kind with scopes and places of all sorts.
func scattered(r *rand.Rand) coupon.Terms {
	kinds := testkit.Kinds()
	t := kinds[r.IntN(len(kinds))].Terms
	t.Scope, t.Contains = anyScope(r), nil
	t.Buy, t.Get = slices.Clone(t.Buy), slices.Clone(t.Get)
	for i := range t.Buy {
		t.Buy[i].Scope = anyScope(r)
	}
	for i := range t.Get {
		t.Get[i].Scope = anyScope(r)
	}
	if t.Gift != nil {
		gift := *t.Gift
		gift.SKU = fmt.Sprint("sku-", r.IntN(12))
		t.Gift = &gift
	}
	if r.IntN(4) == 0 {
		t.Contains = []rule.Contain{{Scope: anyScope(r), MinQuantity: 1}}
	}
	if r.IntN(3) > 0 {
		t.ThresholdMinor, t.ThresholdQuantity = 0, 0
	}
	if r.IntN(5) == 0 {
		t.Use.Cities = []string{fmt.Sprint("city-", r.IntN(3))}
	}
	if r.IntN(5) == 0 {
		t.Use.Channels = []string{[]string{"app", "web"}[r.IntN(2)]}
	}
	return t
}

func TestIndexFindsAllThatApply(t *testing.T) {
	const seed = 20260302
	t.Log("seed", seed)
	r := rand.New(rand.NewPCG(seed, 3))
	var found, applied, all int
	for range 300 {
		var promotions []*coupon.Version
		for n := range 40 {
			terms := scattered(r)
			promotions = append(promotions, version(id.ID(n+1), 1, terms))
		}
		index := pricing.NewIndex(promotions[:30]).With(promotions[30:], nil)
		for range 5 {
			cart := stock(r, 1+r.IntN(5))
			near := map[id.ID]bool{}
			for _, p := range index.Find(cart) {
				if near[p.Template] {
					t.Fatalf("found twice: %d", p.Template)
				}
				near[p.Template] = true
			}
			found, all = found+len(near), all+len(promotions)
			for _, p := range promotions {
				c := pricing.Candidate{Coupon: &coupon.Coupon{ID: p.Template, Template: p.Template, Version: 1, State: coupon.Usable, Uses: 1, NextUse: 1, ValidTo: 1 << 60}, Terms: &p.Doc.Terms, Use: true, BalanceMinor: 500}
				j := pricing.Judge(cart, c, pricing.Rules{Now: 5}, false)
				if j.Verdict != pricing.Skipped {
					continue
				}
				if applied++; !near[p.Template] {
					t.Fatalf("%+v applies and is not found on %+v", p.Doc.Terms, cart)
				}
			}
		}
	}
	t.Logf("of %d promotions %d were found and %d apply", all, found, applied)
	if applied < 1000 || found > all*2/3 {
		t.Error("the worlds say little")
	}
}

// version is a promotion's version with these terms.
func version(template id.ID, number int64, terms coupon.Terms) *coupon.Version {
	return &coupon.Version{Template: template, Number: number, Doc: coupon.Doc{Terms: terms}}
}

func TestIndexWith(t *testing.T) {
	off := func(sku string) coupon.Terms {
		return coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 1, Scope: rule.Scope{Include: rule.Selector{SKUs: []string{sku}}}}
	}
	cart := &pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 5}}}
	first := pricing.NewIndex([]*coupon.Version{version(1, 1, off("a")), version(2, 1, off("b"))})
	second := first.With([]*coupon.Version{version(2, 2, off("a")), version(3, 1, off("a"))}, []id.ID{1})
	names := func(x *pricing.Index) (s string) {
		for _, p := range x.Find(cart) {
			s += fmt.Sprint(p.Template, ".", p.Number, " ")
		}
		return s
	}
	if got := names(first) + "| " + names(second); got != "1.1 | 2.2 3.1 " || second.Len() != 2 {
		t.Errorf("%s %d", got, second.Len())
	}
}
