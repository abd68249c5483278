package checkout_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/testkit"
)

// Units that were free are given back one by one. The shares of several funders on
// those that are kept round up to more than the units cost: nothing of them is left
// for the coupon behind, not less than nothing.
func TestRefundOfFreeUnitsBesideSteps(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		who := checkout.Who{Key: w.Key(0)}
		free, steps := testkit.Doc(), testkit.Doc()
		free.Terms = coupon.Terms{Kind: coupon.KindExchange, Gift: &coupon.Gift{SKU: "clip", Quantity: 3}, UsesPerCoupon: 1,
			Validity: free.Terms.Validity, Stacking: coupon.Stacking{Group: "free"}, Funders: []coupon.Funder{
				{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 3_333}, {Kind: coupon.FunderBrand, Code: "b", ShareBps: 6_667}}}
		steps.Terms.AmountMinor, steps.Terms.ThresholdMinor = 0, 0
		steps.Terms.Steps = []coupon.Step{{ThresholdMinor: 1_000, AmountMinor: 500}}
		for _, doc := range []coupon.Doc{free, steps} {
			w.Must(w.Claim(issuing.ClaimInput{Template: w.Publish(doc), Member: w.Key(0), Channel: "app", City: "shanghai"}).Err)
		}
		c := &pricing.Cart{Lines: []pricing.Line{{SKU: "clip", Quantity: 3, UnitMinor: 1}, {SKU: "apple", Quantity: 2, UnitMinor: 1_000}}}
		l := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("l"), Order: key("1"), Who: who, Cart: c}})
		w.Must(l.Err)
		paid := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r"), Order: key("1")}})
		w.Must(paid.Err)
		if len(paid.Redemptions) != 2 || paid.Order.PaidMinor != 1_500 {
			t.Fatalf("%+v", paid.Order)
		}
		var back int64
		for n := range 3 {
			ref := string(rune('a' + n))
			f := refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once(ref), Order: key("1")}, Ref: ref, Digest: ref,
				Lines: []redemption.RefundLine{{Line: 0, Quantity: 1}}})
			w.Must(f.Err)
			back += f.Refund.Minor
		}
		f := refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("all"), Order: key("1")}, Ref: "all", Digest: "all", Full: true})
		w.Must(f.Err)
		if back+f.Refund.Minor != 1_500 {
			t.Errorf("%d and %d given back", back, f.Refund.Minor)
		}
		w.Clean()
	})
}
