package coupon_test

import (
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
)

func TestComplexity(t *testing.T) {
	goods := rule.Selector{Categories: []string{"tea"}}
	for _, c := range []struct {
		name  string
		kind  coupon.Kind
		edit  func(t *coupon.Terms)
		score int64
		level coupon.Level
		first coupon.Difficult
	}{
		{"amount without more", coupon.KindNoThreshold, nil, 0, coupon.LevelEasy, ""},
		{"amount from a threshold", coupon.KindAmountOff, nil, 1, coupon.LevelEasy, coupon.DifficultThreshold},
		{"second at half price", coupon.KindNthItem, nil, 2, coupon.LevelEasy, coupon.DifficultKind},
		{"with exclusions", coupon.KindPercentOff, func(t *coupon.Terms) {
			t.CapMinor, t.Scope.Exclude, t.Contains = 5, goods, []rule.Contain{{MinMinor: 1}}
		}, 5, coupon.LevelFair, coupon.DifficultExclusion},
		{"parts of their own goods, chained and far away", coupon.KindBuyGet, func(t *coupon.Terms) {
			t.Buy = []coupon.Part{{Quantity: 1, Scope: rule.Scope{Include: goods}}, {Quantity: 1, Scope: rule.Scope{Exclude: goods}}}
			t.UsesPerCoupon, t.IntervalHours, t.Use.Cities, t.Times, t.ThresholdMinor = 2, 1, []string{"a"}, 2, 5
		}, 12, coupon.LevelHard, coupon.DifficultParts},
	} {
		got := docOf(c.kind, c.edit).Complexity()
		first := coupon.Difficult("")
		if len(got.Why) > 0 {
			first = got.Why[0].What
		}
		if got.Score != c.score || got.Level != c.level || first != c.first {
			t.Errorf("%s: %+v, want %d, %s, %s", c.name, got, c.score, c.level, c.first)
		}
	}
}
