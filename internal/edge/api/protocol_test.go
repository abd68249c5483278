package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
)

// TestRevisions walks a row through ETag, If-Match and If-None-Match.
func TestRevisions(t *testing.T) {
	w := newWeb(t)
	const path = "/v1/merchants/green"
	body := map[string]any{"name": "Green"}
	made := w.ok(201, "PUT", path, body, "If-None-Match: *")
	if made.header.Get("ETag") != `"1"` || made.text("rev") != "1" || made.text("created_at") == "" {
		t.Errorf("made: %v %s", made.header, made.body)
	}
	w.refused(fault.StaleRevision, "header:If-None-Match", "PUT", path, body, "If-None-Match: *")
	w.refused(fault.IfMatchMissing, "header:If-Match", "PUT", path, map[string]any{"name": "Greener"})
	for _, bad := range []string{"1", `W/"1"`, `"01"`, `"x"`, `*`, `"1", "2"`, `"-1"`, `""`} {
		w.refused(fault.InvalidValue, "header:If-Match", "PUT", path, body, "If-Match: "+bad)
	}
	w.refused(fault.Conflicting, "header:If-None-Match", "PUT", path, body, `If-Match: "1"`, "If-None-Match: *")
	if a := w.ok(200, "PUT", path, map[string]any{"name": "Greener"}, `If-Match: "1"`); a.header.Get("ETag") != `"2"` {
		t.Errorf("changed: %v", a.header)
	}
	if a := w.send("PUT", path, body, `If-Match: "1"`); a.status != 412 || a.code() != "stale_revision" {
		t.Errorf("stale: %d %s", a.status, a.body)
	}
	w.refused(fault.IfMatchMissing, "header:If-Match", "DELETE", path, nil)
	w.ok(200, "DELETE", path, nil, `If-Match: "2"`)
	if a := w.ok(200, "GET", path, nil); a.text("archived_at") == "" || a.header.Get("ETag") != `"3"` {
		t.Errorf("archived: %s", a.body)
	}
	w.refused(fault.WrongState, "", "PUT", path, body, `If-Match: "3"`)
	if n := len(w.ok(200, "GET", "/v1/merchants", nil).json["items"].([]any)); n != 0 {
		t.Errorf("%d merchants listed", n)
	}
	if n := len(w.ok(200, "GET", "/v1/merchants?archived=true", nil).json["items"].([]any)); n != 1 {
		t.Errorf("%d merchants listed with archived ones", n)
	}
}

// TestCursors reads a list in pages: every row once, the last page without a cursor.
func TestCursors(t *testing.T) {
	w := newWeb(t)
	for i := range 7 {
		w.ok(201, "PUT", "/v1/merchants/m"+strconv.Itoa(i), map[string]any{"name": "M"})
	}
	var codes []string
	cursor, pages := "", 0
	for {
		path := "/v1/merchants?limit=3"
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		a := w.ok(200, "GET", path, nil)
		pages++
		for i := range a.json["items"].([]any) {
			codes = append(codes, a.text("items", i, "code"))
		}
		if cursor = a.text("next_cursor"); cursor == "" {
			break
		}
		if pages == 1 {
			w.refused(fault.InvalidCursor, "query:cursor", "GET", "/v1/items?cursor="+cursor, nil)
		}
	}
	if strings.Join(codes, " ") != "m0 m1 m2 m3 m4 m5 m6" || pages != 3 {
		t.Errorf("%d pages: %v", pages, codes)
	}
	w.refused(fault.InvalidCursor, "query:cursor", "GET", "/v1/merchants?cursor=%21", nil)
	w.refused(fault.OutOfRange, "query:limit", "GET", "/v1/merchants?limit=0", nil)
	w.refused(fault.OutOfRange, "query:limit", "GET", "/v1/merchants?limit=501", nil)
	w.refused(fault.InvalidValue, "query:limit", "GET", "/v1/merchants?limit=1.0", nil)
	w.refused(fault.DuplicateValue, "query:limit", "GET", "/v1/merchants?limit=1&limit=1", nil)
	w.refused(fault.MissingValue, "query:limit", "GET", "/v1/merchants?limit=", nil)
	w.refused(fault.UnknownField, "query:offset", "GET", "/v1/merchants?offset=1", nil)
}

