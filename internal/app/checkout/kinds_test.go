package checkout_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// kind is a document of one kind, in a stacking group of its own.
func kind(k coupon.Kind, edit func(*coupon.Terms)) coupon.Doc {
	doc := testkit.Doc()
	t := &doc.Terms
	t.Kind, t.AmountMinor, t.ThresholdMinor, t.Stacking.Group = k, 0, 0, string(k)
	edit(t)
	return doc
}

// broken sets the market's policy for conditions that break.
func broken(w *apptest.World, policy market.BrokenThreshold) {
	w.Helper()
	w.Market.Policies.BrokenThreshold = policy
	w.Market.Rev++
	w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Markets().Update([]market.Market{*w.Market}) }))
	w.Cache.ForgetMarket(w.Market.Code)
}

func basis(ref string) checkout.Basis { return checkout.Basis{Once: once(ref), Order: key(ref)} }

// again is the basis with another key.
func again(b checkout.Basis, k string) checkout.Basis {
	b.Once = once(k)
	return b
}

// used is the basis of a use of some coupons on a cart.
func used(ref string, c *pricing.Cart, coupons ...id.ID) checkout.Basis {
	b := basis(ref)
	b.Cart, b.Coupons = c, coupons
	return b
}

func TestStoredValueFromQuoteToRefund(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wallet(w, kind(coupon.KindStoredValue, func(*coupon.Terms) {}))[0]
		stated := map[id.ID]int64{c: 1200}
		quote, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: checkout.Who{Key: w.Key(0)}, Cart: *cart(), Balances: stated})
		w.Must(err)
		if quote.Result.PayableMinor != 1800 {
			t.Fatalf("quote: %+v", quote.Result)
		}
		b := used("1", cart(), c)
		if got := lock(w, checkout.LockInput{Basis: b}); !fault.Has(got.Err, fault.NoEffect) {
			t.Errorf("no balance: %v", got.Err)
		}
		for name, balances := range map[string]map[id.ID]int64{"a stranger's": {c + 1: 5}, "no amount": {c: -1}} {
			b.Balances = balances
			got := fault.From(lock(w, checkout.LockInput{Basis: b}).Err)
			if got == nil || len(got.Pointer) < len("/balances/") {
				t.Errorf("%s: %v", name, got)
			}
		}
		b.Balances = stated
		locked := lock(w, checkout.LockInput{Basis: b})
		w.Must(locked.Err)
		paid := redeem(w, checkout.RedeemInput{Basis: again(basis("1"), "pay")})
		if paid.Err != nil || paid.Redemptions[0].DiscountMinor != 1200 {
			t.Fatalf("redeem: %+v", paid)
		}
		w.Clean()
		in := checkout.RefundInput{Basis: again(basis("1"), "part"), Ref: "f", Digest: "d", Lines: []redemption.RefundLine{{Line: 0, Quantity: 1}}}
		part := refund(w, in)
		if part.Err != nil || part.Refund.Minor != 600 || len(part.Shares) != 1 || part.Shares[0] != (redemption.Share{Coupon: c, Minor: 400}) {
			t.Fatalf("refund: %+v", part)
		}
		rest := refund(w, checkout.RefundInput{Basis: again(basis("1"), "full"), Ref: "g", Digest: "d", Full: true})
		if rest.Err != nil || rest.Shares[0].Minor != 800 {
			t.Fatalf("the rest: %+v", rest)
		}
		for _, k := range []string{"part", "other key"} { // by its key, by its number
			in.Basis = again(basis("1"), k)
			if replay := refund(w, in); !replay.Replayed || cmp.Diff(part.Shares, replay.Shares) != "" {
				t.Errorf("%s: %+v", k, replay)
			}
		}
		w.Clean()
	})
}

