package load

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Works are what can be asked, by name.
var Works = []string{"claims", "grant", "redeem", "codes", "quote"}

// Preparation says what is made before a run.
type Preparation struct {
	Name     string // of these, unique: it is in the names and keys of everything that is made
	Members  int64
	Prepared int64 // coupons to redeem, or codes to enter
	Progress func(what string, done, total int64)
}

// mostPreparation bounds one part of the preparation.
const mostPreparation = 10 * time.Minute

// slice is how many grants one request of the preparation has.
const slice = 256

// lines are those of a cart in a quote or redemption.
const lines = 5

// Prepare makes what a work needs through the API, and returns the work.
func (t *Target) Prepare(ctx context.Context, work string, p Preparation) (Work, error) {
	if p.Progress == nil {
		p.Progress = func(string, int64, int64) {}
	}
	m := &maker{Target: t, Preparation: p}
	prepare, ok := map[string]func(context.Context) (Work, error){"claims": m.claims, "grant": m.grants, "redeem": m.redemptions,
		"codes": m.codes, "quote": m.quotes}[work]
	if !ok {
		return Work{}, fmt.Errorf("load: there is no work %q", work)
	}
	if err := m.members(ctx); err != nil {
		return Work{}, err
	}
	w, err := prepare(ctx)
	w.Name = work
	return w, err
}

// maker makes what a work needs.
type maker struct {
	*Target
	Preparation
	templates int
}

func (m *maker) member(n int64) string {
	return fmt.Sprintf(`{"kind":"external","value":"%s-%d"}`, m.Name, n%m.Members)
}

func (m *maker) key(what string, n int64) string {
	return m.Name + "-" + what + "-" + strconv.FormatInt(n, 10)
}

// members makes them over many connections: there is no request for several.
func (m *maker) members(ctx context.Context) error {
	w := Work{Name: "members", Most: m.Members, Request: func(n int64) Request {
		return Request{Method: "PUT", Path: fmt.Sprintf("/v1/members/external/%s-%d", m.Name, n), Body: "{}"}
	}}
	return m.all(ctx, w)
}

