package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

// signedInFirst is the cookie of somebody who signed in, set up as the first administrator.
func signedInFirst(w *web) (cookie string) {
	w.TB.Helper()
	if !w.ok(200, "GET", "/v1/setup", nil, "Authorization: ").is("needed") {
		w.TB.Error("nobody is needed on an empty installation")
	}
	in := w.ok(201, "POST", "/v1/setup", map[string]any{"token": w.server.Guard.SetupToken(), "login": login, "name": "Ada", "password": password}, "Authorization: ", "User-Agent: Firefox")
	if in.text("roles", 0) != "administrator" || in.text("sessions", 0, "agent") != "Firefox" {
		w.TB.Errorf("set up: %s", in.body)
	}
	cookie, attributes, _ := strings.Cut(in.header.Get("Set-Cookie"), "; ")
	for _, want := range []string{"Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=604800"} {
		if !strings.Contains(attributes, want) {
			w.TB.Errorf("the cookie has no %s: %s", want, attributes)
		}
	}
	if strings.Contains(string(in.body), strings.TrimPrefix(cookie, sessionCookie+"=")) {
		w.TB.Error("the token is in the body, where scripts can read it")
	}
	return cookie
}

// is reads a field that is true.
func (a answer) is(name string) bool {
	yes, _ := a.json[name].(bool)
	return yes
}

func TestSessionIsACookieOfOurOwnPages(t *testing.T) {
	w := newWeb(t)
	cookie := signedInFirst(w)
	mine := []string{"Authorization: ", "Cookie: " + cookie}
	with := func(headers ...string) []string { return append(slices.Clone(mine), headers...) }
	if me := w.ok(200, "GET", "/v1/me", nil, mine...); me.text("kind") != "person" || !strings.HasPrefix(me.text("id"), "psn_") {
		t.Errorf("me: %s", me.body)
	}
	w.ok(201, "PUT", "/v1/merchants/green", map[string]any{"name": "Green"}, with("Sec-Fetch-Site: same-origin")...)
	w.ok(200, "GET", "/v1/merchants/green", nil, with("Origin: http://quan.test")...)
	for _, header := range []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.test", "Origin: null", "Quan-Member-Token: x"} {
		w.refused(fault.Unauthenticated, "", "GET", "/v1/merchants/green", nil, with(header)...)
	}
	w.refused(fault.Unauthenticated, "", "GET", "/v1/account", nil, "Authorization: ", "Cookie: "+cookie+"; "+cookie)
	w.refused(fault.PermissionDeny, "", "GET", "/v1/account", nil) // an API key has no account
	if out := w.ok(200, "POST", "/v1/account/sign-out", nil, mine...); !out.is("ended") || !strings.Contains(out.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("sign out: %s %s", out.header, out.body)
	}
	w.refused(fault.Unauthenticated, "", "GET", "/v1/me", nil, mine...)
	if out := w.ok(200, "POST", "/v1/account/sign-out", nil, mine...); out.is("ended") {
		t.Errorf("signed out twice: %s", out.body)
	}
	over := w.ok(201, "POST", "/v1/sessions", map[string]any{"login": login, "password": password}, "Authorization: ", "X-Forwarded-Proto: https")
	if !strings.Contains(over.header.Get("Set-Cookie"), "Secure") {
		t.Errorf("over TLS: %s", over.header.Get("Set-Cookie"))
	}
}

// TestRolesAndRoutes calls every operation as every role: whoever lacks its permission
// is refused for that, and nobody else. What each role may do is written down in
// domain/access.
func TestRolesAndRoutes(t *testing.T) {
	w := newWeb(t)
	admin := signedInFirst(w)
	w.ok(201, "PUT", "/v1/merchants/green", map[string]any{"name": "Green"})
	cookies := map[access.Role]string{access.Administrator: admin}
	for _, r := range access.Roles[1:] {
		body := map[string]any{"login": string(r), "name": string(r), "roles": []any{string(r)}, "password": "first password"}
		if r.Scoped() {
			body["scope"] = map[string]any{"merchants": []any{"green"}}
		}
		w.ok(201, "POST", "/v1/people", body)
		in := w.ok(201, "POST", "/v1/sessions", map[string]any{"login": string(r), "password": "first password"}, "Authorization: ")
		cookie, _, _ := strings.Cut(in.header.Get("Set-Cookie"), ";")
		w.refused(fault.PasswordInitial, "", "GET", "/v1/templates", nil, "Authorization: ", "Cookie: "+cookie)
		w.ok(200, "POST", "/v1/account/password", map[string]any{"old": "first password", "password": password}, "Authorization: ", "Cookie: "+cookie)
		cookies[r] = cookie
	}
	w.Time.Advance(2 * time.Second)
	for _, o := range w.server.operations {
		if o.may == anyone {
			continue
		}
		for _, r := range access.Roles {
			a := w.send(o.method, fillPath(o.path), "{", "Authorization: ", "Cookie: "+cookies[r])
			if a.status == http.StatusUnauthorized {
				t.Errorf("%s as %s: %s", o.id, r, a.body)
			}
			may := o.may == anyKey || o.may == account || slices.Contains(access.Permissions([]access.Role{r}), o.may)
			if denied := a.code() == string(fault.PermissionDeny) && a.text("params", "permission") == string(o.may); denied == may {
				t.Errorf("%s as %s: %d %s, but the role's permissions say %v", o.id, r, a.status, a.code(), may)
			}
		}
	}
}