// One order with goods, goods that no coupon sees and shipping; goods go back
// first, then all.
func TestUnitsGiftsAndShippingGoBack(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		broken(w, market.BrokenRecompute)
		coupons := wallet(w,
			kind(coupon.KindBuyGet, func(t *coupon.Terms) {
				t.Scope = rule.Scope{Include: rule.Selector{SKUs: []string{"apple"}}}
				t.Reward, t.DiscountBps = coupon.RewardPercent, 10_000
				t.Buy, t.Get = []coupon.Part{{Quantity: 1}}, []coupon.Part{{Quantity: 1}}
			}),
			kind(coupon.KindGift, func(t *coupon.Terms) {
				t.Gift = &coupon.Gift{SKU: "soap", Quantity: 3, ValueMinor: 700, Mode: coupon.GiftAddMissing}
			}),
			kind(coupon.KindShipping, func(t *coupon.Terms) {
				t.ThresholdMinor, t.Reward, t.DiscountBps = 1000, coupon.RewardPercent, 10_000
			}),
			kind(coupon.KindExternal, func(t *coupon.Terms) { t.External = &coupon.External{Unit: "bps", Value: 50} }))
		c := cart()
		c.Lines = append(c.Lines, pricing.Line{SKU: "gold", NoCoupons: true, Quantity: 1, UnitMinor: 9000}, pricing.Line{Shipping: "express", Quantity: 1, UnitMinor: 800})
		paid := redeem(w, checkout.RedeemInput{Basis: used("1", c, coupons...)})
		if paid.Err != nil || paid.Order.PaidMinor != 10_000 { // an apple and the gold
			t.Fatalf("redeem: %+v", paid)
		}
		o, _, err := w.Checkout.GetOrder(w.Ctx(), w.By, key("1"))
		w.Must(err)
		if !o.Lines[2].NoCoupons || o.Lines[3].Shipping != "express" || o.Lines[0].NoCoupons || o.Lines[0].Shipping != "" {
			t.Errorf("lines: %+v", o.Lines)
		}
		rows := redemptions(w, o.ID)
		if r := rows[coupons[1]]; r.GiftQuantity != 2 || rows[coupons[0]].GiftQuantity != 0 {
			t.Errorf("handed over: %d", r.GiftQuantity)
		}
		if r := rows[coupons[3]]; r.BenefitUnit != "bps" || r.BenefitValue != 50 {
			t.Errorf("promised: %d %s", r.BenefitValue, r.BenefitUnit)
		}
		w.Clean()
		// The pair is broken: what is left of it on the kept apple is held back.
		part := refund(w, checkout.RefundInput{Basis: again(basis("1"), "a"), Ref: "a", Lines: []redemption.RefundLine{{Line: 0, Quantity: 1}}})
		if part.Err != nil || part.Refund.Minor != 0 || part.Refund.ChargeMinor != 500 {
			t.Fatalf("one of the pair: %+v", part.Refund)
		}
		// All goods: shipping stays, and is not free any more, but nothing is left to hold it back from.
		part = refund(w, checkout.RefundInput{Basis: again(basis("1"), "b"), Ref: "b", Lines: []redemption.RefundLine{{Line: 0, Quantity: 1}, {Line: 1, Quantity: 1}}})
		if part.Err != nil || part.Refund.Minor != 200 || part.Refund.ChargeMinor != 800 || part.Refund.Full {
			t.Fatalf("the goods: %+v", part.Refund)
		}
		w.Clean()
		rest := refund(w, checkout.RefundInput{Basis: again(basis("1"), "c"), Ref: "c", Full: true, GiftsKept: true})
		if rest.Err != nil || rest.Refund.Minor != 10_000-200-1400 || rest.Refund.ChargeMinor != 1400 || len(rest.CouponsBack) != 4 {
			t.Fatalf("the rest: %+v %v", rest.Refund, rest.CouponsBack)
		}
		w.Clean()
	})
}

