package api

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
)

// TestNamedClaims: claims out of place, and one claim sent many times.
func TestNamedClaims(t *testing.T) {
	w := newStage(t)
	claim := func(template string, change ...any) map[string]any {
		c := claimOf(template, phone)
		for i := 0; i < len(change); i += 2 {
			c[change[i].(string)] = change[i+1]
		}
		return c
	}
	inApp := w.published(func(b *createTemplateBody) { b.Draft.Claim.Place.Channels = []string{"app"} })
	other := w.published()
	archived := w.published()
	w.ok(200, "POST", "/v1/templates/"+archived+"/archive", nil, `If-Match: "2"`)
	closed := w.ok(201, "POST", "/v1/placements", map[string]any{"market": "main", "template": w.template, "name": "closed", "channel": "app", "open": false}).text("id")
	full := w.ok(201, "POST", "/v1/placements", map[string]any{"market": "main", "template": w.template, "name": "full", "channel": "app", "open": true, "cap": 1}).text("id")
	w.ok(201, "POST", "/v1/claims", claim(w.template, "placement", full))
	const post, path = "POST", "/v1/claims"
	w.play(t, []scenario{
		{"archived template", post, path, claim(archived), fault.TemplateArchived, "", nil},
		{"another channel", post, path, claim(inApp, "channel", "web"), fault.ChannelNotAllowed, "", nil},
		{"no channel where one is demanded", post, path, map[string]any{"template": inApp, "member": w.buyer()}, fault.ChannelNotAllowed, "", nil},
		{"channel in capitals", post, path, claim(inApp, "channel", "APP"), fault.ChannelNotAllowed, "", nil},
		{"closed placement", post, path, claim(w.template, "placement", closed), fault.PlacementClosed, "", nil},
		{"placement whose share is out", post, path, claim(w.template, "placement", full), fault.PlacementLimit, "", nil},
		{"placement of another template", post, path, claim(other, "placement", w.placement), fault.PlacementClosed, "", nil},
		{"id of nobody", post, path, claim(w.template, "member", map[string]any{"id": "mem_0rejhy9xg8701"}), fault.MemberUnknown, "/member", nil},
		{"neighbour's id", post, path, claim(w.template, "member", map[string]any{"id": w.member[:len(w.member)-1] + "z"}), fault.MemberUnknown, "/member", nil},
		{"SQL in a phone", post, path, claimOf(w.template, "1' OR '1'='1"), fault.MemberUnknown, "/member", nil},
		{"wildcard for a phone", post, path, claimOf(w.template, "%"), fault.MemberUnknown, "/member", nil},
	})
	w.TB = t
	var first answer
	for i := range 30 {
		a := w.ok(201, post, path, claim(other), "Idempotency-Key: the same")
		if i == 0 {
			first = a
		} else if string(a.body) != string(first.body) || a.header.Get("Idempotency-Replayed") != "true" {
			t.Fatalf("time %d: %s", i, a.body)
		}
	}
	before := w.fingerprint()
	for i := range 30 {
		w.refused(fault.MemberLimit, "", post, path, claim(other), fmt.Sprintf("Idempotency-Key: new-%d", i))
	}
	if after := w.fingerprint(); after != before {
		t.Errorf("refused claims changed something:\n- %s\n+ %s", before, after)
	}
	w.Clean()
}

