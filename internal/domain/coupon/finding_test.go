package coupon_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
	"quan/internal/testkit"
)

// TestFindings: one row for each thing that does not fit, and what just fits.
func TestFindings(t *testing.T) {
	const hour = 3_600_000
	issues := func(per limit.Per, n int64) limit.Limit {
		return limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: per, Cap: n}
	}
	uses := func(per limit.Per, n int64) limit.Limit {
		return limit.Limit{What: limit.RedeemCount, Period: limit.Ever, Per: per, Cap: n}
	}
	city := func(names ...string) condition.Tree { return condition.Tree{Leaf: &condition.City{In: names}} }
	for name, test := range map[string]struct {
		edit func(d *coupon.Doc)
		want string
	}{
		"nothing":          {func(*coupon.Doc) {}, ""},
		"cities apart":     {func(d *coupon.Doc) { d.Claim.Place.Cities, d.Terms.Use.Cities = []string{"a"}, []string{"b", "c"} }, "contradiction cities_apart /claim/place/cities /terms/use/cities"},
		"a city too many":  {func(d *coupon.Doc) { d.Claim.Place.Cities, d.Terms.Use.Cities = []string{"a", "b"}, []string{"b", "c"} }, "gap cities_beyond /claim/place/cities /terms/use/cities"},
		"claimed anywhere": {func(d *coupon.Doc) { d.Terms.Use.Cities = []string{"b"} }, "gap cities_beyond  /terms/use/cities"},
		"cities within":    {func(d *coupon.Doc) { d.Claim.Place.Cities, d.Terms.Use.Cities = []string{"b"}, []string{"b", "c"} }, ""},
		"channels apart":   {func(d *coupon.Doc) { d.Claim.Place.Channels, d.Terms.Use.Channels = []string{"app"}, []string{"shop"} }, "gap channels_beyond /claim/place/channels /terms/use/channels"},
		"claimed after it all": {func(d *coupon.Doc) {
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityFixed, From: 1, To: 5}
			d.Claim.Window.To = 6
		}, "gap window_beyond /claim/window/to /terms/validity/to"},
		"sessions on no day of the window": {func(d *coupon.Doc) {
			d.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryMonth, MonthDays: []int64{20}}
			d.Claim.Window = schedule.Window{From: 24 * hour, To: 240 * hour}
		}, "contradiction never_opens /claim/sessions /claim/window"},
		"sessions after the last day of use": {func(d *coupon.Doc) {
			d.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryMonth, MonthDays: []int64{20}}
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityFixed, From: 24 * hour, To: 48 * hour}
		}, "contradiction never_opens /claim/sessions /claim/window"},
		"one session within the window": {func(d *coupon.Doc) {
			d.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryMonth, MonthDays: []int64{5}}
			d.Claim.Window = schedule.Window{From: 24 * hour, To: 240 * hour}
		}, ""},
		"cut before its hours are over": {func(d *coupon.Doc) {
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityDays, Days: 5, DelayHours: 48, CutByWindow: true}
			d.Claim.Window = schedule.Window{From: 24 * hour, To: 72 * hour}
		}, "contradiction cut_before_start /terms/validity/delay_hours /claim/window/to"},
		"cut before its moment": {func(d *coupon.Doc) {
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityDays, Days: 5, From: 72 * hour, CutByWindow: true}
			d.Claim.Window = schedule.Window{From: 24 * hour, To: 72 * hour}
		}, "contradiction cut_before_start /terms/validity/from /claim/window/to"},
		"cut after its moment": {func(d *coupon.Doc) {
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityDays, Days: 5, From: 71 * hour, CutByWindow: true}
			d.Claim.Window = schedule.Window{From: 24 * hour, To: 72 * hour}
		}, ""},
		"cut before it starts": {func(d *coupon.Doc) {
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityDays, Days: 5, DelayDays: 3, CutByWindow: true}
			d.Claim.Window = schedule.Window{From: 24 * hour, To: 72 * hour}
		}, "contradiction cut_before_start /terms/validity/delay_days /claim/window/to"},
		"the last are cut": {func(d *coupon.Doc) {
			d.Terms.Validity = schedule.Validity{Kind: schedule.ValidityDays, Days: 5, DelayDays: 3, CutByWindow: true}
			d.Claim.Window = schedule.Window{From: 24 * hour, To: 240 * hour}
		}, "gap cut_before_start /terms/validity/delay_days /claim/window/to"},
		"uses take too long": {func(d *coupon.Doc) {
			d.Terms.UsesPerCoupon, d.Terms.IntervalHours, d.Terms.Validity = 8, 24, schedule.Validity{Kind: schedule.ValidityDays, Days: 7}
		}, "gap uses_beyond_validity /terms/interval_hours /terms/validity"},
		"uses fit": {func(d *coupon.Doc) {
			d.Terms.UsesPerCoupon, d.Terms.IntervalHours, d.Terms.Validity = 7, 24, schedule.Validity{Kind: schedule.ValidityDays, Days: 7}
		}, ""},
		"more coupons than uses": {func(d *coupon.Doc) {
			d.Claim.Limits = []limit.Limit{issues(limit.PerMember, 3), uses(limit.PerMember, 2)}
		}, "gap uses_beyond_limit /claim/limits/0 /claim/limits/1"},
		"as many uses": {func(d *coupon.Doc) {
			d.Claim.Limits = []limit.Limit{issues(limit.PerMember, 2), uses(limit.PerMember, 2), uses(limit.PerTemplate, 1)}
		}, ""},
		"no use at all": {func(d *coupon.Doc) { d.Claim.Limits = []limit.Limit{uses(limit.PerTemplate, 0)} }, "contradiction use_beyond_limit /terms /claim/limits/0"},
		"too little for one": {func(d *coupon.Doc) {
			d.Claim.Limits = []limit.Limit{{What: limit.RedeemAmount, Period: limit.Day, Per: limit.PerTemplate, Cap: d.Terms.AmountMinor - 1}}
		}, "contradiction use_beyond_limit /terms /claim/limits/0"},
		"newcomers of two": {func(d *coupon.Doc) {
			d.Claim.Newcomer, d.Claim.Limits = true, []limit.Limit{issues(limit.PerMember, 2)}
		}, "gap newcomer_beyond /claim/limits/0 /claim/newcomer"},
		"nothing after it": {func(d *coupon.Doc) {
			d.Terms = coupon.Terms{Kind: coupon.KindPercentOff, DiscountBps: 10_000, AllowZero: true, ThresholdMinor: 5, ThresholdBase: coupon.BaseAfter}
		}, "contradiction threshold_unreachable /terms/threshold_base /terms/threshold_minor"},
		"prices outside": {func(d *coupon.Doc) {
			d.Terms = coupon.Terms{Kind: coupon.KindFixedPrice, Prices: []coupon.SKUPrice{{SKU: "x", PriceMinor: 1}}, Scope: rule.Scope{Include: rule.Selector{SKUs: []string{"y"}}}}
		}, "contradiction prices_outside /terms/prices/0/sku /terms/scope"},
		"a price outside": {func(d *coupon.Doc) {
			d.Terms = coupon.Terms{Kind: coupon.KindFixedPrice, Prices: []coupon.SKUPrice{{SKU: "y", PriceMinor: 1}, {SKU: "x", PriceMinor: 1}}, Scope: rule.Scope{Exclude: rule.Selector{SKUs: []string{"x"}}}}
		}, "gap prices_outside /terms/prices/1/sku /terms/scope"},
		"conditions apart":      {func(d *coupon.Doc) { d.Claim.When, d.Terms.When = city("a"), city("b") }, "contradiction conditions_apart /claim/when /terms/when"},
		"a condition at use":    {func(d *coupon.Doc) { d.Terms.When = condition.Tree{All: []condition.Tree{city("b")}} }, "gap conditions_beyond  /terms/when/all/0"},
		"conditions that agree": {func(d *coupon.Doc) { d.Claim.When, d.Terms.When = city("b"), city("b", "c") }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := testkit.Doc()
			d.Claim.Limits, d.Claim.Window, d.Claim.Place, d.Terms.Use = nil, schedule.Window{}, rule.Place{}, rule.Place{}
			test.edit(&d)
			got := ""
			for _, f := range d.Findings() {
				got += fmt.Sprintf("%s %s %s %s\n", f.Kind, f.Code, f.A, f.B)
			}
			if test.want != "" {
				test.want += "\n"
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			contradicts := len(test.want) > 0 && test.want[0] == 'c'
			if err := d.Consistent(); contradicts != fault.Has(err, fault.Conflicting) || !contradicts && err != nil {
				t.Errorf("consistent: %v", err)
			}
		})
	}
}
