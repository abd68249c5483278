package demo

import (
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/money"
)

// The member day 会员日, each Wednesday, is ours: a few members who are not of the
// plan try coupons of other kinds, each its own, and let the shop choose the best
// set. Its orders are a channel of their own, so the plan's figures know nothing of
// them, and the model does not reckon them: whatever is refused is a difference.
const (
	fairChannel = "fair"
	fairMembers = 33
)

// The templates of the member day; members go through the first ones in turns.
const (
	fairSecondHalf = iota
	fairBundle
	fairAddOn
	fairEvery
	fairSteps
	fairShipping
	fairExchange
	fairPass
	fairBuyGet
	fairOwn // as many as members have one of

	fairGold = iota - 1 // for members of a tier, everybody has one
	fairDay             // applies by itself
	fairs
)

// fairOffer is a template of the member day with what its holders buy.
type fairOffer struct {
	code, name string
	terms      coupon.Terms
	automatic  bool
	cart       []fairLine
}

// fairLine is so many units of the n-th good of a kind.
type fairLine struct {
	kind     kind
	n        int
	quantity int64
}

// shelfOf is the n-th good of a kind, as a cart's line.
func (s *simulation) shelfOf(f fairLine) pricing.Line {
	g := &s.goods[f.kind][f.n]
	return pricing.Line{SKU: g.sku, Category: categories[f.kind], Brand: g.brand, Merchant: g.merchant(), Quantity: f.quantity, UnitMinor: g.minor}
}

