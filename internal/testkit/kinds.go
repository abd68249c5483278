package testkit

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
)

// NamedTerms are terms with the name of what they do.
type NamedTerms struct {
	Name  string // unique among Kinds
	Terms coupon.Terms
}

// Kinds are valid terms of every kind, two variants of each, in the order of
// coupon.Kinds. The second is the one that says more.
func Kinds() []NamedTerms { return slices.Concat(sums(), units(), others()) }

// of is Terms without what is special to their kind.
func of(kind coupon.Kind, edit func(t *coupon.Terms)) coupon.Terms {
	t := Terms()
	t.Kind, t.AmountMinor, t.ThresholdMinor, t.ThresholdBase = kind, 0, 0, ""
	edit(&t)
	return t
}

func skus(list ...string) rule.Scope { return rule.Scope{Include: rule.Selector{SKUs: list}} }

func category(path string) rule.Scope {
	return rule.Scope{Include: rule.Selector{Categories: []string{path}}}
}

func sums() []NamedTerms {
	return []NamedTerms{
		{"20 off every 100, twice at most", of(coupon.KindAmountOff, func(t *coupon.Terms) {
			t.ThresholdMinor, t.AmountMinor, t.Repeat, t.Times = 10_000, 2_000, true, 2
		})},
		{"10 off 100, 25 off 200, in dollars too", of(coupon.KindAmountOff, func(t *coupon.Terms) {
			t.Steps = []coupon.Step{{ThresholdMinor: 10_000, AmountMinor: 1_000}, {ThresholdMinor: 20_000, AmountMinor: 2_500}}
			t.Currencies = map[string]coupon.Amounts{"USD": {Steps: []coupon.Step{
				{ThresholdMinor: 1_500, AmountMinor: 150}, {ThresholdMinor: 3_000, AmountMinor: 400}}}}
		})},
		{"15 % off, at most 20", of(coupon.KindPercentOff, func(t *coupon.Terms) { t.DiscountBps, t.CapMinor = 1_500, 2_000 })},
		{"10 % off two, 20 % off three", of(coupon.KindPercentOff, func(t *coupon.Terms) {
			t.Steps = []coupon.Step{{ThresholdQuantity: 2, DiscountBps: 1_000}, {ThresholdQuantity: 3, DiscountBps: 2_000}}
			t.Stacking = coupon.Stacking{Group: "percent", Base: coupon.TakenList}
		})},
		{"5 off", of(coupon.KindNoThreshold, func(t *coupon.Terms) { t.AmountMinor = 500 })},
		{"3, 5, then 8 off, a day apart", of(coupon.KindNoThreshold, func(t *coupon.Terms) {
			t.Chain, t.UsesPerCoupon, t.IntervalHours = []int64{300, 500, 800}, 3, 24
		})},
		{"fruit for 50", of(coupon.KindNewTotal, func(t *coupon.Terms) { t.TotalMinor, t.Scope = 5_000, category("fresh/fruit") })},
		{"five of fruit for 50, at most 30 off", of(coupon.KindNewTotal, func(t *coupon.Terms) {
			t.TotalMinor, t.ThresholdQuantity, t.CapMinor, t.Scope = 5_000, 5, 3_000, category("fresh/fruit")
		})},
	}
}

