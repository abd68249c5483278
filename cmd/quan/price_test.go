package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"quan/internal/domain/market"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
)

var update = flag.Bool("update", false, "write docs/guides/price.md anew")

const guide = "../../docs/guides/price.md"

// example is the guide's file of a name.
func example(t *testing.T, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(page(t), "`"+name+"`:\n\n```json\n")
	if !ok {
		t.Fatalf("the guide has no %s", name)
	}
	file, _, _ := strings.Cut(rest, "```")
	return file
}

func page(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// priced prices a file; edits replace texts in it, in pairs.
func priced(t *testing.T, file string, edits ...string) (*priceAnswer, error) {
	t.Helper()
	for i := 0; i < len(edits); i += 2 {
		if !strings.Contains(file, edits[i]) {
			t.Fatalf("the guide's example has no %s", edits[i])
		}
		file = strings.Replace(file, edits[i], edits[i+1], 1)
	}
	s, err := readSheet([]byte(file), 1, nil)
	if err != nil {
		return nil, err
	}
	return s.price(i18n.EN)
}

// told is a command of the guide with what it prints.
var told = regexp.MustCompile("`quan price ([a-z]+\\.json)(?: --lang (\\S+))?(?: --profile (\\S+))?` prints:\n\n```text\n((?s:.*?))```")

func TestPricePage(t *testing.T) {
	all := page(t)
	commands := told.FindAllStringSubmatch(all, -1)
	if len(commands) != 4 {
		t.Fatalf("%d commands in the guide", len(commands))
	}
	got := told.ReplaceAllStringFunc(all, func(found string) string {
		c := told.FindStringSubmatch(found)
		lang := cmp.Or(i18n.Lang(c[2]), i18n.EN)
		chosen, err := readProfile(c[3])
		if err != nil {
			t.Fatal(err)
		}
		s, err := readSheet([]byte(example(t, c[1])), 1, chosen)
		if err != nil {
			t.Fatalf("%s: %v", c[1], err)
		}
		a, err := s.price(lang)
		if err != nil {
			t.Fatalf("%s: %v", c[1], err)
		}
		var b bytes.Buffer
		if err := a.print(&b, false, lang); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSuffix(found, c[4]+"```") + b.String() + "```"
	})
	if *update {
		if err := os.WriteFile(guide, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := gocmp.Diff(all, got); diff != "" {
		t.Errorf("%s is stale, run: go test ./cmd/quan -run TestPricePage -update\n%s", guide, diff)
	}
}

func TestPriceAsJSON(t *testing.T) {
	file := example(t, "cart.json")
	a, err := priced(t, file)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := a.print(&b, true, i18n.EN); err != nil {
		t.Fatal(err)
	}
	var got priceAnswer
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.PayableMinor != 19090 || !got.Optimal || len(got.Uses) != 3 || got.Uses[0].Coupon != "fruit-15" || len(got.Uses[1].Cells) != 2 {
		t.Errorf("%s", b.String())
	}
	conflict := got.Coupons[2].Reasons[0]
	if conflict.Code != fault.StackingConflict || conflict.Params["other"] != "30-off-199" {
		t.Errorf("%+v", conflict)
	}
}

func TestPriceExactly(t *testing.T) {
	file := example(t, "cart.json")
	const cart = "\"cart\": {"
	a, err := priced(t, file, cart, `"use": ["pay-2", "10-off-99"], `+cart)
	if err != nil || a.PayableMinor != 22520 || len(a.Uses) != 2 || a.Uses[0].Coupon != "10-off-99" {
		t.Errorf("%+v, %v", a, err)
	}
	for use, want := range map[string]string{
		`["30-off-199", "10-off-99"]`: "stacking_conflict /use/1",
		`["egg"]`:                     "threshold_not_met /use/0",
		`["fruit-15", "none"]`:        "unknown_reference /use/1",
		`["egg", "egg"]`:              "duplicate_value /use/1",
	} {
		_, err := priced(t, file, cart, `"use": `+use+`, `+cart)
		if f := fault.From(err); f == nil || string(f.Code)+" "+f.Pointer != want {
			t.Errorf("%s: %v, want %s", use, err, want)
		}
	}
}

func TestPriceBadFiles(t *testing.T) {
	file := example(t, "cart.json")
	for _, c := range []struct{ old, new, want string }{
		{`"discount_bps": 1500`, `"discount_bps": 10001`, "out_of_range /templates/0/terms/discount_bps"},
		{`"quantity": 4`, `"quantity": 0`, "out_of_range /cart/lines/0/quantity"},
		{`"name": "egg"`, `"name": "pay-2"`, "duplicate_value /templates/4/name"},
		{`"floor_minor": 1`, `"floor_minor": -1`, "out_of_range /market/policies/floor_minor"},
		{`"max_coupons_order": 5`, `"max_coupons_order": 0`, "out_of_range /market/policies/max_coupons_order"},
		{`"cart": {`, `"coupons": [{"name": "c", "template": "x"}], "cart": {`, "unknown_reference /coupons/0/template"},
	} {
		_, err := priced(t, file, c.old, c.new)
		if f := fault.From(err); f == nil || string(f.Code)+" "+f.Pointer != c.want {
			t.Errorf("%s: %v, want %s", c.new, err, c.want)
		}
	}
	for _, text := range []string{"", "[]", `{"carts": 1}`, file + "1", strings.Replace(file, "2500", "2500.5", 1)} {
		if _, err := priced(t, text); err == nil {
			t.Errorf("%.40q is no sheet, and is priced", text)
		}
	}
}

func TestPriceFile(t *testing.T) {
	file := example(t, "grocery.json")
	reasons := func(a *priceAnswer, name string) string {
		for _, j := range a.Coupons {
			if j.Coupon == name && len(j.Reasons) > 0 {
				return string(j.Reasons[0].Code)
			}
		}
		return ""
	}
	for _, c := range []struct{ old, new, coupon, want string }{
		{`"gold"}}`, `"silver"}}`, "gold-5", "condition_not_met"},
		{`"claim": {"automatic": true}`, `"claim": {"automatic": true, "place": {"cities": ["beijing"]}}`, "gold-5", "city_not_allowed"},
		{`"claim": {"automatic": true}`, `"claim": {"automatic": true, "when": {"all": [{"type": "channel", "in": ["app"]}]}}`, "gold-5", "condition_not_met"},
		{`"now": "2026-03-04`, `"now": "2026-03-07`, "eggs", ""},
		{`"over_budget": "truncate"`, `"over_budget": "refuse"`, "every-100", "budget_spent"},
		{`"card": 3000`, `"card": 0`, "card", "no_effect"},
	} {
		a, err := priced(t, file, c.old, c.new)
		if err != nil || reasons(a, c.coupon) != c.want || len(a.Coupons) != 9 {
			t.Errorf("%s: %q of %+v, %v", c.new, reasons(a, c.coupon), a, err)
		}
	}
	a, err := priced(t, file)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range a.Uses {
		switch {
		case u.Coupon == "second-half" && (len(u.Units) != 1 || u.Units[0].Quantity != 2):
			t.Errorf("%+v", u)
		case u.Coupon == "points" && (u.Benefit == nil || u.Benefit.Value != 200):
			t.Errorf("%+v", u)
		}
	}
	for _, c := range []struct{ old, new, want string }{
		{`"balances": {"card"`, `"balances": {"none"`, "unknown_reference /balances/none"},
		{`"left_minor": 1500`, `"left_minor": -1`, "out_of_range /budgets/0/left_minor"},
		{`["every-100"]}]`, `["every-100", "every-100"]}]`, "duplicate_value /budgets/0/coupons/1"},
		{`"over_budget": "truncate"`, `"over_budget": "never"`, "invalid_value /market/policies/pricing/over_budget"},
		{`"market": {`, `"market": {"zone": "Mars/Base", `, "invalid_value /market/zone"},
		{`"name": "points"`, `"name": "gold-5"`, "duplicate_value /templates/6/name"},
		{`"balances"`, `"coupons": [{"name": "gold-5", "template": "card"}], "balances"`, "duplicate_value /coupons/0/name"},
	} {
		_, err := priced(t, file, c.old, c.new)
		if f := fault.From(err); f == nil || string(f.Code)+" "+f.Pointer != c.want {
			t.Errorf("%s: %v, want %s", c.new, err, c.want)
		}
	}
}

func TestReadProfile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.json")
	for text, want := range map[string]*market.Pricing{
		`{"profile": "ruoyi", "split": "largest"}`: {Profile: "ruoyi", Split: "largest"},
		`{"spilt": "largest"}`:                     nil,
		`[]`:                                       nil,
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := readProfile(file)
		if (err == nil) != (want != nil) || err == nil && *got != *want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	if _, err := readProfile("no such"); err == nil || !strings.Contains(err.Error(), "medusa, quan, ruoyi") {
		t.Errorf("%v", err)
	}
}
