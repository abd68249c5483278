package checkout_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// automatic publishes a template that applies by itself, so often for a member.
func automatic(w *apptest.World, each int64) id.ID {
	w.Helper()
	doc := apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: each})
	doc.Claim.Automatic, doc.Terms.Validity.Days = true, 600
	return w.Publish(doc, func(t *coupon.Template) { t.Automatic, t.UpdatedAt = true, testkit.Start })
}

// best locks an order of the n-th member with the best set, and pays it.
func best(w *apptest.World, n int, ref string) (checkout.LockOutcome, checkout.RedeemOutcome) {
	w.Helper()
	l := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("l" + ref), Order: key(ref), Who: checkout.Who{Key: w.Key(n)}, Cart: cart()}})
	w.Must(l.Err)
	if len(l.Lock.Coupons) == 0 {
		return l, checkout.RedeemOutcome{}
	}
	r := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r" + ref), Order: key(ref)}})
	w.Must(r.Err)
	return l, r
}

// What a lock would not issue is not quoted: a member who has had a promotion as
// often as it is given is not shown it again.
func TestPromotionIsNotQuotedBeyondItsLimits(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(2)
		automatic(w, 1)
		best(w, 0, "1")
		for n, want := range []int64{3000, 2500} {
			q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Market: "main", Who: checkout.Who{Key: w.Key(n)}, Cart: *cart()})
			w.Must(err)
			l, _ := best(w, n, "2"+string(rune('a'+n)))
			if q.Result.PayableMinor != want || l.Lock.PayableMinor != want {
				t.Errorf("member %d: quoted %d, locked %d, want %d", n, q.Result.PayableMinor, l.Lock.PayableMinor, want)
			}
		}
	})
}

// A repeated lock issues nothing.
func TestReplayedLockIssuesNothing(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(1)
		automatic(w, 5)
		best(w, 0, "1")
		in := checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("l1"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}}
		if again := lock(w, in); again.Err != nil || !again.Replayed {
			t.Fatalf("%+v", again)
		}
		in.Once = once("other")
		if paid := lock(w, in); paid.Err == nil {
			t.Fatalf("a lock of a paid order: %+v", paid.Lock)
		}
		rows, err := w.Issuing.Wallet(w.Ctx(), w.By, members[0], 0, 50)
		w.Must(err)
		if len(rows) != 1 {
			t.Errorf("%d coupons for one order", len(rows))
		}
	})
}

// A chained value is used once: a late payment of a lock does not use it again.
func TestLatePaymentOfAChainedValue(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.AmountMinor, doc.Terms.Chain, doc.Terms.UsesPerCoupon = 0, []int64{500, 100}, 2
		_, c := held(t, w, doc)
		who := checkout.Who{Key: w.Key(0)}
		l := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("a"), Order: key("1"), Who: who, Cart: cart()}})
		if l.Err != nil || l.Lock.DiscountMinor != 500 {
			t.Fatalf("%+v", l)
		}
		w.Time.Advance(2 * time.Hour)
		_, err := w.Checkout.ExpireLocks(w.Ctx(), 10)
		w.Must(err)
		r := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("b"), Order: key("2"), Who: who, Cart: cart(), Coupons: []id.ID{c.ID}}})
		if r.Err != nil || r.Order.DiscountMinor != 500 {
			t.Fatalf("%+v", r)
		}
		late := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("c"), Order: key("1")}})
		if !fault.Has(late.Err, fault.LockExpired) {
			t.Errorf("the first value twice: %v, %+v", late.Err, late.Order)
		}
		w.Clean()
	})
}

// Many locks of one member at once issue no more than the limits allow, and each
// promises what it holds.
func TestPromotionsOfManyLocksAtOnce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(1)
		automatic(w, 3)
		const many = 12
		var group sync.WaitGroup
		var off atomic.Int64
		for n := range many {
			group.Go(func() {
				ref := string(rune('a' + n))
				l, err := w.Checkout.Lock(w.Ctx(), w.By, []checkout.LockInput{{Best: true, Basis: checkout.Basis{Once: once(ref), Order: key(ref),
					Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}}})
				if err != nil || l[0].Err != nil {
					t.Error(err, l)
					return
				}
				if l[0].Lock.DiscountMinor != 500*int64(len(l[0].Lock.Coupons)) {
					t.Errorf("%+v", l[0].Lock)
				}
				off.Add(l[0].Lock.DiscountMinor)
			})
		}
		group.Wait()
		rows, err := w.Issuing.Wallet(w.Ctx(), w.By, members[0], 0, 50)
		w.Must(err)
		if off.Load() > 1500 || len(rows) > 3 {
			t.Errorf("%d off, %d coupons", off.Load(), len(rows))
		}
		if off.Load() != 1500 {
			t.Logf("only %d off", off.Load())
		}
		w.Clean()
	})
}

