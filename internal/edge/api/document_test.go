package api

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"quan/internal/domain/access"
	"quan/internal/kernel/id"
)

var pathValue = regexp.MustCompile(`\{[a-z]+\}`)

// fillPath replaces the parameters of a path by values of the right form.
func fillPath(path string) string {
	names := map[string]string{"{kind}": "phone", "{value}": "13800000000", "{date}": "2026-10-01"}
	prefix := map[string]string{"templates": id.Template, "placements": id.Placement, "coupons": id.Coupon, "keys": id.Key, "jobs": id.Job, "bulk-grants": id.Job, "code-batches": id.CodeBatch, "batches": id.Batch, "packs": id.Pack, "packet-plans": id.PacketPlan, "packets": id.Packet, "budgets": id.Budget, "people": id.Person, "account": id.Session, "links": id.Link}
	noun := strings.Split(path, "/")[2]
	return pathValue.ReplaceAllStringFunc(path, func(name string) string {
		if name == "{id}" {
			return id.Format(prefix[noun], exampleID)
		}
		if fixed := names[name]; fixed != "" {
			return fixed
		}
		return "x"
	})
}

// TestDocument holds the OpenAPI document against the rules of its form: every
// reference leads somewhere, every operation and field says what it is.
func TestDocument(t *testing.T) {
	w := newWeb(t)
	a := w.ok(200, "GET", "/openapi.json", nil, "Authorization: ")
	if !strings.HasPrefix(a.text("openapi"), "3.1.") {
		t.Errorf("openapi %q", a.text("openapi"))
	}
	references(t, a.json, a.json, "#")
	known := map[string]bool{}
	for _, tag := range a.json["tags"].([]any) {
		known[tag.(map[string]any)["name"].(string)] = true
	}
	ids := map[string]bool{}
	operations := 0
	for path, item := range a.json["paths"].(map[string]any) {
		for method, raw := range item.(map[string]any) {
			operations++
			op := raw.(map[string]any)
			at := method + " " + path
			for _, need := range []string{"operationId", "summary", "description", "tags", "security", "responses"} {
				if op[need] == nil {
					t.Errorf("%s has no %s", at, need)
				}
			}
			if name := op["operationId"].(string); ids[name] {
				t.Errorf("%s: operationId %s is there twice", at, name)
			} else {
				ids[name] = true
			}
			for _, tag := range op["tags"].([]any) {
				if !known[tag.(string)] {
					t.Errorf("%s: unknown tag %v", at, tag)
				}
			}
			responses := op["responses"].(map[string]any)
			for _, status := range []string{"401", "500"} {
				if responses[status] == nil {
					t.Errorf("%s documents no %s", at, status)
				}
			}
			if responses["200"] == nil && responses["201"] == nil && responses["202"] == nil {
				t.Errorf("%s documents no success", at)
			}
			if body, ok := op["requestBody"].(map[string]any); ok {
				media := body["content"].(map[string]any)["application/json"].(map[string]any)
				if media["example"] == nil || media["schema"] == nil {
					t.Errorf("%s: the body has no example or schema", at)
				}
			}
		}
	}
	if operations != len(w.server.operations) {
		t.Errorf("%d operations documented, %d routed", operations, len(w.server.operations))
	}
	for name, raw := range a.json["components"].(map[string]any)["schemas"].(map[string]any) {
		schema := raw.(map[string]any)
		properties, _ := schema["properties"].(map[string]any)
		for property, p := range properties {
			if about, _ := p.(map[string]any)["description"].(string); about == "" {
				t.Errorf("%s.%s has no description: add a doc tag, or a row to fields.go", name, property)
			}
		}
	}
}

func references(t *testing.T, document, v any, at string) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		if ref, ok := v["$ref"].(string); ok {
			target := document
			for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
				step, _ := target.(map[string]any)
				target = step[name]
			}
			if target == nil {
				t.Errorf("%s: %s leads nowhere", at, ref)
			}
		}
		for k, child := range v {
			references(t, document, child, at+"/"+k)
		}
	case []any:
		for _, child := range v {
			references(t, document, child, at)
		}
	}
}

