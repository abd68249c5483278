package api

import (
	"strings"
	"testing"
	"time"

	"quan/internal/domain/link"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// A stranger sees the offer, signs in, claims with one tap, and sees it claimed; the
// link's funnel agrees with the coupons.
func TestPhonePage(t *testing.T) {
	w := newStage(t)
	const number = "13900000001"
	tpl := w.published(func(b *createTemplateBody) {
		b.Draft.Claim.Limits = b.Draft.Claim.Limits[:1]
		b.Draft.Claim.Limits[0].Cap = 2
	})
	place := w.ok(201, "POST", "/v1/placements", map[string]any{"market": "main", "template": tpl, "name": "page", "channel": "h5", "open": true}).text("id")
	made := w.ok(201, "POST", "/v1/links", map[string]any{"placement": place, "name": "Poster", "channel": "street"})
	code := made.text("code")
	if made.text("path") != "/p/"+code || link.CheckCode(code, "") != nil {
		t.Errorf("link: %s", made.body)
	}
	show := func(headers ...string) answer {
		return w.ok(200, "GET", "/v1/pages/"+code+"?view=true", nil, headers...)
	}
	stranger := []string{"Authorization: "}
	a := show("Authorization: ", "Accept-Language: zh-CN")
	if a.text("state") != "open" || a.text("card") == "" || a.text("sentences", 0, "text") == "" || a.text("theme") != "plain" || a.text("member") != "" || a.text("sign_in", 0) != "sms" {
		t.Errorf("a stranger sees: %s", a.body)
	}
	w.refused(fault.Unauthenticated, "", "POST", "/v1/pages/"+code+"/claims", map[string]any{}, stranger...)
	w.ok(200, "POST", "/v1/visits/codes", map[string]any{"phone": number}, stranger...)
	in := w.ok(201, "POST", "/v1/visits", map[string]any{"phone": number, "code": w.texts["+86"+number], "link": code}, stranger...)
	cookie, _, _ := strings.Cut(in.header.Get("Set-Cookie"), ";")
	page := []string{"Authorization: ", "Cookie: " + cookie, "Quan-Member-Token: session"}
	if a := show(page...); a.text("state") != "open" || a.text("member") == "" {
		t.Errorf("a member sees: %s", a.body)
	}
	first := w.ok(201, "POST", "/v1/pages/"+code+"/claims", map[string]any{}, append(page, "Idempotency-Key: one")...)
	again := w.ok(201, "POST", "/v1/pages/"+code+"/claims", map[string]any{}, append(page, "Idempotency-Key: one")...)
	coupon := first.text("coupons", 0, "id")
	if again.text("coupons", 0, "id") != coupon || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("again: %s", again.body)
	}
	w.ok(201, "POST", "/v1/pages/"+code+"/claims", map[string]any{}, page...)
	w.refused(fault.SoldOut, "", "POST", "/v1/pages/"+code+"/claims", map[string]any{}, page...)
	if a := show(page...); a.text("state") != "claimed" || a.text("claimed", 1, "id") != coupon || a.text("reason", "code") != "sold_out" {
		t.Errorf("afterwards: %s", a.body)
	}
	if a := show(stranger...); a.text("state") != "sold_out" {
		t.Errorf("others: %s", a.body)
	}
	wallet := w.ok(200, "GET", "/v1/wallet", nil, append(page, "Accept-Language: zh-TW")...)
	if wallet.text("items", 1, "id") != coupon || wallet.text("items", 0, "name") == "" || wallet.text("items", 0, "sentences", 0, "text") == "" || wallet.text("items", 2, "id") != "" {
		t.Errorf("wallet: %s", wallet.body)
	}
	w.Must(w.Store.Update(background, store.Admin, func(tx store.Tx) error { return tx.Links().AddDays(w.Traffic.Take()) }))
	if f := w.ok(200, "GET", "/v1/links/"+made.text("id")+"/funnel", nil); f.text("views") != "4" || f.text("sign_ins") != "1" || f.text("claims") != "2" || f.text("coupons") != "2" || f.text("used") != "0" {
		t.Errorf("funnel: %s", f.body)
	}
	sites := map[string]any{"name": "Poster", "channel": "street", "sites": []string{"https://shop.example.com"}}
	if a := w.ok(200, "PUT", "/v1/links/"+made.text("id"), sites, `If-Match: "1"`); a.text("sites", 0) != "https://shop.example.com" || a.text("code") != code {
		t.Errorf("changed: %s", a.body)
	}
	sites["sites"] = []string{"https://a.example", "https://*.example"}
	w.refused(fault.InvalidValue, "/sites/1", "PUT", "/v1/links/"+made.text("id"), sites, `If-Match: "2"`)
	w.refused(fault.Absent, "", "GET", "/v1/pages/none-such", nil, stranger...)
	w.refused(fault.Absent, "", "GET", "/v1/pages/UPPER", nil, stranger...)
	w.ok(200, "DELETE", "/v1/links/"+made.text("id"), nil, `If-Match: "2"`)
	w.refused(fault.Absent, "", "GET", "/v1/pages/"+code, nil, stranger...)
}

