package api

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"quan/internal/app"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/grant"
	jobs "quan/internal/domain/job"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// stage is a world with something of everything, so that each operation has a
// request that works.
type stage struct {
	*web
	template, draft, placement, member, coupon, withdrawn, clerk, gift, job, codes, pool, batch, pack, packDraft, plan, planDraft, packet, link, short, picture, sale, bulk, begun, budget string
	person, session                                                                                                                                                                        string // of somebody who signed in, once signIn was called
}

// base is a request that works once on a fresh stage.
type base struct {
	path    string
	body    any // nil for none
	headers []string
	row     string              // where the revision is read that the request is made against
	ready   func(*stage, *base) // what only this request needs of the stage
}

func (b base) bodyOrNil() any { return b.body }

func (b base) text() string {
	if b.body == nil {
		return `{"x":1}`
	}
	text, err := json.Marshal(b.body)
	if err != nil {
		panic(err)
	}
	return string(text)
}

const phone = "13800000001"

func newStage(tb testing.TB) *stage { return newStageOn(newWeb(tb)) }

func newStageOn(web *web) *stage {
	w := &stage{web: web}
	w.ok(201, "PUT", "/v1/merchants/green", map[string]any{"name": "Green"})
	w.ok(201, "PUT", "/v1/stores/nanjing-road", map[string]any{"name": "Nanjing Road", "merchant": "green", "city": "shanghai"})
	w.ok(201, "PUT", "/v1/items/apple", map[string]any{"name": "Apple", "category": "fresh/fruit", "price_minor": 1500, "market": "main"})
	w.ok(201, "PUT", "/v1/lists/vip", map[string]any{"name": "VIP"})
	w.ok(201, "PUT", "/v1/segments/vips", map[string]any{"name": "VIP", "tree": map[string]any{"type": "member_list", "in": []any{"vip"}}})
	w.ok(201, "PUT", "/v1/markets/main/days/2026-10-01", map[string]any{"names": []any{"statutory"}})
	w.ok(201, "PUT", "/v1/facts/weather", map[string]any{"value": "sun", "expires_at": "2027-01-01T00:00:00Z"})
	w.template = w.published(func(b *createTemplateBody) {
		for i := range b.Draft.Claim.Limits {
			b.Draft.Claim.Limits[i].Cap = 1_000_000
		}
	})
	w.draft = w.ok(201, "POST", "/v1/templates", templateExample()).text("id")
	w.placement = w.ok(201, "POST", "/v1/placements", map[string]any{"market": "main", "template": w.template, "name": "front", "channel": "app", "open": true}).text("id")
	w.short = w.ok(201, "POST", "/v1/links", map[string]any{"placement": w.placement, "code": "poster", "name": "Poster"}).text("id")
	w.picture = w.ok(200, "POST", "/v1/pictures", map[string]any{"data": picturePixel}).text("name")
	w.ok(201, "PUT", "/v1/placements/"+w.placement+"/page", map[string]any{"theme": "plain", "picture": w.picture})
	w.member = w.web.member(phone)
	w.watched, _ = id.Parse(id.Member, w.member)
	w.coupon = w.claimed(w.template, phone).text("coupons", 0, "id")
	w.withdrawn = w.claimed(w.template, phone).text("coupons", 0, "id")
	w.ok(200, "POST", "/v1/coupons/"+w.withdrawn+"/withdraw", map[string]any{"reason": "by mistake"})
	w.ok(201, "PUT", "/v1/desks/main", w.deskOf())
	w.clerk = w.ok(201, "POST", "/v1/keys", map[string]any{"name": "one", "kind": "clerk"}).text("id")
	w.ok(201, "POST", "/v1/locks", w.use("L-1", w.claimed(w.template, phone).text("coupons", 0, "id")))
	w.ok(201, "POST", "/v1/redemptions", w.use("R-1", w.claimed(w.template, phone).text("coupons", 0, "id")))
	w.gift = w.claimed(w.published(func(b *createTemplateBody) {
		b.Draft.Terms = coupon.Terms{Kind: coupon.KindGift, Gift: &coupon.Gift{SKU: "apple", Quantity: 1}, UsesPerCoupon: 1,
			Validity: b.Draft.Terms.Validity, Funders: b.Draft.Terms.Funders}
	}), phone).text("coupons", 0, "id")
	w.ok(201, "POST", "/v1/redemptions", w.use("G-1", w.gift))
	job := jobs.New(store.Job{ID: w.IDs.New(1), Kind: "demo", Key: "demo", Actor: "system:demo", Failures: []jobs.Failure{{Attempt: 1, At: w.Clock(), Error: "x"}}}, w.Clock())
	w.Must(w.Store.Update(background, store.Background, func(tx store.Tx) error { return tx.Jobs().Insert([]store.Job{job}) }))
	w.job = id.Format(id.Job, job.ID)
	bulk := func(p grant.Progress) string {
		spec := grant.Spec{Name: "n", Templates: []id.ID{parsed(w.template)}, Audience: grant.Everyone, Market: "main", Reason: "r"}
		j := jobs.New(store.Job{ID: w.IDs.New(1), Kind: issuing.GrantJob, State: jobs.Paused, Args: app.JSON(spec), Cursor: app.JSON(p)}, w.Clock())
		w.Must(w.Store.Update(background, store.Background, func(tx store.Tx) error {
			return errors.Join(tx.Jobs().Insert([]store.Job{j}), tx.Grants().Gives(j.ID, spec.Templates))
		}))
		return id.Format(id.Job, j.ID)
	}
	w.bulk, w.begun = bulk(grant.Progress{Phase: grant.Ready}), bulk(grant.Progress{Phase: grant.Issuing, Result: grant.Figures{Granted: 1}})
	w.codes = w.ok(201, "POST", "/v1/code-batches", w.codeBatch("generated", "size", 5, "format", map[string]any{"prefix": "SPRING", "group": 4})).text("id")
	w.ok(201, "POST", "/v1/code-batches", w.codeBatch("word", "size", 1_000_000, "word", "新春快乐"))
	w.pool = w.ok(201, "POST", "/v1/code-batches", w.codeBatch("imported")).text("id")
	stocked := w.published(func(b *createTemplateBody) { b.Draft.Claim.Limits = nil })
	w.batch = w.ok(201, "POST", "/v1/batches", map[string]any{"market": "main", "template": stocked, "name": "first", "size": 10, "open": false}).text("id")
	w.budget = w.ok(201, "POST", "/v1/budgets", budgetOf("spring")).text("id")
	w.packDraft = w.ok(201, "POST", "/v1/packs", w.packOf("draft")).text("id")
	w.pack = w.ok(201, "POST", "/v1/packs", w.packOf("one")).text("id")
	w.ok(200, "POST", "/v1/packs/"+w.pack+"/publish", nil, `If-Match: "1"`)
	w.planDraft = w.ok(201, "POST", "/v1/packet-plans", w.planOf("draft")).text("id")
	w.plan = w.ok(201, "POST", "/v1/packet-plans", w.planOf("one")).text("id")
	w.ok(200, "POST", "/v1/packet-plans/"+w.plan+"/publish", nil, `If-Match: "1"`)
	w.sale = w.published(func(*createTemplateBody) {})
	w.ok(200, "PUT", "/v1/templates/"+w.sale+"/waiting-room", map[string]any{"per_second": 50, "life_seconds": 60}, `If-Match: "2"`)
	sent := w.ok(201, "POST", "/v1/packets", map[string]any{"plan": w.plan, "member": w.buyer()})
	w.packet, w.link = sent.text("id"), sent.text("link")
	return w
}