// TestUnrouted: what is no route is a problem too, and no redirect.
func TestUnrouted(t *testing.T) {
	w := newWeb(t)
	for _, path := range []string{"/", "/v1", "/v1/nothing", "/v1/merchants/", "/v1//merchants", "//v1/merchants", "/v1/./merchants", "/v1/../v1/merchants", "/v0/merchants", "/V1/merchants", "/v1/merchants/a/b"} {
		a := w.refused(fault.Absent, "", "GET", path, nil)
		if a.header.Get("Location") != "" {
			t.Errorf("%s redirects", path)
		}
	}
	for _, method := range []string{"POST", "TRACE", "PATCH", "CONNECT", "PROPFIND", "get"} {
		a := w.refused(fault.MethodUnknown, "", method, "/v1/me", nil)
		if a.header.Get("Allow") != "GET, HEAD, OPTIONS" {
			t.Errorf("%s: Allow %q", method, a.header.Get("Allow"))
		}
	}
	w.ok(204, "OPTIONS", "/v1/claims", nil, "Authorization: ")
	w.ok(200, "HEAD", "/v1/me", nil)
	w.refused(fault.MethodUnknown, "", "POST", "/v1/me", nil, "X-HTTP-Method-Override: GET")
	// An encoded slash is part of the value.
	w.ok(201, "PUT", "/v1/members/external/a%2Fb%2F%2Fc", map[string]any{})
	w.ok(200, "GET", "/v1/members/external/a%2fb%2f%2Fc", nil)
}

// TestLanguages: words follow Accept-Language, the code does not.
func TestLanguages(t *testing.T) {
	w := newWeb(t)
	seen := map[string]bool{}
	for _, lang := range []string{"en", "zh-CN", "zh-TW"} {
		a := w.refused(fault.CouponUnknown, "", "GET", "/v1/coupons/cpn_0rejhy9xg8701", nil, "Accept-Language: "+lang)
		if a.header.Get("Content-Language") != lang {
			t.Errorf("%s: Content-Language %q", lang, a.header.Get("Content-Language"))
		}
		seen[a.text("title")] = true
	}
	if len(seen) != 3 {
		t.Errorf("titles: %v", seen)
	}
}

// TestSecurity: headers of every answer, and the closed doors of a browser.
func TestSecurity(t *testing.T) {
	const shop = "https://shop.example.com"
	w := newWeb(t, func(d *Deps) { d.Origins = []string{shop} })
	a := w.ok(200, "GET", "/v1/me", nil, "X-Request-Id: given-request-1")
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "X-Request-Id": "given-request-1",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Access-Control-Allow-Origin": ""} {
		if a.header.Get(name) != want {
			t.Errorf("%s: %q", name, a.header.Get(name))
		}
	}
	if id := w.ok(200, "GET", "/v1/me", nil, "X-Request-Id: x y<script>").header.Get("X-Request-Id"); !strings.HasPrefix(id, "req_") {
		t.Errorf("request id %q", id)
	}
	w.refused(fault.PermissionDeny, "header:Origin", "POST", "/v1/claims", "{}", "Sec-Fetch-Site: cross-site", "Origin: https://evil.example.com")
	w.refused(fault.PermissionDeny, "header:Origin", "PUT", "/v1/merchants/x", "{}", "Sec-Fetch-Site: cross-site", "Origin: https://evil.example.com")
	ask := []string{"Authorization: ", "Origin: " + shop, "Access-Control-Request-Method: POST"}
	if a := w.ok(204, "OPTIONS", "/v1/claims", nil, ask...); a.header.Get("Access-Control-Allow-Origin") != shop {
		t.Errorf("preflight: %v", a.header)
	}
	if a := w.ok(204, "OPTIONS", "/v1/grants", nil, ask...); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("preflight of a server route: %v", a.header)
	}
	ask[1] = "Origin: https://evil.example.com"
	if a := w.ok(204, "OPTIONS", "/v1/claims", nil, ask...); a.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("preflight of a foreign page: %v", a.header)
	}
	if a := w.send("POST", "/v1/quotes", "{}", "Sec-Fetch-Site: cross-site", "Origin: "+shop); a.header.Get("Access-Control-Allow-Origin") != shop || a.status != 400 {
		t.Errorf("allowed page: %d %v", a.status, a.header)
	}
}