// all does a work of the preparation, under keys that let it be done again: requests
// that an overloaded server refused are.
func (m *maker) all(ctx context.Context, w Work) error {
	var r *Result
	for range 5 {
		r = m.Run(ctx, w, Plan{Duration: mostPreparation, Connections: 16, Progress: func(done, _ int64) { m.Progress(w.Name, done, w.Most) }})
		if r.Done == w.Most || ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return fmt.Errorf("load: of %d %s %d were made; refused: %v", w.Most, w.Name, r.Done, r.Codes)
}

// template publishes one: so much off, limits on the template and on each member,
// so that the counters of a real campaign are taken.
func (m *maker) template(ctx context.Context, minor int) (string, error) {
	m.templates++
	var made struct{ ID string }
	err := m.call(ctx, Request{Method: "POST", Path: "/v1/templates", Key: m.key("template", int64(m.templates)),
		Body: fmt.Sprintf(`{"market":"main","internal_name":"%s","customer_name":{"en":"load test"},"issuer":{"kind":"platform"},"draft":{
"terms":{"kind":"no_threshold","amount_minor":%d,"uses_per_coupon":1,"validity":{"kind":"days","days":7},"funders":[{"kind":"platform","code":"platform","share_bps":10000}]},
"claim":{"limits":[{"what":"issue_count","period":"ever","per":"template","cap":1000000000},{"what":"issue_count","period":"ever","per":"member","cap":1000000}]}}}`, m.Name, minor)}, &made)
	if err == nil {
		err = m.call(ctx, Request{Method: "POST", Path: "/v1/templates/" + made.ID + "/publish", Header: [2]string{"If-Match", `"1"`}}, nil)
	}
	return made.ID, err
}

func (m *maker) claims(ctx context.Context) (Work, error) {
	template, err := m.template(ctx, 500)
	return Work{Request: func(n int64) Request {
		return Request{Method: "POST", Path: "/v1/claims", Key: m.key("claim", n),
			Body: fmt.Sprintf(`{"template":%q,"member":%s,"channel":"app","city":"shanghai"}`, template, m.member(n))}
	}}, err
}

func (m *maker) grants(ctx context.Context) (Work, error) {
	template, err := m.template(ctx, 500)
	return Work{Request: func(n int64) Request {
		return Request{Method: "POST", Path: "/v1/grants", Key: m.key("grant", n), Body: m.grant(n, template)}
	}}, err
}

func (m *maker) grant(n int64, template string) string {
	return fmt.Sprintf(`{"templates":[%q],"member":%s,"channel":"app","city":"shanghai"}`, template, m.member(n))
}

// redemptions use a coupon each, which is made before.
func (m *maker) redemptions(ctx context.Context) (Work, error) {
	template, err := m.template(ctx, 500)
	if err != nil {
		return Work{}, err
	}
	coupons := make([]string, 0, m.Prepared)
	for from := int64(0); from < m.Prepared; from += slice {
		var grants []string
		for n := from; n < min(from+slice, m.Prepared); n++ {
			grants = append(grants, m.grant(n, template))
		}
		var made struct {
			Items []struct {
				Receipt struct{ Coupons []struct{ ID string } }
			}
		}
		if err := m.call(ctx, Request{Method: "POST", Path: "/v1/grants/batch", Key: m.key("coupons", from), Body: `{"grants":[` + strings.Join(grants, ",") + `]}`}, &made); err != nil {
			return Work{}, err
		}
		for _, i := range made.Items {
			if len(i.Receipt.Coupons) != 1 {
				return Work{}, errors.New("load: a coupon for the run was refused")
			}
			coupons = append(coupons, i.Receipt.Coupons[0].ID)
		}
		m.Progress("coupons", int64(len(coupons)), m.Prepared)
	}
	return Work{Most: m.Prepared, Request: func(n int64) Request {
		return Request{Method: "POST", Path: "/v1/redemptions", Key: m.key("redeem", n),
			Body: fmt.Sprintf(`{"order":{"source":%q,"ref":"%d"},"member":%s,"cart":%s,"coupons":[%q]}`, m.Name, n, m.member(n), cart, coupons[n])}
	}}, nil
}

// codes are entered once each; they are made, and fetched, before.
func (m *maker) codes(ctx context.Context) (Work, error) {
	template, err := m.template(ctx, 500)
	if err != nil {
		return Work{}, err
	}
	var batch struct{ ID string }
	err = m.call(ctx, Request{Method: "POST", Path: "/v1/code-batches", Key: m.key("codes", 0),
		Body: fmt.Sprintf(`{"market":"main","template":%q,"name":%q,"kind":"generated","size":%d}`, template, m.Name, m.Prepared)}, &batch)
	if err != nil {
		return Work{}, err
	}
	codes := make([]string, 0, m.Prepared)
	const page = 100_000
	for from := int64(1); from <= m.Prepared; from += page {
		var text verbatim
		if err := m.call(ctx, Request{Method: "GET", Path: fmt.Sprintf("/v1/code-batches/%s/export?from=%d&limit=%d", batch.ID, from, page)}, &text); err != nil {
			return Work{}, err
		}
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil || len(rows) < 2 {
			return Work{}, fmt.Errorf("load: the codes of the run can't be read: %w", err)
		}
		for _, row := range rows[1:] {
			codes = append(codes, row[1])
		}
		m.Progress("codes", int64(len(codes)), m.Prepared)
	}
	return Work{Most: int64(len(codes)), Request: func(n int64) Request {
		return Request{Method: "POST", Path: "/v1/codes/redeem", Key: m.key("code", n),
			Body: fmt.Sprintf(`{"code":%q,"member":%s,"channel":"app","city":"shanghai"}`, codes[n], m.member(n))}
	}}, nil
}

// quotes price a cart with the best of the five coupons that each member holds.
func (m *maker) quotes(ctx context.Context) (Work, error) {
	const held = 5
	var templates []string
	for n := range held {
		template, err := m.template(ctx, 100*(n+1))
		if err != nil {
			return Work{}, err
		}
		templates = append(templates, template)
	}
	w := Work{Name: "coupons", Most: held * m.Members, Request: func(n int64) Request {
		return Request{Method: "POST", Path: "/v1/grants", Key: m.key("held", n), Body: m.grant(n/held, templates[n%held])}
	}}
	return Work{Request: func(n int64) Request {
		return Request{Method: "POST", Path: "/v1/quotes", Body: fmt.Sprintf(`{"member":%s,"cart":%s}`, m.member(n), cart)}
	}}, m.all(ctx, w)
}

// cart has lines of the demo's kind of goods.
var cart = func() string {
	var text []string
	for n := range lines {
		text = append(text, fmt.Sprintf(`{"sku":"sku-%d","category":"fresh/vegetables","quantity":%d,"unit_minor":%d}`, n, n+1, 990+10*n))
	}
	return `{"channel":"app","city":"shanghai","lines":[` + strings.Join(text, ",") + `]}`
}()

// verbatim takes an answer that is no JSON.
type verbatim string
