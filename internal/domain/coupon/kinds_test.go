package coupon_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/rule"
)

// kinds holds one valid document of each kind; a case edits one.
var kinds = map[coupon.Kind]func(t *coupon.Terms){
	coupon.KindAmountOff:   func(t *coupon.Terms) { t.AmountMinor, t.ThresholdMinor = 500, 3000 },
	coupon.KindPercentOff:  func(t *coupon.Terms) { t.DiscountBps = 1500 },
	coupon.KindNoThreshold: func(t *coupon.Terms) { t.AmountMinor = 500 },
	coupon.KindNewTotal:    func(t *coupon.Terms) { t.TotalMinor = 5000 },
	coupon.KindStoredValue: func(*coupon.Terms) {},
	coupon.KindItemOff:     func(t *coupon.Terms) { t.Reward, t.AmountMinor = coupon.RewardAmount, 100 },
	coupon.KindFixedPrice:  func(t *coupon.Terms) { t.PriceMinor = 990 },
	coupon.KindMemberPrice: func(*coupon.Terms) {},
	coupon.KindNthItem:     func(t *coupon.Terms) { t.Reward, t.DiscountBps, t.Nth = coupon.RewardPercent, 5000, 2 },
	coupon.KindBuyGet: func(t *coupon.Terms) {
		t.Reward, t.DiscountBps, t.Buy, t.Get = coupon.RewardPercent, 10000, []coupon.Part{{Quantity: 2}}, []coupon.Part{{Quantity: 1}}
	},
	coupon.KindBundle: func(t *coupon.Terms) {
		t.Reward, t.TotalMinor, t.Get = coupon.RewardTotal, 2000, []coupon.Part{{Quantity: 3}}
	},
	coupon.KindAddOn: func(t *coupon.Terms) {
		t.PriceMinor, t.ThresholdMinor, t.Get = 990, 5000, []coupon.Part{{Quantity: 1}}
	},
	coupon.KindExchange: func(t *coupon.Terms) { t.Gift = &coupon.Gift{SKU: "egg", Quantity: 1} },
	coupon.KindGift:     func(t *coupon.Terms) { t.Gift = &coupon.Gift{SKU: "egg", Quantity: 1} },
	coupon.KindShipping: func(t *coupon.Terms) { t.Reward, t.DiscountBps = coupon.RewardPercent, 10000 },
	coupon.KindExternal: func(t *coupon.Terms) { t.External = &coupon.External{Unit: "bps", Value: 50} },
}

func docOf(kind coupon.Kind, edit func(t *coupon.Terms)) *coupon.Doc {
	d := validDoc()
	t := &d.Terms
	t.Kind, t.AmountMinor, t.ThresholdMinor = kind, 0, 0
	kinds[kind](t)
	if edit != nil {
		edit(t)
	}
	return d
}

