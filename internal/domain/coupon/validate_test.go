package coupon_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

func validDoc() *coupon.Doc {
	return &coupon.Doc{Terms: coupon.Terms{
		Kind: coupon.KindAmountOff, AmountMinor: 500, ThresholdMinor: 3000, UsesPerCoupon: 1,
		Validity: schedule.Validity{Kind: schedule.ValidityDays, Days: 3},
		Funders: []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 6000},
			{Kind: coupon.FunderMerchant, Code: "m1", ShareBps: 4000}},
	}}
}

func percent(d *coupon.Doc) {
	t := &d.Terms
	t.Kind, t.AmountMinor, t.DiscountBps, t.CapMinor = coupon.KindPercentOff, 0, 1500, 2000
}

func gift(d *coupon.Doc) {
	t := &d.Terms
	t.Kind, t.AmountMinor, t.Gift = coupon.KindGift, 0, &coupon.Gift{SKU: "egg", Quantity: 1, ValueMinor: 100}
}

func faults(err error) []string {
	var out []string
	if f := fault.From(err); f != nil {
		for _, f := range append([]*fault.Fault{f}, f.Also...) {
			out = append(out, string(f.Code)+" "+f.Pointer)
		}
	}
	slices.Sort(out)
	return out
}

func TestValidateDoc(t *testing.T) {
	day := func(d int) calendar.Instant { return calendar.Of(time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC)) }
	for _, c := range []struct {
		name string
		edit func(d *coupon.Doc)
		want []string
	}{
		{"amount off", func(*coupon.Doc) {}, nil},
		{"percent", percent, nil},
		{"gift", gift, nil},
		{"stacking", func(d *coupon.Doc) {
			percent(d)
			d.Terms.Stacking = coupon.Stacking{Group: "a", Excludes: []string{"default", "b"}, Base: "list"}
		}, nil},
		{"base of an amount", func(d *coupon.Doc) { d.Terms.Stacking.Base = "list" }, []string{"conflicting_rules /terms/stacking/base"}},
		{"unknown base", func(d *coupon.Doc) { percent(d); d.Terms.Stacking.Base = "after" }, []string{"invalid_value /terms/stacking/base"}},
		{"group with a space", func(d *coupon.Doc) { d.Terms.Stacking.Group = " a" }, []string{"invalid_value /terms/stacking/group"}},
		{"excludes its own group", func(d *coupon.Doc) { d.Terms.Stacking.Excludes = []string{"default"} }, []string{"conflicting_rules /terms/stacking/excludes/0"}},
		{"excludes twice", func(d *coupon.Doc) { d.Terms.Stacking.Excludes = []string{"a", "a", ""} },
			[]string{"duplicate_value /terms/stacking/excludes/1", "missing_value /terms/stacking/excludes/2"}},
		{"excludes too much", func(d *coupon.Doc) { d.Terms.Stacking.Excludes = make([]string, 51) }, []string{"too_long /terms/stacking/excludes"}},
		{"no kind", func(d *coupon.Doc) { d.Terms.Kind = "" }, []string{"missing_value /terms/kind"}},
		{"unknown kind", func(d *coupon.Doc) { d.Terms.Kind = "x" }, []string{"invalid_value /terms/kind"}},
		{"no amount", func(d *coupon.Doc) { d.Terms.AmountMinor = 0 }, []string{"missing_value /terms/amount_minor"}},
		{"amount over threshold", func(d *coupon.Doc) { d.Terms.ThresholdMinor = 499 }, []string{"conflicting_rules /terms/threshold_minor"}},
		{"amount over threshold, zero allowed", func(d *coupon.Doc) { d.Terms.ThresholdMinor, d.Terms.AllowZero = 499, true }, nil},
		{"no threshold kind with one", func(d *coupon.Doc) { d.Terms.Kind = coupon.KindNoThreshold },
			[]string{"conflicting_rules /terms/threshold_minor"}},
		{"whole percent", func(d *coupon.Doc) { percent(d); d.Terms.DiscountBps = 10000 }, []string{"out_of_range /terms/discount_bps"}},
		{"whole percent, zero allowed", func(d *coupon.Doc) { percent(d); d.Terms.DiscountBps, d.Terms.AllowZero = 10000, true }, nil},
		{"fields of other kinds", func(d *coupon.Doc) {
			d.Terms.UnitsMax, d.Terms.DiscountBps, d.Terms.Gift = 1, 1, &coupon.Gift{}
		}, []string{"conflicting_rules /terms/discount_bps", "conflicting_rules /terms/gift", "conflicting_rules /terms/units_max"}},
		{"gift without one", func(d *coupon.Doc) { gift(d); d.Terms.Gift = nil }, []string{"missing_value /terms/gift"}},
		{"uses", func(d *coupon.Doc) { d.Terms.UsesPerCoupon = 10001 }, []string{"out_of_range /terms/uses_per_coupon"}},
		{"liability beyond any amount", func(d *coupon.Doc) {
			d.Terms.UsesPerCoupon, d.Terms.AmountMinor, d.Terms.ThresholdMinor = 10000, 1e15, 1e15
		}, []string{"out_of_range /terms/uses_per_coupon"}},
		{"funders don't sum", func(d *coupon.Doc) { d.Terms.Funders[0].ShareBps = 5999 }, []string{"conflicting_rules /terms/funders"}},
		{"funder twice", func(d *coupon.Doc) { d.Terms.Funders[1] = d.Terms.Funders[0]; d.Terms.Funders[1].ShareBps = 4000 },
			[]string{"duplicate_value /terms/funders/1"}},
		{"no funder", func(d *coupon.Doc) { d.Terms.Funders = nil }, []string{"missing_value /terms/funders"}},
		{"days", func(d *coupon.Doc) { d.Terms.Validity.Days = 3661 }, []string{"out_of_range /terms/validity/days"}},
		{"delay", func(d *coupon.Doc) { d.Terms.Validity.DelayDays = 367 }, []string{"out_of_range /terms/validity/delay_days"}},
		{"delay in hours", func(d *coupon.Doc) { d.Terms.Validity.DelayHours = 8785 }, []string{"out_of_range /terms/validity/delay_hours"}},
		{"two delays", func(d *coupon.Doc) { d.Terms.Validity.DelayDays, d.Terms.Validity.DelayHours = 1, 1 },
			[]string{"conflicting_rules /terms/validity/delay_hours"}},
		{"an end of days", func(d *coupon.Doc) { d.Terms.Validity.To = day(2) }, []string{"conflicting_rules /terms/validity/to"}},
		{"sessions without days", func(d *coupon.Doc) {
			d.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryWeek, MonthDays: []int64{1}, ShortMonth: schedule.ShortLast}
		}, []string{"conflicting_rules /claim/sessions/month_days", "conflicting_rules /claim/sessions/short_month", "missing_value /claim/sessions/weekdays"}},
		{"sessions on days that don't exist", func(d *coupon.Doc) {
			d.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryMonth, MonthDays: []int64{0, 32, 5, 5}, Except: []calendar.Date{0, 20260101, 20260101}}
		}, []string{"duplicate_value /claim/sessions/except/2", "duplicate_value /claim/sessions/month_days/3", "invalid_value /claim/sessions/except/0",
			"out_of_range /claim/sessions/month_days/0", "out_of_range /claim/sessions/month_days/1"}},
		{"sessions that meet, over midnight too", func(d *coupon.Doc) {
			d.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryDay, Hours: []schedule.TimeRange{{From: 600, To: 660}, {From: 1200, To: 601}, {From: 660, To: 660}}}
		}, []string{"conflicting_rules /claim/sessions/hours/1", "conflicting_rules /claim/sessions/hours/2/to"}},
		{"fixed without dates", func(d *coupon.Doc) { d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityFixed} },
			[]string{"missing_value /terms/validity/from", "missing_value /terms/validity/to"}},
		{"fixed backwards", func(d *coupon.Doc) {
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityFixed, From: day(2), To: day(2)}
		}, []string{"conflicting_rules /terms/validity/to"}},
		{"over before it can be claimed", func(d *coupon.Doc) {
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityFixed, From: day(1), To: day(2)}
			d.Claim.Window.From = day(2)
		}, []string{"conflicting_rules /terms/validity/to"}},
		{"alternative that is no template", func(d *coupon.Doc) { d.Claim.Newcomer, d.Claim.Alternative = true, "tpl_x" },
			[]string{"invalid_value /claim/alternative"}},
		{"alternative without newcomer", func(d *coupon.Doc) { d.Claim.Alternative = "tpl_0cysw6cn00100" },
			[]string{"conflicting_rules /claim/alternative"}},
		{"window backwards", func(d *coupon.Doc) { d.Claim.Window = schedule.Window{From: day(2), To: day(1)} },
			[]string{"conflicting_rules /claim/window/to"}},
		{"included and excluded", func(d *coupon.Doc) {
			d.Terms.Scope.Include.SKUs, d.Terms.Scope.Exclude.SKUs = []string{"a", "b"}, []string{"b"}
		}, []string{"conflicting_rules /terms/scope/exclude/skus/0"}},
		{"bad words", func(d *coupon.Doc) {
			d.Terms.Scope.Include.Brands = []string{"", "a\x00", strings.Repeat("x", 129), "ok", "ok", " a"}
		}, []string{"duplicate_value /terms/scope/include/brands/4", "invalid_value /terms/scope/include/brands/1",
			"invalid_value /terms/scope/include/brands/5",
			"missing_value /terms/scope/include/brands/0", "too_long /terms/scope/include/brands/2"}},
		{"too many", func(d *coupon.Doc) { d.Terms.Scope.Include.SKUs = make([]string, 5001) },
			[]string{"too_long /terms/scope/include/skus"}},
		{"empty must-contain", func(d *coupon.Doc) { d.Terms.Contains = []rule.Contain{{}} },
			[]string{"missing_value /terms/contains/0/min_quantity"}},
		{"limit twice", func(d *coupon.Doc) {
			l := limit.Limit{What: limit.IssueCount, Period: limit.Day, Per: limit.PerMember, Cap: 1}
			d.Claim.Limits = []limit.Limit{l, l}
		}, []string{"duplicate_value /claim/limits/1"}},
		{"bad limit", func(d *coupon.Doc) { d.Claim.Limits = []limit.Limit{{What: "x", Period: "y", Per: "z", Cap: -1}} },
			[]string{"invalid_value /claim/limits/0/per", "invalid_value /claim/limits/0/period",
				"invalid_value /claim/limits/0/what", "out_of_range /claim/limits/0/cap"}},
		{"unbounded under an amount limit", func(d *coupon.Doc) {
			percent(d)
			d.Terms.CapMinor = 0
			d.Claim.Limits = []limit.Limit{{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 1}}
		}, []string{"unbounded_liability /claim/limits/0"}},
		{"all faults at once", func(d *coupon.Doc) { d.Terms.AmountMinor, d.Terms.UsesPerCoupon, d.Terms.Validity.Kind = 0, 0, "" },
			[]string{"missing_value /terms/amount_minor", "missing_value /terms/validity/kind", "out_of_range /terms/uses_per_coupon"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := validDoc()
			c.edit(d)
			if diff := cmp.Diff(c.want, faults(d.Validate(nil, nil))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestValidateTemplate(t *testing.T) {
	valid := func() *coupon.Template {
		return &coupon.Template{Market: "main", InternalName: "spring", CustomerName: coupon.Names{"zh-CN": "春日券"},
			Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}}
	}
	for _, c := range []struct {
		name string
		edit func(t *coupon.Template)
		want []string
	}{
		{"valid", func(*coupon.Template) {}, nil},
		{"no customer name", func(t *coupon.Template) { t.CustomerName = nil }, []string{"missing_value /customer_name"}},
		{"a language that nobody reads", func(t *coupon.Template) { t.CustomerName = coupon.Names{"a/b": "x"} },
			[]string{"invalid_value /customer_name/a~1b", "missing_value /customer_name"}},
		{"200 characters", func(t *coupon.Template) { t.CustomerName["en"] = strings.Repeat("券", 200) }, nil},
		{"201 characters", func(t *coupon.Template) { t.CustomerName["en"] = strings.Repeat("券", 201) }, []string{"too_long /customer_name/en"}},
		{"blank", func(t *coupon.Template) { t.InternalName = " " }, []string{"missing_value /internal_name"}},
		{"merchant issuer without a merchant", func(t *coupon.Template) { t.Issuer.Kind = coupon.IssuerMerchant }, []string{"missing_value /issuer/code"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			tpl := valid()
			c.edit(tpl)
			if diff := cmp.Diff(c.want, faults(tpl.Validate())); diff != "" {
				t.Error(diff)
			}
		})
	}
}
