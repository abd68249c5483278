package checkout_test

import (
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// couple is a world with two members who hold one coupon each.
func couple(t *testing.T, w *apptest.World) (members []id.ID, coupons []id.ID) {
	t.Helper()
	members = w.Members(2)
	tpl := w.Publish(testkit.Doc())
	for n := range 2 {
		got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(n)})
		w.Must(got.Err)
		coupons = append(coupons, got.Receipt.Coupons[0].ID)
	}
	return members, coupons
}

func release(w *apptest.World, in checkout.ReleaseInput) checkout.ReleaseOutcome {
	w.Helper()
	out, err := w.Checkout.Release(w.Ctx(), w.By, []checkout.ReleaseInput{in})
	w.Must(err)
	return out[0]
}

func place(w *apptest.World, by access.Principal, in checkout.OrderInput) checkout.OrderOutcome {
	w.Helper()
	out, err := w.Checkout.PlaceOrder(w.Ctx(), by, []checkout.OrderInput{in})
	w.Must(err)
	return out[0]
}

// A lock of one member is not another member's to replace, to release or to pay.
func TestLockOfAnotherMember(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := couple(t, w)
		who := func(n int) checkout.Who { return checkout.Who{Key: w.Key(n)} }
		first := lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Who: who(0), Cart: cart(), Coupons: c[:1]}})
		w.Must(first.Err)
		if got := lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once("b"), Order: key("1"), Who: who(1), Cart: cart(), Coupons: c[1:]}}); !fault.Has(got.Err, fault.OrderDiffers) {
			t.Errorf("replaced by another member: %v", got.Err)
		}
		if got := lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once("c"), Order: key("1"), Cart: cart(), Coupons: c[1:]}}); !fault.Has(got.Err, fault.OrderDiffers) {
			t.Errorf("replaced by another member's coupon: %v", got.Err)
		}
		if got := release(w, checkout.ReleaseInput{Basis: checkout.Basis{Once: once("d"), Order: key("1"), Who: who(1)}}); !fault.Has(got.Err, fault.LockNotFound) {
			t.Errorf("released by another member: %v", got.Err)
		}
		if state(w, c[0]) != coupon.Locked {
			t.Errorf("the lock's coupon is %s", state(w, c[0]))
		}
		w.Clean()
	})
}

// A use belongs to the member whose coupon it is, whoever locked the order before.
func TestCouponUnderAnotherMembersOldLock(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members, c := couple(t, w)
		w.Must(lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Who: checkout.Who{Key: w.Key(0)}, Cart: cart(), Coupons: c[:1]}}).Err)
		w.Must(release(w, checkout.ReleaseInput{Basis: checkout.Basis{Once: once("b"), Order: key("1")}}).Err)
		again := lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once("c"), Order: key("1"), Cart: cart(), Coupons: c[1:]}})
		w.Must(again.Err)
		if again.Lock.Member != members[1] {
			t.Errorf("a lock of member 0 holds a coupon of member 1")
		}
		w.Must(release(w, checkout.ReleaseInput{Basis: checkout.Basis{Once: once("d"), Order: key("1")}}).Err)
		used := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("e"), Order: key("1"), Cart: cart(), Coupons: c[:1]}})
		w.Must(used.Err)
		if used.Redemptions[0].Member != members[0] || used.Order.Member != members[0] {
			t.Errorf("a coupon of member 0 was used by %d", used.Redemptions[0].Member)
		}
		w.Clean()
	})
}

// An order of one member is not answered to another.
func TestOrderOfAnotherMember(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := couple(t, w)
		w.Must(redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Cart: cart(), Coupons: c[:1]}}).Err)
		got := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("b"), Order: key("1"), Who: checkout.Who{Key: w.Key(1)}, Cart: cart()}})
		if !fault.Has(got.Err, fault.OrderDiffers) {
			t.Errorf("redeem by another member: %+v", got)
		}
	})
}

// A guest's order on which a member uses a coupon is the member's from then on.
func TestGuestOrderBecomesTheMembers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		members, c := couple(t, w)
		w.Must(place(w, w.By, checkout.OrderInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Cart: cart()}}).Err)
		used := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("b"), Order: key("1"), Cart: cart(), Coupons: c[:1]}})
		w.Must(used.Err)
		stored, _, err := w.Checkout.GetOrder(w.Ctx(), w.By, key("1"))
		w.Must(err)
		if used.Order.Member != members[0] || stored.Member != members[0] {
			t.Errorf("answered as of %d, stored as of %d, want %d", used.Order.Member, stored.Member, members[0])
		}
		w.Clean()
	})
}

