package api

import (
	"strings"
	"testing"

	"quan/internal/kernel/fault"
)

// visit signs a member in by phone and returns the headers of its page.
func (w *web) visit(number string) []string {
	w.Helper()
	w.ok(200, "POST", "/v1/visits/codes", map[string]any{"phone": number}, "Authorization: ")
	in := w.ok(201, "POST", "/v1/visits", map[string]any{"phone": number, "code": w.texts["+86"+number]}, "Authorization: ")
	set := in.header.Get("Set-Cookie")
	if !strings.HasPrefix(set, "quan_member=qvis_") || !strings.Contains(set, "HttpOnly; SameSite=Lax") {
		w.Errorf("cookie: %s", set)
	}
	cookie, _, _ := strings.Cut(set, ";")
	return []string{"Authorization: ", "Cookie: " + cookie, "Quan-Member-Token: session", "Sec-Fetch-Site: same-origin"}
}

// A phone without an account signs in, claims, and sees its own wallet only.
func TestVisit(t *testing.T) {
	w := newStage(t)
	const number = "13900000001"
	page := w.web.visit(number)
	member := w.ok(200, "GET", "/v1/visits/current", nil, page...).text("member")
	claimed := w.ok(201, "POST", "/v1/claims", map[string]any{"template": w.template, "member": map[string]any{"id": member}, "channel": "app", "city": "shanghai"}, page...)
	coupon := claimed.text("coupons", 0, "id")
	wallet := w.ok(200, "GET", "/v1/members/id/"+member+"/coupons", nil, page...)
	if wallet.text("items", 0, "id") != coupon || wallet.text("items", 1, "id") != "" {
		t.Errorf("wallet: %s", wallet.body)
	}
	w.ok(200, "POST", "/v1/coupons/"+coupon+"/qr", nil, page...)
	w.refused(fault.CouponUnknown, "", "POST", "/v1/coupons/"+w.coupon+"/qr", nil, page...)
	w.refused(fault.MemberUnknown, "", "GET", "/v1/members/id/"+w.member+"/coupons", nil, page...)
	w.refused(fault.MemberUnknown, "", "POST", "/v1/claims", map[string]any{"template": w.template, "member": map[string]any{"id": w.member}, "channel": "app", "city": "shanghai"}, page...)
	for _, path := range []string{"/v1/templates", "/v1/stores", "/v1/members", "/v1/orders", "/v1/keys"} {
		w.refused(fault.PermissionDeny, "", "GET", path, nil, page...)
	}
	// A cookie that travels without being asked for is nobody's.
	w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, page[0], page[1], page[3])
	w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, page[0], page[1], page[2], "Sec-Fetch-Site: cross-site")
	w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, page[0], page[1]+"a", page[2])
	w.refused(fault.Unauthenticated, "", "GET", "/v1/account", nil, page[0], strings.Replace(page[1], "quan_member", "quan_session", 1))
	for range 2 {
		out := w.ok(200, "POST", "/v1/visits/end", nil, page...)
		if cookie := out.header.Get("Set-Cookie"); !strings.Contains(cookie, "quan_member=;") || !strings.Contains(cookie, "Max-Age=0") {
			t.Errorf("signed out: %s", cookie)
		}
	}
	w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, page...)
}

// The log, and who asks for a code, learn nothing of the number and its owner.
func TestVisitTellsNothing(t *testing.T) {
	w := newStage(t)
	w.server.Guard.Visitors.Reveal = false
	known := w.ok(200, "POST", "/v1/visits/codes", map[string]any{"phone": phone}, "Authorization: ")
	unknown := w.ok(200, "POST", "/v1/visits/codes", map[string]any{"phone": "13900000009"}, "Authorization: ")
	if string(known.body) != string(unknown.body) || strings.Contains(string(known.body), "code") {
		t.Errorf("answers: %s, %s", known.body, unknown.body)
	}
	w.refused(fault.CodeWrong, "", "POST", "/v1/visits", map[string]any{"phone": phone, "code": "none"}, "Authorization: ")
	w.refused(fault.RateLimited, "", "POST", "/v1/visits/codes", map[string]any{"phone": phone}, "Authorization: ")
	w.refused(fault.MissingValue, "/phone", "POST", "/v1/visits", map[string]any{}, "Authorization: ")
	w.refused(fault.MissingValue, "/code", "POST", "/v1/visits", map[string]any{"phone": phone}, "Authorization: ")
	w.refused(fault.Conflicting, "/token", "POST", "/v1/visits", map[string]any{"phone": phone, "token": "x"}, "Authorization: ")
	w.refused(fault.Unauthenticated, "", "POST", "/v1/visits", map[string]any{"token": "x"}, "Authorization: ")
	if strings.Contains(w.logs.String(), "13900000009") {
		t.Error("the log has a phone number")
	}
}
