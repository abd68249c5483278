package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
)

// tags group the operations; their order is that of the documentation.
var tags = []*huma.Tag{
	{Name: "catalogue", Description: "Markets, merchants, stores and items: what carts, templates and scopes name. A market fixes currency, time zone, week start and policies."},
	{Name: "templates", Description: "Coupon templates: made as drafts, published in versions that never change, steered live by two switches (claiming, use), archived. Placements offer a template in a place."},
	{Name: "budgets", Description: "Limits that several templates draw on together: by campaign, member, natural person, device, payer, store and funder, in any period; alarms and what is taken."},
	{Name: "members", Description: "Members are named by an identity (kind and value) or by their id. Values of identities are stored sealed and never shown."},
	{Name: "desk", Description: "The service desk: what agents may give a member who was wronged - a coupon again, a later end, a compensation - under a daily quota of each agent and of all."},
	{Name: "issuing", Description: "Coupons come to members by claim (the member acts) or grant (the system or an operator acts). Several templates in one grant are a pack: all or nothing."},
	{Name: "packs", Description: "Packs are several coupons by one act: under one origin, whole or not at all unless the pack says otherwise, with limits of their own."},
	{Name: "batches", Description: "Batches of stock: several of one template, each with its own number of coupons, dates, placements and budget; extended and withdrawn as a whole."},
	{Name: "packets", Description: "Share packets: a member sends one under a plan, others open it by its link, first come first served; each share becomes a coupon, of fixed or lucky amounts."},
	{Name: "codes", Description: "Exchange codes turn into coupons: generated in any number, shared words, or brought in from elsewhere. Batches, export, import, and the box where members enter them."},
	{Name: "coupons", Description: "Issued coupons, their state as of now, and their history."},
	{Name: "checkout", Description: "Quote a cart, lock coupons for an order until it is paid, redeem, release, return."},
	{Name: "orders", Description: "Orders with or without a coupon, and refunds. An order is named by its source and its number there."},
	{Name: "statistics", Description: "Exact figures by day, template, placement, delivery form, channel and city; refusals by reason."},
	{Name: "administration", Description: "API keys, people and their roles, jobs, the audit log, and who the caller is."},
	{Name: "pages", Description: "Phone pages: how a placement's page looks, short links to it with their funnels and QR codes, what a page tells its visitors, the member's wallet in words."},
	{Name: "visits", Description: "Members on our own pages: sign in with a code sent to the phone or with a signed member token; the session is a cookie, and a request says with a header that it uses it."},
	{Name: "account", Description: "Signing in to the console: a session is a cookie of our own pages. The own password, second factor and sessions."},
}

const aboutAPI = "quan (券) runs a shop's coupons: it makes templates, gives coupons to members by claim or grant, finds the best one for a cart, " +
	"holds and redeems it on an order, and returns it when the order is refunded. Limits, budgets and amounts are exact under any load, and the statistics are counted from the same rows.\n\n" +
	"**Amounts** are integers of the minor unit of the market's currency; percentages are basis points (1500 = 15 %). " +
	"**Times** are RFC 3339 with a zone; days are the market's local days.\n\n" +
	"**Idempotency-Key**: every POST that writes needs one (≤ 255 printable characters) and answers a repetition with the same answer and `Idempotency-Replayed: true`; the same key with another body is 422. A refusal is not remembered.\n\n" +
	"**Revisions**: rows carry an `ETag`; PUT, PATCH and DELETE need `If-Match` (428 without, 412 when stale), except a PUT that creates, which may say `If-None-Match: *`.\n\n" +
	"**Lists** take `limit` and `cursor` and answer `items` and `next_cursor` (absent on the last page).\n\n" +
	"**Errors** are problem documents (RFC 9457) with a stable `code`, a `pointer` to the part of the input, and words in the language of `Accept-Language` (en, zh-CN, zh-TW). Unknown fields and query parameters are refused."

func (s *server) config() huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", schemaName)
	registry.RegisterTypeAlias(reflect.TypeFor[calendar.Instant](), reflect.TypeFor[time.Time]())
	registry.RegisterTypeAlias(reflect.TypeFor[calendar.Date](), reflect.TypeFor[day]())
	registry.RegisterTypeAlias(reflect.TypeFor[schedule.Clock](), reflect.TypeFor[timeOfDay]())
	registry.RegisterTypeAlias(reflect.TypeFor[condition.Tree](), reflect.TypeFor[conditionTree]())
	version := s.Version
	if version == "" {
		version = "dev"
	}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info:    &huma.Info{Title: "quan", Version: version, Description: aboutAPI},
			Servers: []*huma.Server{{URL: "/", Description: "this installation"}},
			Tags:    tags,
			Components: &huma.Components{
				Schemas:  registry,
				Examples: problemExamples(),
				SecuritySchemes: map[string]*huma.SecurityScheme{"key": {Type: "http", Scheme: "bearer",
					Description: "An API key, quan_…. A browser key adds the header " + memberTokenHeader + " with a token of its member."},
					"session": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "A person who signed in to the console, on its own pages."},
					"visit":   {Type: "apiKey", In: "cookie", Name: visitCookie, Description: "A member who signed in on our own pages. Requests say that they use it with the header " + memberTokenHeader + ": " + ownVisit + "; instead of the cookie, the header may bring the token of a session (bearer of begin-visit) or a signed member token (mint-token)."}},
			},
		},
		Formats:       map[string]huma.Format{"application/json": {Marshal: writeJSON, Unmarshal: json.Unmarshal}, "json": {Marshal: writeJSON, Unmarshal: json.Unmarshal}},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{ownProblems},
	}
}

