package demo

import (
	"strings"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
)

// The offers of the plan, and the two past failures.
const (
	offerVegetable   = iota // 新人礼包: 15-5 fresh vegetables
	offerProtein            // 新人礼包: 30-12 meat, eggs, seafood
	offerHome               // 新人礼包: 10-3 household
	offerSingle             // the history's 20-8 on everything, for comparison
	offerMeat               // 50-8 with 10 of meat
	offerWeekend            // 60-10 with ready-to-cook dishes
	offerDormantVeg         // 老客专属券: 30-10 vegetables
	offerDormantAll         // 老客专属券: 50-15 on everything
	offerVIP                // VIP特权券: 100-20 on everything
	offerGift               // VIP特权券: one premium fruit, fetched in a store
	offerBlast              // past failure: no threshold, to the whole base
	offerComplicated        // past failure: rules that nobody understands
	offers
)

// pack are the newcomer coupons of one origin, dormantPair and vipPair those
// that come together.
var (
	pack        = []int{offerVegetable, offerProtein, offerHome}
	single      = []int{offerSingle}
	dormantPair = []int{offerDormantVeg, offerDormantAll}
)

// offer is a coupon as the model sees it; doc makes the template of it.
type offer struct {
	code, name string
	threshold  int64
	amount     int64
	scope      []string // categories, none for everything
	must       []must
	days       int // local days of validity, the day of issue being the first
	newcomer   bool
	brand      string // bears a part of the cost, "" for none
	limits     []limit.Limit
	in         [kinds]bool // kinds of goods in scope
}

// must is a condition on what the cart holds.
type must struct {
	category string
	minor    int64
	quantity int64
	in       [kinds]bool
}

// giftSKU is the premium fruit that VIP members fetch.
const giftSKU = "demo-0302"

func perMember(period limit.Period, most int64) limit.Limit {
	return limit.Limit{What: limit.IssueCount, Period: period, Per: limit.PerMember, Cap: most}
}

// plan lists the offers. Validity and limits are ours.
func plan(s *Settings) [offers]offer {
	once := []limit.Limit{perMember(limit.Ever, 1)}
	all := [offers]offer{
		offerVegetable:  {code: "demo-new-vegetable", name: "新人礼包 蔬菜满15减5", threshold: 15_00, amount: 5_00, scope: []string{"fresh/vegetable"}, days: 14, newcomer: true, limits: once},
		offerProtein:    {code: "demo-new-protein", name: "新人礼包 肉蛋水产满30减12", threshold: 30_00, amount: 12_00, scope: []string{"fresh/meat", "fresh/egg", "fresh/seafood"}, days: 14, newcomer: true, limits: once},
		offerHome:       {code: "demo-new-household", name: "新人礼包 日用满10减3", threshold: 10_00, amount: 3_00, scope: []string{"household"}, days: 14, newcomer: true, limits: once},
		offerSingle:     {code: "demo-new-single", name: "新人券 满20减8", threshold: 20_00, amount: 8_00, days: 14, newcomer: true, limits: once},
		offerMeat:       {code: "demo-meat", name: "满50减8 加购10元肉品即可使用", threshold: 50_00, amount: 8_00, must: []must{{category: "fresh/meat", minor: 10_00}}, days: 7, brand: "双汇", limits: []limit.Limit{perMember(limit.Week, 1)}},
		offerWeekend:    {code: "demo-weekend", name: "周末满60减10 含快手菜", threshold: 60_00, amount: 10_00, must: []must{{category: "frozen/ready", quantity: 1}}, days: 2, brand: "味知香", limits: []limit.Limit{perMember(limit.Week, 1)}},
		offerDormantVeg: {code: "demo-back-vegetable", name: "老客专属券 蔬菜满30减10", threshold: 30_00, amount: 10_00, scope: []string{"fresh/vegetable"}, days: 14, limits: []limit.Limit{perMember(limit.Ever, 6)}},
		offerDormantAll: {code: "demo-back-all", name: "老客专属券 全场满50减15", threshold: 50_00, amount: 15_00, days: 14, limits: []limit.Limit{perMember(limit.Ever, 6)}},
		offerVIP:        {code: "demo-vip", name: "VIP特权券 满100减20", threshold: 100_00, amount: 20_00, days: 31, limits: []limit.Limit{perMember(limit.Month, 1)}},
		offerGift:       {code: "demo-vip-gift", name: "VIP特权券 精品水果一份", days: 10, limits: []limit.Limit{perMember(limit.Month, 1)}},
		offerBlast: {code: "demo-failure-blast", name: "全员无门槛5元券", amount: 5_00, days: 7, limits: []limit.Limit{perMember(limit.Ever, 1),
			{What: limit.IssueAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: s.blastBudget()}}},
		offerComplicated: {code: "demo-failure-complicated", name: "满88减9 须含肉20元、蛋1份、水产1份", threshold: 88_00, amount: 9_00,
			must: []must{{category: "fresh/meat", minor: 20_00}, {category: "fresh/egg", quantity: 1}, {category: "fresh/seafood", quantity: 1}}, days: 7, limits: once},
	}
	for i := range all {
		for k := range kinds {
			all[i].in[k] = len(all[i].scope) == 0 || below(categories[k], all[i].scope...)
			for m := range all[i].must {
				all[i].must[m].in[k] = below(categories[k], all[i].must[m].category)
			}
		}
	}
	return all
}

// blastBudget is the budget of the counter-example, at least one coupon's.
func (s *Settings) blastBudget() int64 {
	return max(s.BlastBudgetMinor*int64(s.Members)/1000, 5_00)
}

func below(category string, roots ...string) bool {
	for _, r := range roots {
		if category == r || strings.HasPrefix(category, r+"/") {
			return true
		}
	}
	return false
}

// doc is the offer's content as a template.
func (o *offer) doc(n int) coupon.Doc {
	d := coupon.Doc{Terms: coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: o.amount, ThresholdMinor: o.threshold, UsesPerCoupon: 1,
		Validity: schedule.Validity{Kind: schedule.ValidityDays, Days: int64(o.days)},
		Funders:  []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10_000}}},
		Claim: coupon.ClaimRules{Newcomer: o.newcomer, Limits: o.limits}}
	d.Terms.Scope.Include.Categories = o.scope
	for _, m := range o.must {
		d.Terms.Contains = append(d.Terms.Contains, rule.Contain{MinMinor: m.minor, MinQuantity: m.quantity,
			Scope: rule.Scope{Include: rule.Selector{Categories: []string{m.category}}}})
	}
	if o.brand != "" {
		d.Terms.Funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 6_000},
			{Kind: coupon.FunderBrand, Code: o.brand, ShareBps: 4_000}}
	}
	switch n {
	case offerBlast:
		d.Terms.Kind = coupon.KindNoThreshold
	case offerGift:
		d.Terms.Kind, d.Terms.AllowZero = coupon.KindGift, true
		d.Terms.Gift = &coupon.Gift{SKU: giftSKU, Quantity: 1, ValueMinor: 39_90}
	}
	return d
}
