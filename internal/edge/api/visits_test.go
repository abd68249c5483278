package api

import (
	"strings"
	"testing"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
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

// A page within another site has no cookies: it holds the session itself, or the member
// token that the site gave it.
func TestVisitWithoutCookies(t *testing.T) {
	w := newStage(t)
	const number = "13900000001"
	w.ok(200, "POST", "/v1/visits/codes", map[string]any{"phone": number}, "Authorization: ")
	in := w.ok(201, "POST", "/v1/visits", map[string]any{"phone": number, "code": w.texts["+86"+number], "bearer": true}, "Authorization: ")
	session := in.text("token")
	if !strings.HasPrefix(session, "qvis_") || in.header.Get("Set-Cookie") != "" {
		t.Errorf("bearer: %v %s", in.header, in.body)
	}
	minted := w.ok(201, "POST", "/v1/members/id/"+in.text("member")+"/tokens", map[string]any{"ttl_seconds": 60}).text("token")
	for _, token := range []string{session, minted} {
		by := []string{"Authorization: ", "Quan-Member-Token: " + token, "Sec-Fetch-Site: same-origin"}
		if got := w.ok(200, "GET", "/v1/visits/current", nil, by...).text("member"); got != in.text("member") {
			t.Errorf("%s is of %s", token, got)
		}
		w.ok(200, "GET", "/v1/wallet", nil, by...)
		if got := w.ok(200, "GET", "/v1/pages/poster", nil, by...).text("member"); got != in.text("member") {
			t.Errorf("%s sees the page as %q", token, got)
		}
		w.refused(fault.PermissionDeny, "", "GET", "/v1/templates", nil, by...)
		// Another site's page that got hold of it can do nothing with it.
		w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, by[0], by[1], "Sec-Fetch-Site: cross-site")
		w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, by[0], by[1], "Origin: https://evil.example.com")
		bad := []string{"Authorization: ", "Quan-Member-Token: " + token + "a"}
		w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, bad...)
		if got := w.ok(200, "GET", "/v1/pages/poster", nil, bad...).text("member"); got != "" {
			t.Errorf("a bad token sees the page as %q", got)
		}
	}
	by := []string{"Authorization: ", "Quan-Member-Token: " + session}
	w.ok(200, "POST", "/v1/visits/end", nil, by...)
	w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, by...)
	w.Time.Advance(time.Minute)
	w.refused(fault.Unauthenticated, "", "GET", "/v1/visits/current", nil, "Authorization: ", "Quan-Member-Token: "+minted)
}

// The back end of one merchant speaks for its customers, and gets at nothing that they
// have from others.
func TestATokenOfAnotherMerchant(t *testing.T) {
	w := newStage(t)
	for _, m := range []string{"green", "mill"} {
		w.send("PUT", "/v1/merchants/"+m, map[string]any{"name": m})
	}
	made := func(merchant string) string {
		tpl := w.published(func(b *createTemplateBody) { b.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: merchant} })
		place := w.ok(201, "POST", "/v1/placements", map[string]any{"market": "main", "template": tpl, "name": merchant, "channel": "h5", "open": true}).text("id")
		return w.ok(201, "POST", "/v1/links", map[string]any{"placement": place, "name": merchant}).text("code")
	}
	mine, theirs := made("green"), made("mill")
	key := w.makeKey(access.KindServer, nil, access.Scope{Merchants: []string{"green"}})
	member := w.ok(201, "PUT", "/v1/members/phone/+8613900000001", map[string]any{}).text("id")
	w.ok(201, "POST", "/v1/claims", map[string]any{"template": w.template, "member": map[string]any{"id": member}, "channel": "app", "city": "shanghai"})
	token := w.ok(201, "POST", "/v1/members/phone/+8613900000001/tokens", map[string]any{}, "Authorization: Bearer "+key).text("token")
	by := []string{"Authorization: ", "Quan-Member-Token: " + token}
	w.ok(201, "POST", "/v1/pages/"+mine+"/claims", map[string]any{}, by...)
	w.refused(fault.Absent, "/template", "POST", "/v1/pages/"+theirs+"/claims", map[string]any{}, by...)
	if a := w.ok(200, "GET", "/v1/pages/"+theirs, nil, by...); a.text("state") != "open" || a.text("member") != "" {
		t.Errorf("another merchant's page: %s", a.body)
	}
	wallet := w.ok(200, "GET", "/v1/wallet", nil, by...)
	if wallet.text("items", 0, "id") == "" || wallet.text("items", 1, "id") != "" {
		t.Errorf("a merchant sees more of a wallet than its own: %s", wallet.body)
	}
}
