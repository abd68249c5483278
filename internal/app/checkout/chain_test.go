package checkout_test

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/coupon"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// cart of two lines, 30.00 in all.
func cart() *pricing.Cart {
	return &pricing.Cart{Channel: "app", City: "shanghai", Lines: []pricing.Line{
		{SKU: "apple", Category: "fresh/fruit", Quantity: 2, UnitMinor: 1000},
		{SKU: "soap", Category: "household", Quantity: 1, UnitMinor: 1000},
	}}
}

func key(ref string) order.Key { return order.Key{Source: "shop", Ref: ref} }

func once(k string) app.Once { return app.Once{Key: k, Body: "body of " + k} }

// held is a world with one member who holds one coupon of a template.
func held(t *testing.T, w *apptest.World, doc coupon.Doc) (tpl id.ID, c coupon.Coupon) {
	t.Helper()
	w.Members(1)
	tpl = w.Publish(doc)
	got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0), Channel: "app", City: "shanghai"})
	w.Must(got.Err)
	return tpl, got.Receipt.Coupons[0]
}

func redeem(w *apptest.World, in checkout.RedeemInput) checkout.RedeemOutcome {
	w.Helper()
	out, err := w.Checkout.Redeem(w.Ctx(), w.By, []checkout.RedeemInput{in})
	w.Must(err)
	return out[0]
}

func lock(w *apptest.World, in checkout.LockInput) checkout.LockOutcome {
	w.Helper()
	out, err := w.Checkout.Lock(w.Ctx(), w.By, []checkout.LockInput{in})
	w.Must(err)
	return out[0]
}

func refund(w *apptest.World, in checkout.RefundInput) checkout.RefundOutcome {
	w.Helper()
	out, err := w.Checkout.Refund(w.Ctx(), w.By, []checkout.RefundInput{in})
	w.Must(err)
	return out[0]
}

func state(w *apptest.World, c id.ID) coupon.State {
	w.Helper()
	row, _, err := w.Issuing.Get(w.Ctx(), w.By, c)
	w.Must(err)
	return row.State
}

func TestChain(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := held(t, w, testkit.Doc())
		who := checkout.Who{Key: w.Key(0)}
		quote, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: who, Cart: *cart()})
		w.Must(err)
		if quote.Result.PayableMinor != 2500 || !quote.Result.Optimal || len(quote.Result.Uses) != 1 {
			t.Fatalf("quote: %+v", quote.Result)
		}
		locked := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("l"), Order: key("1"), Who: who, Cart: cart()}})
		if locked.Err != nil || locked.Lock.PayableMinor != 2500 || state(w, c.ID) != coupon.Locked {
			t.Fatalf("lock: %+v", locked)
		}
		if got := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("x"), Order: key("2"), Who: who, Cart: cart(), Coupons: []id.ID{c.ID}}}); !fault.Has(got.Err, fault.CouponLocked) {
			t.Errorf("a locked coupon on another order: %v", got.Err)
		}
		paid := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r"), Order: key("1")}})
		if paid.Err != nil || paid.Order.PaidMinor != 2500 || len(paid.Redemptions) != 1 || state(w, c.ID) != coupon.Used {
			t.Fatalf("redeem: %+v", paid)
		}
		again := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r"), Order: key("1")}})
		if again.Err != nil || !again.Replayed || again.Redemptions[0].ID != paid.Redemptions[0].ID {
			t.Errorf("replay by key: %+v", again)
		}
		natural := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r2"), Order: key("1"), Who: who, Cart: cart(), Coupons: []id.ID{c.ID}}})
		if natural.Err != nil || !natural.Replayed || natural.Redemptions[0].ID != paid.Redemptions[0].ID {
			t.Errorf("replay by the order's number: %+v", natural)
		}
		part := refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("f"), Order: key("1")}, Ref: "f1", Digest: "d1",
			Lines: []redemption.RefundLine{{Line: 0, Quantity: 1}}})
		if part.Err != nil || len(part.CouponsBack) != 0 || state(w, c.ID) != coupon.Used {
			t.Fatalf("partial refund: %+v", part)
		}
		rest := refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("g"), Order: key("1")}, Ref: "f2", Digest: "d2", Full: true})
		if rest.Err != nil || part.Refund.Minor+rest.Refund.Minor != 2500 || len(rest.CouponsBack) != 1 || state(w, c.ID) != coupon.Usable {
			t.Fatalf("full refund: %+v", rest)
		}
		known := refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("h"), Order: key("1")}, Ref: "f2", Digest: "d2", Full: true})
		if known.Err != nil || !known.Replayed || known.Refund.ID != rest.Refund.ID || len(known.CouponsBack) != 1 {
			t.Errorf("the same refund under another key: %+v", known)
		}
		w.Clean()
	})
}

