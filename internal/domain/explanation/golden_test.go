package explanation

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
	"quan/internal/kernel/i18n"
)

var update = flag.Bool("update", false, "write the golden texts anew")

var languages = []i18n.Lang{i18n.ZhCN, i18n.ZhTW, i18n.EN}

// markets that the cases name; cn where they name none.
var markets = map[string]*market.Market{
	"cn": {Code: "cn", Currency: "CNY", Zone: "Asia/Shanghai", Policies: market.Defaults()},
	"tw": {Code: "tw", Currency: "TWD", Zone: "Asia/Taipei", Policies: market.Policies{FloorMinor: 100}},
	"jp": {Code: "jp", Currency: "JPY", Zone: "Asia/Tokyo", Policies: market.Defaults()},
	"us": {Code: "us", Currency: "USD", Zone: "America/New_York", Policies: market.Policies{}},
}

// input is a case as it stands in the file: a Doc, and the issuer of its template.
type input struct {
	coupon.Doc
	Issuer *coupon.Issuer `json:"issuer"`
}

// A file of testdata holds cases: "=== name [market]", the document in JSON, "---",
// and what is said about it, up to the next case. Lines with # before the first
// case are comments.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) { goldenFile(t, file) })
	}
}

func goldenFile(t *testing.T, file string) {
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, cases, _ := strings.Cut(string(raw), "=== ")
	var b strings.Builder
	b.WriteString(head)
	for _, c := range strings.Split(cases, "\n=== ") {
		title, rest, _ := strings.Cut(c, "\n")
		doc, _, _ := strings.Cut(rest, "\n---")
		fmt.Fprintf(&b, "=== %s\n%s\n---\n%s\n", title, doc, say(t, title, doc))
	}
	got := strings.TrimRight(b.String(), "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(raw), got); diff != "" {
		t.Errorf("%s (run with -update if the new words are right):\n%s", file, diff)
	}
}

func say(t *testing.T, title, text string) string {
	t.Helper()
	in, m := parse(t, title, text)
	var tpl *coupon.Template
	if in.Issuer != nil {
		tpl = &coupon.Template{Issuer: *in.Issuer}
	}
	var b strings.Builder
	for _, lang := range languages {
		fmt.Fprintf(&b, "%s: %s\n", lang, Card(lang, &in.Doc, m))
		for _, s := range Full(lang, &in.Doc, m, tpl) {
			fmt.Fprintf(&b, "  %s: %s\n", s.Rule, s.Text)
		}
	}
	return b.String()
}

func parse(t *testing.T, title, text string) (input, *market.Market) {
	t.Helper()
	code := "cn"
	if name, bracket, ok := strings.Cut(title, " ["); ok {
		title, code = name, strings.TrimSuffix(bracket, "]")
	}
	m := markets[code]
	if m == nil {
		t.Fatalf("%s: no market %q", title, code)
	}
	var in input
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		t.Fatalf("%s: %v", title, err)
	}
	return in, m
}

// cases returns every document of testdata.
func cases(t *testing.T) map[string]coupon.Doc {
	t.Helper()
	all := map[string]coupon.Doc{}
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, text, _ := strings.Cut(string(raw), "=== ")
		for _, c := range strings.Split(text, "\n=== ") {
			title, rest, _ := strings.Cut(c, "\n")
			doc, _, _ := strings.Cut(rest, "\n---")
			in, _ := parse(t, title, doc)
			all[filepath.Base(file)+" "+title] = in.Doc
		}
	}
	return all
}