// TestBrowserKey acts for the member of its token and for nobody else.
func TestBrowserKey(t *testing.T) {
	w := newWeb(t)
	template := w.published(func(b *createTemplateBody) { b.Draft.Claim.Limits = b.Draft.Claim.Limits[:1] })
	own, other := w.member("13800000001"), w.member("13800000002")
	token := w.ok(201, "POST", "/v1/members/id/"+own+"/tokens", map[string]any{}).text("token")
	coupon := w.claimed(template, "13800000002").text("coupons", 0, "id")
	browser := []string{"Authorization: Bearer " + w.makeKey(access.KindBrowser, nil, access.Scope{}), "Quan-Member-Token: " + token}
	if me := w.ok(200, "GET", "/v1/me", nil, browser...); me.text("member") != own || me.text("kind") != "browser" {
		t.Errorf("me: %s", me.body)
	}
	claim := map[string]any{"template": template, "member": map[string]any{"id": own}, "channel": "app"}
	w.ok(201, "POST", "/v1/claims", claim, browser...)
	w.ok(200, "GET", "/v1/members/id/"+own+"/coupons", nil, browser...)
	claim["member"] = map[string]any{"id": other}
	w.refused(fault.MemberUnknown, "", "POST", "/v1/claims", claim, browser...)
	w.refused(fault.MemberUnknown, "", "GET", "/v1/members/id/"+other+"/coupons", nil, browser...)
	w.refused(fault.CouponUnknown, "", "GET", "/v1/coupons/"+coupon, nil, browser...)
	w.refused(fault.PermissionDeny, "", "GET", "/v1/coupons?template="+template, nil, browser...)
	w.refused(fault.Unauthenticated, "", "GET", "/v1/me", nil, browser[0], "Quan-Member-Token: forged")
	w.refused(fault.Unauthenticated, "", "GET", "/v1/me", nil, "Quan-Member-Token: "+token)
}

// TestNothingLeaks: no log line and no metric holds a phone or a secret, and a
// bug is mute outside.
func TestNothingLeaks(t *testing.T) {
	w := newWeb(t)
	w.member("13812345678")
	w.send("PUT", "/v1/members/phone/13812345678", `{"attributes":{"x":13812345678}}`)
	w.send("GET", "/v1/members/phone/13812345678", nil)
	w.send("POST", "/v1/claims", map[string]any{"template": "tpl_0rejhy9xg8701", "member": map[string]any{"kind": "phone", "value": "13812345678"}})
	metrics := w.ok(200, "GET", "/metrics", nil)
	for name, text := range map[string]string{"log": w.logs.String(), "metrics": string(metrics.body)} {
		for _, secret := range []string{"13812345678", w.key} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s holds %s:\n%s", name, secret, text)
			}
		}
		if !strings.Contains(text, "/v1/members/{kind}/{value}") {
			t.Errorf("the %s lacks the route:\n%s", name, text)
		}
	}
	var quiet atomic.Bool
	w.server.mux.HandleFunc("GET /panic", func(http.ResponseWriter, *http.Request) { quiet.Store(true); panic("a secret of ours") })
	a := w.refused(fault.InternalError, "", "GET", "/panic", nil)
	if strings.Contains(string(a.body), "secret") || !quiet.Load() || !strings.Contains(w.logs.String(), "a secret of ours") {
		t.Errorf("panic: %s\n%s", a.body, w.logs.String())
	}
}

