package pricing_test

import (
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// alone is a coupon of terms that nothing limits.
func alone(t coupon.Terms) pricing.Candidate {
	t.UsesPerCoupon = 1
	t.Funders = []coupon.Funder{{Kind: "platform", Code: "platform", ShareBps: 10000}}
	return pricing.Candidate{Coupon: &coupon.Coupon{ID: 1, Template: 2, Version: 1, State: coupon.Usable, Uses: 1, NextUse: 1, ValidTo: 1 << 60}, Terms: &t, Use: true}
}

// The greatest prices, amounts and quantities do not overflow: a price above what
// a unit costs takes nothing off.
func TestGreatestAmounts(t *testing.T) {
	const huge = 1_000_000_000_000_000
	lines := []pricing.Line{}
	for i := range 20 {
		lines = append(lines, pricing.Line{SKU: string(rune('a' + i)), Quantity: 1_000_000, UnitMinor: 1 + int64(i%3)})
	}
	get := []coupon.Part{{Quantity: 1}}
	for name, terms := range map[string]coupon.Terms{
		"bundle total":  {Kind: coupon.KindBundle, Reward: coupon.RewardTotal, TotalMinor: 13_000_000_000_000, Get: get},
		"bundle total2": {Kind: coupon.KindBundle, Reward: coupon.RewardTotal, TotalMinor: huge, Get: get},
		"bundle amount": {Kind: coupon.KindBundle, Reward: coupon.RewardAmount, AmountMinor: huge, Get: get, AllowZero: true},
		"bundle price":  {Kind: coupon.KindBundle, Reward: coupon.RewardPrice, PriceMinor: huge, Get: get},
		"fixed":         {Kind: coupon.KindFixedPrice, PriceMinor: 13_000_000_000_000},
		"fixed2":        {Kind: coupon.KindFixedPrice, PriceMinor: huge},
		"member":        {Kind: coupon.KindMemberPrice, Prices: []coupon.SKUPrice{{SKU: "a", PriceMinor: huge}, {SKU: "b", PriceMinor: 13_000_000_000_000}}},
		"nth":           {Kind: coupon.KindNthItem, Nth: 2, Reward: coupon.RewardPrice, PriceMinor: 20_000_000_000_000},
		"nth amount":    {Kind: coupon.KindNthItem, Nth: 2, Reward: coupon.RewardAmount, AmountMinor: huge},
		"buyget":        {Kind: coupon.KindBuyGet, Buy: get, Get: get, Reward: coupon.RewardPrice, PriceMinor: 20_000_000_000_000},
		"item amount":   {Kind: coupon.KindItemOff, Reward: coupon.RewardAmount, AmountMinor: huge, AllowZero: true},
		"item amount q": {Kind: coupon.KindItemOff, Reward: coupon.RewardAmount, AmountMinor: huge, Split: coupon.SplitQuantity, AllowZero: true},
		"item pct cap":  {Kind: coupon.KindItemOff, Reward: coupon.RewardPercent, DiscountBps: 9999, ItemCapMinor: huge},
		"repeat":        {Kind: coupon.KindAmountOff, AmountMinor: huge, ThresholdMinor: 1, Repeat: true, AllowZero: true},
		"addon":         {Kind: coupon.KindAddOn, PriceMinor: 20_000_000_000_000, ThresholdQuantity: 1, Get: []coupon.Part{{Quantity: 1000}}},
		"exchange":      {Kind: coupon.KindExchange, PriceMinor: 20_000_000_000_000_0, Gift: &coupon.Gift{SKU: "a", Quantity: 1000}},
	} {
		for _, least := range []int64{0, 1} {
			cart := &pricing.Cart{Lines: append([]pricing.Line{}, lines...)}
			var list int64
			for i := range cart.Lines {
				cart.Lines[i].MinMinor = least
				list += cart.Lines[i].ListMinor()
			}
			r := pricing.Quote(cart, []pricing.Candidate{alone(terms)}, pricing.Rules{FloorMinor: 1, MaxCoupons: 5})
			if r.DiscountMinor < 0 || r.PayableMinor < 0 || r.DiscountMinor+r.PayableMinor != list {
				t.Errorf("%s: %d off %d", name, r.DiscountMinor, list)
			}
			if dear := terms.PriceMinor+terms.TotalMinor > 0 || len(terms.Prices) > 0; dear && r.DiscountMinor != 0 {
				t.Errorf("%s: a price above the goods' takes %d off", name, r.DiscountMinor)
			}
		}
	}
}
