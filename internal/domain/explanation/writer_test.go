package explanation

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/i18n"
)

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	// English alone tells one from many in these sentences.
	plural := func(keys []string) []string {
		return slices.DeleteFunc(keys, func(k string) bool { return strings.HasSuffix(k, ".one") })
	}
	want := plural(catalogue[i18n.ZhCN].Keys())
	for _, l := range languages {
		if diff := cmp.Diff(want, plural(catalogue[l].Keys())); diff != "" {
			t.Errorf("%s:\n%s", l, diff)
		}
	}
}

func TestDiscount(t *testing.T) {
	for _, c := range []struct {
		bps        int64
		cn, tw, en string
	}{
		{1500, "8.5折", "85折", "15%"},
		{1000, "9折", "9折", "10%"},
		{5000, "5折", "5折", "50%"},
		{1250, "8.75折", "8.75折", "12.5%"},
		{1200, "8.8折", "88折", "12%"},
		{9000, "1折", "1折", "90%"},
		{8900, "1.1折", "11折", "89%"},
		{9500, "0.5折", "0.5折", "95%"},
		{1, "9.999折", "9.999折", "0.01%"},
	} {
		for lang, want := range map[i18n.Lang]string{i18n.ZhCN: c.cn, i18n.ZhTW: c.tw, i18n.EN: c.en, "xx": c.en} {
			if got := discount(lang, c.bps); got != want {
				t.Errorf("%s: %d bps off are %q, want %q", lang, c.bps, got, want)
			}
		}
	}
}

// Codes give way to names where the writer knows them.
func TestNames(t *testing.T) {
	doc := &coupon.Doc{Terms: coupon.Terms{
		Kind: coupon.KindAmountOff, AmountMinor: 800, ThresholdMinor: 5000, UsesPerCoupon: 1,
		Scope:    rule.Scope{Include: rule.Selector{Stores: []string{"S1", "S2"}}},
		Contains: []rule.Contain{{Scope: rule.Scope{Include: rule.Selector{Categories: []string{"meat"}}}, MinMinor: 1000}},
	}}
	w := Writer{Lang: i18n.ZhCN, Market: markets["cn"], Name: func(kind Kind, code string) string {
		return map[string]string{"store S1": "人民广场店", "category meat": "肉品"}[string(kind)+" "+code]
	}}
	if got, want := w.Card(doc), "满50减8，含10元肉品"; got != want {
		t.Errorf("card %q, want %q", got, want)
	}
	full := w.Full(doc, nil)
	for _, want := range []Sentence{
		{"/terms/scope/include/stores", "限以下门店可用：人民广场店、S2"},
		{"/terms/contains/0", "需含10元肉品，加购10元肉品即可使用"},
	} {
		if !slices.Contains(full, want) {
			t.Errorf("no sentence %v in %v", want, full)
		}
	}
}

// Names are not read as patterns and not changed: the edge escapes.
func TestTextOfUsersGoesInAsItIs(t *testing.T) {
	evil := `<b>{money}</b>" & 折`
	doc := &coupon.Doc{Terms: coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 100,
		Scope: rule.Scope{Exclude: rule.Selector{Brands: []string{evil}}}}}
	for _, lang := range languages {
		found := false
		for _, s := range Full(lang, doc, markets["cn"], nil) {
			found = found || strings.Contains(s.Text, evil)
		}
		if !found {
			t.Errorf("%s changes %s", lang, evil)
		}
	}
}

// A document that no one has validated must not break a page.
func TestEmptyDocument(t *testing.T) {
	for _, lang := range append(languages, "xx") {
		Card(lang, &coupon.Doc{}, markets["us"])
		for _, s := range Full(lang, &coupon.Doc{}, markets["us"], &coupon.Template{}) {
			if s.Text == "" || strings.ContainsAny(s.Text, "{}") {
				t.Errorf("%s: %v", lang, s)
			}
		}
	}
}

func BenchmarkCard(b *testing.B) {
	doc := &coupon.Doc{Terms: coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 1000, ThresholdMinor: 3000}}
	b.ReportAllocs()
	for b.Loop() {
		Card(i18n.ZhCN, doc, markets["cn"])
	}
}