// TestHealth: alive at once, ready when the program says so.
func TestHealth(t *testing.T) {
	var down atomic.Bool
	w := newWeb(t, func(d *Deps) {
		d.Metrics = false
		d.Ready = func(ctx context.Context) error {
			if down.Load() {
				return fault.New(fault.ReadOnlyStore)
			}
			return nil
		}
	})
	w.ok(200, "GET", "/healthz", nil, "Authorization: ")
	w.ok(200, "GET", "/readyz", nil, "Authorization: ")
	down.Store(true)
	w.ok(200, "GET", "/healthz", nil, "Authorization: ")
	if a := w.refused(fault.Overloaded, "", "GET", "/readyz", nil, "Authorization: "); a.header.Get("Retry-After") == "" {
		t.Error("not ready, without Retry-After")
	}
	w.refused(fault.Absent, "", "GET", "/metrics", nil)
}

// TestOddText: odd but legal text comes back as it was sent.
func TestOddText(t *testing.T) {
	w := newWeb(t)
	for i, text := range oddTexts {
		path := "/v1/merchants/odd-" + strconv.Itoa(i)
		a := w.send("PUT", path, map[string]any{"name": text})
		if a.status == 400 {
			if a.code() == "" || a.at() != "/name" {
				t.Errorf("%q: %s", text, a.body)
			}
			continue
		}
		if got := w.ok(200, "GET", path, nil).text("name"); got != text {
			t.Errorf("name %q came back as %q", text, got)
		}
		path = "/v1/members/external/odd-" + strconv.Itoa(i)
		w.ok(201, "PUT", path, map[string]any{"attributes": map[string]any{"note": text}})
		if got := w.ok(200, "GET", path, nil).text("attributes", "note"); got != text {
			t.Errorf("attribute %q came back as %q", text, got)
		}
		odd := "/v1/members/external/" + url.PathEscape(text)
		if a := w.send("PUT", odd, map[string]any{}); a.status >= 500 {
			t.Errorf("identity %q: %s", text, a.body)
		} else if a.status == 201 {
			card, err := w.server.Membership.FindMember(background, access.System("test"), "external", member.Secret(text))
			if err != nil || memberID(card.Member.ID).String() != a.text("id") {
				t.Errorf("identity %q: %v", text, err)
			}
		}
	}
}

// TestOverConnection sends through a real connection what the handler alone does
// not see: chunked bodies, a body cut off, a large header.
func TestOverConnection(t *testing.T) {
	w := newWeb(t)
	server := httptest.NewServer(w.server)
	defer server.Close()
	r, _ := http.NewRequest("POST", server.URL+"/v1/quotes", strings.NewReader(`{"cart":{"lines":[]}} `+strings.Repeat(" ", 2*MaxBody)))
	r.ContentLength = -1
	r.Header.Set("Authorization", "Bearer "+w.key)
	r.Header.Set("Content-Type", "application/json")
	a, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	var p Problem
	if err := json.NewDecoder(a.Body).Decode(&p); err != nil || a.StatusCode != 413 || p.Code != "too_large" {
		t.Errorf("%d %+v %v", a.StatusCode, p, err)
	}
}

// TestDrippingBody: a body that does not come is refused in time.
func TestDrippingBody(t *testing.T) {
	w := newWeb(t)
	w.server.bodyTime = 50 * time.Millisecond
	server := httptest.NewServer(w.server)
	defer server.Close()
	never, end := io.Pipe()
	defer end.Close()
	r, _ := http.NewRequest("POST", server.URL+"/v1/quotes", never)
	r.Header.Set("Authorization", "Bearer "+w.key)
	r.Header.Set("Content-Type", "application/json")
	a, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	if a.StatusCode != 400 {
		t.Errorf("%d", a.StatusCode)
	}
}

// TestHalfAnswer: a panic in the middle of an answer breaks the connection.
func TestHalfAnswer(t *testing.T) {
	w := newWeb(t)
	w.server.mux.HandleFunc("GET /half", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("half")); panic("x") })
	server := httptest.NewServer(w.server)
	defer server.Close()
	a, err := server.Client().Get(server.URL + "/half")
	if err != nil {
		return
	}
	defer a.Body.Close()
	if body, err := io.ReadAll(a.Body); err == nil {
		t.Errorf("looks whole: %d %q", a.StatusCode, body)
	}
}
