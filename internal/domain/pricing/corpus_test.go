package pricing_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
)

// The corpora are made from a seed, so that everybody gets the same worlds.
//
// everyday is the wallet of a regular at a grocery: 30 coupons, a basket of 1 to
// 200 lines in 12 categories (most baskets small), prices around 1 to 80 yuan,
// four kinds of offer in stacking groups as shops use them: one of the house
// (amounts from a threshold), one of a category (percentages and amounts, one
// for each category), one of the brand, one of payment, gifts, and a default
// group for what does not stack.
//
// adversarial is made against the search: every coupon in a group of its own,
// scopes that cross, values close together, thresholds near what is left.
type world struct {
	cart  pricing.Cart
	all   []pricing.Candidate
	rules pricing.Rules
}

var everydayRules = pricing.Rules{FloorMinor: 1, MaxCoupons: 5, Now: 100}

func categoryOf(n int) string { return fmt.Sprintf("c%d", n) }

func (d dice) basket(lines int) pricing.Cart {
	cart := pricing.Cart{}
	for range lines {
		cart.Lines = append(cart.Lines, pricing.Line{SKU: fmt.Sprint("s", d.IntN(400)), Category: categoryOf(d.IntN(12)),
			Brand: fmt.Sprint("b", d.IntN(25)), Quantity: d.between(1, 4), UnitMinor: d.between(1, 80)*100 - pickOf(d, int64(0), 1, 10, 50)})
	}
	return cart
}

func category(names ...string) rule.Scope {
	return rule.Scope{Include: rule.Selector{Categories: names}}
}

func (d dice) everyday() world {
	lines := pickOf(d, d.between(1, 10), d.between(5, 40), d.between(5, 40), d.between(40, 200))
	w := world{cart: d.basket(int(lines)), rules: everydayRules}
	for i := range 30 {
		t := coupon.Terms{Kind: coupon.KindAmountOff}
		switch d.IntN(10) {
		case 0, 1, 2: // the house: 30 off 199
			t.AmountMinor = d.between(3, 50) * 100
			t.ThresholdMinor = t.AmountMinor * d.between(5, 12)
			t.Stacking.Group = "house"
		case 3, 4: // a category: 15 % off fruit
			n := d.IntN(12)
			t.Scope, t.Stacking.Group = category(categoryOf(n)), "category-"+categoryOf(n)
			t.Kind, t.DiscountBps, t.CapMinor = coupon.KindPercentOff, d.between(1, 6)*500, pickOf(d, int64(0), 1000, 3000)
		case 5: // a category: 5 off 39
			n := d.IntN(12)
			t.Scope, t.Stacking.Group = category(categoryOf(n)), "category-"+categoryOf(n)
			t.AmountMinor = d.between(2, 15) * 100
			t.ThresholdMinor = t.AmountMinor * d.between(3, 8)
		case 6: // a brand
			t.Scope, t.Stacking.Group = rule.Scope{Include: rule.Selector{Brands: []string{fmt.Sprint("b", d.IntN(25))}}}, "brand"
			t.Kind, t.AmountMinor = coupon.KindNoThreshold, d.between(1, 10)*100
		case 7: // payment: the last in the stack
			t.Kind, t.DiscountBps, t.CapMinor, t.Priority, t.Stacking.Group = coupon.KindPercentOff, d.between(1, 5)*100, 1500, -10, "payment"
		case 8:
			t.Kind, t.Gift, t.ThresholdMinor = coupon.KindGift, &coupon.Gift{SKU: "g", Quantity: 1, ValueMinor: d.between(0, 9) * 100}, d.between(0, 30)*1000
			t.Stacking.Group = "gift"
		default: // stands alone among those of the house
			t.Kind, t.DiscountBps, t.CapMinor = coupon.KindPercentOff, d.between(5, 30)*100, d.between(5, 30)*100
			t.Stacking.Excludes = []string{"house"}
		}
		w.all = append(w.all, candidate(i+1, t))
	}
	return w
}