// A coupon with an interval waits; a use that is given back no longer counts.
func TestIntervalBetweenUses(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wallet(w, kind(coupon.KindNoThreshold, func(t *coupon.Terms) { t.AmountMinor, t.UsesPerCoupon, t.IntervalHours = 100, 4, 24 }))[0]
		use := func(ref string) error {
			return redeem(w, checkout.RedeemInput{Basis: used(ref, cart(), c)}).Err
		}
		start := w.Time.Now()
		w.Must(use("1"))
		w.Time.Advance(24*time.Hour - time.Millisecond)
		if err := use("2"); !fault.Has(err, fault.UsedTooRecently) {
			t.Errorf("a moment too early: %v", err)
		}
		second := w.Time.Advance(time.Millisecond)
		w.Must(use("2"))
		lastUse(w, c, second)
		w.Must(refund(w, checkout.RefundInput{Basis: again(basis("1"), "r1"), Ref: "1", Full: true}).Err)
		lastUse(w, c, second)
		w.Clean()
		w.Must(refund(w, checkout.RefundInput{Basis: again(basis("2"), "r2"), Ref: "2", Full: true}).Err)
		lastUse(w, c, 0)
		w.Must(use("3"))
		w.Time.Set(start.Add(72 * time.Hour))
		w.Must(use("4"))
		w.Must(refund(w, checkout.RefundInput{Basis: again(basis("4"), "r4"), Ref: "4", Full: true}).Err)
		lastUse(w, c, second)
		w.Clean()
	})
}

func lastUse(w *apptest.World, c id.ID, want calendar.Instant) {
	w.Helper()
	row, _, err := w.Issuing.Get(w.Ctx(), w.By, c)
	w.Must(err)
	if row.LastUsedAt != want {
		w.Errorf("last used at %d, want %d", row.LastUsedAt, want)
	}
}

// Limits count what the use of its number takes off.
func TestChainedValuesAndLimits(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := kind(coupon.KindNoThreshold, func(t *coupon.Terms) { t.Chain, t.UsesPerCoupon = []int64{300, 500}, 2 })
		doc.Claim.Limits = append(doc.Claim.Limits, limit.Limit{What: limit.RedeemAmount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 799})
		c := wallet(w, doc)[0]
		first := redeem(w, checkout.RedeemInput{Basis: used("1", cart(), c)})
		if first.Err != nil || first.Order.DiscountMinor != 300 {
			t.Fatalf("first: %+v", first)
		}
		if got := redeem(w, checkout.RedeemInput{Basis: used("2", cart(), c)}); !fault.Has(got.Err, fault.RedeemBudget) {
			t.Errorf("3.00 and 5.00 of 7.99: %+v", got)
		}
		w.Must(refund(w, checkout.RefundInput{Basis: again(basis("1"), "r"), Ref: "r", Full: true}).Err)
		second := redeem(w, checkout.RedeemInput{Basis: used("3", cart(), c)})
		if second.Err != nil || second.Order.DiscountMinor == 0 {
			t.Fatalf("after the return: %+v", second)
		}
		w.Clean()
	})
}

// An order is in the currency of its market; saying so changes nothing.
func TestCurrencyOfAnOrder(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		doc := testkit.Doc()
		doc.Terms.Currencies = map[string]coupon.Amounts{"USD": {AmountMinor: 100, ThresholdMinor: 200}}
		c := wallet(w, doc)[0]
		named := cart()
		named.Currency = "USD"
		mismatch := func(what string, err error) {
			if f := fault.From(err); f == nil || f.Code != fault.CurrencyMismatch || f.Pointer != "/cart/currency" {
				t.Errorf("%s: %v", what, err)
			}
		}
		_, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: checkout.Who{Key: w.Key(0)}, Cart: *named})
		mismatch("quote", err)
		mismatch("lock", lock(w, checkout.LockInput{Basis: used("1", named, c)}).Err)
		mismatch("redeem", redeem(w, checkout.RedeemInput{Basis: used("1", named, c)}).Err)
		mismatch("order", place(w, w.By, checkout.OrderInput{Basis: used("1", named)}).Err)
		named.Currency = w.Market.Currency
		w.Must(lock(w, checkout.LockInput{Basis: used("2", named, c)}).Err)
		w.Must(redeem(w, checkout.RedeemInput{Basis: again(used("2", cart(), c), "plain")}).Err)
		w.Clean()
	})
}
