package api

import (
	"testing"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// TestFlow walks the main way: publish, claim, quote, lock, redeem, refund.
func TestFlow(t *testing.T) {
	w := newWeb(t)
	template := w.published()
	w.member("13800000001")
	receipt := w.ok(201, "POST", "/v1/claims", claimOf(template, "13800000001"), "Idempotency-Key: one")
	coupon := receipt.text("coupons", 0, "id")
	again := w.ok(201, "POST", "/v1/claims", claimOf(template, "13800000001"), "Idempotency-Key: one")
	if string(again.body) != string(receipt.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("replay differs: %s %v", again.body, again.header)
	}
	w.refused(fault.KeyReusedBody, "header:Idempotency-Key", "POST", "/v1/claims",
		map[string]any{"template": template, "member": map[string]any{"kind": "phone", "value": "13800000001"}, "channel": "web"}, "Idempotency-Key: one")
	w.refused(fault.MemberLimit, "", "POST", "/v1/claims", claimOf(template, "13800000001"))
	w.refused(fault.MemberUnknown, "/member", "POST", "/v1/claims", claimOf(template, "13999999999"))

	cart := map[string]any{"lines": []any{map[string]any{"sku": "apple", "category": "fresh/fruit", "quantity": 2, "unit_minor": 1500}}, "channel": "app"}
	buyer := map[string]any{"kind": "phone", "value": "13800000001"}
	quote := w.ok(200, "POST", "/v1/quotes", map[string]any{"member": buyer, "cart": cart}, "Idempotency-Key: ")
	if quote.text("payable_minor") != "2500" || quote.text("currency") != "CNY" || quote.text("coupons", 0, "verdict") != "applied" {
		t.Errorf("quote: %s", quote.body)
	}
	key := map[string]any{"source": "shop", "ref": "A-1"}
	lock := w.ok(201, "POST", "/v1/locks", map[string]any{"order": key, "member": buyer, "cart": cart, "coupons": []any{coupon}})
	if lock.text("state") != "active" || lock.text("priced", "discount_minor") != "500" {
		t.Errorf("lock: %s", lock.body)
	}
	if got := w.ok(200, "GET", "/v1/coupons/"+coupon, nil); got.text("state") != "locked" || got.text("lock") != lock.text("id") {
		t.Errorf("coupon: %s", got.body)
	}
	redeemed := w.ok(201, "POST", "/v1/redemptions", map[string]any{"order": key})
	if redeemed.text("order", "paid_minor") != "2500" || redeemed.text("redemptions", 0, "coupon") != coupon {
		t.Errorf("redeemed: %s", redeemed.body)
	}
	w.refused(fault.LockResolved, "", "POST", "/v1/releases", map[string]any{"order": key})
	w.ok(200, "GET", "/v1/orders/shop/A-1", nil)
	w.refused(fault.OrderUnknown, "", "GET", "/v1/orders/shop/A-2", nil)
	refund := w.ok(201, "POST", "/v1/refunds", map[string]any{"order": key, "refund": "R-1", "full": true})
	if refund.text("minor") != "2500" || refund.text("coupons_back", 0) != coupon {
		t.Errorf("refund: %s", refund.body)
	}
	history := w.ok(200, "GET", "/v1/coupons/"+coupon+"/history", nil)
	for i, want := range []string{"coupon.claimed.v1", "coupon.locked.v1", "coupon.redeemed.v1", "coupon.returned.v1"} {
		if history.text("items", i, "type") != want {
			t.Errorf("history: %s", history.body)
		}
	}
	stats := w.ok(200, "GET", "/v1/statistics?template="+template+"&group_by=day,channel", nil)
	if stats.text("totals", "issued") != "1" || stats.text("totals", "returned") != "1" {
		t.Errorf("statistics: %s", stats.body)
	}
	w.ok(200, "POST", "/v1/coupons/"+coupon+"/withdraw", map[string]any{"reason": "test"})
	w.refused(fault.CouponWithdrawn, "", "POST", "/v1/coupons/"+coupon+"/withdraw", map[string]any{"reason": "test"})
}

// TestSetOfCoupons takes two coupons from the quote to the refund, and is told why
// a third can't stand beside them.
func TestSetOfCoupons(t *testing.T) {
	w := newWeb(t)
	w.member("13800000001")
	var coupons []any
	for _, group := range []string{"", "brand", ""} {
		template := w.published(func(b *createTemplateBody) { b.Draft.Terms.Stacking.Group = group })
		coupons = append(coupons, w.claimed(template, "13800000001").text("coupons", 0, "id"))
	}
	cart := map[string]any{"lines": []any{map[string]any{"sku": "apple", "category": "fresh/fruit", "quantity": 2, "unit_minor": 1500}}, "channel": "app"}
	buyer := map[string]any{"kind": "phone", "value": "13800000001"}
	body := func(path string, list ...any) map[string]any {
		return map[string]any{"order": map[string]any{"source": "shop", "ref": path}, "member": buyer, "cart": cart, "coupons": list}
	}
	quote := w.ok(200, "POST", "/v1/quotes", map[string]any{"member": buyer, "cart": cart}, "Idempotency-Key: ")
	if quote.text("payable_minor") != "2000" || quote.text("optimal") != "true" || quote.text("bound_minor") != "2000" || quote.text("uses", 1, "discount_minor") != "500" {
		t.Errorf("quote: %s", quote.body)
	}
	for i := range coupons {
		if quote.text("coupons", i, "verdict") == "skipped" && (quote.text("coupons", i, "reasons", 0, "code") != "stacking_conflict" ||
			quote.text("coupons", i, "reasons", 0, "params", "other") == "" || quote.text("coupons", i, "reasons", 0, "detail") == "") {
			t.Errorf("skipped: %s", quote.body)
		}
	}
	w.refused(fault.StackingConflict, "/coupons/1", "POST", "/v1/locks", body("A-1", coupons[0], coupons[2]))
	w.refused(fault.StackingConflict, "/coupons/2", "POST", "/v1/redemptions", body("A-1", coupons...))
	lock := w.ok(201, "POST", "/v1/locks", body("A-1", coupons[1], coupons[0]))
	if lock.text("priced", "discount_minor") != "1000" || lock.text("coupons", 1) == "" {
		t.Errorf("lock: %s", lock.body)
	}
	redeemed := w.ok(201, "POST", "/v1/redemptions", map[string]any{"order": map[string]any{"source": "shop", "ref": "A-1"}})
	if redeemed.text("order", "paid_minor") != "2000" || redeemed.text("redemptions", 1, "discount_minor") != "500" {
		t.Errorf("redeemed: %s", redeemed.body)
	}
	refund := w.ok(201, "POST", "/v1/refunds", map[string]any{"order": map[string]any{"source": "shop", "ref": "A-1"}, "refund": "R-1", "full": true})
	if refund.text("minor") != "2000" || refund.text("coupons_back", 1) == "" {
		t.Errorf("refund: %s", refund.body)
	}
}

// TestPrincipals calls every operation without a key, with a false one, and with
// a key of each kind that lacks its permission.
func TestPrincipals(t *testing.T) {
	w := newWeb(t)
	if len(w.server.operations) < 40 {
		t.Fatalf("only %d operations", len(w.server.operations))
	}
	clerk := w.makeKey(access.KindClerk, []access.Permission{access.ReferenceRead}, access.Scope{})
	browser := w.makeKey(access.KindBrowser, []access.Permission{access.Quote}, access.Scope{})
	server := w.makeKey(access.KindServer, []access.Permission{access.Quote}, access.Scope{})
	holds := map[string]access.Permission{clerk: access.ReferenceRead, browser: access.Quote, server: access.Quote}
	for _, o := range w.server.operations {
		if o.may == anyone {
			continue
		}
		path := fillPath(o.path)
		w.refused(fault.Unauthenticated, "", o.method, path, "{", "Authorization: ")
		w.refused(fault.Unauthenticated, "", o.method, path, "{", "Authorization: Bearer quan_0000000000000000000000000000")
		w.refused(fault.Unauthenticated, "", o.method, path, "{", "Authorization: Basic cXVhbjo=")
		for secret, permission := range holds {
			if o.may == permission || o.may == anyKey {
				continue
			}
			w.refused(fault.PermissionDeny, "", o.method, path, "{", "Authorization: Bearer "+secret)
		}
	}
}