// A merchant's key neither quotes nor issues another's promotion.
func TestPromotionOfAnotherMerchant(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(1)
		doc := testkit.Doc()
		doc.Claim.Automatic = true
		w.Publish(doc, func(t *coupon.Template) {
			t.Automatic, t.Issuer = true, coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "m2"}
		})
		w.By.Scope.Merchants = []string{"m1"}
		q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Market: "main", Who: checkout.Who{Key: w.Key(0)}, Cart: *cart()})
		w.Must(err)
		l := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("a"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}})
		w.Must(l.Err)
		w.By.Scope.Merchants = nil
		rows, err := w.Issuing.Wallet(w.Ctx(), w.By, members[0], 0, 50)
		w.Must(err)
		if len(q.Result.Coupons) != 0 || len(l.Lock.Coupons) != 0 || len(rows) != 0 {
			t.Errorf("%+v, %+v, %d issued", q.Result, l.Lock, len(rows))
		}
	})
}

// Of a member with more coupons than a quote looks at, promotions still apply, and
// one is issued for a lock, not one for each attempt.
func TestPromotionBesideAFullWallet(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(1)
		other := testkit.Doc()
		other.Claim.Limits = nil
		other.Terms.ThresholdMinor, other.Terms.Validity.Days = 90_000_00, 300
		tpl := w.Publish(other)
		for range 510 {
			w.Must(w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0), Channel: "app", City: "shanghai"}).Err)
		}
		automatic(w, 50)
		for n := range 3 {
			l := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once(string(rune('a' + n))), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}})
			w.Must(l.Err)
			if len(l.Lock.Coupons) != 1 {
				t.Errorf("attempt %d: %+v", n, l.Lock)
			}
		}
		rows, err := w.Issuing.Wallet(w.Ctx(), w.By, members[0], 0, 50)
		w.Must(err)
		issued := 0
		for _, c := range rows {
			if c.Template != tpl {
				issued++
			}
		}
		if issued != 1 {
			t.Errorf("%d issued for one order", issued)
		}
	})
}

// A quote knows no more at the claim of a promotion than the lock that issues it:
// where an order is made is a condition of use.
func TestPromotionClaimedByWhatALockKnows(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		other, doc := testkit.Doc(), testkit.Doc()
		other.Terms.When, other.Terms.ThresholdMinor = tier("gold"), 9_000_000 // so that facts of the member are loaded
		w.Must(w.Claim(issuing.ClaimInput{Template: w.Publish(other), Member: w.Key(0), Channel: "app", City: "shanghai"}).Err)
		doc.Claim.Automatic, doc.Claim.When = true, condition.Tree{Leaf: &condition.Store{In: []string{"s1"}}}
		w.Publish(doc, func(t *coupon.Template) { t.Automatic, t.UpdatedAt = true, testkit.Start })
		c := cart()
		c.Store = "s1"
		q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Market: "main", Who: checkout.Who{Key: w.Key(0)}, Cart: *c})
		w.Must(err)
		l := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once("a"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: c}})
		w.Must(l.Err)
		if q.Result.PayableMinor != l.Lock.PayableMinor {
			t.Errorf("quoted %d, locked %d", q.Result.PayableMinor, l.Lock.PayableMinor)
		}
	})
}

// A promotion that another order holds until it is paid is issued once more, as far
// as its limits go.
func TestPromotionOfTwoOpenOrders(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members := w.Members(1)
		automatic(w, 2)
		for n, want := range []int64{2500, 2500, 3000} {
			ref := string(rune('a' + n))
			q, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Market: "main", Who: checkout.Who{Key: w.Key(0)}, Cart: *cart()})
			w.Must(err)
			l := lock(w, checkout.LockInput{Best: true, Basis: checkout.Basis{Once: once(ref), Order: key(ref), Who: checkout.Who{Key: w.Key(0)}, Cart: cart()}})
			w.Must(l.Err)
			if q.Result.PayableMinor != want || l.Lock.PayableMinor != want {
				t.Errorf("order %s: quoted %d, locked %d, want %d", ref, q.Result.PayableMinor, l.Lock.PayableMinor, want)
			}
		}
		rows, err := w.Issuing.Wallet(w.Ctx(), w.By, members[0], 0, 50)
		w.Must(err)
		if len(rows) != 2 {
			t.Errorf("%d coupons", len(rows))
		}
		w.Clean()
	})
}
