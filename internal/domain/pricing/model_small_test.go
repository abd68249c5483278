package pricing_test

import (
	"os"
	"slices"
	"strconv"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
)

// Every pair of variants on every n-th small cart, n turning so that all carts
// come up; all of them with QUAN_MODEL_ALL=1.
func TestModelSmallWorlds(t *testing.T) {
	all, m := modelVariants(), &modelReport{t: t}
	for i := range all {
		all[i].Terms.Stacking.Group = strconv.Itoa(i)
	}
	var carts []pricing.Cart
	modelCarts(func(cart *pricing.Cart) { carts = append(carts, *cart) })
	step := 97
	if os.Getenv("QUAN_MODEL_ALL") != "" {
		step = 1
	}
	turn := 0
	for i := range all {
		for k := range i + 1 {
			set := []pricing.Candidate{all[i], all[k]}[:1+min(1, i-k)]
			turn++
			for at := turn % step; at < len(carts); at += step {
				w := world{cart: carts[at], all: set, rules: pricing.Rules{FloorMinor: 1, Now: 100}}
				_, difference := agreeApply(&w)
				if m.world(&w, difference); difference == "" && !modelOpen(&w) {
					_, _, difference = agreeQuote(&w)
					m.world(&w, difference)
				}
			}
		}
	}
	m.end()
}

// A search with a small budget says the truth about its bound.
func TestModelBound(t *testing.T) {
	d, m, cut := modelSeed(t, 22), &modelReport{t: t}, 0
	for range count(t, 4_000) {
		w := d.anyWorld(5, 6)
		d.together(&w)
		want := modelBest(&w.cart, w.all, w.rules)
		w.rules.Sets = d.between(1, 50)
		r := pricing.Quote(&w.cart, w.all, w.rules)
		best, difference := r.ListMinor-want.off, ""
		switch {
		case r.Optimal && r.PayableMinor != best:
			difference = "optimal, and the best pays " + strconv.FormatInt(best, 10) + ", not " + strconv.FormatInt(r.PayableMinor, 10)
		case r.BoundMinor > best || best > r.PayableMinor:
			difference = "bound " + strconv.FormatInt(r.BoundMinor, 10) + ", best " + strconv.FormatInt(best, 10) + ", payable " + strconv.FormatInt(r.PayableMinor, 10)
		}
		if m.world(&w, difference); !r.Optimal {
			cut++
		}
	}
	m.end()
	if t.Logf("%d searches were stopped", cut); cut == 0 {
		t.Error("no search was stopped")
	}
}

// Published examples of another vendor: ways to take 10 off, and a stack.
func TestPublishedExamples(t *testing.T) {
	cart := pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 2, UnitMinor: 1000}, {SKU: "b", Quantity: 3, UnitMinor: 1500},
		{SKU: "c", Quantity: 3, UnitMinor: 2000}, {SKU: "d", Quantity: 2, UnitMinor: 2500}}}
	ten := coupon.Terms{Kind: coupon.KindItemOff, Reward: coupon.RewardAmount, AmountMinor: 1000, Scope: only("a", "b", "c")}
	with := func(edit func(t *coupon.Terms)) coupon.Terms { c := ten; edit(&c); return c }
	for _, c := range []struct {
		name  string
		terms coupon.Terms
		want  []int64
	}{
		{"per line", with(func(t *coupon.Terms) { t.Split = coupon.SplitLine }), []int64{1000, 1000, 1000, 0}},
		{"per unit", ten, []int64{2000, 3000, 3000, 0}},
		{"by amount", with(func(t *coupon.Terms) { t.Split = coupon.SplitAmount }), []int64{160, 360, 480, 0}},
		{"by quantity", with(func(t *coupon.Terms) { t.Split = coupon.SplitQuantity }), []int64{250, 375, 375, 0}},
		{"10 %", with(func(t *coupon.Terms) { t.Reward, t.AmountMinor, t.DiscountBps = coupon.RewardPercent, 0, 1000 }), []int64{200, 450, 600, 0}},
		{"new price", with(func(t *coupon.Terms) {
			t.Kind, t.Reward, t.AmountMinor, t.PriceMinor = coupon.KindFixedPrice, "", 0, 1000
		}), []int64{0, 1500, 3000, 0}},
	} {
		w := world{cart: cart, all: []pricing.Candidate{candidate(1, c.terms)}, rules: pricing.Rules{FloorMinor: 1, Now: 100}}
		r, refusal := pricing.Apply(&w.cart, w.all, w.rules)
		if refusal != nil || !slices.Equal(r.Lines, c.want) {
			t.Errorf("%s: %v %v, want %v", c.name, r.Lines, refusal, c.want)
		}
		if _, difference := agreeApply(&w); difference != "" {
			t.Errorf("%s: %s", c.name, difference)
		}
	}
	stack := []coupon.Terms{{Kind: coupon.KindNoThreshold, AmountMinor: 100, Priority: 2}, {Kind: coupon.KindPercentOff, DiscountBps: 2000, Priority: 1},
		{Kind: coupon.KindNoThreshold, AmountMinor: 8000}}
	w := world{cart: pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 200_000}}}, rules: pricing.Rules{FloorMinor: 1, Now: 100}}
	for i, terms := range stack {
		terms.Stacking.Group = id.Format(id.Coupon, id.ID(i+1))
		w.all = append(w.all, candidate(i+1, terms))
	}
	r, refusal := pricing.Apply(&w.cart, w.all, w.rules)
	if refusal != nil || r.PayableMinor != 151_920 || r.Uses[1].DiscountMinor != 39_980 {
		t.Errorf("the stack: %+v %v", r, refusal)
	}
}