func units() []NamedTerms {
	return []NamedTerms{
		{"2 off each apple", of(coupon.KindItemOff, func(t *coupon.Terms) {
			t.Reward, t.AmountMinor, t.Scope = coupon.RewardAmount, 200, skus("apple")
		})},
		{"half off the two dearest, at most 10 each", of(coupon.KindItemOff, func(t *coupon.Terms) {
			t.Reward, t.DiscountBps, t.ItemCapMinor = coupon.RewardPercent, 5_000, 1_000
			t.Select, t.UnitsMax, t.LineUnitsMax = coupon.SelectDearest, 2, 1
		})},
		{"apples for 6.90", of(coupon.KindFixedPrice, func(t *coupon.Terms) { t.PriceMinor, t.Scope = 690, skus("apple") })},
		{"a price list, three units of each line", of(coupon.KindFixedPrice, func(t *coupon.Terms) {
			t.Prices = []coupon.SKUPrice{{SKU: "apple", PriceMinor: 690}, {SKU: "pear", PriceMinor: 590}}
			t.LineUnitsMax, t.CapMinor = 3, 5_000
		})},
		{"member prices", of(coupon.KindMemberPrice, func(*coupon.Terms) {})},
		{"listed member prices from 50 on", of(coupon.KindMemberPrice, func(t *coupon.Terms) {
			t.Prices, t.ThresholdMinor, t.UnitsMax = []coupon.SKUPrice{{SKU: "apple", PriceMinor: 650}}, 5_000, 5
		})},
		{"every second at half price", of(coupon.KindNthItem, func(t *coupon.Terms) {
			t.Nth, t.Reward, t.DiscountBps = 2, coupon.RewardPercent, 5_000
		})},
		{"every third for 1.00, twice at most", of(coupon.KindNthItem, func(t *coupon.Terms) {
			t.Nth, t.Reward, t.PriceMinor, t.Times, t.Select = 3, coupon.RewardPrice, 100, 2, coupon.SelectFirst
		})},
		{"buy two get one free", of(coupon.KindBuyGet, func(t *coupon.Terms) {
			t.Buy, t.Get = []coupon.Part{{Quantity: 2}}, []coupon.Part{{Quantity: 1}}
			t.Reward, t.DiscountBps, t.Scope = coupon.RewardPercent, 10_000, category("fresh")
		})},
		{"an apple and a pear bring 3 off a melon", of(coupon.KindBuyGet, func(t *coupon.Terms) {
			t.Buy = []coupon.Part{{Scope: skus("apple"), Quantity: 1}, {Scope: skus("pear"), Quantity: 1}}
			t.Get = []coupon.Part{{Scope: skus("melon"), Quantity: 1}}
			t.Reward, t.AmountMinor, t.Times, t.Stacking.Again = coupon.RewardAmount, 300, 3, true
		})},
		{"two apples and a pear for 20", of(coupon.KindBundle, func(t *coupon.Terms) {
			t.Get = []coupon.Part{{Scope: skus("apple"), Quantity: 2}, {Scope: skus("pear"), Quantity: 1}}
			t.Reward, t.TotalMinor = coupon.RewardTotal, 2_000
		})},
		{"any three of fruit at 20 % off, twice at most", of(coupon.KindBundle, func(t *coupon.Terms) {
			t.Get, t.Times = []coupon.Part{{Scope: category("fresh/fruit"), Quantity: 3}}, 2
			t.Reward, t.DiscountBps, t.ItemCapMinor = coupon.RewardPercent, 2_000, 500
		})},
		{"from 100 on a melon for 9.90", of(coupon.KindAddOn, func(t *coupon.Terms) {
			t.ThresholdMinor, t.PriceMinor, t.Get = 10_000, 990, []coupon.Part{{Scope: skus("melon"), Quantity: 1}}
		})},
		{"from three of fruit on one of two goods for 5, at most 20 off", of(coupon.KindAddOn, func(t *coupon.Terms) {
			t.ThresholdQuantity, t.PriceMinor, t.CapMinor, t.Scope = 3, 500, 2_000, category("fresh/fruit")
			t.Get = []coupon.Part{{Scope: skus("basket", "knife"), Quantity: 1}}
		})},
		{"a melon for nothing", of(coupon.KindExchange, func(t *coupon.Terms) {
			t.Gift = &coupon.Gift{SKU: "melon", Quantity: 1, ValueMinor: 1_500}
		})},
		{"two melons for 2.00 each, at most 20 off", of(coupon.KindExchange, func(t *coupon.Terms) {
			t.Gift, t.PriceMinor, t.CapMinor = &coupon.Gift{SKU: "melon", Quantity: 2}, 200, 2_000
		})},
		{"an egg", of(coupon.KindGift, func(t *coupon.Terms) { t.Gift = &coupon.Gift{SKU: "egg", Quantity: 1, ValueMinor: 100} })},
		{"two eggs from 30 on, those in the cart first", of(coupon.KindGift, func(t *coupon.Terms) {
			t.Gift, t.ThresholdMinor = &coupon.Gift{SKU: "egg", Quantity: 2, ValueMinor: 100, Mode: coupon.GiftAddMissing}, 3_000
			t.CapMinor = 300
		})},
		{"free shipping from 50 on", of(coupon.KindShipping, func(t *coupon.Terms) {
			t.Reward, t.DiscountBps, t.ThresholdMinor = coupon.RewardPercent, 10_000, 5_000
		})},
		{"6 off express", of(coupon.KindShipping, func(t *coupon.Terms) {
			t.Reward, t.AmountMinor, t.Methods, t.UnitsMax = coupon.RewardAmount, 600, []string{"express", "same_day"}, 1
		})},
	}
}

func others() []NamedTerms {
	return []NamedTerms{
		{"100 to spend in ten uses", of(coupon.KindStoredValue, func(t *coupon.Terms) { t.AmountMinor, t.UsesPerCoupon = 10_000, 10 })},
		{"whatever is left, from 10 on, to the last cent", of(coupon.KindStoredValue, func(t *coupon.Terms) {
			t.ThresholdMinor, t.CapMinor, t.AllowZero = 1_000, 5_000, true
		})},
		{"half a percent more interest", of(coupon.KindExternal, func(t *coupon.Terms) {
			t.External = &coupon.External{Unit: "bps", Value: 50}
		})},
		{"insurance for 30 days from 100 on", of(coupon.KindExternal, func(t *coupon.Terms) {
			t.External, t.ThresholdMinor = &coupon.External{Unit: "days", Value: 30, WorstMinor: 200}, 10_000
		})},
	}
}