// TestNamedUses: a coupon in the wrong hands, place, time or state.
func TestNamedUses(t *testing.T) {
	w := newStage(t)
	w.ok(201, "PUT", "/v1/stores/bund", map[string]any{"name": "Bund", "merchant": "green", "city": "shanghai"})
	w.ok(201, "PUT", "/v1/markets/tw", marketBodyExample())
	cart := func(change ...any) map[string]any {
		c := w.cart()
		for i := 0; i < len(change); i += 2 {
			c[change[i].(string)] = change[i+1]
		}
		return c
	}
	use := func(coupon string, cart map[string]any) map[string]any {
		u := w.use("N-1", coupon)
		u["cart"] = cart
		return u
	}
	of := func(change func(*createTemplateBody)) string {
		return w.claimed(w.published(change), phone).text("coupons", 0, "id")
	}
	inStore := of(func(b *createTemplateBody) { b.Draft.Terms.Scope.Include.Stores = []string{"nanjing-road"} })
	inCity := of(func(b *createTemplateBody) { b.Draft.Terms.Use.Cities = []string{"beijing"} })
	inApp := of(func(b *createTemplateBody) { b.Draft.Terms.Use.Channels = []string{"mini"} })
	tomorrow := of(func(b *createTemplateBody) {
		b.Draft.Terms.Validity = schedule.Validity{Kind: schedule.ValidityDays, Days: 7, DelayDays: 1}
	})
	withdrawn := of(func(*createTemplateBody) {})
	w.ok(200, "POST", "/v1/coupons/"+withdrawn+"/withdraw", map[string]any{"reason": "test"})
	var paused string
	pausedCoupon := of(func(b *createTemplateBody) {})
	paused = w.ok(200, "GET", "/v1/coupons/"+pausedCoupon, nil).text("template")
	w.ok(200, "PUT", "/v1/templates/"+paused+"/switches", map[string]any{"use": false})
	locked := w.ok(200, "GET", "/v1/locks/shop/L-1", nil).text("coupons", 0)
	used := w.ok(200, "GET", "/v1/coupons?template="+w.template, nil)
	var usedCoupon string
	for i := range used.json["items"].([]any) {
		if used.text("items", i, "state") == "used" {
			usedCoupon = used.text("items", i, "id")
		}
	}
	foreign := w.use("N-1", w.coupon)
	foreign["market"] = "tw"
	const post, path = "POST", "/v1/redemptions"
	w.play(t, []scenario{
		{"used on another order", post, path, use(usedCoupon, cart()), fault.CouponUsedUp, "/coupons/0", nil},
		{"locked by another order", post, path, use(locked, cart()), fault.CouponLocked, "/coupons/0", nil},
		{"locked by another order, locked again", post, "/v1/locks", use(locked, cart()), fault.CouponLocked, "/coupons/0", nil},
		{"withdrawn", post, path, use(withdrawn, cart()), fault.CouponWithdrawn, "/coupons/0", nil},
		{"not yet valid", post, path, use(tomorrow, cart()), fault.CouponNotYetValid, "/coupons/0", nil},
		{"use paused", post, path, use(pausedCoupon, cart()), fault.UsePaused, "/coupons/0", nil},
		{"another store", post, path, use(inStore, cart("store", "bund")), fault.StoreNotAllowed, "/coupons/0", nil},
		{"another city", post, path, use(inCity, cart()), fault.CityNotAllowed, "/coupons/0", nil},
		{"another channel", post, path, use(inApp, cart()), fault.ChannelNotAllowed, "/coupons/0", nil},
		{"another currency's market", post, path, foreign, fault.CurrencyMismatch, "/coupons/0", nil},
		{"nothing of its scope in the cart", post, path, use(w.coupon, cart("lines", []any{map[string]any{"sku": "soap", "category": "home", "quantity": 9, "unit_minor": 1500}})), fault.NothingInScope, "/coupons/0", nil},
		{"a store's name with a line break", post, path, use(w.coupon, cart("store", "nanjing\nroad")), fault.InvalidValue, "/cart/store", nil},
		{"a category with a blank around", post, path, use(w.coupon, cart("lines", []any{map[string]any{"category": " fresh", "quantity": 2, "unit_minor": 1500}})), fault.InvalidValue, "/cart/lines/0/category", nil},
		{"a cart beyond all money", post, path, use(w.coupon, cart("lines", []any{
			map[string]any{"sku": "apple", "quantity": 1, "unit_minor": int64(1_000_000_000_000_000)}, map[string]any{"sku": "apple", "quantity": 1, "unit_minor": 1}})), fault.OutOfRange, "/cart/lines", nil},
		{"a currency that the market does not have", post, path, use(w.coupon, cart("currency", "USD")), fault.CurrencyMismatch, "/cart/currency", nil},
		{"a currency in small letters", post, "/v1/locks", use(w.coupon, cart("currency", "cny")), fault.CurrencyMismatch, "/cart/currency", nil},
		{"beyond the pole", post, path, use(w.coupon, cart("latitude", 90_000_001)), fault.OutOfRange, "/cart/latitude", nil},
		{"a fact with a line break", post, path, use(w.coupon, cart("facts", map[string]any{"sky/now": "rain\nand sun"})), fault.InvalidValue, "/cart/facts/sky~1now", nil},
		{"a fact that is a number", post, path, use(w.coupon, cart("facts", map[string]any{"degrees": 7})), fault.InvalidValue, "/cart/facts/degrees", nil},
		{"shipping twice on a line", post, path, use(w.coupon, cart("lines", []any{map[string]any{"shipping": "express", "quantity": 2, "unit_minor": 800}})), fault.OutOfRange, "/cart/lines/0/quantity", nil},
		{"a least price above the price", post, path, use(w.coupon, cart("lines", []any{map[string]any{"sku": "apple", "quantity": 2, "unit_minor": 1500, "min_minor": 1501}})), fault.OutOfRange, "/cart/lines/0/min_minor", nil},
		{"balance of no coupon", post, path, stated(use(w.coupon, cart()), "cpn_1"), fault.InvalidValue, "/balances/cpn_1", nil},
		{"balance of a coupon that is not used", post, path, stated(use(w.coupon, cart()), withdrawn), fault.CouponUnknown, "/balances/" + withdrawn, nil},
		{"balance of a coupon that is not asked for", post, "/v1/quotes", map[string]any{"member": w.buyer(), "cart": w.cart(), "coupons": []any{w.coupon}, "balances": map[string]any{withdrawn: 1}}, fault.CouponUnknown, "/balances/" + withdrawn, nil},
		{"a balance below zero", post, "/v1/locks", map[string]any{"order": orderNamed("N-1"), "cart": w.cart(), "coupons": []any{w.coupon}, "balances": map[string]any{w.coupon: -1}}, fault.OutOfRange, "/balances/" + w.coupon, nil},
		{"release of a paid order", post, "/v1/releases", map[string]any{"order": orderNamed("R-1")}, fault.LockNotFound, "/order", nil},
		{"release by another source", post, "/v1/releases", map[string]any{"order": map[string]any{"source": "till", "ref": "L-1"}}, fault.LockNotFound, "/order", nil},
		{"redeem a lock of another source", post, path, map[string]any{"order": map[string]any{"source": "till", "ref": "L-1"}}, fault.LockNotFound, "/order", nil},
		{"lock of a redeemed order", post, "/v1/locks", w.use("R-1", w.coupon), fault.OrderDiffers, "", nil},
		{"return of another order's coupon", post, "/v1/returns", map[string]any{"order": orderNamed("G-1"), "coupon": w.coupon}, fault.CouponUnknown, "/coupon", nil},
	})
}

