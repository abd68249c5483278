package api

import (
	"strings"
	"testing"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/fault"
)

// scenario is a request that is refused, and changes nothing.
type scenario struct {
	name    string
	method  string
	path    string
	body    any
	code    fault.Code
	pointer string
	headers []string
}

func (w *stage) play(t *testing.T, scenarios []scenario) {
	t.Helper()
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			w.TB = t
			before := w.fingerprint()
			w.refused(s.code, s.pointer, s.method, s.path, s.body, s.headers...)
			if after := w.fingerprint(); after != before {
				t.Errorf("something changed:\n- %s\n+ %s", before, after)
			}
		})
	}
}

// edit is a template body with one field of its draft replaced.
func edit(path string, value any) map[string]any {
	return map[string]any{"market": "main", "internal_name": "x", "customer_name": map[string]any{"en": "x"}, "issuer": map[string]any{"kind": "platform"},
		"draft": replaced(draftBody(), strings.Split(path, "/"), value)}
}

func draftBody() map[string]any {
	return map[string]any{
		"terms": map[string]any{"kind": "amount_off", "amount_minor": 500, "threshold_minor": 2000, "uses_per_coupon": 1,
			"validity": map[string]any{"kind": "days", "days": 7}, "funders": []any{map[string]any{"kind": "platform", "code": "platform", "share_bps": 10000}}},
		"claim": map[string]any{"limits": []any{map[string]any{"what": "issue_count", "period": "ever", "per": "template", "cap": 10}}},
	}
}

func replaced(m map[string]any, path []string, value any) map[string]any {
	if len(path) == 1 {
		m[path[0]] = value
		return m
	}
	child, _ := m[path[0]].(map[string]any)
	if child == nil {
		child = map[string]any{}
	}
	m[path[0]] = replaced(child, path[1:], value)
	return m
}

// TestTemplateCases: amounts and times that make no template.
func TestTemplateCases(t *testing.T) {
	w := newStage(t)
	const post, path = "POST", "/v1/templates"
	var list []scenario
	add := func(name, at string, value any, code fault.Code) {
		list = append(list, scenario{name, post, path, edit(at, value), code, "/draft/" + at, nil})
	}
	add("negative amount", "terms/amount_minor", -1, fault.OutOfRange)
	add("text amount", "terms/amount_minor", "5", fault.InvalidValue)
	add("amount with a point", "terms/amount_minor", 0.5, fault.InvalidValue)
	add("amount over the bound", "terms/amount_minor", int64(1_000_000_000_000_001), fault.OutOfRange)
	add("percent over 100", "terms/discount_bps", 10_001, fault.OutOfRange)
	add("unknown kind", "terms/kind", "free_money", fault.InvalidValue)
	add("unknown base", "terms/stacking/base", "after", fault.InvalidValue)
	add("long group", "terms/stacking/group", strings.Repeat("g", 129), fault.TooLong)
	add("no uses", "terms/uses_per_coupon", 0, fault.OutOfRange)
	add("30 February", "claim/window/from", "2026-02-30T00:00:00Z", fault.InvalidValue)
	add("hour 24", "claim/window/from", "2026-03-02T24:00:00Z", fault.InvalidValue)
	add("no zone", "claim/window/from", "2026-03-02T10:00:00", fault.InvalidValue)
	add("epoch seconds", "claim/window/from", 1772416800, fault.InvalidValue)
	add("year 0", "claim/window/from", "0000-01-01T00:00:00Z", fault.InvalidValue)
	add("a million days", "terms/validity/days", 1_000_000, fault.OutOfRange)
	add("unknown field", "terms/face_value", 1, fault.UnknownField)
	w.play(t, list)
	w.TB = t
	for name, at := range map[string][2]any{
		"end before start": {"claim/window", map[string]any{"from": "2026-03-02T10:00:00Z", "to": "2026-03-02T09:00:00Z"}},
		"end is start":     {"claim/window", map[string]any{"from": "2026-03-02T10:00:00Z", "to": "2026-03-02T10:00:00Z"}},
		"no days":          {"terms/validity/days", 0},
		"shares of 99 %":   {"terms/funders", []any{map[string]any{"kind": "platform", "code": "platform", "share_bps": 9900}}},
		"amount 0":         {"terms/amount_minor", 0},
	} {
		// What the schema can't say is told when the draft is made or published.
		made := w.send("POST", path, edit(at[0].(string), at[1]))
		if made.status == 201 {
			made = w.send("POST", path+"/"+made.text("id")+"/publish", nil, "If-Match: "+made.header.Get("ETag"))
		}
		if made.status != 400 || !strings.HasPrefix(made.at(), "/draft/") {
			t.Errorf("%s: %d %s", name, made.status, made.body)
		}
	}
}