func (d dice) adversarial() world {
	w := world{cart: d.basket(int(d.between(50, 200))), rules: everydayRules}
	total := w.cart.ListMinor()
	for i := range 30 {
		t := coupon.Terms{Kind: pickOf(d, coupon.KindAmountOff, coupon.KindPercentOff, coupon.KindPercentOff, coupon.KindPercentOff, coupon.KindNoThreshold), Priority: d.between(0, 2)}
		t.Stacking.Group = fmt.Sprint("own", i)
		var some []string
		for n := range 12 {
			if d.IntN(3) > 0 {
				some = append(some, categoryOf(n))
			}
		}
		if d.IntN(5) > 0 && len(some) > 0 {
			t.Scope = category(some...)
		}
		switch t.Kind {
		case coupon.KindPercentOff:
			t.DiscountBps = d.between(1000, 1100)
			t.Stacking.Base = pickOf(d, coupon.TakenBefore, coupon.TakenBefore, coupon.TakenBefore, coupon.TakenList)
		default:
			t.AmountMinor = total/17 + d.between(-50, 50)
		}
		if t.Kind != coupon.KindNoThreshold {
			t.ThresholdMinor = total * d.between(1, 5) / 10
			t.ThresholdBase = pickOf(d, coupon.BaseBefore, coupon.BaseList, coupon.BaseAfter)
		}
		w.all = append(w.all, candidate(i+1, t))
	}
	return w
}

var corpora = []struct {
	name  string
	draw  func(d dice) world
	share int // percent that have to be optimal
}{
	{"everyday", dice.everyday, 99},
	{"adversarial", dice.adversarial, 95},
}

// Of the corpora, so many quotes are proved optimal.
func TestCorporaAreOptimal(t *testing.T) {
	for seed, c := range corpora {
		d := dice{rand.New(rand.NewPCG(uint64(seed), 7))}
		n, optimal := map[string]int{"everyday": 400, "adversarial": 20}[c.name], 0
		for range n {
			w := c.draw(d)
			r := pricing.Quote(&w.cart, w.all, w.rules)
			sums(t, &w.cart, r)
			if r.Optimal {
				optimal++
			}
			if r.BoundMinor > r.PayableMinor || r.Optimal && r.BoundMinor != r.PayableMinor {
				t.Errorf("%s: payable %d, bound %d, optimal %v", c.name, r.PayableMinor, r.BoundMinor, r.Optimal)
			}
		}
		t.Logf("%s: %d of %d optimal", c.name, optimal, n)
		if optimal*100 < n*c.share {
			t.Errorf("%s: only %d of %d are optimal", c.name, optimal, n)
		}
	}
}

// A search that is not through in its budget stops with a good set,
// says so, and does not depend on the order of the request.
func TestSearchStopsInItsBudget(t *testing.T) {
	d := dice{rand.New(rand.NewPCG(1, 7))}
	w := d.adversarial()
	w.rules.MaxCoupons, w.rules.Sets = 8, 500
	r := pricing.Quote(&w.cart, w.all, w.rules)
	sums(t, &w.cart, r)
	if r.Optimal || r.BoundMinor >= r.PayableMinor || len(r.Uses) < 5 {
		t.Errorf("optimal %v, bound %d, payable %d with %d coupons", r.Optimal, r.BoundMinor, r.PayableMinor, len(r.Uses))
	}
	d.shuffled(t, &w.cart, w.all, w.rules, r)
}

// BenchmarkQuote tells the time of a quote over a corpus, its median and 99th
// percentile over the worlds (each by its fastest run, so that what else the
// machine does does not count), and how many of a hundred are optimal.
func BenchmarkQuote(b *testing.B) {
	for seed, c := range corpora {
		b.Run(c.name, func(b *testing.B) {
			d := dice{rand.New(rand.NewPCG(uint64(seed), 7))}
			worlds, times := make([]world, 1000), make([]time.Duration, 0, 1000)
			for i := range worlds {
				worlds[i] = c.draw(d)
			}
			runs, optimal := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				w := &worlds[runs%len(worlds)]
				start := time.Now()
				if pricing.Quote(&w.cart, w.all, w.rules).Optimal {
					optimal++
				}
				took := time.Since(start)
				if runs < len(worlds) {
					times = append(times, took)
				}
				times[runs%len(worlds)] = min(times[runs%len(worlds)], took)
				runs++
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(optimal)*100/float64(runs), "%optimal")
		})
	}
}
