package i18n

import (
	"slices"
	"strings"
	"testing"

	"quan/internal/kernel/fault"
)

func TestEveryCodeHasWords(t *testing.T) {
	for _, lang := range All {
		w := catalogue[lang]
		for code := range fault.Codes() {
			key := "fault." + string(code)
			if w.Say(key+".title") == "" {
				t.Errorf("%s: %s has no title without a placeholder", lang, code)
			}
			if w.Say(key+".detail") == "" {
				t.Errorf("%s: %s has no detail that needs no parameter", lang, code)
			}
			for _, names := range w.Placeholders(key + ".detail") {
				for _, name := range names {
					if name != "pointer" && !slices.Contains(Parameters(code), name) {
						t.Errorf("%s: %s shows {%s}, which is no parameter of it", lang, code, name)
					}
				}
			}
		}
	}
}

func TestNoWordsWithoutACode(t *testing.T) {
	for _, key := range catalogue[EN].Keys() {
		code, ok := strings.CutPrefix(key, "fault.")
		if !ok {
			continue
		}
		code, _, _ = strings.Cut(code, ".")
		if _, known := fault.Codes()[fault.Code(code)]; !known {
			t.Errorf("%s has words but is no code", code)
		}
	}
}

// With every parameter at hand and with none, no brace reaches a reader.
func TestNoPlaceholderIsLeft(t *testing.T) {
	for code := range fault.Codes() {
		full := fault.New(code).At("/x")
		for _, name := range Parameters(code) {
			full.Params = append(full.Params, fault.Param{Name: name, Value: int64(7)})
		}
		for _, lang := range All {
			for _, f := range []*fault.Fault{full, fault.New(code)} {
				title, detail := Fault(lang, f, "CNY")
				if title == "" || detail == "" || strings.ContainsAny(title+detail, "{}") {
					t.Errorf("%s: %v is told as %q, %q", lang, f, title, detail)
				}
			}
		}
	}
}

// A parameter that no sentence shows is a promise that is not kept.
func TestParametersAreShown(t *testing.T) {
	program := []string{"index", "rule", "type"} // tell a program which condition; a person reads the coupon's explanation
	for code, names := range parameters {
		for _, lang := range All {
			shown := slices.Concat(catalogue[lang].Placeholders("fault." + string(code) + ".detail")...)
			for _, name := range names {
				if !slices.Contains(shown, name) && !slices.Contains(program, name) {
					t.Errorf("%s: no sentence of %s shows {%s}", lang, code, name)
				}
			}
		}
	}
}

func TestFault(t *testing.T) {
	for _, c := range []struct {
		lang     Lang
		fault    *fault.Fault
		currency string
		want     string
	}{
		{ZhCN, fault.New(fault.ThresholdNotMet, "gap_minor", int64(1250)), "CNY", "还差12.5元，再买一点适用商品即可使用。"},
		{ZhTW, fault.New(fault.ThresholdNotMet, "gap_minor", int64(1250)), "TWD", "還差12.5元，再選購一些適用商品即可使用。"},
		{EN, fault.New(fault.ThresholdNotMet, "gap_minor", int64(1250)), "USD", "Add $12.50 more of eligible items to use this coupon."},
		{EN, fault.New(fault.ThresholdNotMet, "gap_minor", int64(1250), "currency", "JPY"), "USD", "Add ¥1,250 more of eligible items to use this coupon."},
		{EN, fault.New(fault.ThresholdNotMet, "gap_minor", int64(1250)), "", "Add more eligible items to use this coupon."},
		{ZhCN, fault.New(fault.MustContain, "index", 0, "missing_quantity", int64(2)), "CNY", "再加购2件指定商品即可使用。"},
		{ZhTW, fault.New(fault.MustContain, "index", 0, "missing_minor", int64(1000)), "TWD", "再加購10元的指定商品即可使用。"},
		{EN, fault.New(fault.OutOfRange, "min", 1, "max", 3660).At("/terms/validity/days"), "", "/terms/validity/days must be between 1 and 3,660."},
		{ZhCN, fault.New(fault.MustContain, "index", 0, "missing_minor", int64(1000), "missing_quantity", int64(2)), "CNY", "再加购2件、合计至少10元的指定商品即可使用。"},
		{EN, fault.New(fault.OutOfRange, "max", 20), "", "The value must be at most 20."},
		{ZhTW, fault.New(fault.Absent, "what", "template"), "", "此折價券範本不存在或不屬於您，請檢查網址或編號。"},
		{EN, fault.New(fault.Absent, "what", "thing"), "", "This thing does not exist or is not yours. Check the address or the id."},
		{ZhCN, fault.New(fault.WrongState, "state", "archived"), "", "已归档，不能这样做，请刷新后查看可进行的操作。"},
		{EN, fault.New(fault.WrongState, "state", "unheard_of"), "", "This can't be done in the present state. Load it again to see what is possible."},
		{ZhCN, fault.New(fault.UnknownReference, "what", "item", "value", "A1").At("/cart/lines/0/sku"), "", "商品 A1 不存在，请检查或先创建。"},
		{EN, fault.New(fault.PermissionDeny, "permission", "<b>{x}"), "", "This needs the permission <b>{x}. Ask an administrator for it."},
		{"fr", fault.New("no_such_code"), "", "This is our fault. Please try again later, and tell support the request id if it happens again."},
	} {
		if _, got := Fault(c.lang, c.fault, c.currency); got != c.want {
			t.Errorf("%s %v:\n got %s\nwant %s", c.lang, c.fault, got, c.want)
		}
	}
}

// zh-TW is no converted zh-CN: words of the mainland's trade don't stand in it.
func TestTaiwanHasItsOwnWords(t *testing.T) {
	w := catalogue[ZhTW]
	for _, key := range w.Keys() {
		for _, s := range w.sentences[key] {
			for _, p := range s {
				for _, foreign := range []string{"滿減", "門店", "渠道", "核銷", "短信", "用戶", "信息", "默認", "賬", "鏈接", "優惠券", "接口", "字段", "領券"} {
					if strings.Contains(p.text, foreign) {
						t.Errorf("%s says %s: %s", key, foreign, p.text)
					}
				}
			}
		}
	}
}

func BenchmarkFault(b *testing.B) {
	f := fault.New(fault.ThresholdNotMet, "gap_minor", int64(1250))
	b.ReportAllocs()
	for b.Loop() {
		Fault(ZhCN, f, "CNY")
	}
}
