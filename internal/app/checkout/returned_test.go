package checkout_test

import (
	"fmt"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// A coupon that the job has ended is not counted as expired again when a use of
// it comes back on the same day.
func TestReturnToAnExpiredCouponOnItsLastDay(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.UsesPerCoupon = 2
		doc.Terms.Validity = schedule.Validity{Kind: schedule.ValidityFixed, From: testkit.Start, To: testkit.Start.Add(time.Hour)}
		_, c := held(t, w, doc)
		used := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Cart: cart(), Coupons: []id.ID{c.ID}}})
		w.Must(used.Err)
		w.Time.Advance(2 * time.Hour)
		n, err := w.Checkout.ExpireCoupons(w.Ctx(), 10)
		w.Must(err)
		if n != 1 || state(w, c.ID) != coupon.Expired {
			t.Fatalf("%d expired, %s", n, state(w, c.ID))
		}
		back := refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("b"), Order: key("1")}, Ref: "r", Full: true})
		w.Must(back.Err)
		w.Clean()
	})
}

// A coupon that a return ends is counted on the day of its end, also where a
// refund has set the day of the redemption's return before.
func TestReturnAfterARefundThatKeptTheCoupon(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := held(t, w, testkit.Doc())
		w.Market.Policies.CouponReturn = market.ReturnNever
		w.Market.Rev++
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Markets().Update([]market.Market{*w.Market}) }))
		w.Cache.ForgetMarket(w.Market.Code)
		w.Must(redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Cart: cart(), Coupons: []id.ID{c.ID}}}).Err)
		w.Must(refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("b"), Order: key("1")}, Ref: "r", Full: true}).Err)
		w.Time.Advance(9 * 24 * time.Hour)
		out, err := w.Checkout.Return(w.Ctx(), w.By, []checkout.ReturnInput{{Basis: checkout.Basis{Once: once("c"), Order: key("1")}, Coupon: c.ID}})
		w.Must(err)
		w.Must(out[0].Err)
		if state(w, c.ID) != coupon.Expired {
			t.Fatalf("returned past its end: %s", state(w, c.ID))
		}
		w.Clean()
	})
}

// A refund's number acts once in its source: on another order it is another
// refund, whether it comes later or in the same slice.
func TestRefundNumberOfAnotherOrder(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		var all []checkout.RefundInput
		for i := range 3 {
			ref := fmt.Sprint(i)
			out, err := w.Checkout.PlaceOrder(w.Ctx(), w.By, []checkout.OrderInput{{Basis: checkout.Basis{Once: once("o" + ref), Order: key(ref), Cart: cart()}}})
			w.Must(err)
			w.Must(out[0].Err)
			all = append(all, checkout.RefundInput{Basis: checkout.Basis{Once: once("r" + ref), Order: key(ref)}, Ref: "r", Digest: "d", Full: true})
		}
		out, err := w.Checkout.Refund(w.Ctx(), w.By, all[:2])
		w.Must(err)
		w.Must(out[0].Err)
		later := refund(w, all[2])
		if !fault.Has(out[1].Err, fault.RefundDiffers) || !fault.Has(later.Err, fault.RefundDiffers) {
			t.Errorf("in the slice: %v, later: %v", out[1].Err, later.Err)
		}
		w.Clean()
	})
}