// TestClaimCases: who may not claim what, and when.
func TestClaimCases(t *testing.T) {
	w := newStage(t)
	claim := func(template string, change ...any) map[string]any {
		c := claimOf(template, phone)
		for i := 0; i < len(change); i += 2 {
			c[change[i].(string)] = change[i+1]
		}
		return c
	}
	stopped := w.published()
	w.ok(200, "PUT", "/v1/templates/"+stopped+"/switches", map[string]any{"claiming": false})
	ended := w.published(func(b *createTemplateBody) {
		b.Draft.Claim.Window.From = w.Clock().Add(-2 * time.Hour)
		b.Draft.Claim.Window.To = w.Clock()
	})
	early := w.published(func(b *createTemplateBody) { b.Draft.Claim.Window.From = w.Clock() + 1 })
	between := w.published(func(b *createTemplateBody) {
		minute := schedule.Clock(w.Clock().Time().In(w.Market.Location()).Hour()*60) + 60
		b.Draft.Claim.Sessions = &schedule.Sessions{Every: schedule.EveryDay, Hours: []schedule.TimeRange{{From: minute, To: minute + 30}}}
	})
	placed := w.published(func(b *createTemplateBody) { b.Draft.Claim.Place.Cities = []string{"beijing"} })
	one := w.published(func(b *createTemplateBody) { b.Draft.Claim.Limits[0].Cap = 1 })
	w.web.member("13800000009")
	w.claimed(one, "13800000009")
	blocked := "13800000008"
	w.web.member(blocked)
	w.ok(200, "PUT", "/v1/members/phone/"+blocked+"/block", map[string]any{"blocked": true, "reason": "test"})
	const post, path = "POST", "/v1/claims"
	w.play(t, []scenario{
		{"unknown template", post, path, claim("tpl_0rejhy9xg8701"), fault.Absent, "/template", nil},
		{"id of another kind", post, path, claim(w.placement), fault.InvalidValue, "/template", nil},
		{"upper case", post, path, claim(strings.ToUpper(w.template)), fault.InvalidValue, "/template", nil},
		{"line break after the id", post, path, claim(w.template + "\n"), fault.TooLong, "/template", nil},
		{"draft", post, path, claim(w.draft), fault.TemplateNotPublished, "", nil},
		{"claiming stopped", post, path, claim(stopped), fault.ClaimingStopped, "", nil},
		{"window ended this very moment", post, path, claim(ended), fault.ClaimEnded, "", nil},
		{"window not begun", post, path, claim(early), fault.ClaimNotStarted, "", nil},
		{"between two sessions", post, path, claim(between), fault.ClaimClosed, "", nil},
		{"another city", post, path, claim(placed), fault.CityNotAllowed, "", nil},
		{"sold out", post, path, claim(one), fault.SoldOut, "", nil},
		{"blocked member", post, path, claimOf(w.template, blocked), fault.MemberBlocked, "", nil},
		{"unknown member", post, path, claimOf(w.template, "13811111111"), fault.MemberUnknown, "/member", nil},
		{"no member", post, path, map[string]any{"template": w.template}, fault.MissingValue, "/member", nil},
		{"empty member", post, path, claim(w.template, "member", map[string]any{}), fault.MissingValue, "/member/kind", nil},
		{"member named twice", post, path, claim(w.template, "member", map[string]any{"id": w.member, "kind": "phone", "value": phone}), fault.Conflicting, "/member/id", nil},
		{"unknown placement", post, path, claim(w.template, "placement", "plc_0rejhy9xg8701"), fault.UnknownReference, "/placement", nil},
		{"mass assignment", post, path, claim(w.template, "discount_minor", 1), fault.UnknownField, "/discount_minor", nil},
		{"no key", post, path, claim(w.template), fault.MissingKey, "header:Idempotency-Key", []string{"Idempotency-Key: "}},
	})
}