// stated adds the balance of a coupon to a request.
func stated(request map[string]any, coupon string) map[string]any {
	request["balances"] = map[string]any{coupon: 100}
	return request
}

// TestNamedTurns: what is true at one step and no longer at the next.
func TestNamedTurns(t *testing.T) {
	w := newStage(t)
	lock := func(ref string) (coupon string) {
		coupon = w.claimed(w.template, phone).text("coupons", 0, "id")
		w.ok(201, "POST", "/v1/locks", w.use(ref, coupon))
		return coupon
	}
	lock("T-1")
	w.ok(201, "POST", "/v1/redemptions", map[string]any{"order": orderNamed("T-1")})
	before := w.fingerprint()
	if again := w.ok(201, "POST", "/v1/redemptions", map[string]any{"order": orderNamed("T-1")}); again.header.Get("Idempotency-Replayed") != "true" || w.fingerprint() != before {
		t.Errorf("redeemed twice: %v %s", again.header, again.body)
	}
	w.refused(fault.LockResolved, "", "POST", "/v1/releases", map[string]any{"order": orderNamed("T-1")})

	lock("T-2")
	w.ok(200, "POST", "/v1/releases", map[string]any{"order": orderNamed("T-2")})
	w.refused(fault.LockResolved, "", "POST", "/v1/releases", map[string]any{"order": orderNamed("T-2")})
	w.refused(fault.LockResolved, "", "POST", "/v1/redemptions", map[string]any{"order": orderNamed("T-2")})

	quoted := w.ok(200, "POST", "/v1/quotes", map[string]any{"member": w.buyer(), "cart": w.cart(), "coupons": []any{w.coupon}})
	if quoted.text("discount_minor") != "500" {
		t.Fatalf("%s", quoted.body)
	}
	shrunk := w.use("T-3", w.coupon)
	shrunk["cart"].(map[string]any)["lines"] = []any{map[string]any{"sku": "apple", "quantity": 1, "unit_minor": 1500}}
	w.refused(fault.ThresholdNotMet, "/coupons/0", "POST", "/v1/redemptions", shrunk)

	blocked := lock("T-4")
	w.ok(200, "PUT", "/v1/members/phone/"+phone+"/block", map[string]any{"blocked": true, "reason": "test"})
	w.refused(fault.MemberBlocked, "/member", "POST", "/v1/redemptions", map[string]any{"order": orderNamed("T-4")})
	w.ok(200, "PUT", "/v1/members/phone/"+phone+"/block", map[string]any{"blocked": false, "reason": "test"})

	w.Time.Advance(8 * 24 * time.Hour) // the coupons live seven days
	if state := w.ok(200, "GET", "/v1/coupons/"+blocked, nil).text("state"); state != "expired" {
		t.Errorf("the coupon under an ended lock is %s", state)
	}
	w.refused(fault.CouponExpired, "/coupons/0", "POST", "/v1/redemptions", w.use("T-5", w.coupon))
	a := w.send("POST", "/v1/redemptions", map[string]any{"order": orderNamed("T-4")})
	if a.status != 409 || !strings.Contains("coupon_expired lock_expired", a.code()) {
		t.Errorf("a payment after the coupon's end: %d %s", a.status, a.body)
	}
	w.Clean()
}

