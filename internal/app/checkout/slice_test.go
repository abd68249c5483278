package checkout_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// The best of a wallet is chosen after what earlier elements of the slice set free,
// as if each had come alone.
func TestBestInASlice(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		who := checkout.Who{Key: w.Key(0)}
		var coupons []id.ID
		for _, amount := range []int64{500, 100, 300} {
			doc := testkit.Doc()
			doc.Terms.AmountMinor = amount
			got := w.Claim(issuing.ClaimInput{Template: w.Publish(doc), Member: w.Key(0), Channel: "app", City: "shanghai"})
			w.Must(got.Err)
			coupons = append(coupons, got.Receipt.Coupons[0].ID)
		}
		ask := func(k, ref string, named ...id.ID) checkout.LockInput {
			return checkout.LockInput{Best: len(named) == 0, Basis: checkout.Basis{Once: once(k), Order: key(ref), Who: who, Cart: cart(), Coupons: named}}
		}
		w.Must(lock(w, ask("a", "1", coupons[0])).Err)
		out, err := w.Checkout.Lock(w.Ctx(), w.By, []checkout.LockInput{ask("b", "1", coupons[1]), ask("c", "2")})
		w.Must(err)
		if out[0].Err != nil || out[1].Err != nil || out[1].Lock.Coupons[0] != coupons[0] {
			t.Errorf("the coupon that the first element set free is the best for the second: %+v", out[1])
		}
		w.Clean()
	})
}

// So is a coupon that is named: what stood in its way is gone.
func TestNamedInASlice(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		got := w.Claim(issuing.ClaimInput{Template: w.Publish(testkit.Doc()), Member: w.Key(0), Channel: "app", City: "shanghai"})
		w.Must(got.Err)
		freed := got.Receipt.Coupons[0].ID
		got = w.Claim(issuing.ClaimInput{Template: w.Publish(testkit.Doc()), Member: w.Key(0), Channel: "app", City: "shanghai"})
		w.Must(got.Err)
		other := got.Receipt.Coupons[0].ID
		ask := func(k, ref string, coupon id.ID) checkout.LockInput {
			return checkout.LockInput{Basis: checkout.Basis{Once: once(k), Order: key(ref), Who: checkout.Who{Key: w.Key(0)}, Cart: cart(), Coupons: []id.ID{coupon}}}
		}
		w.Must(lock(w, ask("a", "1", freed)).Err)
		out, err := w.Checkout.Lock(w.Ctx(), w.By, []checkout.LockInput{ask("b", "1", other), ask("c", "2", freed), ask("d", "3", other)})
		w.Must(err)
		if out[0].Err != nil || out[1].Err != nil || !fault.Has(out[2].Err, fault.CouponLocked) {
			t.Errorf("the first sets free what the second names, and holds what the third names: %v, %v, %v", out[0].Err, out[1].Err, out[2].Err)
		}
		w.Clean()
	})
}
