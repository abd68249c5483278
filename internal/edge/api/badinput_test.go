package api

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// seedOf the sample; QUAN_SEED chooses another.
func seedOf(t *testing.T) uint64 {
	seed := uint64(20260302)
	if text := os.Getenv("QUAN_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("seed %d (QUAN_SEED chooses another)", seed)
	return seed
}

// perField is how many values are tried in each field and parameter.
const perField = 14

// TestBadInput tries the corpus on every operation of the document: each field
// of its body, each parameter, the body as a whole, the protocol around it.
// Nothing may end in a 5xx; what is refused is a problem with a code, a pointer
// where a field is at fault, and changes nothing.
func TestBadInput(t *testing.T) {
	seed := seedOf(t)
	ids := map[string]bool{}
	for _, o := range newWeb(t).server.operations {
		ids[o.id] = true
		if o.id == "watch-board" {
			continue // it answers without an end: its parameters are tried beside its stream (TestBoardStreams)
		}
		t.Run(o.id, func(t *testing.T) {
			t.Parallel()
			w := newStage(t)
			base, ok := w.bases()[o.id]
			if !ok {
				t.Fatalf("%s has no valid request in bases(): add one", o.id)
			}
			random := rand.New(rand.NewPCG(seed, uint64(id.SlotOf(o.id))))
			b := &bad{stage: w, t: t, o: w.operation(o.id), base: base, random: random}
			b.baseWorks()
			b.parameters()
			b.bodies()
			b.fields()
			b.methods()
			w.Clean()
			t.Logf("%d requests, %d refused", b.sent, b.refused)
		})
	}
	for name := range (&stage{web: &web{}}).bases() {
		if !ids[name] {
			t.Errorf("bases() speaks of %s, which is no operation", name)
		}
	}
}

// bad tries values on one operation.
type bad struct {
	*stage
	t             *testing.T
	o             *operation
	base          base
	random        *rand.Rand
	sent, refused int
	before        string
}

// baseWorks sees that the valid request is one: otherwise nothing is learnt.
func (b *bad) baseWorks() {
	if b.base.ready != nil {
		b.base.ready(b.stage, &b.base)
	}
	a := b.send(b.o.method, b.base.path, b.base.bodyOrNil(), b.current(b.base.headers)...)
	if a.status >= 300 {
		b.t.Fatalf("the valid request is refused: %d %s\n%s", a.status, a.body, b.logs.String())
	}
	b.before = b.fingerprint()
}

// current adds the revision of the row as it is now, so that a request which
// changed it does not make all that follow stale.
func (b *bad) current(headers []string) []string {
	if b.base.row == "" || slices.ContainsFunc(headers, func(h string) bool { return strings.HasPrefix(h, "If-") }) {
		return headers
	}
	if tag := b.send("GET", b.base.row, nil).header.Get("ETag"); tag != "" {
		return append(slices.Clone(headers), "If-Match: "+tag)
	}
	return headers
}

// try sends a request and judges the answer; field says that one part of the
// input is at fault, if anything is.
func (b *bad) try(what string, field bool, method, path string, body any, headers ...string) answer {
	b.sent++
	a := b.send(method, path, body, b.current(headers)...)
	after := b.fingerprint()
	switch {
	case a.status >= 500:
		b.t.Errorf("%s: %d %s\n%.3000s", what, a.status, a.body, b.logs.String())
	case a.status >= 400:
		b.refused++
		if a.code() == "" || a.text("request_id") == "" || a.text("title") == "" || a.text("detail") == "" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
			b.t.Errorf("%s: %d without a whole problem: %.300s", what, a.status, a.body)
		}
		if !slices.Contains(b.o.problems()[a.status], fault.Code(a.code())) && method == b.o.method && a.text("params", "what") != "route" {
			b.t.Errorf("%s: %s is not documented for %s", what, a.code(), b.o.id)
		}
		if field && a.status == 400 && a.at() == "" && a.code() != "invalid_body" {
			b.t.Errorf("%s: %s without a pointer: %.300s", what, a.code(), a.body)
		}
		if after != b.before {
			b.t.Errorf("%s: refused with %s, but something changed:\n- %s\n+ %s", what, a.code(), b.before, after)
		}
	}
	b.logs.Reset()
	b.before = after
	return a
}

// parameters tries values in the path, the query and the headers.
func (b *bad) parameters() {
	for _, p := range b.o.huma.Parameters {
		for _, raw := range b.pick(texts(wrongValues, numbers, moments, names), perField) {
			b.parameter(p, raw)
		}
		for _, odd := range b.pick(append(slices.Clone(oddTexts), longTexts[:3]...), perField/2) {
			b.parameter(p, odd)
		}
	}
	query := "?" + b.query() + "nonsense=1"
	if a := b.try("unknown query parameter", true, b.o.method, b.path()+query, b.base.bodyOrNil(), b.base.headers...); a.code() != "unknown_field" {
		b.t.Errorf("an unknown query parameter: %d %s", a.status, a.body)
	}
	b.try("broken query", true, b.o.method, b.path()+"?%zz=%", b.base.bodyOrNil(), b.base.headers...)
}

