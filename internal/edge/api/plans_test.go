package api

import (
	"strings"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
)

// TestFindings: a draft tells what does not fit, in the caller's language, and a
// contradiction is not published.
func TestFindings(t *testing.T) {
	w := newWeb(t)
	body := templateExample()
	body.Draft.Claim.Place = rule.Place{Cities: []string{"shanghai", "beijing"}}
	body.Draft.Terms.Use = rule.Place{Cities: []string{"beijing"}}
	made := w.ok(201, "POST", "/v1/templates", body)
	if made.text("findings", 0, "kind") != "gap" || made.text("findings", 0, "code") != "cities_beyond" || made.text("findings", 0, "b") != "/terms/use/cities" {
		t.Errorf("findings %s", made.body)
	}
	told := w.ok(200, "GET", "/v1/templates/"+made.text("id"), nil, "Accept-Language: zh-CN")
	if told.text("findings", 0, "text") != "有些城市能领不能用。" {
		t.Errorf("in Chinese: %s", told.body)
	}
	body.Code, body.Draft.Claim.Place.Cities = "apart", []string{"shanghai"}
	apart := w.ok(201, "POST", "/v1/templates", body)
	if apart.text("findings", 0, "kind") != "contradiction" {
		t.Errorf("findings %s", apart.body)
	}
	w.refused(fault.Conflicting, "/draft/terms/use/cities", "POST", "/v1/templates/"+apart.text("id")+"/publish", nil, "If-Match: "+apart.header.Get("ETag"))
}

// TestPlans walks from a draft's dry run to a suggestion.
func TestPlans(t *testing.T) {
	w := newStage(t)
	draft := "/v1/templates/" + w.draft
	run := w.ok(200, "POST", draft+"/dry-run", map[string]any{"orders": 100})
	if run.text("orders", "priced") == "0" || run.text("orders", "applied") == "0" || run.text("progress", "known") == "0" {
		t.Errorf("dry run %s", run.body)
	}
	w.ok(200, "PUT", "/v1/items/apple", map[string]any{"name": "Apple", "category": "fresh/fruit", "price_minor": 1500, "min_minor": 1400, "market": "main"}, `If-Match: "1"`)
	low := w.ok(200, "GET", draft+"/lowest-prices", nil)
	if low.text("warnings", 0, "sku") != "apple" || low.text("warnings", 0, "quantity") != "2" || low.text("warnings", 0, "payable_minor") != "2500" {
		t.Errorf("lowest prices %s", low.body)
	}
	prices := w.ok(200, "POST", "/v1/prices", map[string]any{"templates": []any{w.template}, "lines": []any{map[string]any{"sku": "apple"}}, "alone": false})
	if prices.text("prices", 0, "payable_minor") != "1500" || prices.text("prices", 0, "gaps", 0, "missing_minor") != "500" || prices.text("prices", 0, "from", "quantity") != "2" {
		t.Errorf("prices %s", prices.body)
	}
	cart := w.cart()
	cart["lines"] = []any{map[string]any{"sku": "apple", "quantity": 1, "unit_minor": 1500}}
	quote := w.ok(200, "POST", "/v1/quotes", map[string]any{"member": w.buyer(), "cart": cart, "coupons": []any{w.coupon}, "suggest": 3})
	if quote.text("gaps", 0, "missing_minor") != "500" || !strings.Contains(quote.text("gaps", 0, "text"), "¥5") ||
		quote.text("suggestions", 0, "add", 0, "sku") != "apple" || quote.text("suggestions", 0, "extra_minor") != "1000" {
		t.Errorf("quote %s", quote.body)
	}
	tested := w.ok(200, "POST", "/v1/quotes", map[string]any{"cart": w.cart(), "drafts": []any{w.draft}})
	if tested.text("uses", 0, "template") != w.draft {
		t.Errorf("a draft: %s", tested.body)
	}
}

// TestFindingWords: every finding has words in every language.
func TestFindingWords(t *testing.T) {
	for _, lang := range []i18n.Lang{i18n.EN, i18n.ZhCN, i18n.ZhTW} {
		for _, code := range coupon.FindingCodes {
			if i18n.Finding(lang, string(code)) == string(code) {
				t.Errorf("%s has no words in %s", code, lang)
			}
		}
	}
}