func TestEveryKindIsValid(t *testing.T) {
	for _, kind := range coupon.Kinds {
		if got := faults(docOf(kind, nil).Validate(nil, nil)); got != nil {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if len(coupon.Kinds) != len(kinds) {
		t.Error("kinds without a case")
	}
}

// A field that a kind does not read is refused, and one that it reads is not
// refused for being there.
func TestWhoReadsWhat(t *testing.T) {
	set := map[string]func(t *coupon.Terms){
		"reward":             func(t *coupon.Terms) { t.Reward = coupon.RewardPercent },
		"amount_minor":       func(t *coupon.Terms) { t.AmountMinor = 10 },
		"discount_bps":       func(t *coupon.Terms) { t.DiscountBps = 10 },
		"cap_minor":          func(t *coupon.Terms) { t.CapMinor = 10_000 },
		"item_cap_minor":     func(t *coupon.Terms) { t.ItemCapMinor = 10 },
		"price_minor":        func(t *coupon.Terms) { t.PriceMinor = 10 },
		"total_minor":        func(t *coupon.Terms) { t.TotalMinor = 10 },
		"prices":             func(t *coupon.Terms) { t.Prices = []coupon.SKUPrice{{SKU: "a"}} },
		"steps":              func(t *coupon.Terms) { t.Steps = []coupon.Step{{ThresholdMinor: 10, AmountMinor: 1}} },
		"gift":               func(t *coupon.Terms) { t.Gift = &coupon.Gift{SKU: "egg", Quantity: 1} },
		"external":           func(t *coupon.Terms) { t.External = &coupon.External{Unit: "bps", Value: 50} },
		"split":              func(t *coupon.Terms) { t.Split = coupon.SplitLine },
		"select":             func(t *coupon.Terms) { t.Select = coupon.SelectDearest },
		"units_max":          func(t *coupon.Terms) { t.UnitsMax = 10 },
		"line_units_max":     func(t *coupon.Terms) { t.LineUnitsMax = 10 },
		"nth":                func(t *coupon.Terms) { t.Nth = 2 },
		"buy":                func(t *coupon.Terms) { t.Buy = []coupon.Part{{Quantity: 1}} },
		"get":                func(t *coupon.Terms) { t.Get = []coupon.Part{{Quantity: 1}} },
		"methods":            func(t *coupon.Terms) { t.Methods = []string{"express"} },
		"threshold_minor":    func(t *coupon.Terms) { t.ThresholdMinor = 5000 },
		"threshold_quantity": func(t *coupon.Terms) { t.ThresholdQuantity = 5 },
		"threshold_base":     func(t *coupon.Terms) { t.ThresholdBase = coupon.BaseList },
		"repeat":             func(t *coupon.Terms) { t.Repeat = true },
		"times":              func(t *coupon.Terms) { t.Times = 10 },
		"chain":              func(t *coupon.Terms) { t.Chain = []int64{10} },
	}
	const threshold = " threshold_minor threshold_quantity threshold_base"
	for kind, reads := range map[coupon.Kind]string{
		coupon.KindAmountOff:   "amount_minor chain steps cap_minor repeat times" + threshold,
		coupon.KindPercentOff:  "discount_bps steps cap_minor" + threshold,
		coupon.KindNoThreshold: "amount_minor chain cap_minor",
		coupon.KindNewTotal:    "total_minor cap_minor" + threshold,
		coupon.KindStoredValue: "amount_minor chain cap_minor" + threshold,
		coupon.KindItemOff:     "reward amount_minor chain split select units_max line_units_max cap_minor" + threshold,
		coupon.KindFixedPrice:  "item_cap_minor price_minor prices select units_max line_units_max cap_minor" + threshold,
		coupon.KindMemberPrice: "item_cap_minor prices select units_max line_units_max cap_minor" + threshold,
		coupon.KindNthItem:     "reward discount_bps item_cap_minor nth times select cap_minor" + threshold,
		coupon.KindBuyGet:      "reward discount_bps item_cap_minor buy get times select cap_minor" + threshold,
		coupon.KindBundle:      "reward total_minor get times select cap_minor" + threshold,
		coupon.KindAddOn:       "item_cap_minor price_minor prices get select cap_minor" + threshold,
		coupon.KindExchange:    "item_cap_minor gift price_minor select cap_minor" + threshold,
		coupon.KindGift:        "item_cap_minor gift select cap_minor" + threshold,
		coupon.KindShipping:    "reward discount_bps item_cap_minor methods select units_max line_units_max cap_minor" + threshold,
		coupon.KindExternal:    "external" + threshold,
	} {
		for name, edit := range set {
			got := docOf(kind, edit).Validate(nil, nil)
			refused := strings.Contains(strings.Join(faults(got), " ")+" ", "conflicting_rules /terms/"+name+" ") &&
				(strings.Contains(got.Error(), "a=kind") || strings.Contains(got.Error(), "a=reward"))
			if read := strings.Contains(" "+reads+" ", " "+name+" "); refused == read {
				t.Errorf("%s with %s: %v", kind, name, got)
			}
		}
	}
}

func TestValidateKinds(t *testing.T) {
	conflict := func(at string) []string { return []string{"conflicting_rules /terms/" + at} }
	for _, c := range []struct {
		name string
		kind coupon.Kind
		edit func(t *coupon.Terms)
		want []string
	}{
		{"nothing of the kind", coupon.KindAmountOff, func(t *coupon.Terms) { t.AmountMinor, t.ThresholdMinor = 0, 0 },
			[]string{"missing_value /terms/amount_minor", "missing_value /terms/threshold_minor"}},
		{"threshold in units", coupon.KindAmountOff, func(t *coupon.Terms) { t.ThresholdMinor, t.ThresholdQuantity = 0, 2 }, nil},
		{"repeat", coupon.KindAmountOff, func(t *coupon.Terms) { t.Repeat, t.Times = true, 3 }, nil},
		{"repeat without a threshold", coupon.KindAmountOff, func(t *coupon.Terms) { t.Repeat, t.ThresholdMinor = true, 0 },
			[]string{"missing_value /terms/threshold_minor"}},
		{"times of nothing", coupon.KindAmountOff, func(t *coupon.Terms) { t.Times = 3 }, conflict("times")},
		{"cap below the amount", coupon.KindNoThreshold, func(t *coupon.Terms) { t.CapMinor = 499 }, conflict("cap_minor")},
		{"cap above it", coupon.KindNoThreshold, func(t *coupon.Terms) { t.CapMinor = 501 }, nil},
		{"negative", coupon.KindItemOff, func(t *coupon.Terms) {
			t.AmountMinor, t.CapMinor, t.ThresholdMinor, t.ThresholdQuantity, t.UnitsMax, t.LineUnitsMax = -1, -1, -1, -1, -1, -1
		}, []string{"out_of_range /terms/amount_minor", "out_of_range /terms/cap_minor", "out_of_range /terms/line_units_max",
			"out_of_range /terms/threshold_minor", "out_of_range /terms/threshold_quantity", "out_of_range /terms/units_max"}},

		{"steps", coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100, AmountMinor: 10}, coupon.Step{ThresholdMinor: 200, AmountMinor: 25}), nil},
		{"steps in both", coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100, ThresholdQuantity: 2, AmountMinor: 10},
			coupon.Step{ThresholdMinor: 100, ThresholdQuantity: 3, AmountMinor: 25}), nil},
		{"steps with a threshold beside", coupon.KindAmountOff, func(t *coupon.Terms) { t.Steps = []coupon.Step{{ThresholdMinor: 100, AmountMinor: 10}} },
			[]string{"conflicting_rules /terms/amount_minor", "conflicting_rules /terms/threshold_minor"}},
		{"steps that repeat", coupon.KindAmountOff, also(steps(coupon.Step{ThresholdMinor: 100, AmountMinor: 10}),
			func(t *coupon.Terms) { t.Repeat = true }), conflict("repeat")},
		{"step without a threshold", coupon.KindAmountOff, steps(coupon.Step{AmountMinor: 10}), []string{"missing_value /terms/steps/0/threshold_minor"}},
		{"step that gives nothing", coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100}), []string{"out_of_range /terms/steps/0/amount_minor"}},
		{"step that gives more than it asks", coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100, AmountMinor: 101}), conflict("steps/0/threshold_minor")},
		{"step over the cap", coupon.KindAmountOff, also(steps(coupon.Step{ThresholdMinor: 100, AmountMinor: 50}),
			func(t *coupon.Terms) { t.CapMinor = 49 }), conflict("steps/0/amount_minor")},
		{"steps alike", coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100, AmountMinor: 10}, coupon.Step{ThresholdMinor: 100, AmountMinor: 20}), conflict("steps/1")},
		{"steps that fall in one", coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100, ThresholdQuantity: 2, AmountMinor: 10},
			coupon.Step{ThresholdMinor: 200, AmountMinor: 20}), conflict("steps/1")},
		{"steps that give no more", coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100, AmountMinor: 10}, coupon.Step{ThresholdMinor: 200, AmountMinor: 10}), conflict("steps/1")},
		{"steps of percentages", coupon.KindPercentOff, steps(coupon.Step{ThresholdQuantity: 2, DiscountBps: 1000}, coupon.Step{ThresholdQuantity: 3, DiscountBps: 2000}), nil},
		{"amount in a step of percentages", coupon.KindPercentOff, steps(coupon.Step{ThresholdQuantity: 2, DiscountBps: 1000, AmountMinor: 5}), conflict("steps/0/amount_minor")},
		{"percentage in a step of amounts", coupon.KindAmountOff, steps(coupon.Step{ThresholdQuantity: 2, DiscountBps: 1000, AmountMinor: 5}), conflict("steps/0/discount_bps")},
		{"step that makes all free", coupon.KindPercentOff, steps(coupon.Step{ThresholdQuantity: 2, DiscountBps: 10000}), []string{"out_of_range /terms/steps/0/discount_bps"}},
		{"too many steps", coupon.KindPercentOff, steps(make([]coupon.Step, coupon.StepsMax+1)...), []string{"too_long /terms/steps"}},

		{"reward missing", coupon.KindItemOff, func(t *coupon.Terms) { t.Reward = "" }, []string{"missing_value /terms/reward"}},
		{"reward of a bundle", coupon.KindNthItem, func(t *coupon.Terms) { t.Reward = coupon.RewardTotal }, conflict("reward")},
		{"reward that nobody knows", coupon.KindItemOff, func(t *coupon.Terms) { t.Reward = "cash" }, []string{"invalid_value /terms/reward"}},
		{"field of another reward", coupon.KindNthItem, func(t *coupon.Terms) { t.PriceMinor = 5 }, conflict("price_minor")},
		{"reward without its field", coupon.KindShipping, func(t *coupon.Terms) { t.Reward, t.DiscountBps = coupon.RewardPrice, 0 }, []string{"missing_value /terms/price_minor"}},
		{"split of a percentage", coupon.KindItemOff, func(t *coupon.Terms) {
			t.Reward, t.AmountMinor, t.DiscountBps, t.Split = coupon.RewardPercent, 0, 500, coupon.SplitLine
		}, conflict("split")},
		{"free units of all", coupon.KindItemOff, func(t *coupon.Terms) { t.Reward, t.AmountMinor, t.DiscountBps = coupon.RewardPercent, 0, 10000 },
			[]string{"out_of_range /terms/discount_bps"}},
		{"free units, counted", coupon.KindItemOff, func(t *coupon.Terms) {
			t.Reward, t.AmountMinor, t.DiscountBps, t.UnitsMax = coupon.RewardPercent, 0, 10000, 1
		}, nil},
		{"free bundle", coupon.KindBundle, func(t *coupon.Terms) { t.Reward, t.TotalMinor, t.DiscountBps = coupon.RewardPercent, 0, 10000 },
			[]string{"out_of_range /terms/discount_bps"}},
		{"over the whole", coupon.KindShipping, func(t *coupon.Terms) { t.DiscountBps = 10001 }, []string{"out_of_range /terms/discount_bps"}},

		{"bad words", coupon.KindItemOff, func(t *coupon.Terms) { t.Split, t.Select, t.ThresholdBase = "x", "x", "x" },
			[]string{"invalid_value /terms/select", "invalid_value /terms/split", "invalid_value /terms/threshold_base"}},
		{"more of a line than of all", coupon.KindItemOff, func(t *coupon.Terms) { t.UnitsMax, t.LineUnitsMax = 2, 3 }, conflict("line_units_max")},
		{"every first", coupon.KindNthItem, func(t *coupon.Terms) { t.Nth = 1 }, []string{"out_of_range /terms/nth"}},
		{"no nth", coupon.KindNthItem, func(t *coupon.Terms) { t.Nth = 0 }, []string{"missing_value /terms/nth"}},
		{"nothing to get", coupon.KindBuyGet, func(t *coupon.Terms) { t.Get = nil }, []string{"missing_value /terms/get"}},
		{"too many parts", coupon.KindBuyGet, func(t *coupon.Terms) { t.Buy = make([]coupon.Part, coupon.PartsMax+1) }, []string{"too_long /terms/buy"}},
		{"too many parts together", coupon.KindBuyGet, func(t *coupon.Terms) { t.Buy, t.Get = parts(5), parts(4) }, []string{"too_long /terms/buy"}},
		{"as many as can be", coupon.KindBuyGet, func(t *coupon.Terms) { t.Buy, t.Get = parts(4), parts(4) }, nil},
		{"bad parts", coupon.KindBundle, func(t *coupon.Terms) {
			t.Get = []coupon.Part{{Quantity: 0}, {Quantity: 1001}, {Quantity: 1, Scope: rule.Scope{Include: rule.Selector{SKUs: []string{""}}}}}
		}, []string{"missing_value /terms/get/2/scope/include/skus/0", "out_of_range /terms/get/0/quantity", "out_of_range /terms/get/1/quantity"}},
		{"prices", coupon.KindFixedPrice, func(t *coupon.Terms) { t.Prices = []coupon.SKUPrice{{"a", 5}, {"a", 6}, {"", -1}} },
			[]string{"duplicate_value /terms/prices/1/sku", "missing_value /terms/prices/2/sku", "out_of_range /terms/prices/2/price_minor"}},
		{"too many prices", coupon.KindMemberPrice, func(t *coupon.Terms) { t.Prices = make([]coupon.SKUPrice, coupon.PricesMax+1) }, []string{"too_long /terms/prices"}},
		{"add-on without a threshold", coupon.KindAddOn, func(t *coupon.Terms) { t.ThresholdMinor = 0 }, []string{"missing_value /terms/threshold_minor"}},
		{"methods", coupon.KindShipping, func(t *coupon.Terms) { t.Methods = []string{"a", "", "a"} },
			[]string{"duplicate_value /terms/methods/2", "missing_value /terms/methods/1"}},

		{"gift mode", coupon.KindGift, func(t *coupon.Terms) { t.Gift.Mode = "x" }, []string{"invalid_value /terms/gift/mode"}},
		{"gift mode of an exchange", coupon.KindExchange, func(t *coupon.Terms) { t.Gift.Mode = coupon.GiftAddMissing }, conflict("gift/mode")},
		{"cap of what takes nothing off", coupon.KindGift, func(t *coupon.Terms) { t.CapMinor = 5 }, conflict("cap_minor")},
		{"cap of units in the cart", coupon.KindGift, func(t *coupon.Terms) { t.CapMinor, t.Gift.Mode = 5, coupon.GiftAddMissing }, nil},
		{"gift beyond any amount", coupon.KindGift, func(t *coupon.Terms) { t.Gift.ValueMinor, t.Gift.Quantity = 1e15, 2 }, []string{"out_of_range /terms/uses_per_coupon"}},
		{"external", coupon.KindExternal, func(t *coupon.Terms) { t.External = &coupon.External{Unit: " ", Value: 0, WorstMinor: -1} },
			[]string{"invalid_value /terms/external/unit", "out_of_range /terms/external/value", "out_of_range /terms/external/worst_minor"}},

		{"chain", coupon.KindStoredValue, func(t *coupon.Terms) { t.Chain, t.UsesPerCoupon = []int64{1, 2}, 2 }, nil},
		{"chain of an amount for each unit", coupon.KindItemOff, func(t *coupon.Terms) { t.AmountMinor, t.Chain = 0, []int64{1} }, nil},
		{"chain beside an amount", coupon.KindNoThreshold, func(t *coupon.Terms) { t.Chain = []int64{1} }, conflict("amount_minor")},
		{"chain longer than its uses", coupon.KindStoredValue, func(t *coupon.Terms) { t.Chain = []int64{1, 2} }, conflict("chain")},
		{"chain over its threshold", coupon.KindAmountOff, func(t *coupon.Terms) { t.AmountMinor, t.Chain, t.UsesPerCoupon = 0, []int64{3000, 3001}, 2 }, conflict("chain/1")},
		{"chain over its cap", coupon.KindStoredValue, func(t *coupon.Terms) { t.Chain, t.CapMinor = []int64{3}, 2 }, conflict("chain/0")},
		{"chain of nothing", coupon.KindStoredValue, func(t *coupon.Terms) { t.Chain = []int64{0} }, []string{"out_of_range /terms/chain/0"}},
		{"chain beyond any amount", coupon.KindStoredValue, func(t *coupon.Terms) { t.Chain, t.UsesPerCoupon = []int64{1, 1e15}, 3 }, []string{"out_of_range /terms/uses_per_coupon"}},
		{"repetition beyond any amount", coupon.KindAmountOff, func(t *coupon.Terms) {
			t.Repeat, t.Times, t.AmountMinor, t.ThresholdMinor = true, 1000, 1e13, 1e14
		}, []string{"out_of_range /terms/uses_per_coupon"}},
		{"interval", coupon.KindNoThreshold, func(t *coupon.Terms) { t.IntervalHours, t.UsesPerCoupon = 8784, 2 }, nil},
		{"interval too long", coupon.KindNoThreshold, func(t *coupon.Terms) { t.IntervalHours, t.UsesPerCoupon = 8785, 2 }, []string{"out_of_range /terms/interval_hours"}},
		{"interval of a single use", coupon.KindNoThreshold, func(t *coupon.Terms) { t.IntervalHours = 1 }, conflict("interval_hours")},

		{"again of a sum", coupon.KindPercentOff, func(t *coupon.Terms) { t.Stacking.Again = true }, conflict("stacking/again")},
		{"again of units", coupon.KindNthItem, func(t *coupon.Terms) { t.Stacking.Again = true }, nil},
		{"base of a percentage of units", coupon.KindNthItem, func(t *coupon.Terms) { t.Stacking.Base = coupon.TakenList }, nil},
		{"base of an amount of units", coupon.KindItemOff, func(t *coupon.Terms) { t.Stacking.Base = coupon.TakenList }, conflict("stacking/base")},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, faults(docOf(c.kind, c.edit).Validate(nil, nil))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func steps(list ...coupon.Step) func(t *coupon.Terms) {
	return func(t *coupon.Terms) { t.AmountMinor, t.DiscountBps, t.ThresholdMinor, t.Steps = 0, 0, 0, list }
}