func (b *bad) path() string { p, _, _ := strings.Cut(b.base.path, "?"); return p }
func (b *bad) query() string {
	if _, q, ok := strings.Cut(b.base.path, "?"); ok {
		return q + "&"
	}
	return ""
}

func (b *bad) parameter(p *huma.Param, value string) {
	what := fmt.Sprintf("%s %s = %.80q", p.In, p.Name, value)
	headers, path := slices.Clone(b.base.headers), b.base.path
	switch p.In {
	case "header":
		if strings.ContainsAny(value, "\r\n\x00") {
			return // net/http refuses these before we see them
		}
		headers = append(headers, p.Name+": "+value)
	case "query":
		path = b.path() + "?" + without(b.query(), p.Name) + p.Name + "=" + url.QueryEscape(value)
		b.try(what+" twice", true, b.o.method, path+"&"+p.Name+"=x", b.base.bodyOrNil(), headers...)
	case "path":
		if value == "" || value == "." || value == ".." {
			return
		}
		path = replaceSegment(b.o.path, b.path(), p.Name, url.PathEscape(value))
	}
	b.try(what, p.In != "path", b.o.method, path, b.base.bodyOrNil(), headers...)
}

func without(query, name string) string {
	var kept []string
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !strings.HasPrefix(part, name+"=") {
			kept = append(kept, part+"&")
		}
	}
	return strings.Join(kept, "")
}

func replaceSegment(pattern, path, name, value string) string {
	names, parts := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i, n := range names {
		if n == "{"+name+"}" {
			parts[i] = value
		}
	}
	return strings.Join(parts, "/")
}

// bodies tries the body as a whole.
func (b *bad) bodies() {
	valid := b.base.text()
	whole := []string{``, ` `, `null`, `[]`, `"x"`, `0`, `true`, `{`, `}`, `{}`, valid + valid, valid + "x", valid + "\x00", "\ufeff" + valid, strings.Repeat("[", 10_000),
		strings.Repeat(`{"a":`, 10_000), `{"a":1,"a":2}`, "\xff\xfe{\x00}\x00", strings.Repeat(" ", MaxBody+1), `{"x":"` + strings.Repeat("y", MaxBody) + `"}`, valid[:len(valid)/2], strings.ToUpper(valid)}
	for i, body := range whole {
		if b.base.body == nil && strings.TrimSpace(body) == "" {
			continue
		}
		a := b.try(fmt.Sprintf("whole body %d %.40q", i, body), false, b.o.method, b.base.path, body, b.base.headers...)
		if a.status < 400 && body != `{}` {
			b.t.Errorf("whole body %d %.40q was taken: %d", i, body, a.status)
		}
	}
	if b.base.body == nil {
		return
	}
	for _, kind := range []string{"", "text/plain", "application/xml", "application/json; charset=gbk", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json/x", ";", "application/problem+json"} {
		if a := b.try("content type "+kind, true, b.o.method, b.base.path, valid, append(slices.Clone(b.base.headers), "Content-Type: "+kind)...); a.status != 400 {
			b.t.Errorf("content type %q: %d", kind, a.status)
		}
	}
	for _, coding := range []string{"gzip", "br", "identity, gzip"} {
		b.try("coding "+coding, true, b.o.method, b.base.path, "\x1f\x8b\x08\x00", append(slices.Clone(b.base.headers), "Content-Encoding: "+coding)...)
	}
	if b.o.method == http.MethodPost && b.has("Idempotency-Key") {
		for _, key := range []string{"", strings.Repeat("k", 256), "ключ", "a\tb"} {
			if a := b.try("key "+key, true, b.o.method, b.base.path, valid, append(slices.Clone(b.base.headers), "Idempotency-Key: "+key)...); a.status != 400 {
				b.t.Errorf("Idempotency-Key %q: %d", key, a.status)
			}
		}
	}
}

func (b *bad) has(parameter string) bool {
	return slices.ContainsFunc(b.o.huma.Parameters, func(p *huma.Param) bool { return p.Name == parameter })
}

