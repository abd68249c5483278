package api

import (
	"testing"

	"quan/internal/kernel/fault"
)

// A market's pricing over HTTP: what is chosen comes back, what nothing has is
// refused by its place, and a quote goes by it.
func TestMarketPricing(t *testing.T) {
	w := newStage(t)
	body := func(change ...any) map[string]any {
		p := map[string]any{"floor_minor": 1, "lock_ttl_seconds": 1800, "max_coupons_order": 5, "broken_threshold": "keep",
			"coupon_return": "on_full", "return_grace_hours": 0, "late_payment": "honour"}
		for i := 0; i < len(change); i += 2 {
			p[change[i].(string)] = change[i+1]
		}
		return map[string]any{"name": "Main", "currency": "CNY", "zone": "Asia/Shanghai", "week_start": 1, "policies": p}
	}
	const path = "/v1/markets/main"
	pricing := func(name, word string) map[string]any { return map[string]any{name: word} }
	w.play(t, []scenario{
		{"a profile that nothing has", "PUT", path, body("pricing", pricing("profile", "magento")), fault.InvalidValue, "/policies/pricing/profile", nil},
		{"tax in the prices of orders", "PUT", path, body("pricing", pricing("tax", "in")), fault.InvalidValue, "/policies/pricing/tax", nil},
		{"a policy that nothing has", "PUT", path, body("pricing", pricing("luck", "good")), fault.UnknownField, "/policies/pricing/luck", nil},
		{"a share above the whole", "PUT", path, body("max_discount_bps", 10_001), fault.OutOfRange, "/policies/max_discount_bps", nil},
		{"a cap below nothing", "PUT", path, body("max_discount_minor", -1), fault.OutOfRange, "/policies/max_discount_minor", nil},
	})
	was := w.ok(200, "GET", path, nil)
	quote := map[string]any{"cart": w.cart(), "member": w.buyer(), "coupons": []any{w.coupon}}
	before := w.ok(200, "POST", "/v1/quotes", quote).text("discount_minor")
	now := w.ok(200, "PUT", path, body("max_discount_minor", 7, "pricing", pricing("over_budget", "truncate")), "If-Match: "+was.header.Get("ETag"))
	if now.text("policies", "pricing", "over_budget") != "truncate" || now.text("policies", "max_discount_minor") != "7" {
		t.Errorf("%s", now.body)
	}
	if after := w.ok(200, "POST", "/v1/quotes", quote).text("discount_minor"); before == "7" || after != "7" {
		t.Errorf("a discount of %s is %s under a cap of 7", before, after)
	}
}
