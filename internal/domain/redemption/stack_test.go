package redemption_test

import (
	"testing"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// A partial return asks each threshold in its place of the stack: before this
// coupon means what the coupons in front of it leave of the kept units. Two units
// of 1.00: 0.50 off the line, then 0.10 off from 0.80. Of one unit 1.00 is kept
// at list price, 0.75 before the second coupon.
func TestThresholdOfTheSecondCouponBreaksInItsPlace(t *testing.T) {
	for base, breaks := range map[coupon.Base]bool{coupon.BaseList: false, coupon.BaseBefore: true, coupon.BaseAfter: true} {
		w := newWorld(t)
		w.market.Policies.BrokenThreshold = market.BrokenRefuse
		w.cart = pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 2, UnitMinor: 100}}}
		for i := id.ID(1); i <= 2; i++ {
			w.coupons[i] = &coupon.Coupon{ID: i, Member: member, Template: 5, Version: 1, State: coupon.Usable, Uses: 1, NextUse: 1,
				ValidTo: w.now.Add(time.Hour), Rev: 1}
			w.terms[i] = &coupon.Terms{Kind: coupon.KindNoThreshold, UsesPerCoupon: 1,
				Funders: []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 10000}}}
		}
		w.terms[1].Scope, w.terms[1].AmountMinor, w.terms[1].Stacking.Group = rule.Scope{Include: rule.Selector{SKUs: []string{"a"}}}, 50, "line"
		second := w.terms[2]
		second.Kind, second.AmountMinor, second.ThresholdMinor, second.ThresholdBase = coupon.KindAmountOff, 10, 80, base
		if o, f := w.redeem("o", []id.ID{2, 1}); f != nil || o.PaidMinor != 140 {
			t.Fatalf("%s: %+v %v", base, o, f)
		}
		_, f := w.refund("o", []redemption.RefundLine{{Line: 0, Quantity: 1}}, false, false)
		if (f != nil) != breaks || f != nil && f.Code != fault.ThresholdBroken {
			t.Errorf("%s: %v, want broken %v", base, f, breaks)
		}
	}
}
