package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/guard"
	"quan/internal/app/helpdesk"
	"quan/internal/app/membership"
	"quan/internal/app/planning"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	number "quan/internal/domain/phone"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlite/sqlitetest"
)

// web is the whole API over a fresh SQLite store, spoken to as callers do.
type web struct {
	testing.TB
	*apptest.World
	server  *server
	key     string // of the caller, all permissions
	logs    *bytes.Buffer
	n       int
	texts   posted // codes that were sent, by phone
	watched id.ID  // member whose coupons the fingerprint holds
}

// posted are the codes that phones got last.
type posted map[string]string

func (t posted) SendCode(_ context.Context, to number.Number, code string, _ time.Duration, _ i18n.Lang) error {
	t[to.Value().Reveal()] = code
	return nil
}

var background = context.Background()

func newWeb(tb testing.TB, change ...func(*Deps)) *web {
	tb.Helper()
	return newWebOn(tb, apptest.New(tb, sqlitetest.Open(tb), 1), change...)
}

// newWebOn is the whole API over a world.
func newWebOn(tb testing.TB, world *apptest.World, change ...func(*Deps)) *web {
	tb.Helper()
	w := &web{TB: tb, World: world, logs: &bytes.Buffer{}, texts: posted{}}
	a := w.App
	d := Deps{Catalog: &catalog.Catalog{App: a}, Membership: &membership.Membership{App: a}, Helpdesk: &helpdesk.Helpdesk{App: a}, Issuing: w.Issuing, Checkout: w.Checkout, Planning: &planning.Planning{App: a},
		Reporting: &reporting.Reporting{App: a}, Admin: &admin.Admin{App: a},
		Guard: guard.New(a, guard.Keys{Member: []byte("a key of thirty-two bytes for it"), Factor: []byte("a key of thirty-two bytes for it"), Setup: []byte("setup")}, w.Time.Time), Vault: a.Vault, Clock: a.Clock,
		Log: slog.New(slog.NewJSONHandler(w.logs, nil)), Version: "test", Metrics: true}
	for _, c := range change {
		c(&d)
	}
	d.Guard.Visitors = guard.Visitors{Texter: w.texts, Reveal: true, Enrol: (&membership.Membership{App: a}).Enrol}
	var err error
	if w.server, err = newServer(d); err != nil {
		tb.Fatal(err)
	}
	w.key = w.makeKey(access.KindServer, nil, access.Scope{})
	return w
}

// makeKey makes an API key and returns its secret.
func (w *web) makeKey(kind access.Kind, permissions []access.Permission, scope access.Scope) string {
	w.TB.Helper()
	k, err := w.server.Admin.CreateKey(background, access.System("test"), admin.CreateKeyInput{Name: string(kind), Kind: kind, Permissions: permissions, Scope: scope})
	if err != nil {
		w.TB.Fatal(err)
	}
	return k.Secret
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
	json   map[string]any
}

func (a answer) code() string { s, _ := a.json["code"].(string); return s }
func (a answer) at() string   { s, _ := a.json["pointer"].(string); return s }

// text follows keys and indexes into the body.
func (a answer) text(path ...any) string {
	var v any = a.json
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return ""
			}
			v = l[p]
		}
	}
	if v == nil {
		return ""
	}
	if f, ok := v.(float64); ok {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// send speaks to the handler; body is nil, a string sent as it is, or a value
// sent as JSON. Headers are "Name: value"; an empty value removes one.
func (w *web) send(method, path string, body any, headers ...string) answer {
	w.TB.Helper()
	return w.serve(w.request(method, path, body, headers...))
}

// serve hands a request to the handler.
func (w *web) serve(r *http.Request) answer {
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	a := answer{status: rec.Code, header: rec.Header(), body: rec.Body.Bytes()}
	if strings.Contains(rec.Header().Get("Content-Type"), "json") {
		d := json.NewDecoder(bytes.NewReader(a.body))
		if err := d.Decode(&a.json); err != nil {
			w.TB.Errorf("%s %s: %d with a body that is no JSON object: %v\n%.500s", r.Method, r.URL.Path, rec.Code, err, a.body)
		}
	}
	return a
}

func (w *web) request(method, path string, body any, headers ...string) *http.Request {
	w.TB.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			w.TB.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	r, err := http.NewRequest(method, "http://quan.test"+path, reader)
	if err != nil {
		w.TB.Fatalf("%s %s: %v", method, path, err)
	}
	r.RequestURI = path
	if r.Body == nil {
		r.Body = http.NoBody
	}
	r.Header.Set("Authorization", "Bearer "+w.key)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		w.n++
		r.Header.Set("Idempotency-Key", "test-"+strconv.Itoa(w.n))
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if r.Header.Del(name); value != "" {
			r.Header.Set(name, value)
		}
	}
	return r
}