// An order that was redeemed is paid: nothing is held for it any more.
func TestLockOfARedeemedOrder(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		tpl, c := held(t, w, apptest.Limits(testkit.Doc()))
		second := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)}).Receipt.Coupons[0]
		w.Must(redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Cart: cart(), Coupons: []id.ID{c.ID}}}).Err)
		got := lock(w, checkout.LockInput{Basis: checkout.Basis{Once: once("b"), Order: key("1"), Cart: cart(), Coupons: []id.ID{second.ID}}})
		if !fault.Has(got.Err, fault.OrderDiffers) || state(w, second.ID) != coupon.Usable {
			t.Errorf("lock of a redeemed order: %v, coupon %s", got.Err, state(w, second.ID))
		}
	})
}

// A block acts on the member's next use; what was done stays answered.
func TestBlockedMember(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		tpl, c := held(t, w, apptest.Limits(testkit.Doc()))
		second := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)}).Receipt.Coupons[0].ID
		third := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)}).Receipt.Coupons[0].ID
		ask := func(k, ref string, c id.ID) checkout.Basis {
			return checkout.Basis{Once: once(k), Order: key(ref), Cart: cart(), Coupons: []id.ID{c}}
		}
		w.Must(redeem(w, checkout.RedeemInput{Basis: ask("a", "1", c.ID)}).Err)
		w.Must(lock(w, checkout.LockInput{Basis: ask("b", "2", second)}).Err)
		w.Must(w.Store.Update(w.Ctx(), store.Control, func(tx store.Tx) error {
			rows, err := tx.Members().Get([]id.ID{c.Member})
			if err != nil {
				return err
			}
			rows[0].Blocked = true
			rows[0].Rev++
			return tx.Members().Update([]member.Member{rows[0]})
		}))
		for name, err := range map[string]error{
			"redeem": redeem(w, checkout.RedeemInput{Basis: ask("c", "3", third)}).Err,
			"lock":   lock(w, checkout.LockInput{Basis: ask("d", "4", third)}).Err,
			"pay":    redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("e"), Order: key("2")}}).Err,
		} {
			if !fault.Has(err, fault.MemberBlocked) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := redeem(w, checkout.RedeemInput{Basis: ask("f", "1", c.ID)}); got.Err != nil || !got.Replayed {
			t.Errorf("what was redeemed before: %+v", got)
		}
		w.Must(release(w, checkout.ReleaseInput{Basis: checkout.Basis{Once: once("g"), Order: key("2")}}).Err)
		w.Clean()
	})
}

// One key for two orders in one slice acts once, as it would one after the other.
func TestOneKeyForTwoOrdersInASlice(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		other := once("a")
		other.Body = "another"
		out, err := w.Checkout.PlaceOrder(w.Ctx(), w.By, []checkout.OrderInput{
			{Basis: checkout.Basis{Once: once("a"), Order: key("1"), Cart: cart()}},
			{Basis: checkout.Basis{Once: other, Order: key("2"), Cart: cart()}},
		})
		w.Must(err)
		if out[0].Err != nil || !fault.Has(out[1].Err, fault.KeyReusedBody) {
			t.Errorf("%v, %v", out[0].Err, out[1].Err)
		}
	})
}

// One row of an import acts once, whatever order it names.
func TestOneSlipForTwoOrdersInASlice(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		slip := store.OutsideKey{Kind: "slip", Source: "file", Ref: "row 1"}
		out, err := w.Checkout.PlaceOrder(w.Ctx(), w.By, []checkout.OrderInput{
			{Basis: checkout.Basis{Order: key("1"), Cart: cart(), Slip: slip}},
			{Basis: checkout.Basis{Order: key("2"), Cart: cart(), Slip: slip}},
		})
		w.Must(err)
		if out[0].Err != nil || out[1].Err != nil || !out[1].Replayed || out[1].Order.ID != out[0].Order.ID {
			t.Errorf("%+v, %+v", out[0], out[1])
		}
	})
}

