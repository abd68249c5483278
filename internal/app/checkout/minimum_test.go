package checkout_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/store"
	"quan/internal/testkit"
)

// No coupon takes a line below the least price that the catalogue names, whether
// or not the cart says all of the line itself; the others bear what it can't.
func TestLeastPriceOfTheCatalogue(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		soap, towel := testkit.Item("soap"), testkit.Item("towel")
		soap.MinMinor, towel.MinMinor = 900, 0
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Items().Insert([]store.Item{soap, towel}) }))
		doc := testkit.Doc()
		doc.Terms.Kind, doc.Terms.AmountMinor, doc.Terms.ThresholdMinor, doc.Terms.ThresholdBase = coupon.KindNoThreshold, 800, 0, ""
		wallet(w, doc)
		whole := pricing.Line{Category: "c", Brand: "b", Merchant: "m", Quantity: 1, UnitMinor: 1000}
		lines := []pricing.Line{whole, whole}
		lines[0].SKU, lines[1].SKU = "soap", "towel"
		q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: checkout.Who{Key: w.Key(0)}, Cart: pricing.Cart{Lines: lines, Channel: "app", City: "shanghai"}})
		w.Must(err)
		if r := q.Result; r.DiscountMinor != 800 || r.Lines[0] != 73 || r.Lines[1] != 727 {
			t.Errorf("%+v", r)
		}
	})
}
