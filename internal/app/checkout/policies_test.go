package checkout_test

import (
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/checkout"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/testkit"
)

// choose changes the market's policies, as of now.
func choose(w *apptest.World, change func(*market.Policies)) {
	w.Helper()
	m := w.Market
	change(&m.Policies)
	row, _, err := (&catalog.Catalog{App: w.App}).PutMarket(w.Ctx(), w.By, catalog.PutMarketInput{Code: m.Code, Name: m.Name,
		Currency: m.Currency, Zone: m.Zone, WeekStart: int64(m.WeekStart), Policies: &m.Policies, IfRev: m.Rev})
	w.Must(err)
	*m = row
	w.Time.Advance(2 * time.Minute) // verify asks of what was decided after it
}

// buys quotes the best set, locks some coupons of the first member and pays them;
// it returns what each of the three says is left to pay.
func buys(w *apptest.World, ref string, c *pricing.Cart, coupons ...id.ID) (quoted, locked, paid int64) {
	w.Helper()
	who := checkout.Who{Key: w.Key(0)}
	quote, err := w.Checkout.Quote(w.Ctx(), w.By, checkout.QuoteInput{Who: who, Cart: *c, Coupons: coupons})
	w.Must(err)
	hold := lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once("l" + ref), Order: key(ref), Who: who, Cart: c, Coupons: coupons}})
	w.Must(hold.Err)
	out := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r" + ref), Order: key(ref), Coupons: coupons}})
	w.Must(out.Err)
	w.Clean()
	return quote.Result.PayableMinor, hold.Lock.PayableMinor, out.Order.PaidMinor
}

// What a policy changes on an order of 30.00 with 20 % off its soap (2.00) and 5.00
// off all of it.
func TestPoliciesOfAMarket(t *testing.T) {
	percent := kind(coupon.KindPercentOff, func(t *coupon.Terms) { t.DiscountBps = 1051 })
	twenty := testkit.Doc()
	twenty.Terms.AmountMinor = 2000
	for _, c := range []struct {
		name   string
		policy func(*market.Policies)
		docs   []coupon.Doc
		pays   int64
	}{
		{"none", func(*market.Policies) {}, []coupon.Doc{testkit.Doc(), category()}, 2300},
		{"an order's discount is capped", func(p *market.Policies) { p.MaxDiscountMinor = 600 }, []coupon.Doc{testkit.Doc(), category()}, 2400},
		{"by a share of it", func(p *market.Policies) { p.MaxDiscountBps = 1001 }, []coupon.Doc{testkit.Doc(), category()}, 2700},
		{"by the lower of both", func(p *market.Policies) { p.MaxDiscountMinor, p.MaxDiscountBps = 299, 1000 }, []coupon.Doc{testkit.Doc(), category()}, 2701},
		{"rounded up", func(p *market.Policies) { p.Pricing.Rounding = "up" }, []coupon.Doc{percent}, 2684},
		{"half up", func(p *market.Policies) { p.Pricing.Profile, p.Pricing.Rounding = "ruoyi", "half_up" }, []coupon.Doc{percent}, 2685},
		{"all may stand together", func(p *market.Policies) { p.Pricing.Together = "all" }, []coupon.Doc{testkit.Doc(), testkit.Doc()}, 2000},
		{"the profile says so", func(p *market.Policies) { p.Pricing.Profile = "woocommerce" }, []coupon.Doc{testkit.Doc(), testkit.Doc()}, 2000},
		{"the highest number first", func(p *market.Policies) { p.Pricing.Order = "value" }, []coupon.Doc{percent, twenty}, 895},
	} {
		t.Run(c.name, func(t *testing.T) {
			apptest.Each(t, func(t *testing.T, w *apptest.World) {
				choose(w, c.policy)
				if q, l, p := buys(w, "1", cart(), wallet(w, c.docs...)...); q != c.pays || l != c.pays || p != c.pays {
					t.Errorf("quoted %d, locked %d, paid %d, want %d", q, l, p, c.pays)
				}
			})
		})
	}
}

// A policy acts on what is decided after it: an order that was locked before pays
// what its lock promised.
func TestAPolicyIsLive(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := wallet(w, testkit.Doc(), testkit.Doc())
		choose(w, func(p *market.Policies) { p.Pricing.Together = "all" })
		b := checkout.Basis{Once: once("l"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart(), Coupons: c}
		w.Must(lock(w, checkout.LockInput{Basis: b}).Err)
		choose(w, func(p *market.Policies) { p.Pricing.Together, p.MaxDiscountMinor = "", 1 })
		paid := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("r"), Order: key("1")}})
		if paid.Err != nil || paid.Order.PaidMinor != 2000 {
			t.Errorf("by its lock: %+v", paid)
		}
		w.Clean()
	})
}

// A coupon that brings nothing is left out where the market drops it, and the same
// request again is the same.
func TestDroppedCoupons(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		far := testkit.Doc()
		far.Terms.ThresholdMinor, far.Terms.Stacking.Group = 9999, "far"
		c := wallet(w, testkit.Doc(), far)
		ask := func(ref, k string, coupons ...id.ID) checkout.Basis {
			return checkout.Basis{Once: once(k), Order: key(ref), Who: checkout.Who{Key: w.Key(0)}, Cart: cart(), Coupons: coupons}
		}
		if got := lock(w, checkout.LockInput{Basis: ask("1", "a", c...)}); !fault.Has(got.Err, fault.ThresholdNotMet) {
			t.Errorf("refused: %v", got.Err)
		}
		choose(w, func(p *market.Policies) { p.Pricing.NoEffect = "drop" })
		if got := lock(w, checkout.LockInput{Basis: ask("1", "b", c[1])}); !fault.Has(got.Err, fault.ThresholdNotMet) {
			t.Errorf("nothing is left: %v", got.Err)
		}
		held := lock(w, checkout.LockInput{Basis: ask("1", "c", c...)})
		if held.Err != nil || len(held.Lock.Coupons) != 1 || held.Lock.Coupons[0] != c[0] || held.Lock.PayableMinor != 2500 {
			t.Fatalf("lock: %+v", held)
		}
		paid := redeem(w, checkout.RedeemInput{Basis: ask("1", "d", c...)})
		if paid.Err != nil || len(paid.Redemptions) != 1 || paid.Order.PaidMinor != 2500 {
			t.Fatalf("redeem: %+v", paid)
		}
		if got := redeem(w, checkout.RedeemInput{Basis: ask("1", "e", c...)}); got.Err != nil || !got.Replayed {
			t.Errorf("again: %+v", got)
		}
		if got := redeem(w, checkout.RedeemInput{Basis: ask("1", "f", c[1])}); !fault.Has(got.Err, fault.OrderDiffers) {
			t.Errorf("another coupon: %v", got.Err)
		}
		w.Clean()
	})
}