// A clerk sees, pays, releases, refunds and returns what lies in the scope of its key only.
func TestScopeOfStores(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		_, c := couple(t, w)
		at := func(store, city string) *checkout.Basis {
			full := cart()
			full.Store, full.City = store, city
			return &checkout.Basis{Cart: full}
		}
		locked, sold := *at("a", "shanghai"), *at("a", "shanghai")
		locked.Once, locked.Order, locked.Coupons = once("l"), key("1"), c[:1]
		sold.Once, sold.Order, sold.Coupons = once("s"), key("2"), c[1:]
		w.Must(lock(w, checkout.LockInput{Basis: locked}).Err)
		w.Must(redeem(w, checkout.RedeemInput{Basis: sold}).Err)
		for name, scope := range map[string]access.Scope{
			"store": {Stores: []string{"b"}}, "city": {Cities: []string{"beijing"}}, "merchant": {Merchants: []string{"m"}},
		} {
			by := access.Principal{Kind: access.KindClerk, ID: "clerk " + name, Permissions: access.All, Scope: scope}
			fates := map[string]error{}
			paid, err := w.Checkout.Redeem(w.Ctx(), by, []checkout.RedeemInput{
				{Basis: checkout.Basis{Once: once("1"), Order: key("1")}}, {Basis: checkout.Basis{Once: once("2"), Order: key("2")}}})
			w.Must(err)
			fates["redeem again"] = paid[1].Err
			free, err := w.Checkout.Release(w.Ctx(), by, []checkout.ReleaseInput{{Basis: checkout.Basis{Once: once("3"), Order: key("1")}}})
			w.Must(err)
			if name != "merchant" { // a lock knows no merchant
				fates["pay the lock"], fates["release"] = paid[0].Err, free[0].Err
			}
			back, err := w.Checkout.Refund(w.Ctx(), by, []checkout.RefundInput{{Basis: checkout.Basis{Once: once("4"), Order: key("2")}, Ref: "r" + name, Full: true}})
			w.Must(err)
			fates["refund"] = back[0].Err
			given, err := w.Checkout.Return(w.Ctx(), by, []checkout.ReturnInput{{Basis: checkout.Basis{Once: once("5"), Order: key("2")}, Coupon: c[1]}})
			w.Must(err)
			fates["return"] = given[0].Err
			_, _, fates["get"] = w.Checkout.GetOrder(w.Ctx(), by, key("2"))
			for act, err := range fates {
				if !fault.Has(err, fault.OrderUnknown) && !fault.Has(err, fault.LockNotFound) {
					t.Errorf("%s: %s: %v", name, act, err)
				}
			}
			if name == "merchant" {
				continue
			}
			if got := place(w, by, checkout.OrderInput{Basis: checkout.Basis{Once: once("6"), Order: order.Key{Source: "pos", Ref: name}, Cart: at("a", "shanghai").Cart}}); !fault.Has(got.Err, fault.Absent) {
				t.Errorf("%s: an order elsewhere: %v", name, got.Err)
			}
		}
	})
}

// A merchant's principal sells in its own name.
func TestScopeOfMerchants(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		by := access.Principal{Kind: access.KindServer, ID: "m", Permissions: access.All, Scope: access.Scope{Merchants: []string{"m"}}}
		ask := func(ref, merchant string) checkout.OrderInput {
			return checkout.OrderInput{Basis: checkout.Basis{Once: once(ref), Order: key(ref), Cart: cart()}, Merchant: merchant}
		}
		if got := place(w, by, ask("1", "other")); !fault.Has(got.Err, fault.Absent) {
			t.Errorf("in another merchant's name: %v", got.Err)
		}
		got := place(w, by, ask("2", ""))
		w.Must(got.Err)
		if got.Order.Merchant != "m" {
			t.Errorf("sold by %q", got.Order.Merchant)
		}
		if _, _, err := w.Checkout.GetOrder(w.Ctx(), by, key("2")); err != nil {
			t.Errorf("its own order: %v", err)
		}
		w.Time.Advance(time.Second)
	})
}

// An item's price is in its own market's currency.
func TestItemOfAnotherMarket(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		other := testkit.Item("melon")
		other.Market = "abroad"
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Items().Insert([]store.Item{other, testkit.Item("pear")}) }))
		for sku, want := range map[string]fault.Code{"melon": fault.UnknownReference, "pear": ""} {
			full := &pricing.Cart{Lines: []pricing.Line{{SKU: sku, Quantity: 1, UnitMinor: -1}}}
			got := place(w, w.By, checkout.OrderInput{Basis: checkout.Basis{Once: once(sku), Order: key(sku), Cart: full}})
			if want == "" && (got.Err != nil || got.Order.ListMinor != 1000) || want != "" && !fault.Has(got.Err, want) {
				t.Errorf("%s: %+v", sku, got)
			}
		}
	})
}

