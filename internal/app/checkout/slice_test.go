package checkout_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
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