// The person who signs in on a stage.
const (
	login    = "ada@example.com"
	password = "apples under the old bridge"
)

func personBody() map[string]any {
	return map[string]any{"login": login, "name": "Ada", "roles": []any{"administrator"}, "password": password}
}

// signIn makes the person and the session that a request is made with.
func (w *stage) signIn(b *base) {
	w.person = w.ok(201, "POST", "/v1/people", personBody()).text("id")
	in := w.ok(201, "POST", "/v1/sessions", map[string]any{"login": login, "password": password}, "Authorization: ")
	w.session = in.text("sessions", 0, "id")
	cookie, _, _ := strings.Cut(in.header.Get("Set-Cookie"), ";")
	b.headers = append(b.headers, "Authorization: ", "Cookie: "+cookie)
}

// toPerson makes the person whom a request names.
func (w *stage) toPerson(b *base) {
	w.person = w.ok(201, "POST", "/v1/people", personBody()).text("id")
	w.ok(201, "POST", "/v1/people", map[string]any{"login": "root", "name": "R", "roles": []any{"administrator"}, "password": password})
	b.path = strings.Replace(b.path, "{id}", w.person, 1)
	if b.row != "" {
		b.row = "/v1/people/" + w.person
	}
}

// budgetOf is a budget with a limit.
func budgetOf(name string) map[string]any {
	return map[string]any{"name": name, "market": "main", "limits": []any{map[string]any{"what": "liability", "period": "campaign", "per": "campaign", "cap": 100000, "alarms": []any{50, 100}}}}
}

// changed is a body of a change: without what can't.
func changed(b map[string]any) map[string]any {
	delete(b, "market")
	return b
}

// planOf is a plan of packets of three shares.
func (w *stage) planOf(name string) map[string]any {
	return map[string]any{"market": "main", "internal_name": name, "customer_name": map[string]any{"en": name}, "content": map[string]any{"template": w.template,
		"mode": "lucky", "shares": 3, "total_minor": 400, "life_hours": 24, "sharer_opens": true}}
}

// packOf is a pack of two coupons.
func (w *stage) packOf(name string) map[string]any {
	return map[string]any{"market": "main", "internal_name": name, "customer_name": map[string]any{"en": name}, "parts": []any{map[string]any{"template": w.template, "count": 2}}}
}

