package bench

import (
	"fmt"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
)

// BenchmarkLists prices pages of a shop: 500 SKUs × 30 candidates, a price each; and
// what to add to a cart of ten lines from a hundred goods.
func BenchmarkLists(b *testing.B) {
	var candidates []pricing.Candidate
	for n := range 30 {
		t := &coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: int64(100 + 50*n), ThresholdMinor: int64(1_000 + 700*n),
			Stacking: coupon.Stacking{Group: fmt.Sprint("group-", n%6)}}
		switch n % 3 {
		case 1:
			t.Scope.Include.Categories = []string{fmt.Sprint("c", n%10)}
		case 2:
			t.Kind, t.AmountMinor, t.DiscountBps, t.CapMinor = coupon.KindPercentOff, 0, int64(300+50*n), 2_000
		}
		t.Funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10_000}}
		candidates = append(candidates, pricing.Candidate{Terms: t, Use: true, Coupon: &coupon.Coupon{ID: id.ID(n + 1), Template: id.ID(100 + n),
			Version: 1, State: coupon.Usable, Uses: 1, ValidTo: 1 << 60}})
	}
	lines := make([]pricing.Line, 500)
	for n := range lines {
		lines[n] = pricing.Line{SKU: fmt.Sprint("sku-", n), Category: fmt.Sprint("c", n%10), UnitMinor: int64(500 + 37*n)}
	}
	rules := pricing.Rules{FloorMinor: 1}
	for _, more := range []bool{false, true} {
		b.Run(fmt.Sprintf("prices/more=%v", more), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pricing.Prices(&pricing.Cart{}, lines, candidates, rules, more)
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(len(lines)), "µs/SKU")
		})
	}
	b.Run("suggest", func(b *testing.B) {
		cart := pricing.Cart{}
		for _, l := range lines[:10] {
			l.Quantity = 1
			cart.Lines = append(cart.Lines, l)
		}
		now := pricing.Quote(&cart, candidates, rules)
		b.ReportAllocs()
		for b.Loop() {
			wants := pricing.Wants(&cart, candidates, &now, rules)
			pricing.Suggest(&cart, candidates, &now, wants, lines[:100], rules, 5)
		}
	})
}
