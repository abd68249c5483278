package pricing_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
)

// TestPrices: the price of a unit, what it is too little for, and from how many
// units it is cheaper.
func TestPrices(t *testing.T) {
	all := []pricing.Candidate{
		candidate(1, coupon.Terms{Kind: coupon.KindPercentOff, DiscountBps: 1_000}),
		candidate(2, coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 3_000, ThresholdMinor: 10_000, Stacking: coupon.Stacking{Group: "b"}}),
		candidate(3, coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 100, Use: rule.Place{Channels: []string{"app"}}}),
	}
	lines := []pricing.Line{{SKU: "a", UnitMinor: 4_000}, {SKU: "b", UnitMinor: 20_000}, {SKU: "c", UnitMinor: 500, NoCoupons: true}}
	prices, barred := pricing.Prices(&pricing.Cart{Channel: "web"}, lines, all, pricing.Rules{FloorMinor: 1}, true)
	if len(barred) != 1 || barred[0].Coupon != 3 || barred[0].Reasons[0].Code != fault.ChannelNotAllowed {
		t.Errorf("barred %+v", barred)
	}
	if got := []int64{prices[0].PayableMinor, prices[1].PayableMinor, prices[2].PayableMinor}; !slices.Equal(got, []int64{3_600, 15_000, 500}) {
		t.Errorf("payable %v", got)
	}
	if d := cmp.Diff([]pricing.Gap{{Coupon: 2, Template: 1002, Version: 1, Minor: 6_000}}, prices[0].Gaps); d != "" {
		t.Errorf("gaps (-want +got)\n%s", d)
	}
	// Three units: 12,000, less 10 %, less 30.00.
	if from := prices[0].From; from == nil || from.Quantity != 3 || from.PayableMinor != 7_800 {
		t.Errorf("from %+v", from)
	}
	if prices[1].From != nil || prices[2].From != nil || len(prices[2].Gaps) != 0 {
		t.Errorf("prices %+v", prices)
	}
}

// TestPricesAreQuotes: a list says of each line what a quote of one unit says.
func TestPricesAreQuotes(t *testing.T) {
	random := rand.New(rand.NewPCG(20260302, 13))
	var long []string
	for n := range 100 {
		long = append(long, string(rune('a'+n%26)))
	}
	var all []pricing.Candidate
	for i, terms := range representatives() {
		if i%3 == 0 {
			copied := *terms.Terms
			copied.Scope = only(long[:10+random.IntN(80)]...)
			terms.Terms = &copied
		}
		all = append(all, terms)
	}
	all = all[:min(len(all), 20)]
	var lines []pricing.Line
	for n := range 40 {
		lines = append(lines, pricing.Line{SKU: string(rune('a' + n%30)), UnitMinor: random.Int64N(2_000)})
	}
	rules := pricing.Rules{FloorMinor: 1}
	prices, _ := pricing.Prices(&pricing.Cart{}, lines, all, rules, false)
	for i, l := range lines {
		l.Quantity = 1
		r := pricing.Quote(&pricing.Cart{Lines: []pricing.Line{l}}, all, rules)
		if r.PayableMinor != prices[i].PayableMinor || r.ListMinor != prices[i].ListMinor {
			t.Errorf("line %+v: %d, quoted %d", l, prices[i].PayableMinor, r.PayableMinor)
		}
	}
}

// TestPricesOfLongLists: a scope of many SKUs holds them and no others.
func TestPricesOfLongLists(t *testing.T) {
	var skus []string
	for n := range 40 {
		skus = append(skus, fmt.Sprint("sku-", n))
	}
	all := []pricing.Candidate{candidate(1, coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 100, Scope: only(skus...)})}
	prices, _ := pricing.Prices(&pricing.Cart{}, []pricing.Line{{SKU: "sku-39", UnitMinor: 500}, {SKU: "sku-40", UnitMinor: 500}}, all, pricing.Rules{}, false)
	if prices[0].PayableMinor != 400 || prices[1].PayableMinor != 500 {
		t.Errorf("%+v", prices)
	}
}

// TestForecast: what a coupon would have done to four orders.
func TestForecast(t *testing.T) {
	c := candidate(1, coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 1_000, ThresholdMinor: 1_000, AllowZero: true})
	cost := func(sku string) int64 { return map[string]int64{"a": 60}[sku] }
	var f pricing.Forecast
	for i, order := range []pricing.Line{{SKU: "a", Quantity: 10, UnitMinor: 100}, {SKU: "a", Quantity: 40, UnitMinor: 100}, {SKU: "b", Quantity: 1, UnitMinor: 3_000}, {SKU: "a", Quantity: 1, UnitMinor: 100}} {
		f.Add(candidate(i+1, coupon.Terms{}).Coupon.ID, &pricing.Cart{Lines: []pricing.Line{order}}, c, pricing.Rules{FloorMinor: 1}, cost)
	}
	f.Discounts = nil
	want := pricing.Forecast{Orders: 4, Applied: 3, Zero: 1, Costed: 2, BelowCost: 1, ListMinor: 8_000, DiscountMinor: 3_000, WorstMinor: 0, WorstOrder: 1}
	if d := cmp.Diff(want, f); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// TestSpread: a quantile is never below the true one and at most 1/64 above it.
func TestSpread(t *testing.T) {
	random := rand.New(rand.NewPCG(20260302, 17))
	for range 200 {
		var s pricing.Spread
		values := make([]int64, 1+random.IntN(300))
		for i := range values {
			values[i] = random.Int64N(1 << (1 + random.IntN(50)))
			s.Add(values[i])
		}
		slices.Sort(values)
		for _, bps := range []int64{1, 5_000, 9_500, 10_000} {
			truth := values[max((int64(len(values))*bps+9_999)/10_000, 1)-1]
			if got := s.Quantile(bps); got < truth || got-truth > truth/64 {
				t.Fatalf("quantile %d of %d values: %d, in truth %d", bps, len(values), got, truth)
			}
		}
	}
}
