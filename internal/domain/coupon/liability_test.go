package coupon_test

import (
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/money"
)

func TestLiability(t *testing.T) {
	const unknown = -1
	for _, c := range []struct {
		name string
		kind coupon.Kind
		edit func(t *coupon.Terms)
		want int64
	}{
		{"amount", coupon.KindAmountOff, nil, 500},
		{"uses", coupon.KindAmountOff, func(t *coupon.Terms) { t.UsesPerCoupon = 3 }, 1500},
		{"repeated", coupon.KindAmountOff, func(t *coupon.Terms) { t.Repeat, t.Times = true, 4 }, 2000},
		{"repeated for ever", coupon.KindAmountOff, func(t *coupon.Terms) { t.Repeat = true }, unknown},
		{"repeated under a cap", coupon.KindAmountOff, func(t *coupon.Terms) { t.Repeat, t.CapMinor = true, 900 }, 900},
		{"steps", coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100, AmountMinor: 10}, coupon.Step{ThresholdMinor: 200, AmountMinor: 25}), 25},
		{"percentage", coupon.KindPercentOff, nil, unknown},
		{"percentage under a cap", coupon.KindPercentOff, func(t *coupon.Terms) { t.CapMinor, t.UsesPerCoupon = 10, 2 }, 20},
		{"no threshold", coupon.KindNoThreshold, nil, 500},
		{"chain", coupon.KindNoThreshold, func(t *coupon.Terms) { t.AmountMinor, t.Chain, t.UsesPerCoupon = 0, []int64{1, 2, 4}, 5 }, 4 * 5},
		{"chain that repeats for ever", coupon.KindAmountOff, func(t *coupon.Terms) {
			t.AmountMinor, t.Chain, t.Repeat = 0, []int64{1}, true
		}, unknown},
		{"chain that repeats", coupon.KindAmountOff, func(t *coupon.Terms) {
			t.AmountMinor, t.Chain, t.Repeat, t.Times, t.UsesPerCoupon = 0, []int64{1, 3}, true, 2, 2
		}, 3 * 2 * 2},
		{"new total", coupon.KindNewTotal, nil, unknown},
		{"balance", coupon.KindStoredValue, nil, unknown},
		{"balance of at most", coupon.KindStoredValue, func(t *coupon.Terms) { t.AmountMinor = 7 }, 7},
		{"balance under a cap", coupon.KindStoredValue, func(t *coupon.Terms) { t.CapMinor = 7 }, 7},
		{"each unit", coupon.KindItemOff, nil, unknown},
		{"each of three units", coupon.KindItemOff, func(t *coupon.Terms) { t.UnitsMax = 3 }, 300},
		{"three of each line", coupon.KindItemOff, func(t *coupon.Terms) { t.LineUnitsMax = 3 }, unknown},
		{"by amount", coupon.KindItemOff, func(t *coupon.Terms) { t.Split = coupon.SplitAmount }, 100},
		{"by quantity", coupon.KindItemOff, func(t *coupon.Terms) { t.Split = coupon.SplitQuantity }, 100},
		{"per line", coupon.KindItemOff, func(t *coupon.Terms) { t.Split = coupon.SplitLine }, unknown},
		{"per line of two units", coupon.KindItemOff, func(t *coupon.Terms) { t.Split, t.UnitsMax = coupon.SplitLine, 2 }, 200},
		{"chain by units", coupon.KindItemOff, func(t *coupon.Terms) { t.AmountMinor, t.Chain, t.UnitsMax = 0, []int64{5}, 3 }, 15},
		{"fixed price", coupon.KindFixedPrice, func(t *coupon.Terms) { t.UnitsMax = 1 }, unknown},
		{"member price", coupon.KindMemberPrice, func(t *coupon.Terms) { t.CapMinor = 30 }, 30},
		{"nth", coupon.KindNthItem, func(t *coupon.Terms) { t.Times = 2 }, unknown},
		{"nth under a cap for each", coupon.KindNthItem, func(t *coupon.Terms) { t.Times, t.ItemCapMinor = 2, 9 }, 18},
		{"nth at a price", coupon.KindNthItem, func(t *coupon.Terms) {
			t.Reward, t.DiscountBps, t.PriceMinor, t.Times = coupon.RewardPrice, 0, 5, 2
		}, unknown},
		{"buy and get", coupon.KindBuyGet, func(t *coupon.Terms) {
			t.Reward, t.DiscountBps, t.AmountMinor, t.Times, t.Get = coupon.RewardAmount, 0, 5, 2, []coupon.Part{{Quantity: 2}, {Quantity: 1}}
		}, 30},
		{"buy and get for ever", coupon.KindBuyGet, func(t *coupon.Terms) { t.ItemCapMinor = 5 }, unknown},
		{"bundle, an amount for each set", coupon.KindBundle, func(t *coupon.Terms) {
			t.Reward, t.TotalMinor, t.AmountMinor, t.Times = coupon.RewardAmount, 0, 5, 2
		}, 10},
		{"bundle total", coupon.KindBundle, func(t *coupon.Terms) { t.Times = 2 }, unknown},
		{"add-on", coupon.KindAddOn, nil, unknown},
		{"exchange: the cart has its own price", coupon.KindExchange, func(t *coupon.Terms) { t.Gift.ValueMinor = 100 }, unknown},
		{"exchange with a cap for each", coupon.KindExchange, func(t *coupon.Terms) { t.PriceMinor, t.ItemCapMinor, t.Gift.Quantity = 5, 30, 2 }, 60},
		{"exchange for nothing hands over what is missing", coupon.KindExchange, func(t *coupon.Terms) { t.CapMinor, t.Gift.ValueMinor = 100, 70 }, 170},
		{"add-ons with a cap for each", coupon.KindAddOn, func(t *coupon.Terms) { t.ItemCapMinor, t.Get = 30, parts(3) }, 90},
		{"exchange under a cap", coupon.KindExchange, func(t *coupon.Terms) { t.CapMinor = 100 }, 100},
		{"gift", coupon.KindGift, func(t *coupon.Terms) { t.Gift.ValueMinor, t.Gift.Quantity, t.UsesPerCoupon = 10, 3, 2 }, 60},
		{"gift of unknown value", coupon.KindGift, nil, 0},
		{"gift in the cart", coupon.KindGift, func(t *coupon.Terms) { t.Gift.ValueMinor, t.Gift.Mode = 10, coupon.GiftAddMissing }, unknown},
		{"gift in the cart under a cap", coupon.KindGift, func(t *coupon.Terms) {
			t.Gift.ValueMinor, t.Gift.Mode, t.CapMinor = 10, coupon.GiftAddMissing, 15
		}, 25},
		{"shipping", coupon.KindShipping, nil, unknown},
		{"shipping, an amount", coupon.KindShipping, func(t *coupon.Terms) {
			t.Reward, t.DiscountBps, t.AmountMinor, t.UnitsMax = coupon.RewardAmount, 0, 600, 1
		}, 600},
		{"external", coupon.KindExternal, func(t *coupon.Terms) { t.External.WorstMinor, t.UsesPerCoupon = 20, 2 }, 40},
		{"beyond any amount", coupon.KindNoThreshold, func(t *coupon.Terms) { t.AmountMinor, t.UsesPerCoupon = money.MaxMinor, 2 }, unknown},
	} {
		d := docOf(c.kind, c.edit)
		got, ok := d.Terms.Liability()
		if !ok {
			got = unknown
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
		refused := false
		d.Claim.Limits = []limit.Limit{{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 1}}
		for _, f := range faults(d.Validate(nil, nil)) {
			refused = refused || f == "unbounded_liability /claim/limits/0" || f == "out_of_range /terms/uses_per_coupon"
		}
		if refused != (c.want == unknown) {
			t.Errorf("%s: refused under an amount limit: %v", c.name, refused)
		}
	}
}
