package api

import (
	"testing"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// A member's page shows a coupon, and a clerk's page sees what it gives.
func TestCounter(t *testing.T) {
	w := newStage(t)
	clerk := "Authorization: Bearer " + w.makeKey(access.KindClerk, nil, access.Scope{})
	path := "/v1/coupons/" + w.coupon + "/qr"
	w.refused(fault.PermissionDeny, "", "POST", path, nil, clerk)
	code := w.ok(200, "POST", path, nil).text("code")
	for _, scan := range []string{code, w.numberOf(w.coupon)} {
		a := w.ok(200, "POST", "/v1/counter/look", map[string]any{"scan": scan}, clerk, "Accept-Language: zh-CN")
		if a.text("coupon", "id") != w.coupon || a.text("usable") != "true" || a.text("card") == "" || a.text("market") != "main" ||
			a.text("sentences", 0, "text") == "" || a.header.Get("Content-Language") != "zh-CN" || (a.text("dynamic") == "true") != (scan == code) {
			t.Errorf("%s: %s", scan, a.body)
		}
	}
	w.ok(200, "POST", "/v1/coupons/"+w.coupon+"/withdraw", map[string]any{"reason": "test"})
	a := w.ok(200, "POST", "/v1/counter/look", map[string]any{"scan": w.numberOf(w.coupon)}, clerk)
	if a.text("usable") != "false" || a.text("refusal", "code") != "coupon_withdrawn" || a.text("refusal", "title") == "" {
		t.Errorf("withdrawn: %s", a.body)
	}
	w.refused(fault.CouponUnknown, "/scan", "POST", "/v1/counter/look", map[string]any{"scan": code + "0"}, clerk)
	w.refused(fault.MissingValue, "/scan", "POST", "/v1/counter/look", map[string]any{"scan": ""}, clerk)
}