func TestLockReplacedReleasedExpired(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		tpl, c := held(t, w, apptest.Limits(testkit.Doc()))
		second := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)}).Receipt.Coupons[0]
		who := checkout.Who{Key: w.Key(0)}
		ask := func(k, ref string, coupons ...id.ID) checkout.LockOutcome {
			return lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once(k), Order: key(ref), Who: who, Cart: cart(), Coupons: coupons}})
		}
		first := ask("a", "1", c.ID)
		w.Must(first.Err)
		replaced := ask("b", "1", second.ID)
		w.Must(replaced.Err)
		if state(w, c.ID) != coupon.Usable || state(w, second.ID) != coupon.Locked || replaced.Lock.ID == first.Lock.ID {
			t.Fatal("locking an order again must replace its lock")
		}
		out, err := w.Checkout.Release(w.Ctx(), w.By, []checkout.ReleaseInput{{Basis: checkout.Basis{Once: once("c"), Order: key("1")}}})
		w.Must(err)
		if out[0].Err != nil || state(w, second.ID) != coupon.Usable {
			t.Fatalf("release: %+v", out[0])
		}
		out, err = w.Checkout.Release(w.Ctx(), w.By, []checkout.ReleaseInput{{Basis: checkout.Basis{Once: once("d"), Order: key("1")}}})
		w.Must(err)
		if !fault.Has(out[0].Err, fault.LockResolved) {
			t.Errorf("a lock is resolved once: %v", out[0].Err)
		}
		w.Must(ask("e", "2", c.ID).Err)
		w.Time.Advance(31 * time.Minute)
		if n, err := w.Checkout.ExpireLocks(w.Ctx(), 100); n != 1 || err != nil || state(w, c.ID) != coupon.Usable {
			t.Fatalf("expiry of locks: %d, %v, %s", n, err, state(w, c.ID))
		}
		late := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("f"), Order: key("2")}})
		if late.Err != nil || !late.Redemptions[0].Late {
			t.Errorf("a late payment of an unused coupon is honoured: %+v", late)
		}
		w.Clean()
	})
}

func TestCouponsExpire(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := held(t, w, testkit.Doc())
		w.Time.Advance(8 * 24 * time.Hour)
		got := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Cart: cart(), Coupons: []id.ID{c.ID}}})
		if !fault.Has(got.Err, fault.CouponExpired) {
			t.Errorf("past its end, before the job: %v", got.Err)
		}
		if n, err := w.Checkout.ExpireCoupons(w.Ctx(), 100); n != 1 || err != nil || state(w, c.ID) != coupon.Expired {
			t.Errorf("expiry: %d, %v, %s", n, err, state(w, c.ID))
		}
		if n, err := w.Checkout.ExpireCoupons(w.Ctx(), 100); n != 0 || err != nil {
			t.Errorf("nothing is due twice: %d, %v", n, err)
		}
		w.Clean()
	})
}

func TestUsesAreCounted(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.UsesPerCoupon = 2
		_, c := held(t, w, doc)
		for i, want := range []fault.Code{"", "", fault.CouponUsedUp} {
			got := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once(fmt.Sprint(i)), Order: key(fmt.Sprint(i)), Cart: cart(), Coupons: []id.ID{c.ID}}})
			if want == "" && got.Err != nil || want != "" && !fault.Has(got.Err, want) {
				t.Errorf("use %d: %v", i+1, got.Err)
			}
		}
		w.Clean()
	})
}

func TestOrderWithoutCoupon(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		in := checkout.OrderInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}}
		place := func() checkout.OrderOutcome {
			out, err := w.Checkout.PlaceOrder(w.Ctx(), w.By, []checkout.OrderInput{in})
			w.Must(err)
			return out[0]
		}
		first := place()
		if first.Err != nil || first.Order.PaidMinor != 3000 {
			t.Fatalf("order: %+v", first)
		}
		in.Once = once("b")
		if again := place(); again.Err != nil || !again.Replayed || again.Order.ID != first.Order.ID {
			t.Errorf("the same order: %+v", again)
		}
		in.Once, in.Cart = once("c"), &pricing.Cart{Lines: []pricing.Line{{SKU: "x", Quantity: 1, UnitMinor: 1}}}
		if other := place(); !fault.Has(other.Err, fault.OrderDiffers) {
			t.Errorf("another cart under the same number: %v", other.Err)
		}
		guest := checkout.OrderInput{Basis: checkout.Basis{Order: key("guest"), Cart: cart()}}
		out, err := w.Checkout.PlaceOrder(w.Ctx(), w.By, []checkout.OrderInput{guest})
		w.Must(err)
		w.Must(out[0].Err)
		back := refund(w, checkout.RefundInput{Basis: checkout.Basis{Order: key("guest")}, Ref: "g", Full: true})
		if back.Err != nil || back.Refund.Minor != 3000 {
			t.Errorf("refund of a guest's order: %+v", back)
		}
		w.Clean()
	})
}