// TestNamedRefunds: money never comes back twice, and to the last unit once.
func TestNamedRefunds(t *testing.T) {
	w := newStage(t)
	thirds := w.use("T-1", w.coupon)
	thirds["cart"].(map[string]any)["lines"] = []any{map[string]any{"sku": "apple", "quantity": 3, "unit_minor": 1000}}
	if sold := w.ok(201, "POST", "/v1/redemptions", thirds); sold.text("order", "paid_minor") != "2500" {
		t.Fatalf("%s", sold.body)
	}
	back := func(ref string, quantity int) map[string]any {
		return map[string]any{"order": orderNamed("T-1"), "refund": ref, "lines": []any{map[string]any{"line": 0, "quantity": quantity}}}
	}
	const post, path = "POST", "/v1/refunds"
	w.play(t, []scenario{
		{"more units than sold", post, path, back("a", 4), fault.RefundTooMuch, "/lines/0/quantity", nil},
		{"no units", post, path, back("a", 0), fault.OutOfRange, "/lines/0/quantity", nil},
		{"negative units", post, path, back("a", -1), fault.OutOfRange, "/lines/0/quantity", nil},
		{"one line twice", post, path, map[string]any{"order": orderNamed("T-1"), "refund": "a", "lines": []any{
			map[string]any{"line": 0, "quantity": 1}, map[string]any{"line": 0, "quantity": 1}}}, fault.DuplicateValue, "/lines/1/line", nil},
		{"a line that is not there", post, path, map[string]any{"order": orderNamed("T-1"), "refund": "a", "lines": []any{map[string]any{"line": 1, "quantity": 1}}}, fault.InvalidValue, "/lines/0/line", nil},
		{"an amount of one's own", post, path, map[string]any{"order": orderNamed("T-1"), "refund": "a", "full": true, "minor": 999999}, fault.UnknownField, "/minor", nil},
	})
	w.TB = t
	sum := 0
	for i := range 3 {
		a := w.ok(201, post, path, back(fmt.Sprint("unit-", i), 1))
		var minor int
		if _, err := fmt.Sscan(a.text("minor"), &minor); err != nil {
			t.Fatal(err)
		}
		if minor != 833 && minor != 834 {
			t.Errorf("unit %d gave %d back, want a third of 2500", i, minor)
		}
		sum += minor
	}
	if sum != 2500 {
		t.Errorf("three thirds are %d, want 2500", sum)
	}
	before := w.fingerprint()
	if again := w.ok(201, post, path, back("unit-1", 1)); again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same refund again: %v", again.header)
	}
	w.refused(fault.RefundDiffers, "/refund", post, path, back("unit-1", 2))
	w.refused(fault.OrderRefunded, "", post, path, back("unit-3", 1))
	w.refused(fault.OrderRefunded, "", post, path, map[string]any{"order": orderNamed("T-1"), "refund": "all", "full": true})
	if after := w.fingerprint(); after != before {
		t.Errorf("something changed:\n- %s\n+ %s", before, after)
	}
	w.Clean()
}
