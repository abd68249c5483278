package coupon_test

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/market"
)

// arbitrary is JSON for a type, with the values that break things: what is
// missing, negative, at the ends of int64, words that nobody knows.
func arbitrary(t *rapid.T, kind reflect.Type) any {
	if kind == reflect.TypeFor[condition.Tree]() { // its own tests go deeper
		return rapid.SampledFrom([]any{map[string]any{}, map[string]any{"all": []any{}}, map[string]any{"type": "member_tier", "in": []string{"gold"}}}).Draw(t, "tree")
	}
	switch kind.Kind() {
	case reflect.Pointer:
		return arbitrary(t, kind.Elem())
	case reflect.Struct:
		object := map[string]any{}
		for i := range kind.NumField() {
			name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
			if rapid.IntRange(0, 3).Draw(t, name) > 0 {
				object[name] = arbitrary(t, kind.Field(i).Type)
			}
		}
		return object
	case reflect.Slice:
		list := make([]any, rapid.IntRange(0, 3).Draw(t, "length"))
		for i := range list {
			list[i] = arbitrary(t, kind.Elem())
		}
		return list
	case reflect.Map:
		return map[string]any{rapid.SampledFrom([]string{"USD", "CNY", "", "a/b"}).Draw(t, "key"): arbitrary(t, kind.Elem())}
	case reflect.Bool:
		return rapid.Bool().Draw(t, "bool")
	case reflect.String:
		return rapid.SampledFrom(append(wordsOf(kind), "", "egg", "\x00", " ")).Draw(t, "word")
	}
	return rapid.SampledFrom([]int64{0, 1, 2, 100, 10_000, 10_001, 1e15, 1e15 + 1, -1, math.MaxInt64, math.MinInt64}).Draw(t, "number")
}

func wordsOf(kind reflect.Type) (words []string) {
	switch kind {
	case reflect.TypeFor[coupon.Kind]():
		for _, k := range coupon.Kinds {
			words = append(words, string(k))
		}
	case reflect.TypeFor[coupon.Reward]():
		words = []string{"percent", "amount", "price", "total"}
	case reflect.TypeFor[coupon.GiftMode]():
		words = []string{"add_missing"}
	case reflect.TypeFor[coupon.Split]():
		words = []string{"by_amount", "per_line"}
	}
	return words
}

// whole asks everything that a document is asked; an amount that it answers can be
// written.
func whole(t interface{ Errorf(string, ...any) }, d *coupon.Doc) {
	err := d.Validate(&market.Market{Currency: "CNY"}, nil)
	minor, ok := d.Terms.Liability()
	if minor < 0 || minor > 1e15 || !ok && minor != 0 {
		t.Errorf("liability %d, %v", minor, ok)
	}
	if err == nil && d.Terms.Class() == 0 {
		t.Errorf("valid terms of no class: %+v", d.Terms)
	}
}

func TestArbitraryContent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw, err := json.Marshal(arbitrary(t, reflect.TypeFor[coupon.Doc]()))
		if err != nil {
			t.Fatal(err)
		}
		var d coupon.Doc
		if json.Unmarshal(raw, &d) == nil {
			whole(t, &d)
		}
	})
}

func FuzzContent(f *testing.F) {
	for _, kind := range coupon.Kinds {
		raw, err := json.Marshal(docOf(kind, nil))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var d coupon.Doc
		if json.Unmarshal(raw, &d) == nil {
			whole(t, &d)
		}
	})
}