// TestExamples sends every example of a body through the operation's own screen.
func TestExamples(t *testing.T) {
	w := newWeb(t)
	for _, o := range w.server.operations {
		if o.example == nil {
			continue
		}
		text, err := json.Marshal(o.example)
		if err != nil {
			t.Fatal(err)
		}
		var headers []string
		if o.method == "PUT" {
			headers = append(headers, `If-Match: "1"`)
		}
		a := w.send(o.method, fillPath(o.path), string(text), headers...)
		if a.status == 400 && a.code() != "unknown_reference" || a.status >= 500 {
			t.Errorf("%s: the example is refused: %d %s\n%s", o.id, a.status, a.body, text)
		}
	}
}

// TestPermissions: every operation names a permission that exists; only "who am
// I" asks for none, what leads to a session nobody, and the own account whoever signed in.
func TestPermissions(t *testing.T) {
	known := map[access.Permission]bool{}
	for _, p := range access.All {
		known[p] = true
	}
	for _, o := range newWeb(t).server.operations {
		named := o.may == anyKey && (o.id == "get-me" || o.id == "list-permissions" || o.id == "read-several") || o.may == anyone && slices.Contains([]string{"get-setup", "set-up", "sign-in", "sign-out", "send-sign-in-code", "begin-visit", "end-visit", "show-page", "get-picture"}, o.id) ||
			o.may == asMember && slices.Contains([]string{"get-visitor", "show-wallet", "claim-on-page"}, o.id) ||
			o.may == account && strings.HasPrefix(o.path, "/v1/account")
		if !known[o.may] && !named {
			t.Errorf("%s: permission %q", o.id, o.may)
		}
	}
}

// TestWrites: every POST that writes takes an Idempotency-Key, every other change
// an If-Match; what needs neither is named here with its reason.
func TestWrites(t *testing.T) {
	free := map[string]string{
		"quote-cart":          "writes nothing",
		"show-coupon":         "writes nothing",
		"look-at-coupon":      "writes nothing",
		"read-table":          "writes nothing",
		"count-segment":       "writes nothing",
		"read-several":        "writes nothing",
		"find-members":        "writes nothing",
		"explain-claim":       "writes nothing",
		"get-prices":          "writes nothing",
		"dry-run-template":    "writes nothing",
		"check-content":       "writes nothing",
		"mint-token":          "stores nothing",
		"set-up":              "only one can be first",
		"sign-in":             "a repetition makes another session, which ends by itself",
		"sign-out":            "ended is ended",
		"end-session":         "ended is ended",
		"set-password":        "the old password is right once",
		"begin-factor":        "a repetition replaces what does not count yet",
		"confirm-factor":      "a code is good once",
		"end-factor":          "ended is ended",
		"send-sign-in-code":   "another one takes its place",
		"begin-visit":         "a code is good once",
		"end-visit":           "ended is ended",
		"upload-picture":      "the same file again is the same picture",
		"publish-page-design": "If-Match makes a repetition harmless",
		"publish-template":    "If-Match makes a repetition harmless",
		"archive-template":    "If-Match makes a repetition harmless",
		"publish-pack":        "If-Match makes a repetition harmless",
		"archive-pack":        "If-Match makes a repetition harmless",
		"set-stop":            "a kill waits for no reader, and the same again changes nothing",
		"take-place":          "asked again it is the same place",
		"publish-packet-plan": "If-Match makes a repetition harmless",
		"archive-packet-plan": "If-Match makes a repetition harmless",
	}
	for _, o := range newWeb(t).server.operations {
		takes := map[string]bool{}
		for _, p := range o.huma.Parameters {
			takes[p.Name] = true
			if p.Name == "Idempotency-Key" && !p.Required {
				t.Errorf("%s: the Idempotency-Key is optional", o.id)
			}
		}
		switch {
		case o.method == "GET":
			if takes["Idempotency-Key"] || takes["If-Match"] {
				t.Errorf("%s reads, and takes a header of writes", o.id)
			}
		case o.method == "POST" && free[o.id] == "" && !takes["Idempotency-Key"]:
			t.Errorf("%s takes no Idempotency-Key", o.id)
		case o.method != "POST" && free[o.id] == "" && !takes["If-Match"]:
			t.Errorf("%s takes no If-Match", o.id)
		}
	}
}