// The page counts down to what is coming, and says when it is over.
func TestPhonePageStates(t *testing.T) {
	w := newStage(t)
	opens := w.Clock().Add(time.Hour)
	states := func(change func(*createTemplateBody), placement map[string]any) answer {
		t.Helper()
		body := map[string]any{"market": "main", "template": w.published(change), "name": "page", "channel": "h5", "open": true}
		for k, v := range placement {
			body[k] = v
		}
		l := w.ok(201, "POST", "/v1/links", map[string]any{"placement": w.ok(201, "POST", "/v1/placements", body).text("id"), "name": "x"})
		return w.ok(200, "GET", "/v1/pages/"+l.text("code"), nil, "Authorization: ")
	}
	plain := func(*createTemplateBody) {}
	for name, c := range map[string]struct {
		a          answer
		state, why string
		when       bool
	}{
		"window not begun":    {states(func(b *createTemplateBody) { b.Draft.Claim.Window.From = opens }, nil), "before", "claim_not_started", true},
		"window over":         {states(func(b *createTemplateBody) { b.Draft.Claim.Window.To = w.Clock() }, nil), "ended", "claim_ended", false},
		"placement not begun": {states(plain, map[string]any{"from": opens.Time().Format(time.RFC3339)}), "before", "placement_closed", true},
		"placement closed":    {states(plain, map[string]any{"open": false}), "paused", "placement_closed", false},
		"open":                {states(plain, nil), "open", "", false},
	} {
		if c.a.text("state") != c.state || c.a.text("reason", "code") != c.why || (c.a.text("opens_at") != "") != c.when {
			t.Errorf("%s: %s", name, c.a.body)
		}
	}
}

// A design is a draft until it is published.
func TestDesign(t *testing.T) {
	w := newStage(t)
	at := "/v1/placements/" + w.placement + "/page"
	title := func() string {
		w.Helper()
		return w.ok(200, "GET", "/v1/pages/poster", nil, "Authorization: ", "Accept-Language: en").text("text", "title")
	}
	body := map[string]any{"theme": "festive", "colour": "#c8102e", "picture": w.picture, "texts": map[string]any{"zh-CN": map[string]any{"title": "领券"}}}
	w.ok(200, "PUT", at, body, `If-Match: "1"`)
	if got := title(); got != "" {
		t.Errorf("a draft is seen: %s", got)
	}
	w.ok(200, "POST", at+"/publish", nil, `If-Match: "2"`)
	if got := title(); got != "领券" {
		t.Errorf("published: %q", got)
	}
	w.refused(fault.IfMatchMissing, "header:If-Match", "PUT", at, body)
	w.refused(fault.StaleRevision, "header:If-Match", "POST", at+"/publish", nil, `If-Match: "2"`)
	body["picture"] = strings.Repeat("0", 64)
	w.refused(fault.UnknownReference, "/picture", "PUT", at, body, `If-Match: "3"`)
	body["picture"], body["colour"] = "", "red"
	w.refused(fault.InvalidValue, "/colour", "PUT", at, body, `If-Match: "3"`)
	shown := w.send("GET", "/v1/pictures/"+w.picture, nil, "Authorization: ")
	if shown.status != 200 || shown.header.Get("Content-Type") != "image/jpeg" || !strings.Contains(shown.header.Get("Cache-Control"), "immutable") {
		t.Errorf("picture: %d %v", shown.status, shown.header)
	}
	w.refused(fault.InvalidValue, "/data", "POST", "/v1/pictures", map[string]any{"data": "PHN2Zz4="})
	w.refused(fault.InvalidValue, "/data", "POST", "/v1/pictures", map[string]any{"data": "%%%"})
	svg := w.send("GET", "/v1/links/"+w.short+"/qr", nil)
	if svg.header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(string(svg.body), "<svg ") {
		t.Errorf("QR: %v %.100s", svg.header, svg.body)
	}
}

// A link to a template brings its placement; lists tell where links lead, and what
// became of all of them at once.
func TestLinksOfTemplates(t *testing.T) {
	w := newStage(t)
	tpl := w.published(func(*createTemplateBody) {})
	made := w.ok(201, "POST", "/v1/links", map[string]any{"template": tpl, "name": "Poster"})
	place := w.ok(200, "GET", "/v1/placements/"+made.text("placement"), nil)
	if place.text("template") != tpl || place.text("name") != "Poster" || place.text("channel") != "h5" || place.text("open") != "true" {
		t.Errorf("placement: %s", place.body)
	}
	w.ok(200, "GET", "/v1/pages/"+made.text("code")+"?view=true", nil, "Authorization: ")
	w.Must(w.Store.Update(background, store.Admin, func(tx store.Tx) error { return tx.Links().AddDays(w.Traffic.Take()) }))
	all := "/v1/links?placement=" + made.text("placement")
	if a := w.ok(200, "GET", all+"&figures=true", nil); a.text("items", 0, "placement_name") != "Poster" || a.text("items", 0, "figures", "views") != "1" || a.text("items", 0, "figures", "claims") != "0" {
		t.Errorf("with figures: %s", a.body)
	}
	if a := w.ok(200, "GET", all, nil); a.text("items", 0, "id") != made.text("id") || a.text("items", 0, "figures", "views") != "" {
		t.Errorf("without figures: %s", a.body)
	}
	w.refused(fault.MissingValue, "/placement", "POST", "/v1/links", map[string]any{"name": "x"})
	w.refused(fault.Conflicting, "/template", "POST", "/v1/links", map[string]any{"name": "x", "template": tpl, "placement": made.text("placement")})
}