// TestUseCases: locks, redemptions, releases, refunds that are refused.
func TestUseCases(t *testing.T) {
	w := newStage(t)
	const post = "POST"
	cart := func(lines ...any) map[string]any {
		c := w.cart()
		c["lines"] = lines
		return c
	}
	line := func(quantity, unit any) any {
		return map[string]any{"sku": "apple", "category": "fresh/fruit", "quantity": quantity, "unit_minor": unit}
	}
	use := func(change ...any) map[string]any {
		u := w.use("U-1", w.coupon)
		for i := 0; i < len(change); i += 2 {
			u[change[i].(string)] = change[i+1]
		}
		return u
	}
	w.web.member("13800000005")
	w.play(t, []scenario{
		{"1 minor unit below the threshold", post, "/v1/redemptions", use("cart", cart(line(1, 1999))), fault.ThresholdNotMet, "/coupons/0", nil},
		{"no units", post, "/v1/redemptions", use("cart", cart(line(0, 100))), fault.OutOfRange, "/cart/lines/0/quantity", nil},
		{"negative price", post, "/v1/redemptions", use("cart", cart(line(1, -1))), fault.OutOfRange, "/cart/lines/0/unit_minor", nil},
		{"exponent", post, "/v1/redemptions", `{"order":{"source":"s","ref":"r"},"cart":{"lines":[{"quantity":1e2,"unit_minor":1}]}}`, fault.InvalidValue, "/cart/lines/0/quantity", nil},
		{"overflow", post, "/v1/redemptions", use("cart", cart(line(1_000_000, int64(1_000_000_000_000_000)))), fault.OutOfRange, "/cart/lines/0/unit_minor", nil},
		{"too many lines", post, "/v1/redemptions", use("cart", cart(make([]any, 10_001)...)), fault.OutOfRange, "/cart/lines", nil},
		{"coupon twice", post, "/v1/redemptions", use("coupons", []any{w.coupon, w.coupon}), fault.DuplicateValue, "/coupons/1", nil},
		{"another member's coupon", post, "/v1/redemptions", use("member", map[string]any{"kind": "phone", "value": "13800000005"}), fault.CouponUnknown, "/coupons/0", nil},
		{"unknown coupon", post, "/v1/redemptions", use("coupons", []any{"cpn_0rejhy9xg8701"}), fault.CouponUnknown, "/coupons/0", nil},
		{"unknown market", post, "/v1/redemptions", use("market", "mars"), fault.UnknownReference, "/market", nil},
		{"no lock, no coupons", post, "/v1/redemptions", map[string]any{"order": orderNamed("none")}, fault.LockNotFound, "/order", nil},
		{"cart differs from the lock", post, "/v1/redemptions", map[string]any{"order": orderNamed("L-1"), "cart": cart(line(3, 1500))}, fault.CartChanged, "/cart", nil},
		{"release of no lock", post, "/v1/releases", map[string]any{"order": orderNamed("none")}, fault.LockNotFound, "/order", nil},
		{"redeemed order with another cart", post, "/v1/redemptions", func() any { u := w.use("R-1", w.coupon); u["cart"] = cart(line(5, 1500)); return u }(), fault.OrderDiffers, "/order", nil},
		{"refund of no order", post, "/v1/refunds", map[string]any{"order": orderNamed("none"), "refund": "x", "full": true}, fault.OrderUnknown, "/order", nil},
		{"refund of nothing", post, "/v1/refunds", map[string]any{"order": orderNamed("R-1"), "refund": "x"}, fault.MissingValue, "/lines", nil},
		{"refund of all and of lines", post, "/v1/refunds", map[string]any{"order": orderNamed("R-1"), "refund": "x", "full": true, "lines": []any{map[string]any{"line": 0, "quantity": 1}}}, fault.Conflicting, "/full", nil},
	})
	w.TB = t
	for name, lines := range map[string][]any{"more than sold": {map[string]any{"line": 0, "quantity": 3}}, "no such line": {map[string]any{"line": 7, "quantity": 1}}} {
		before := w.fingerprint()
		a := w.send(post, "/v1/refunds", map[string]any{"order": orderNamed("R-1"), "refund": name, "lines": lines})
		if a.status < 400 || a.status >= 500 || w.fingerprint() != before {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// TestScope: what lies outside a key's merchants and stores does not exist for it.
func TestScope(t *testing.T) {
	w := newStage(t)
	w.ok(201, "PUT", "/v1/merchants/red", map[string]any{"name": "Red"})
	key := "Authorization: Bearer " + w.makeKey(access.KindServer, nil, access.Scope{Merchants: []string{"red"}})
	w.ok(200, "GET", "/v1/merchants/red", nil, key)
	w.refused(fault.Absent, "", "GET", "/v1/merchants/green", nil, key)
	w.refused(fault.Absent, "", "GET", "/v1/stores/nanjing-road", nil, key)
	if n := len(w.ok(200, "GET", "/v1/merchants", nil, key).json["items"].([]any)); n != 1 {
		t.Errorf("%d merchants listed", n)
	}
	if a := w.send("PUT", "/v1/merchants/green", map[string]any{"name": "mine"}, key, `If-Match: "1"`); a.status != 404 {
		t.Errorf("changing another merchant: %d %s", a.status, a.body)
	}
}

// TestBatch: each element has its own fate, and a repetition the same ones.
func TestBatch(t *testing.T) {
	w := newStage(t)
	w.web.member("13800000005")
	body := map[string]any{"claims": []any{claimOf(w.template, phone), claimOf(w.template, "13999999999"), claimOf("tpl_0rejhy9xg8701", phone), claimOf(w.template, "13800000005")}}
	a := w.ok(200, "POST", "/v1/claims/batch", body, "Idempotency-Key: batch")
	if a.text("issued") != "2" || a.text("items", 0, "receipt", "coupons", 0, "id") == "" ||
		a.text("items", 1, "problem", "code") != "member_not_found" || a.text("items", 1, "problem", "pointer") != "/claims/1/member" ||
		a.text("items", 2, "problem", "code") != "not_found" || a.text("items", 2, "problem", "pointer") != "/claims/2/template" {
		t.Errorf("%s", a.body)
	}
	before := w.fingerprint()
	again := w.ok(200, "POST", "/v1/claims/batch", body, "Idempotency-Key: batch")
	if again.text("items", 3, "receipt", "coupons", 0, "id") != a.text("items", 3, "receipt", "coupons", 0, "id") || again.text("items", 3, "replayed") != "true" || w.fingerprint() != before {
		t.Errorf("again: %s", again.body)
	}
	w.refused(fault.OutOfRange, "/claims", "POST", "/v1/claims/batch", map[string]any{"claims": make([]any, 257)})
	w.refused(fault.MissingValue, "/claims", "POST", "/v1/claims/batch", map[string]any{"claims": []any{}})
}

// TestKeyScope: a key counts for one route, and spaces or the order of fields
// make no other body.
func TestKeyScope(t *testing.T) {
	w := newStage(t)
	const key = "Idempotency-Key: same"
	first := w.ok(201, "POST", "/v1/claims", `{"template":"`+w.template+`","member":{"kind":"phone","value":"`+phone+`"},"channel":"app"}`, key)
	again := w.ok(201, "POST", "/v1/claims", `{ "channel" : "app", "member":{"value":"`+phone+`","kind":"phone"}, "template":"`+w.template+`" }`, key)
	if again.header.Get("Idempotency-Replayed") != "true" || string(first.body) != string(again.body) {
		t.Errorf("again: %s", again.body)
	}
	w.refused(fault.KeyReusedBody, "header:Idempotency-Key", "POST", "/v1/grants", map[string]any{"templates": []any{w.template}, "member": w.buyer()}, key)
}