// methods sends the request under names that the path does not know.
func (b *bad) methods() {
	for _, method := range []string{"TRACE", "CONNECT", "PATCH", "get", "POSTPOST", "PROPFIND"} {
		a := b.try("method "+method, false, method, b.base.path, b.base.bodyOrNil(), append(slices.Clone(b.base.headers), "X-HTTP-Method-Override: "+b.o.method)...)
		if a.status != 405 || !strings.Contains(a.header.Get("Allow"), b.o.method) {
			b.t.Errorf("%s: %d, Allow %q", method, a.status, a.header.Get("Allow"))
		}
	}
	for _, path := range []string{"/" + b.base.path, b.path() + "/", strings.Replace(b.path(), "/v1/", "/v1/./", 1), strings.Replace(b.path(), "/v1/", "/v1%2f", 1)} {
		if a := b.try("path "+path, false, b.o.method, path, b.base.bodyOrNil(), b.base.headers...); a.status != 404 {
			b.t.Errorf("path %s: %d", path, a.status)
		}
	}
}

// hole stands where a value is put into a body as text.
const hole = "@hole@"

// fields tries values in every field that the schema of the body knows.
func (b *bad) fields() {
	if b.base.body == nil {
		return
	}
	s := b.o.huma.RequestBody.Content["application/json"].Schema
	for _, f := range b.walk(s, nil, 0) {
		text := b.withHole(f.path)
		var values []string
		switch {
		case f.schema.Type == huma.TypeInteger:
			values = append(b.pick(numbers, perField), b.pick(wrongValues, 5)...)
		case f.schema.Format == "date-time" || f.schema.Format == "date":
			values = append(b.pick(moments, perField), b.pick(wrongValues, 5)...)
		case f.schema.Type == huma.TypeString:
			values = append(b.pick(wrongValues, 5), b.pick(names, 4)...)
			for _, odd := range append(b.pick(oddTexts, 5), b.pick(longTexts, 2)...) {
				values = append(values, quoted(odd))
			}
		default:
			values = b.pick(wrongValues, perField)
		}
		for _, v := range values {
			b.try(fmt.Sprintf("%s = %.80q", strings.Join(f.path, "/"), v), true, b.o.method, b.base.path,
				strings.Replace(text, `"`+hole+`"`, v, 1), b.base.headers...)
		}
		if f.schema.Type == huma.TypeObject && f.schema.AdditionalProperties == false {
			unknown := b.withHole(append(slices.Clone(f.path), "no_such_field"))
			a := b.try(strings.Join(f.path, "/")+" with an unknown field", true, b.o.method, b.base.path, unknown, b.base.headers...)
			if a.code() != "unknown_field" && !strings.Contains(string(a.body), `"unknown_field"`) {
				b.t.Errorf("%v with an unknown field: %d %s", f.path, a.status, a.body)
			}
		}
	}
}

type fieldAt struct {
	path   []string
	schema *huma.Schema
}

// walk lists every value of a schema with its path; a list shows its first element.
func (b *bad) walk(s *huma.Schema, path []string, depth int) []fieldAt {
	if s.Ref != "" {
		s = b.server.huma.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	out := []fieldAt{{slices.Clone(path), s}}
	if depth > 8 {
		return out
	}
	if s.Items != nil {
		out = append(out, b.walk(s.Items, append(path, "0"), depth+1)...)
	}
	for _, name := range slices.Sorted(mapKeys(s.Properties)) {
		out = append(out, b.walk(s.Properties[name], append(path, name), depth+1)...)
	}
	if free, ok := s.AdditionalProperties.(*huma.Schema); ok {
		out = append(out, b.walk(free, append(path, "free"), depth+1)...)
	}
	return out
}

// withHole is the valid body as text with a hole at a path.
func (b *bad) withHole(path []string) string {
	var v any
	if err := json.Unmarshal([]byte(b.base.text()), &v); err != nil {
		b.t.Fatal(err)
	}
	text, err := json.Marshal(punch(v, path))
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

func punch(v any, path []string) any {
	if len(path) == 0 {
		return hole
	}
	if path[0] == "0" {
		list, _ := v.([]any)
		if len(list) == 0 {
			list = []any{nil}
		}
		list[0] = punch(list[0], path[1:])
		return list
	}
	m, ok := v.(map[string]any)
	if !ok {
		m = map[string]any{}
	}
	m[path[0]] = punch(m[path[0]], path[1:])
	return m
}

func (b *bad) pick(from []string, n int) []string {
	out := slices.Clone(from)
	b.random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out[:min(n, len(out))]
}

// texts are JSON values as plain text, for parameters.
func texts(lists ...[]string) []string {
	var out []string
	for _, list := range lists {
		for _, v := range list {
			var s string
			if json.Unmarshal([]byte(v), &s) == nil {
				v = s
			}
			out = append(out, v)
		}
	}
	return out
}

func quoted(text string) string {
	b, _ := json.Marshal(text) // strings marshal
	return string(b)
}