// ownProblems is the last guard of the problem form: an error in huma's own words
// means that the screen let something pass which huma can't bind. That is our
// bug, so it is a mute 500.
func ownProblems(ctx huma.Context, _ string, body any) (any, error) {
	foreign, ok := body.(*huma.ErrorModel)
	if !ok {
		return body, nil
	}
	c := callOf(ctx.Context())
	c.instead = http.StatusInternalServerError
	return c.problem(fmt.Errorf("api: not bound: %w", foreign)), nil
}

// schemaName is the type's name without package; what a key is limited to is
// told from what a rule speaks of.
func schemaName(t reflect.Type, hint string) string {
	if t == reflect.TypeFor[access.Scope]() {
		return "AccessScope"
	}
	return huma.DefaultSchemaNamer(t, hint)
}

// describe is the operation's description with its permission.
func (o *operation) describe() string {
	text := o.about
	if text != "" {
		text += "\n\n"
	}
	if o.may == anyKey {
		return text + "Any valid key may ask."
	}
	return text + "Permission: `" + string(o.may) + "`."
}

// document fills in the answers that are problems, by status, with their codes.
func (s *server) document(o *operation) {
	registry := s.huma.OpenAPI().Components.Schemas
	problem := registry.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for status, codes := range o.problems() {
		var b strings.Builder
		fmt.Fprintf(&b, "%s:", http.StatusText(status))
		examples := map[string]*huma.Example{}
		for _, code := range codes {
			fmt.Fprintf(&b, " `%s`", code)
			examples[string(code)] = &huma.Example{Ref: "#/components/examples/" + string(code)}
		}
		o.huma.Responses[strconv.Itoa(status)] = &huma.Response{Description: b.String(),
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem, Examples: examples}}}
	}
	if o.example != nil {
		o.huma.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Example: o.example}}}
	}
}

// problemExamples shows the problem of every code.
func problemExamples() map[string]*huma.Example {
	out := map[string]*huma.Example{}
	for code, class := range fault.Codes() {
		title, detail := i18n.Fault(i18n.EN, fault.New(code), "")
		out[string(code)] = &huma.Example{Summary: title, Value: Problem{Type: "/docs#" + string(code), Title: title,
			Status: int(class), Detail: detail, Code: string(code), RequestID: "req_gq3tqobzgeydanzq"}}
	}
	return out
}

// formFaults are those of the form of a request, which every operation answers.
var formFaults = []fault.Code{fault.InvalidBody, fault.InvalidValue, fault.UnknownField, fault.MissingValue, fault.OutOfRange,
	fault.TooLong, fault.DuplicateValue, fault.TooLargeBody}

// problems groups the codes that an operation may answer by status.
func (o *operation) problems() map[int][]fault.Code {
	codes := append([]fault.Code{fault.Unauthenticated, fault.InternalError, fault.Overloaded, fault.RateLimited}, formFaults...)
	if o.may != anyKey {
		codes = append(codes, fault.PermissionDeny)
	}
	if o.method != http.MethodGet {
		codes = append(codes, fault.OutcomeUnknown, fault.ReadOnlyStore, fault.StoreFull)
	}
	if o.method == http.MethodPut || o.method == http.MethodDelete {
		codes = append(codes, fault.IfMatchMissing, fault.StaleRevision)
	}
	codes = append(codes, o.faults...)
	slices.Sort(codes)
	out := map[int][]fault.Code{}
	for _, c := range slices.Compact(codes) {
		out[int(c.Class())] = append(out[int(c.Class())], c)
	}
	return out
}

// browserNote marks what browser keys may call.
func (s *server) browserNote(o *operation) {
	if slices.Contains(access.Allowed(access.KindBrowser), o.may) {
		o.huma.Extensions = map[string]any{"x-browser-keys": true}
	}
}

// finishDocument completes the schemas that were made from domain types, whose
// fields carry no words, and takes null from lists: absent is the only empty.
func (s *server) finishDocument() {
	for name, schema := range s.huma.OpenAPI().Components.Schemas.Map() {
		s.finishSchema(name, schema)
	}
	for i := range s.operations {
		s.browserNote(&s.operations[i])
	}
}

func (s *server) finishSchema(name string, schema *huma.Schema) {
	schema.Nullable = false
	for property, p := range schema.Properties {
		if about, ok := fields[name+"."+property]; ok {
			about.apply(p)
		}
		for e := p; e != nil; e = e.Items {
			e.Nullable = false
		}
	}
}
