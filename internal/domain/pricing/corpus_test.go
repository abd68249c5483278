package pricing_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"quan/internal/domain/pricing"
)

// world is a cart with the coupons that might be used on it.
type world struct {
	cart  pricing.Cart
	all   []pricing.Candidate
	rules pricing.Rules
}

var corpora = []struct {
	name  string
	draw  func(d dice) world
	count int // worlds that a test looks at
	share int // percent that have to be optimal
}{
	{"everyday", dice.everyday, 400, 99},
	{"adversarial", dice.adversarial, 20, 95},
	{"fighting", dice.fighting, 20, 95},
}

// Of the corpora, so many quotes are proved optimal.
func TestCorporaAreOptimal(t *testing.T) {
	for seed, c := range corpora {
		d := dice{rand.New(rand.NewPCG(uint64(seed), 7))}
		n, optimal := c.count, 0
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