// ok sends and demands a status.
func (w *web) ok(status int, method, path string, body any, headers ...string) answer {
	w.TB.Helper()
	a := w.send(method, path, body, headers...)
	if a.status != status {
		w.TB.Fatalf("%s %s: %d, want %d: %s\n%s", method, path, a.status, status, a.body, w.logs.String())
	}
	return a
}

// refused sends and demands a problem.
func (w *web) refused(code fault.Code, pointer, method, path string, body any, headers ...string) answer {
	w.TB.Helper()
	a := w.send(method, path, body, headers...)
	if a.code() != string(code) || a.at() != pointer || a.status != int(code.Class()) {
		w.TB.Errorf("%s %s: %d %s at %q, want %s at %q: %.600s", method, path, a.status, a.code(), a.at(), code, pointer, a.body)
	}
	return a
}

// published makes and publishes the example template, changed, and returns its id.
func (w *web) published(changes ...func(*createTemplateBody)) string {
	w.TB.Helper()
	body := templateExample()
	w.n++
	body.Code = "tpl-" + strconv.Itoa(w.n)
	for _, c := range changes {
		c(&body)
	}
	made := w.ok(201, "POST", "/v1/templates", body)
	w.ok(200, "POST", "/v1/templates/"+made.text("id")+"/publish", nil, "If-Match: "+made.header.Get("ETag"))
	return made.text("id")
}

// member makes a member by phone and returns its id.
func (w *web) member(phone string) string {
	w.TB.Helper()
	return w.ok(201, "PUT", "/v1/members/phone/"+phone, map[string]any{}).text("id")
}

func (w *web) claimed(template, phone string) answer {
	w.TB.Helper()
	return w.ok(201, "POST", "/v1/claims", claimOf(template, phone))
}

func claimOf(template, phone string) map[string]any {
	return map[string]any{"template": template, "member": map[string]any{"kind": "phone", "value": phone}, "channel": "app", "city": "shanghai"}
}

// fingerprint is what must not change when a request is refused.
func (w *web) fingerprint() string {
	w.TB.Helper()
	var b strings.Builder
	err := w.Store.View(background, func(tx store.Tx) error {
		b.Reset()
		members, err := tx.Members().Count()
		if err != nil {
			return err
		}
		coupons, err := tx.Coupons().CountByState()
		if err != nil {
			return err
		}
		uses, err := tx.Redemptions().Count()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "members %d coupons %v uses %d", members, coupons, uses)
		orders, err := tx.Orders().List(store.OrderFilter{Limit: 500})
		if err != nil {
			return err
		}
		for _, o := range orders {
			fmt.Fprintf(&b, " %s@%d", id.Format(id.Order, o.ID), o.Rev)
		}
		all, err := tx.Coupons().List(store.CouponFilter{Member: w.watched, Limit: 500})
		if err != nil {
			return err
		}
		for _, k := range all {
			fmt.Fprintf(&b, " %s@%d", id.Format(id.Coupon, k.ID), k.Rev)
		}
		watched, err := tx.Members().Get([]id.ID{w.watched})
		if err != nil {
			return err
		}
		for _, m := range watched {
			fmt.Fprintf(&b, " member@%d", m.Rev)
		}
		audit, err := tx.Audit().List(store.AuditFilter{Limit: 1})
		if err != nil {
			return err
		}
		if len(audit) > 0 {
			fmt.Fprintf(&b, " audit %s", id.Format(id.Audit, audit[0].ID))
		}
		keys, err := tx.Keys().List(store.Filter{Limit: 500, Archived: true})
		fmt.Fprintf(&b, " keys %d", len(keys))
		return err
	})
	if err != nil {
		w.TB.Fatal(err)
	}
	return b.String()
}

var _ = time.Second
