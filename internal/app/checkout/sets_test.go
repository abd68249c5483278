package checkout_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// category takes 20 % off household goods, shared with a merchant, beside others.
func category() coupon.Doc {
	doc := testkit.Doc()
	t := &doc.Terms
	t.Kind, t.AmountMinor, t.ThresholdMinor, t.DiscountBps, t.CapMinor = coupon.KindPercentOff, 0, 0, 2000, 1000
	t.Scope = rule.Scope{Include: rule.Selector{Categories: []string{"household"}}}
	t.Stacking = coupon.Stacking{Group: "category"}
	t.Funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 3333}, {Kind: coupon.FunderMerchant, Code: "m1", ShareBps: 6667}}
	return doc
}

// wallet gives the first member one coupon of each document.
func wallet(w *apptest.World, docs ...coupon.Doc) (coupons []id.ID) {
	w.Members(1)
	for _, doc := range docs {
		got := w.Claim(issuing.ClaimInput{Template: w.Publish(doc), Member: w.Key(0), Channel: "app", City: "shanghai"})
		w.Must(got.Err)
		coupons = append(coupons, got.Receipt.Coupons[0].ID)
	}
	return coupons
}

// shares sums a redemption's cells: what they bear and what went back.
func shares(r redemption.Redemption) (minor, returned int64) {
	for _, c := range r.Cells {
		minor, returned = minor+c.Minor, returned+c.ReturnedMinor
	}
	return minor, returned
}

// Two coupons on an order of 30.00, from the quote to the last refund: 2.00 off
// the soap, then 5.00 off what is left.
func TestTwoCouponsFromQuoteToRefund(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		house := testkit.Doc()
		house.Claim.Limits = append(house.Claim.Limits, limit.Limit{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 500})
		coupons := wallet(w, house, category(), testkit.Doc())
		who := checkout.Who{Key: w.Key(0)}
		quote, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: who, Cart: *cart()})
		w.Must(err)
		r := quote.Result
		if r.PayableMinor != 2300 || !r.Optimal || len(r.Uses) != 2 || r.Uses[0].Coupon != coupons[1] || r.Uses[0].DiscountMinor != 200 || r.Uses[1].DiscountMinor != 500 {
			t.Fatalf("quote: %+v", r)
		}
		for _, j := range r.Coupons {
			if j.Verdict == pricing.Skipped && (len(j.Reasons) == 0 || j.Reasons[0].Code != fault.StackingConflict) {
				t.Errorf("skipped without the conflict: %+v", j)
			}
		}
		locked := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("l"), Order: key("1"), Who: who, Cart: cart()}})
		if locked.Err != nil || locked.Lock.PayableMinor != 2300 || len(locked.Lock.Coupons) != 2 || len(locked.Priced.Uses) != 2 {
			t.Fatalf("lock: %+v", locked)
		}
		used := []id.ID{locked.Lock.Coupons[0], locked.Lock.Coupons[1]}
		paid := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r"), Order: key("1")}})
		if paid.Err != nil || paid.Order.PaidMinor != 2300 || len(paid.Redemptions) != 2 {
			t.Fatalf("redeem: %+v", paid)
		}
		again := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r2"), Order: key("1"), Who: who, Cart: cart(), Coupons: []id.ID{used[1], used[0]}}})
		if again.Err != nil || !again.Replayed {
			t.Errorf("the same coupons in another order: %+v", again)
		}
		w.Clean()
		part := refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("f"), Order: key("1")}, Ref: "f1", Digest: "d1",
			Lines: []redemption.RefundLine{{Line: 1, Quantity: 1}}})
		// The soap: 10.00 less 2.00, less its 1.43 of the 5.00 (8.00 of 28.00).
		if part.Err != nil || part.Refund.Minor != 657 || len(part.CouponsBack) != 0 {
			t.Fatalf("partial refund: %+v %+v", part, part.Refund)
		}
		rows := redemptions(w, paid.Order.ID)
		if _, back := shares(rows[coupons[1]]); back != 200 {
			t.Errorf("the line coupon's share back: %d", back)
		}
		if len(rows) != 2 {
			t.Fatalf("redemptions: %+v", rows)
		}
		for c, row := range rows {
			if minor, back := shares(row); c != coupons[1] && (minor != 500 || back != 143) {
				t.Errorf("the order coupon's share back: %d of %d", back, minor)
			}
		}
		w.Clean()
		rest := refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("g"), Order: key("1")}, Ref: "f2", Digest: "d2", Full: true})
		if rest.Err != nil || part.Refund.Minor+rest.Refund.Minor != 2300 || len(rest.CouponsBack) != 2 {
			t.Fatalf("full refund: %+v", rest)
		}
		for _, c := range used {
			if state(w, c) != coupon.Usable {
				t.Errorf("coupon %d: %s", c, state(w, c))
			}
		}
		w.Clean()
	})
}

// redemptions are those of an order by coupon, as they are now.
func redemptions(w *apptest.World, o id.ID) map[id.ID]redemption.Redemption {
	w.Helper()
	rows := map[id.ID]redemption.Redemption{}
	w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
		found, err := tx.Redemptions().OfOrders([]id.ID{o})
		for _, r := range found {
			rows[r.Coupon] = r
		}
		return err
	}))
	return rows
}

func TestCouponsThatCannotStandTogether(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		alone := testkit.Doc()
		alone.Terms.Stacking = coupon.Stacking{Group: "alone", Excludes: []string{"category"}}
		coupons := wallet(w, testkit.Doc(), testkit.Doc(), category(), alone)
		who := checkout.Who{Key: w.Key(0)}
		for i, c := range []struct {
			coupons []id.ID
			want    fault.Code
		}{
			{[]id.ID{coupons[0], coupons[1]}, fault.StackingConflict},
			{[]id.ID{coupons[3], coupons[2]}, fault.StackingConflict},
			{[]id.ID{coupons[0], coupons[0]}, fault.DuplicateValue},
			{[]id.ID{coupons[3], coupons[0]}, ""},
		} {
			ref := string(rune('a' + i))
			basis := checkout.Basis{Once: once("l" + ref), Order: key(ref), Who: who, Cart: cart(), Coupons: c.coupons}
			got := lock(w, checkout.LockInput{Basis: basis})
			if c.want == "" && got.Err != nil || c.want != "" && !fault.Has(got.Err, c.want) {
				t.Errorf("lock %d: %v, want %q", i, got.Err, c.want)
			}
		}
		// A lock of two is replaced by one of another two, and freed.
		basis := checkout.Basis{Once: once("m"), Order: key("d"), Who: who, Cart: cart(), Coupons: []id.ID{coupons[2], coupons[0]}}
		w.Must(lock(w, checkout.LockInput{Basis: basis}).Err)
		for i, want := range []coupon.State{coupon.Locked, coupon.Usable, coupon.Locked, coupon.Usable} {
			if got := state(w, coupons[i]); got != want {
				t.Errorf("coupon %d: %s, want %s", i, got, want)
			}
		}
		out, err := w.Checkout.Release(w.Ctx(), w.By, []checkout.ReleaseInput{{Basis: checkout.Basis{Once: once("n"), Order: key("d")}}})
		w.Must(err)
		w.Must(out[0].Err)
		// Without a lock, in any order.
		paid := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("p"), Order: key("z"), Who: who, Cart: cart(), Coupons: []id.ID{coupons[0], coupons[2]}}})
		if paid.Err != nil || paid.Order.PaidMinor != 2300 {
			t.Errorf("redeem: %+v", paid)
		}
		w.Clean()
	})
}
