package api

import (
	"testing"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/showing"
	"quan/internal/kernel/fault"
	"quan/internal/testkit"
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

// A counter that was away sends what it scanned, and a shift's totals say so.
func TestCounterWithoutNetwork(t *testing.T) {
	w := newStage(t)
	clerk := "Authorization: Bearer " + w.makeKey(access.KindClerk, nil, access.Scope{Stores: []string{"nanjing-road"}})
	contact := w.ok(200, "GET", "/v1/counter/contact", nil, clerk)
	if contact.text("market") != "main" || contact.text("currency") != "CNY" || contact.text("day") == "" {
		t.Errorf("%s", contact.body)
	}
	w.refused(fault.Absent, "query:market", "GET", "/v1/counter/contact?market=mars", nil, clerk)
	away := map[string]any{"contact": contact.text("contact"), "elapsed_ms": 60_000}
	code := w.ok(200, "POST", "/v1/coupons/"+w.coupon+"/qr", nil).text("code")
	w.Time.Advance(showing.Late - time.Minute)
	w.refused(fault.QRExpired, "/scan", "POST", "/v1/counter/look", map[string]any{"scan": code}, clerk)
	seen := w.ok(200, "POST", "/v1/counter/look", map[string]any{"scan": code, "away": away}, clerk)
	if seen.text("coupon", "id") != w.coupon || seen.text("asks") != "goods" || seen.text("currency") != "CNY" || seen.text("kind") != "amount_off" {
		t.Errorf("%s", seen.body)
	}
	w.refused(fault.InvalidValue, "/away/contact", "POST", "/v1/counter/look", map[string]any{"scan": code, "away": away}) // another caller's
	used := w.use("N-1", w.coupon)
	used["away"] = away
	out := w.ok(201, "POST", "/v1/redemptions", used, clerk)
	if got, want := out.text("redemptions", 0, "scanned_at"), testkit.Start.Add(time.Minute).String(); got != want {
		t.Errorf("scanned at %s, want %s", got, want)
	}
	totals := w.ok(200, "GET", "/v1/counter/totals?store=nanjing-road&clerk="+w.ok(200, "GET", "/v1/me", nil, clerk).text("id"), nil, clerk)
	if totals.text("items", 0, "redeemed") != "1" || totals.text("items", 0, "away") != "1" || totals.text("items", 0, "name") != "clerk" || totals.text("items", 0, "currency") != "CNY" {
		t.Errorf("%s", totals.body)
	}
	w.Time.Advance(2 * time.Minute)
	w.refused(fault.ScanTooOld, "/away", "POST", "/v1/counter/look", map[string]any{"scan": w.numberOf(w.coupon), "away": away}, clerk)
	w.refused(fault.OutOfRange, "query:to", "GET", "/v1/counter/totals?from=2026-01-01&to=2026-02-01", nil, clerk)
}