func (w *stage) operation(name string) *operation {
	for i := range w.server.operations {
		if w.server.operations[i].id == name {
			return &w.server.operations[i]
		}
	}
	return nil
}

func (w *stage) buyer() map[string]any { return map[string]any{"kind": "phone", "value": phone} }

// codeBatch is a batch of a kind, with these fields.
func (w *stage) codeBatch(kind string, fields ...any) map[string]any {
	b := map[string]any{"market": "main", "template": w.template, "kind": kind, "name": kind}
	for i := 0; i < len(fields); i += 2 {
		b[fields[i].(string)] = fields[i+1]
	}
	return b
}

func (w *stage) cart() map[string]any {
	return map[string]any{"lines": []any{map[string]any{"sku": "apple", "quantity": 2, "unit_minor": 1500}}, "channel": "app", "city": "shanghai", "store": "nanjing-road"}
}

// fullCart says everything that a cart can say.
func (w *stage) fullCart() map[string]any {
	c := w.cart()
	c["currency"], c["mode"], c["payment"], c["latitude"], c["longitude"] = "CNY", "self_run", "wechat", 31_230_416, 121_473_701
	c["facts"] = map[string]any{"weather": "rain"}
	c["lines"] = []any{map[string]any{"sku": "apple", "category": "fresh/fruit", "brand": "orchard", "merchant": "green", "quantity": 2, "unit_minor": 1500,
		"member_minor": 1400, "min_minor": 100, "no_coupons": false, "tax_bps": 900}, map[string]any{"shipping": "express", "quantity": 1, "unit_minor": 800}}
	return c
}

func orderNamed(ref string) map[string]any { return map[string]any{"source": "shop", "ref": ref} }

func (w *stage) use(ref, coupon string) map[string]any {
	return map[string]any{"market": "main", "order": orderNamed(ref), "member": w.buyer(), "cart": w.cart(), "coupons": []any{coupon}}
}