func also(edits ...func(t *coupon.Terms)) func(t *coupon.Terms) {
	return func(t *coupon.Terms) {
		for _, edit := range edits {
			edit(t)
		}
	}
}

func parts(n int) []coupon.Part {
	list := make([]coupon.Part, n)
	for i := range list {
		list[i].Quantity = 1
	}
	return list
}

func TestValidateCurrencies(t *testing.T) {
	home := &market.Market{Currency: "CNY"}
	in := func(code string, a coupon.Amounts) func(d *coupon.Doc) {
		return func(d *coupon.Doc) { d.Terms.Currencies = map[string]coupon.Amounts{code: a} }
	}
	whole := coupon.Amounts{AmountMinor: 100, ThresholdMinor: 500}
	for _, c := range []struct {
		name string
		edit func(d *coupon.Doc)
		want []string
	}{
		{"dollars", in("USD", whole), nil},
		{"the market's own", in("CNY", whole), []string{"conflicting_rules /terms/currencies/CNY"}},
		{"no currency", in("a/b", whole), []string{"invalid_value /terms/currencies/a~1b"}},
		{"no amount", in("USD", coupon.Amounts{}), []string{"missing_value /terms/currencies/USD/amount_minor", "missing_value /terms/currencies/USD/threshold_minor"}},
		{"a cap there only", in("USD", coupon.Amounts{AmountMinor: 100, ThresholdMinor: 500, CapMinor: 200}), []string{"conflicting_rules /terms/currencies/USD/cap_minor"}},
		{"over its threshold", in("USD", coupon.Amounts{AmountMinor: 501, ThresholdMinor: 500}), []string{"conflicting_rules /terms/currencies/USD/threshold_minor"}},
		{"negative", in("USD", coupon.Amounts{AmountMinor: -1, ThresholdMinor: 500}), []string{"out_of_range /terms/currencies/USD/amount_minor"}},
		{"under an amount limit", func(d *coupon.Doc) {
			in("USD", whole)(d)
			d.Claim.Limits = []limit.Limit{{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 1},
				{What: limit.IssueAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 1}}
		}, []string{"conflicting_rules /claim/limits/1"}},
		{"under a budget", func(d *coupon.Doc) {
			in("USD", whole)(d)
			d.Claim.Budgets = []string{"bgt_0000000000001"}
		}, []string{"conflicting_rules /claim/budgets"}},
		{"beside amounts in one currency", func(d *coupon.Doc) {
			in("USD", whole)(d)
			d.Terms.Contains = []rule.Contain{{MinMinor: 5}}
		}, []string{"conflicting_rules /terms/contains/0/min_minor"}},
		{"a gift with a value", func(d *coupon.Doc) {
			*d = *docOf(coupon.KindGift, func(t *coupon.Terms) { t.Gift.ValueMinor = 5 })
			in("USD", coupon.Amounts{})(d)
		}, []string{"conflicting_rules /terms/gift/value_minor"}},
		{"a percentage needs no amounts", func(d *coupon.Doc) {
			*d = *docOf(coupon.KindPercentOff, nil)
			in("USD", coupon.Amounts{})(d)
		}, nil},
		{"steps", func(d *coupon.Doc) {
			*d = *docOf(coupon.KindAmountOff, steps(coupon.Step{ThresholdMinor: 100, AmountMinor: 10}))
			in("USD", coupon.Amounts{Steps: []coupon.Step{{ThresholdMinor: 9, AmountMinor: 10}}})(d)
		}, []string{"conflicting_rules /terms/currencies/USD/steps/0/threshold_minor"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := validDoc()
			c.edit(d)
			if diff := cmp.Diff(c.want, faults(d.Validate(home, nil))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What a kind says that it reads is what Validate lets stand.
func TestFieldsOfKinds(t *testing.T) {
	for _, k := range coupon.Kinds {
		fields := k.Fields()
		if len(k.Rewards()) == 0 && len(fields.Needs) == 0 && k != coupon.KindMemberPrice && k != coupon.KindStoredValue {
			t.Errorf("%s needs nothing", k)
		}
		for _, r := range k.Rewards() {
			if len(r.Fields().Needs) != 1 {
				t.Errorf("reward %s needs %v", r, r.Fields().Needs)
			}
		}
	}
	if f := coupon.KindAmountOff.Fields(); len(f.Needs) != 2 || f.Needs[1][0] != "threshold_minor" || !slices.Contains(f.May, "repeat") {
		t.Errorf("amount_off = %+v", f)
	}
	if f := coupon.Kind("none").Fields(); len(f.Needs)+len(f.May) > 0 {
		t.Errorf("an unknown kind = %+v", f)
	}
}