// An order and its lock stay in the market in which they were made.
func TestMarketOfAnOrder(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		abroad := testkit.Market()
		abroad.Code, abroad.Currency, abroad.Zone = "abroad", "EUR", "Europe/Berlin"
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Markets().Insert([]store.Market{abroad}) }))
		there := w.Publish(apptest.Limits(testkit.Doc()), func(t *coupon.Template) { t.Market = "abroad" })
		here := w.Publish(apptest.Limits(testkit.Doc()))
		claim := func(tpl id.ID) []id.ID {
			got := w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)})
			w.Must(got.Err)
			return []id.ID{got.Receipt.Coupons[0].ID}
		}
		ask := func(k, ref, market string, coupons []id.ID) checkout.Basis {
			return checkout.Basis{Once: once(k), Order: key(ref), Market: market, Cart: cart(), Coupons: coupons}
		}
		w.Must(place(w, w.By, checkout.OrderInput{Basis: ask("a", "1", "", nil)}).Err)
		if got := redeem(w, checkout.RedeemInput{Basis: ask("b", "1", "abroad", claim(there))}); !fault.Has(got.Err, fault.OrderDiffers) {
			t.Errorf("a coupon of another market on a known order: %v", got.Err)
		}
		if got := lock(w, checkout.LockInput{Basis: ask("c", "1", "abroad", claim(there))}); !fault.Has(got.Err, fault.OrderDiffers) {
			t.Errorf("a lock in another market for a known order: %v", got.Err)
		}
		w.Must(lock(w, checkout.LockInput{Basis: ask("d", "2", "abroad", claim(there))}).Err)
		if got := lock(w, checkout.LockInput{Basis: ask("e", "2", "main", claim(here))}); !fault.Has(got.Err, fault.OrderDiffers) {
			t.Errorf("a lock replaced in another market: %v", got.Err)
		}
		if got := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("f"), Order: key("2"), Market: "main"}}); !fault.Has(got.Err, fault.OrderDiffers) {
			t.Errorf("a lock paid in another market: %v", got.Err)
		}
		paid := redeem(w, checkout.RedeemInput{Basis: checkout.Basis{Once: once("g"), Order: key("2")}})
		w.Must(paid.Err)
		if paid.Order.Market != "abroad" {
			t.Errorf("paid in %s", paid.Order.Market)
		}
		w.Clean()
	})
}

// Coupons of other markets and merchants in a member's wallet do not stand in the way.
func TestWalletHoldsOthers(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		w.Members(1)
		abroad := testkit.Market()
		abroad.Code = "abroad"
		w.Must(w.Store.Update(w.Ctx(), store.Admin, func(tx store.Tx) error { return tx.Markets().Insert([]store.Market{abroad}) }))
		strong := apptest.Limits(testkit.Doc())
		strong.Terms.AmountMinor = 1000
		own := w.Publish(apptest.Limits(testkit.Doc()), ofMerchant("m"))
		for _, tpl := range []id.ID{w.Publish(strong, func(t *coupon.Template) { t.Market = "abroad" }), w.Publish(strong, ofMerchant("other")), own} {
			w.Must(w.Claim(issuing.ClaimInput{Template: tpl, Member: w.Key(0)}).Err)
		}
		by := access.Principal{Kind: access.KindServer, ID: "m", Permissions: access.All, Scope: access.Scope{Merchants: []string{"m"}}}
		who := checkout.Who{Key: w.Key(0)}
		quote, err := w.Checkout.Quote(w.Ctx(), by, checkout.QuoteInput{Who: who, Cart: *cart()})
		w.Must(err)
		if quote.Result.PayableMinor != 2500 || len(quote.Result.Coupons) != 1 || len(quote.Coupons) != 1 || len(quote.Offers) != 1 {
			t.Errorf("quote: %+v", quote)
		}
		out, err := w.Checkout.Lock(w.Ctx(), by, []checkout.LockInput{{Best: true, Basis: checkout.Basis{Once: once("a"), Order: key("1"), Who: who, Cart: cart()}}})
		w.Must(err)
		if out[0].Err != nil || out[0].Lock.PayableMinor != 2500 {
			t.Errorf("the best of them: %+v", out[0])
		}
	})
}

func ofMerchant(code string) func(*coupon.Template) {
	return func(t *coupon.Template) { t.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: code} }
}