func TestContentionOneCouponHundredTimes(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := held(t, w, testkit.Doc())
		var wins atomic.Int64
		var wg sync.WaitGroup
		for i := range 100 {
			wg.Go(func() {
				out, err := w.Checkout.Redeem(w.Ctx(), w.By, []checkout.RedeemInput{{Basis: checkout.Basis{
					Once: once(fmt.Sprint(i)), Order: key(fmt.Sprint(i)), Cart: cart(), Coupons: []id.ID{c.ID}}}})
				switch {
				case err != nil:
					t.Errorf("redeem %d: %v", i, err)
				case out[0].Err == nil:
					wins.Add(1)
				case !fault.Has(out[0].Err, fault.CouponUsedUp):
					t.Errorf("redeem %d: %v", i, out[0].Err)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 {
			t.Errorf("one coupon was redeemed %d times", wins.Load())
		}
		w.Clean()
	})
}

func TestBatchOnOneCoupon(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.UsesPerCoupon = 20
		_, c := held(t, w, doc)
		var in []checkout.RedeemInput
		for i := range 25 {
			in = append(in, checkout.RedeemInput{Basis: checkout.Basis{Once: once(fmt.Sprint(i)), Order: key(fmt.Sprint(i)), Cart: cart(), Coupons: []id.ID{c.ID}}})
		}
		out, err := w.Checkout.Redeem(w.Ctx(), w.By, in)
		w.Must(err)
		wins := 0
		for _, o := range out {
			if o.Err == nil {
				wins++
			}
		}
		if wins != 20 {
			t.Errorf("a slice of 25 for twenty uses: %d", wins)
		}
		w.Clean()
	})
}

func TestRedeemAfterRelease(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := held(t, w, testkit.Doc())
		basis := checkout.Basis{Once: once("a"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart(), Coupons: []id.ID{c.ID}}
		w.Must(lock(w, checkout.LockInput{Basis: basis}).Err)
		out, err := w.Checkout.Release(w.Ctx(), w.By, []checkout.ReleaseInput{{Basis: checkout.Basis{Once: once("b"), Order: key("1")}}})
		w.Must(err)
		w.Must(out[0].Err)
		basis.Once = once("c")
		if got := redeem(w, checkout.RedeemInput{Basis: basis}); got.Err != nil {
			t.Errorf("the coupons of a released lock, priced anew: %v", got.Err)
		}
		w.Clean()
	})
}

// TestReplaysAnswerAsAtFirst: what happened since does not change an answer.
func TestReplaysAnswerAsAtFirst(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := held(t, w, testkit.Doc())
		who := checkout.Who{Key: w.Key(0)}
		lockIn := checkout.LockInput{Basis: checkout.Basis{Once: once("l"), Order: key("1"), Who: who, Cart: cart(), Coupons: []id.ID{c.ID}}}
		locked := lock(w, lockIn)
		w.Must(locked.Err)
		payIn := checkout.RedeemInput{Basis: checkout.Basis{Once: once("r"), Order: key("1")}}
		paid := redeem(w, payIn)
		w.Must(paid.Err)
		w.Must(refund(w, checkout.RefundInput{Basis: checkout.Basis{Once: once("f"), Order: key("1")}, Ref: "f", Full: true}).Err)
		if again := lock(w, lockIn); !again.Replayed || !reflect.DeepEqual(again.Lock, locked.Lock) {
			t.Errorf("lock: %+v, at first %+v", again.Lock, locked.Lock)
		}
		other := payIn
		other.Once = once("r2")
		for _, in := range []checkout.RedeemInput{payIn, other} {
			again := redeem(w, in)
			if !again.Replayed || again.Order.RefundedMinor != 0 || again.Order.Lines[0].RefundedMinor != 0 ||
				again.Redemptions[0].ReturnedAt != 0 || again.Redemptions[0].CouponBack || again.Redemptions[0].Cells[0].ReturnedMinor != 0 {
				t.Errorf("redeem: %+v %+v", again.Order, again.Redemptions)
			}
		}
		w.Clean()
	})
}