// bases is a request that works, for every operation.
func (w *stage) bases() map[string]base {
	const first = `If-Match: "1"`
	member, claim := "/v1/members/phone/"+phone, claimOf(w.template, phone)
	claim["placement"] = w.placement
	grant := map[string]any{"templates": []any{w.template}, "member": w.buyer(), "channel": "service"}
	item := map[string]any{"name": "Pear", "category": "fresh/fruit", "price_minor": 900, "market": "main"}
	names := templateExample().TemplateNames
	return map[string]base{
		"get-market": {path: "/v1/markets/main"}, "list-markets": {path: "/v1/markets?limit=2"}, "archive-market": {path: "/v1/markets/main", headers: []string{first}},
		"put-market":   {row: "/v1/markets/tw", path: "/v1/markets/tw", body: marketBodyExample()},
		"get-merchant": {path: "/v1/merchants/green"}, "list-merchants": {path: "/v1/merchants"}, "archive-merchant": {path: "/v1/merchants/green", headers: []string{first}},
		"put-merchant": {row: "/v1/merchants/green", path: "/v1/merchants/green", body: map[string]any{"name": "Greener"}},
		"get-store":    {path: "/v1/stores/nanjing-road"}, "list-stores": {path: "/v1/stores?merchant=green"}, "archive-store": {path: "/v1/stores/nanjing-road", headers: []string{first}},
		"put-store": {row: "/v1/stores/bund", path: "/v1/stores/bund", body: map[string]any{"name": "Bund", "merchant": "green", "city": "shanghai"}},
		"get-item":  {path: "/v1/items/apple"}, "list-items": {path: "/v1/items"}, "archive-item": {path: "/v1/items/apple", headers: []string{first}},
		"put-item":      {row: "/v1/items/pear", path: "/v1/items/pear", body: item},
		"put-merchants": {path: "/v1/merchants/batch", body: map[string]any{"merchants": []any{map[string]any{"code": "blue", "name": "Blue"}}}},
		"put-stores":    {path: "/v1/stores/batch", body: map[string]any{"stores": []any{map[string]any{"code": "pier", "name": "Pier", "merchant": "green"}}}},
		"read-table":    {path: "/v1/tables/read", body: map[string]any{"file": "YSxiCjEsMgo="}},
		"put-items":     {path: "/v1/items/batch", body: map[string]any{"items": []any{map[string]any{"sku": "plum", "name": "Plum", "price_minor": 1, "market": "main"}}}},

		"create-template": {path: "/v1/templates", body: freshTemplate()}, "list-templates": {path: "/v1/templates?status=draft"}, "get-template": {path: "/v1/templates/" + w.template},
		"update-template":     {row: "/v1/templates/" + w.draft, path: "/v1/templates/" + w.draft, body: names},
		"publish-template":    {row: "/v1/templates/" + w.draft, path: "/v1/templates/" + w.draft + "/publish"},
		"set-switches":        {path: "/v1/templates/" + w.template + "/switches", body: map[string]any{"claiming": true, "reason": "test"}},
		"set-waiting-room":    {row: "/v1/templates/" + w.template, path: "/v1/templates/" + w.template + "/waiting-room", body: map[string]any{"per_second": 100, "life_seconds": 30}},
		"remove-waiting-room": {row: "/v1/templates/" + w.sale, path: "/v1/templates/" + w.sale + "/waiting-room"},
		"take-place":          {path: "/v1/templates/" + w.sale + "/places", body: map[string]any{"member": w.buyer()}},
		"archive-template":    {path: "/v1/templates/" + w.draft + "/archive", headers: []string{first}},
		"list-versions":       {path: "/v1/templates/" + w.template + "/versions"}, "list-openings": {path: "/v1/templates/" + w.template + "/openings?count=2"},
		"explain-template": {path: "/v1/templates/" + w.template + "/explanation?version=1"},
		"create-placement": {path: "/v1/placements", body: map[string]any{"market": "main", "template": w.template, "name": "second", "channel": "app", "open": true, "cap": 5}},
		"list-placements":  {path: "/v1/placements?figures=true&template=" + w.template}, "get-placement": {path: "/v1/placements/" + w.placement},
		"update-placement":  {row: "/v1/placements/" + w.placement, path: "/v1/placements/" + w.placement, body: map[string]any{"name": "front", "channel": "app", "open": false}},
		"archive-placement": {path: "/v1/placements/" + w.placement, headers: []string{first}},

		"put-member": {row: "/v1/members/phone/13800000002", path: "/v1/members/phone/13800000002", body: map[string]any{"attributes": map[string]any{"city": "shanghai"}}}, "get-member": {path: member}, "list-members": {path: "/v1/members"},
		"set-facts": {path: "/v1/members/facts", body: map[string]any{"create": true, "members": []any{map[string]any{"member": w.buyer(), "attributes": map[string]any{"tier": "gold"}, "tags": []any{"student"}, "add_tags": []any{"vip"}, "remove_tags": []any{"old"}}}}},
		"get-list":  {path: "/v1/lists/vip"}, "list-lists": {path: "/v1/lists"}, "archive-list": {path: "/v1/lists/vip", headers: []string{first}}, "list-listed": {path: "/v1/lists/vip/members?limit=1"},
		"put-list":   {row: "/v1/lists/new", path: "/v1/lists/new", body: map[string]any{"name": "New"}},
		"add-listed": {path: "/v1/lists/vip/members", body: map[string]any{"members": []any{w.buyer()}}}, "remove-listed": {path: "/v1/lists/vip/members/remove", body: map[string]any{"members": []any{map[string]any{"id": w.member}}}},
		"put-day": {path: "/v1/markets/main/days/2026-10-02", body: map[string]any{"names": []any{"statutory"}}}, "list-days": {path: "/v1/markets/main/days"},
		"put-fact": {path: "/v1/facts/rain", body: map[string]any{"value": "no", "cities": map[string]any{"shanghai": "yes"}, "expires_at": "2027-01-01T00:00:00Z"}},
		"get-fact": {path: "/v1/facts/weather"}, "list-facts": {path: "/v1/facts"}, "list-conditions": {path: "/v1/conditions"}, "list-kinds": {path: "/v1/coupon-kinds"},
		"put-segment": {path: "/v1/segments/gold", body: map[string]any{"name": "Gold", "market": "main", "tree": map[string]any{"type": "member_tag", "in": []any{"student"}}}},
		"get-segment": {path: "/v1/segments/vips"}, "list-segments": {path: "/v1/segments"}, "archive-segment": {path: "/v1/segments/vips", headers: []string{first}},
		"find-members": {path: "/v1/members/find", body: map[string]any{"text": phone, "kind": "phone"}},
		"get-timeline": {path: member + "/timeline?parts=coupon,note"}, "add-note": {path: member + "/notes", body: map[string]any{"text": "called", "coupon": w.coupon}},
		"reissue-coupon":    {path: "/v1/coupons/" + w.withdrawn + "/reissue", body: map[string]any{"reason": "test"}},
		"extend-coupon":     {path: "/v1/coupons/" + w.coupon + "/extend", body: map[string]any{"to": w.later(10), "reason": "test"}},
		"compensate-member": {path: member + "/compensations", body: map[string]any{"template": w.template, "reason": "test"}},
		"explain-claim":     {path: member + "/why", body: map[string]any{"template": w.template, "placement": w.placement, "channel": "app", "city": "shanghai"}},
		"get-desk":          {path: "/v1/desks/main"}, "put-desk": {row: "/v1/desks/main", path: "/v1/desks/main", body: w.deskOf()},
		"count-saved-segment": {path: "/v1/segments/vips/count"},
		"read-several":        {path: "/v1/reads", body: map[string]any{"reads": []any{"/v1/markets/main", "/v1/templates?limit=1"}}},
		"count-segment":       {path: "/v1/segments/count", body: map[string]any{"market": "main", "tree": map[string]any{"type": "member_tag", "in": []any{"student"}}}},
		"add-identity":        {path: member + "/identities", body: map[string]any{"kind": "wechat", "value": "oX1a2b3c"}},
		"set-blocked":         {path: member + "/block", body: map[string]any{"blocked": false, "reason": "test"}},
		"mint-token":          {path: member + "/tokens", body: map[string]any{"ttl_seconds": 60}}, "get-wallet": {path: member + "/coupons"},

		"claim-coupon": {path: "/v1/claims", body: claim}, "grant-coupons": {path: "/v1/grants", body: grant},
		"claim-coupons": {path: "/v1/claims/batch", body: map[string]any{"claims": []any{claim}}}, "grant-many": {path: "/v1/grants/batch", body: map[string]any{"grants": []any{grant}}},
		"create-batch": {path: "/v1/batches", body: map[string]any{"code": "one", "market": "main", "template": w.draft, "name": "one", "size": 9, "budget_minor": 5000, "rank": 1,
			"validity": map[string]any{"kind": "days", "days": 3, "delay_hours": 2}, "from": "2026-03-01T00:00:00Z", "to": "2027-03-01T00:00:00Z", "reserved": true, "open": true}},
		"list-batches": {path: "/v1/batches?template=" + w.template}, "get-batch": {path: "/v1/batches/" + w.batch},
		"update-batch":   {row: "/v1/batches/" + w.batch, path: "/v1/batches/" + w.batch, body: map[string]any{"name": "two", "size": 5, "rank": -1, "open": false}},
		"archive-batch":  {path: "/v1/batches/" + w.batch, headers: []string{first}},
		"add-stock":      {path: "/v1/batches/" + w.batch + "/stock", body: map[string]any{"add": 5, "reason": "test"}},
		"switch-batch":   {path: "/v1/batches/" + w.batch + "/switch", body: map[string]any{"open": true, "reason": "test"}},
		"extend-batch":   {path: "/v1/batches/" + w.batch + "/extend", body: map[string]any{"to": "2027-01-01T00:00:00Z", "reason": "test"}},
		"withdraw-batch": {path: "/v1/batches/" + w.batch + "/withdraw", body: map[string]any{"reason": "test"}},
		"create-budget":  {path: "/v1/budgets", body: budgetOf("second")}, "list-budgets": {path: "/v1/budgets?market=main"}, "get-budget": {path: "/v1/budgets/" + w.budget},
		"update-budget":  {row: "/v1/budgets/" + w.budget, path: "/v1/budgets/" + w.budget, body: changed(budgetOf("third"))},
		"archive-budget": {path: "/v1/budgets/" + w.budget, headers: []string{first}},
		"set-stop":       {path: "/v1/stops", body: map[string]any{"scope": "budget", "key": w.budget, "claims": true, "uses": false, "reason": "test"}}, "list-stops": {path: "/v1/stops"},
		"create-code-batch": {path: "/v1/code-batches", body: w.codeBatch("generated", "size", 9, "per_member", 1, "format", map[string]any{"prefix": "X", "charset": "23456789ABC", "length": 18, "group": 6})},
		"list-code-batches": {path: "/v1/code-batches?kind=word&template=" + w.template}, "get-code-batch": {path: "/v1/code-batches/" + w.codes},
		"update-code-batch": {row: "/v1/code-batches/" + w.codes, path: "/v1/code-batches/" + w.codes, body: map[string]any{"name": "two", "per_member": 2, "revoked": false, "reason": "test"}},
		"import-codes":      {path: "/v1/code-batches/" + w.pool + "/import", body: map[string]any{"csv": "code\nOLD-0001-X\n"}},
		"export-codes":      {path: "/v1/code-batches/" + w.codes + "/export?format=csv&from=1&limit=3"},
		"redeem-code":       {path: "/v1/codes/redeem", body: map[string]any{"code": "新春快乐", "member": w.buyer(), "channel": "app", "city": "shanghai", "device": "phone", "address": "203.0.113.7"}},
		"create-pack":       {path: "/v1/packs", body: w.packOf("two")}, "list-packs": {path: "/v1/packs?status=published"}, "get-pack": {path: "/v1/packs/" + w.pack},
		"update-pack": {row: "/v1/packs/" + w.packDraft, path: "/v1/packs/" + w.packDraft, body: map[string]any{"internal_name": "x", "customer_name": map[string]any{"en": "x"},
			"parts": []any{map[string]any{"template": w.template, "count": 1}}, "partial": true, "limits": []any{map[string]any{"period": "day", "per": "member", "cap": 1}}}},
		"publish-pack": {row: "/v1/packs/" + w.packDraft, path: "/v1/packs/" + w.packDraft + "/publish"}, "archive-pack": {path: "/v1/packs/" + w.packDraft + "/archive", headers: []string{first}},
		"set-pack-open": {path: "/v1/packs/" + w.pack + "/open", body: map[string]any{"open": true, "reason": "test"}}, "explain-pack": {path: "/v1/packs/" + w.pack + "/explanation"},
		"get-pack-statistics": {path: "/v1/packs/" + w.pack + "/statistics?from=2026-03-01"},
		"claim-pack":          {path: "/v1/packs/" + w.pack + "/claims", body: map[string]any{"member": w.buyer(), "channel": "app", "city": "shanghai"}},
		"grant-pack":          {path: "/v1/packs/" + w.pack + "/grants", body: map[string]any{"member": w.buyer(), "channel": "service"}},
		"create-bulk-grant": {path: "/v1/bulk-grants", body: map[string]any{"name": "n", "templates": []any{w.template}, "audience": "list", "csv": "phone\n13800000000\n", "reason": "r", "rate": 10,
			"start_at": "2026-03-01T00:00:00Z", "go": true, "channel": "app", "city": "shanghai", "placement": w.placement}},
		"list-bulk-grants": {path: "/v1/bulk-grants"}, "get-bulk-grant": {path: "/v1/bulk-grants/" + w.bulk}, "report-bulk-grant": {path: "/v1/bulk-grants/" + w.bulk + "/report?format=csv&only=refused"},
		"start-bulk-grant":  {path: "/v1/bulk-grants/" + w.bulk + "/start", body: map[string]any{"start_at": "2026-03-01T00:00:00Z", "reason": "r"}},
		"pace-bulk-grant":   {path: "/v1/bulk-grants/" + w.bulk + "/pace", body: map[string]any{"rate": 5, "reason": "r"}},
		"pause-bulk-grant":  {path: "/v1/bulk-grants/" + w.bulk + "/pause", body: map[string]any{"reason": "r"}},
		"resume-bulk-grant": {path: "/v1/bulk-grants/" + w.begun + "/resume", body: map[string]any{"reason": "r"}},
		"cancel-bulk-grant": {path: "/v1/bulk-grants/" + w.bulk + "/cancel", body: map[string]any{"reason": "r"}},
		"undo-bulk-grant":   {path: "/v1/bulk-grants/" + w.begun + "/undo", body: map[string]any{"reason": "r"}},
		"get-coupon":        {path: "/v1/coupons/" + w.coupon}, "list-coupons": {path: "/v1/coupons?template=" + w.template}, "get-history": {path: "/v1/coupons/" + w.coupon + "/history"},
		"show-coupon": {path: "/v1/coupons/" + w.coupon + "/qr"}, "contact-counter": {path: "/v1/counter/contact?market=main"}, "get-counter-totals": {path: "/v1/counter/totals?store=nanjing-road&from=2026-03-01&to=2026-03-02"}, "look-at-coupon": {path: "/v1/counter/look", body: map[string]any{"scan": w.numberOf(w.coupon)}},
		"create-packet-plan": {path: "/v1/packet-plans", body: w.planOf("two")}, "list-packet-plans": {path: "/v1/packet-plans?status=draft"}, "get-packet-plan": {path: "/v1/packet-plans/" + w.plan},
		"update-packet-plan": {row: "/v1/packet-plans/" + w.planDraft, path: "/v1/packet-plans/" + w.planDraft, body: map[string]any{"internal_name": "x", "customer_name": map[string]any{"en": "x"},
			"content": map[string]any{"template": w.template, "mode": "fixed", "shares": 2, "share_minor": 5, "life_hours": 1}, "budget_minor": 100, "limits": []any{map[string]any{"period": "day", "per": "member", "cap": 1}}}},
		"publish-packet-plan":  {row: "/v1/packet-plans/" + w.planDraft, path: "/v1/packet-plans/" + w.planDraft + "/publish"},
		"archive-packet-plan":  {path: "/v1/packet-plans/" + w.planDraft + "/archive", headers: []string{first}},
		"set-packet-plan-open": {path: "/v1/packet-plans/" + w.plan + "/open", body: map[string]any{"open": true, "reason": "test"}},
		"send-packet":          {path: "/v1/packets", body: map[string]any{"plan": w.plan, "member": w.buyer(), "order": orderNamed("R-1")}}, "get-packet": {path: "/v1/packets/" + w.packet}, "list-packets": {path: "/v1/packets?plan=" + w.plan},
		"open-packet":     {path: "/v1/packets/openings", body: map[string]any{"link": w.link, "member": w.buyer(), "channel": "app", "city": "shanghai"}},
		"withdraw-coupon": {path: "/v1/coupons/" + w.coupon + "/withdraw", body: map[string]any{"reason": "test"}},

		"quote-cart":        {path: "/v1/quotes", body: stated(map[string]any{"market": "main", "member": w.buyer(), "cart": w.fullCart(), "coupons": []any{w.coupon}}, w.coupon)},
		"get-prices":        {path: "/v1/prices", body: map[string]any{"market": "main", "member": w.buyer(), "templates": []any{w.template}, "lines": []any{map[string]any{"sku": "apple"}}, "alone": false}},
		"get-lowest-prices": {path: "/v1/templates/" + w.draft + "/lowest-prices?floor_bps=5000"},
		"check-content":     {path: "/v1/templates/check", body: checkBody{Market: "main", Issuer: templateExample().Issuer, Draft: templateExample().Draft}},
		"dry-run-template":  {path: "/v1/templates/" + w.draft + "/dry-run", body: map[string]any{"days": 30, "orders": 100}},
		"lock-coupons":      {path: "/v1/locks", body: w.use("N-1", w.coupon)}, "redeem-coupons": {path: "/v1/redemptions", body: w.use("N-1", w.coupon)},
		"release-lock":  {path: "/v1/releases", body: map[string]any{"order": orderNamed("L-1")}},
		"return-coupon": {path: "/v1/returns", body: map[string]any{"order": orderNamed("G-1"), "coupon": w.gift}},
		"place-order":   {path: "/v1/orders", body: map[string]any{"order": orderNamed("O-1"), "member": w.buyer(), "cart": w.fullCart()}}, "get-order": {path: "/v1/orders/shop/R-1"},
		"list-orders": {path: "/v1/orders?member=" + w.member + "&store=nanjing-road&from=2026-01-01"}, "get-lock": {path: "/v1/locks/shop/L-1"},
		"refund-order": {path: "/v1/refunds", body: map[string]any{"order": orderNamed("R-1"), "refund": "one", "lines": []any{map[string]any{"line": 0, "quantity": 1}}}},

		"get-statistics": {path: "/v1/statistics?group_by=day"}, "get-refusals": {path: "/v1/statistics/refusals?from=2026-03-01"}, "get-funnel": {path: "/v1/templates/" + w.template + "/funnel"},
		"list-template-tools": {path: "/v1/templates/" + w.template + "/tools?limit=3"},
		"export-statistics":   {path: "/v1/statistics/export?group_by=day&format=csv"}, "export-refusals": {path: "/v1/statistics/refusals/export?from=2026-03-01&format=csv"}, "get-home": {path: "/v1/home?currency=CNY"},
		"list-redemptions": {path: "/v1/redemptions?template=" + w.template}, "export-redemptions": {path: "/v1/redemptions/export?template=" + w.template + "&format=csv"},
		"settle": {path: "/v1/settlements?group_by=funder,day"}, "export-settlement": {path: "/v1/settlements/export?group_by=day&format=csv"},
		"list-settlement-shares": {path: "/v1/settlements/shares?template=" + w.template}, "export-settlement-shares": {path: "/v1/settlements/shares/export?template=" + w.template + "&format=csv"},
		"get-me": {path: "/v1/me"}, "list-permissions": {path: "/v1/permissions"}, "list-jobs": {path: "/v1/jobs"}, "get-job": {path: "/v1/jobs/" + w.job},
		"pause-job": {path: "/v1/jobs/" + w.job + "/pause", body: map[string]any{"reason": "test"}}, "resume-job": {path: "/v1/jobs/" + w.job + "/resume", body: map[string]any{"reason": "test"}},
		"cancel-job": {path: "/v1/jobs/" + w.job + "/cancel", body: map[string]any{"reason": "test"}}, "retry-job": {path: "/v1/jobs/" + w.job + "/retry", body: map[string]any{"reason": "test"}},
		"list-job-queues": {path: "/v1/job-queues"}, "pause-job-queue": {path: "/v1/job-queues/default/pause", body: map[string]any{"reason": "test"}},
		"resume-job-queue": {path: "/v1/job-queues/default/resume", body: map[string]any{"reason": "test"}},
		"list-audit":       {path: "/v1/audit"},

		"get-setup": {path: "/v1/setup"}, "set-up": {path: "/v1/setup", ready: func(w *stage, b *base) {
			b.body = map[string]any{"token": w.server.Guard.SetupToken(), "login": login, "name": "Ada", "password": password}
		}},
		"sign-in":  {path: "/v1/sessions", body: map[string]any{"login": login, "password": password, "code": "1"}, ready: (*stage).signIn},
		"sign-out": {path: "/v1/account/sign-out", ready: (*stage).signIn}, "get-account": {path: "/v1/account", ready: (*stage).signIn},
		"end-session":  {path: "/v1/account/sessions/" + id.Format(id.Session, 1) + "/end", ready: (*stage).signIn},
		"set-password": {path: "/v1/account/password", body: map[string]any{"old": password, "password": password + "s"}, ready: (*stage).signIn},
		"begin-factor": {path: "/v1/account/factor", body: map[string]any{"password": password}, ready: (*stage).signIn},
		"end-factor":   {path: "/v1/account/factor/end", body: map[string]any{"password": password}, ready: (*stage).signIn},
		"confirm-factor": {path: "/v1/account/factor/confirm", ready: func(w *stage, b *base) {
			w.signIn(b)
			secret := w.ok(200, "POST", "/v1/account/factor", map[string]any{"password": password}, b.headers...).text("secret")
			code, err := totp.GenerateCode(secret, w.Time.Time())
			w.Must(err)
			b.body = map[string]any{"code": code}
		}},
		"create-link": {path: "/v1/links", body: map[string]any{"placement": w.placement, "code": "poster-1", "name": "Poster", "channel": "street"}}, "list-links": {path: "/v1/links?placement=" + w.placement},
		"get-link": {path: "/v1/links/" + w.short}, "get-link-funnel": {path: "/v1/links/" + w.short + "/funnel"}, "get-link-qr": {path: "/v1/links/" + w.short + "/qr?format=png&base=https://x.example"},
		"update-link": {row: "/v1/links/" + w.short, path: "/v1/links/" + w.short, body: map[string]any{"name": "Other", "channel": "shop"}}, "archive-link": {row: "/v1/links/" + w.short, path: "/v1/links/" + w.short},
		"get-page-design": {path: "/v1/placements/" + w.placement + "/page"}, "put-page-design": {row: "/v1/placements/" + w.placement + "/page", path: "/v1/placements/" + w.placement + "/page",
			body: map[string]any{"theme": "fresh", "colour": "#112233", "texts": map[string]any{"en": map[string]any{"title": "t", "subtitle": "s", "button": "b", "notes": "n", "share": "h"}}}},
		"publish-page-design": {row: "/v1/placements/" + w.placement + "/page", path: "/v1/placements/" + w.placement + "/page/publish"},
		"upload-picture":      {path: "/v1/pictures", body: map[string]any{"data": picturePixel}}, "get-picture": {path: "/v1/pictures/" + w.picture},
		"show-page": {path: "/v1/pages/poster?view=true&city=shanghai"}, "claim-on-page": {path: "/v1/pages/poster/claims", body: map[string]any{"city": "shanghai"}, ready: (*stage).asMember},
		"show-wallet":       {path: "/v1/wallet", ready: (*stage).asMember},
		"send-sign-in-code": {path: "/v1/visits/codes", body: map[string]any{"phone": phone}}, "end-visit": {path: "/v1/visits/end"},
		"begin-visit":   {path: "/v1/visits", ready: func(w *stage, b *base) { b.body = map[string]any{"token": w.tokenOf(w.member)} }},
		"get-visitor":   {path: "/v1/visits/current", ready: (*stage).asMember},
		"create-person": {path: "/v1/people", body: map[string]any{"login": "grace", "name": "Grace", "roles": []any{"operator"}, "password": password, "scope": map[string]any{"merchants": []any{"green"}}}},
		"list-people":   {path: "/v1/people"}, "get-person": {path: "/v1/people/{id}", ready: (*stage).toPerson},
		"update-person":  {row: "person", path: "/v1/people/{id}", body: map[string]any{"name": "A", "roles": []any{"analyst"}}, ready: (*stage).toPerson},
		"reset-person":   {row: "person", path: "/v1/people/{id}/password", body: map[string]any{"password": password, "factor": true}, ready: (*stage).toPerson},
		"archive-person": {path: "/v1/people/{id}", headers: []string{first}, ready: (*stage).toPerson},

		"create-key": {path: "/v1/keys", body: map[string]any{"name": "two", "kind": "clerk", "scope": map[string]any{"stores": []any{"nanjing-road"}}}},
		"list-keys":  {path: "/v1/keys"}, "get-key": {path: "/v1/keys/" + w.clerk}, "revoke-key": {path: "/v1/keys/" + w.clerk, headers: []string{first}},
		"update-key": {row: "/v1/keys/" + w.clerk, path: "/v1/keys/" + w.clerk, body: map[string]any{"name": "uno", "permissions": []any{"coupon.read"}}},
	}
}