// fair lists the templates. Amounts are ours.
func (s *simulation) fair() [fairs]fairOffer {
	only := func(f fairLine) rule.Scope {
		return rule.Scope{Include: rule.Selector{SKUs: []string{s.shelfOf(f).SKU}}}
	}
	goods := func(category string) rule.Scope {
		return rule.Scope{Include: rule.Selector{Categories: []string{category}}}
	}
	milk, eggs, mince, banana := fairLine{staple, 11, 1}, fairLine{egg, 0, 1}, fairLine{meat, 4, 1}, fairLine{fruit, 2, 1}
	gold := condition.Tree{All: []condition.Tree{{Leaf: &condition.MemberTier{In: []string{"gold"}}}}}
	all := [fairs]fairOffer{
		fairSecondHalf: {code: "second-half", name: "水果第二件半价",
			terms: coupon.Terms{Kind: coupon.KindNthItem, Nth: 2, Reward: coupon.RewardPercent, DiscountBps: 5000, Scope: goods("fresh/fruit")},
			cart:  []fairLine{{fruit, 0, 2}, {fruit, 1, 3}, {leaf, 0, 1}}},
		fairBundle: {code: "breakfast", name: "早餐套餐 鲜奶加鸡蛋25元",
			terms: coupon.Terms{Kind: coupon.KindBundle, Reward: coupon.RewardTotal, TotalMinor: 25_00, Times: 2,
				Get: []coupon.Part{{Scope: only(milk), Quantity: 1}, {Scope: only(eggs), Quantity: 1}}},
			cart: []fairLine{{staple, 11, 2}, {egg, 0, 2}, {leaf, 3, 1}}},
		fairAddOn: {code: "add-on", name: "满50元 10元换购肉末",
			terms: coupon.Terms{Kind: coupon.KindAddOn, ThresholdMinor: 50_00, ThresholdBase: coupon.BaseList, PriceMinor: 10_00, Get: []coupon.Part{{Scope: only(mince), Quantity: 1}}},
			cart:  []fairLine{{seafood, 3, 1}, {fruit, 4, 1}, {meat, 4, 1}}},
		fairEvery: {code: "every-100", name: "每满100减10",
			terms: coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 10_00, ThresholdMinor: 100_00, ThresholdBase: coupon.BaseList, Repeat: true, Times: 3},
			cart:  []fairLine{{meat, 5, 3}, {seafood, 6, 2}, {root, 0, 1}}},
		fairSteps: {code: "steps", name: "满100减10 满200减25",
			terms: coupon.Terms{Kind: coupon.KindAmountOff, ThresholdBase: coupon.BaseList,
				Steps: []coupon.Step{{ThresholdMinor: 100_00, AmountMinor: 10_00}, {ThresholdMinor: 200_00, AmountMinor: 25_00}}},
			cart: []fairLine{{meat, 6, 2}, {ready, 3, 2}, {household, 0, 1}}},
		fairShipping: {code: "delivery", name: "满39元免运费",
			terms: coupon.Terms{Kind: coupon.KindShipping, Reward: coupon.RewardPercent, DiscountBps: money.BpsWhole, ThresholdMinor: 39_00, ThresholdBase: coupon.BaseList, Methods: []string{"van"}},
			cart:  []fairLine{{staple, 0, 1}, {leaf, 1, 2}}},
		fairExchange: {code: "exchange", name: "香蕉兑换券",
			terms: coupon.Terms{Kind: coupon.KindExchange, Gift: &coupon.Gift{SKU: s.shelfOf(banana).SKU, Quantity: 1, ValueMinor: s.shelfOf(banana).UnitMinor}},
			cart:  []fairLine{{fruit, 2, 1}, {leaf, 2, 2}}},
		fairPass: {code: "pass", name: "十次卡 每次减5元",
			terms: coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 5_00, UsesPerCoupon: 10, IntervalHours: 24},
			cart:  []fairLine{{root, 2, 2}, {egg, 2, 1}}},
		fairBuyGet: {code: "buy-two", name: "水饺买二送一",
			terms: coupon.Terms{Kind: coupon.KindBuyGet, Reward: coupon.RewardPercent, DiscountBps: money.BpsWhole, Scope: goods("frozen/dumpling"),
				Buy: []coupon.Part{{Quantity: 2}}, Get: []coupon.Part{{Quantity: 1}}},
			cart: []fairLine{{dumpling, 0, 2}, {dumpling, 3, 1}}},
		fairGold: {code: "gold", name: "金卡会员95折",
			terms: coupon.Terms{Kind: coupon.KindPercentOff, DiscountBps: 500, CapMinor: 20_00, Priority: -1, When: gold}},
		fairDay: {code: "day", name: "会员日满30减1", automatic: true,
			terms: coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 1_00, ThresholdMinor: 30_00, ThresholdBase: coupon.BaseBefore, Priority: -2}},
	}
	for n := range all {
		o := &all[n]
		o.terms.UsesPerCoupon = max(o.terms.UsesPerCoupon, 1)
		o.terms.Validity = schedule.Validity{Kind: schedule.ValidityDays, Days: 14}
		if n == fairPass {
			o.terms.Validity.Days = 120
		}
		o.terms.Funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: money.BpsWhole}}
		o.terms.Stacking.Group = o.code
		o.terms.Use.Channels = []string{fairChannel}
		o.code = "demo-fair-" + o.code
	}
	return all
}

func (o *fairOffer) doc() coupon.Doc {
	return coupon.Doc{Terms: o.terms, Claim: coupon.ClaimRules{Automatic: o.automatic}}
}

// fairCart is what the n-th member of the day buys, delivered where it has the
// coupon for that.
func (s *simulation) fairCart(n int, o *fairOffer) *pricing.Cart {
	c := &pricing.Cart{Channel: fairChannel, Store: places[n%len(places)][0], City: places[n%len(places)][2]}
	for _, l := range o.cart {
		c.Lines = append(c.Lines, s.shelfOf(l))
	}
	c.Lines[len(c.Lines)-1].Quantity += int64(s.day/7+n) % 2
	if o.terms.Kind == coupon.KindShipping {
		c.Lines = append(c.Lines, pricing.Line{Shipping: "van", Quantity: 1, UnitMinor: 6_00})
	}
	return c
}
