package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
)

var update = flag.Bool("update", false, "write docs/guides/price.md anew")

const guide = "../../docs/guides/price.md"

// example is the file of the guide, and what the guide says is printed.
func example(t *testing.T) (file, printed, page string) {
	t.Helper()
	raw, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	page = string(raw)
	_, rest, _ := strings.Cut(page, "```json\n")
	file, rest, _ = strings.Cut(rest, "```")
	_, rest, _ = strings.Cut(rest, "```text\n")
	printed, _, _ = strings.Cut(rest, "```")
	return file, printed, page
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
	s, err := readSheet([]byte(file), 1)
	if err != nil {
		return nil, err
	}
	return s.price(i18n.EN)
}

func TestPricePage(t *testing.T) {
	file, printed, page := example(t)
	a, err := priced(t, file)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := a.print(&b, false, i18n.EN); err != nil {
		t.Fatal(err)
	}
	got := ""
	for line := range strings.Lines(b.String()) {
		got += strings.TrimRight(line, " \n") + "\n"
	}
	if *update {
		page = strings.Replace(page, "```text\n"+printed, "```text\n"+got, 1)
		if err := os.WriteFile(guide, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(printed, got); diff != "" {
		t.Errorf("%s is stale, run: go test ./cmd/quan -run TestPricePage -update\n%s", guide, diff)
	}
}

func TestPriceAsJSON(t *testing.T) {
	file, _, _ := example(t)
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
	file, _, _ := example(t)
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
	file, _, _ := example(t)
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
