package checkout_test

import (
	"slices"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// ending is a template whose coupons end at midnight after a day.
func ending() coupon.Doc {
	doc := apptest.Limits(testkit.Doc())
	doc.Terms.Validity = schedule.Validity{Kind: schedule.ValiditySameDay}
	return doc
}

func claimed(w *apptest.World, template id.ID, members int) []id.ID {
	w.Helper()
	w.Members(members)
	var out []id.ID
	for m := range members {
		got := w.Claim(issuing.ClaimInput{Template: template, Member: w.Key(m), Channel: "app"})
		w.Must(got.Err)
		out = append(out, got.Receipt.Coupons[0].ID)
	}
	return out
}

// The job goes through what is due in pieces, each once; what becomes due behind it
// is of the next sweep. Until then a coupon past its end is expired all the same,
// and its end counts to its own day whenever the job came.
func TestExpiryInPieces(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const members = 7
		template := w.Publish(ending())
		coupons := claimed(w, template, members)
		first := slices.Index(coupons, slices.Min(coupons)) // to end: those of one moment go by their ids
		w.Must(lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once("lock"), Order: key("1"), Cart: cart(), Coupons: coupons[first : first+1], Who: checkout.Who{Key: w.Key(first)}}}).Err)
		second := coupons[(first+1)%members]
		w.Time.Advance(3 * 24 * time.Hour)
		late := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("a"), Order: key("2"), Cart: cart(), Coupons: []id.ID{second}}})
		row, _, err := w.Issuing.Get(w.Ctx(), w.By, second)
		w.Must(err)
		if !fault.Has(late.Err, fault.CouponExpired) || row.At(w.Clock()) != coupon.Expired {
			t.Errorf("before the job came: a use %v, the coupon %s", late.Err, row.At(w.Clock()))
		}
		var pieces []int
		piece := func() int {
			n, err := w.Checkout.ExpireCoupons(w.Ctx(), 3)
			w.Must(err)
			pieces = append(pieces, n)
			return n
		}
		piece()
		_, err = w.Checkout.ExpireLocks(w.Ctx(), 3) // the first of all ends becomes due behind the sweep
		w.Must(err)
		for piece() > 0 {
		}
		for piece() > 0 { // the worker asks again after a second
		}
		if want := []int{3, 3, 0, 1, 0}; !slices.Equal(pieces, want) {
			t.Errorf("pieces of %v, want %v", pieces, want)
		}
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
			states, err := tx.Coupons().CountByState()
			if states[coupon.Expired] != members || len(states) != 1 {
				t.Errorf("rows by state: %v", states)
			}
			return err
		}))
		w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
			cells, err := tx.Metrics().Read(store.MetricQuery{Market: "main", GroupBy: []string{"day"}})
			for _, c := range cells {
				if want := map[calendar.Date]int64{testkit.Today: members}[c.Day]; c.Expired != want {
					t.Errorf("%d expired on %s, want %d", c.Expired, c.Day, want)
				}
			}
			return err
		}))
		w.Clean()
	})
}