// later is the moment so many days from now; "" on a stage without a world, of which only names are asked.
func (w *stage) later(days int) string {
	if w.World == nil {
		return ""
	}
	return w.Time.Time().AddDate(0, 0, days).UTC().Format("2006-01-02T15:04:05Z")
}

// deskOf is a desk at which the stage's template compensates.
func (w *stage) deskOf() map[string]any {
	quota := map[string]any{"agent": 5, "all": 50}
	return map[string]any{"reissue": quota, "extend": quota, "compensate": quota, "extend_days": 30, "templates": []any{w.template}}
}

func marketBodyExample() map[string]any {
	return map[string]any{"name": "Taiwan", "currency": "TWD", "zone": "Asia/Taipei", "week_start": 0}
}

func freshTemplate() createTemplateBody {
	b := templateExample()
	b.Code = ""
	return b
}

func parsed(template string) id.ID {
	i, err := id.Parse(id.Template, template)
	if err != nil {
		panic(err)
	}
	return i
}

// numberOf is the number of a coupon, or that of none where there is none yet.
func (w *stage) numberOf(coupon string) string {
	if w.World == nil {
		return ""
	}
	i, _ := id.Parse(id.Coupon, coupon)
	return w.Numbers.Of(i)
}

// asMember asks as a page that acts for the member.
func (w *stage) asMember(b *base) {
	b.headers = append(b.headers, "Authorization: Bearer "+w.makeKey(access.KindBrowser, nil, access.Scope{}), "Quan-Member-Token: "+w.tokenOf(w.member))
}

// tokenOf is a signed token of a member.
func (w *stage) tokenOf(member string) string {
	return w.ok(201, "POST", "/v1/members/id/"+member+"/tokens", map[string]any{}).text("token")
}
