package i18n

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	w, err := Parse(EN, []byte(`{"a": "plain", "b": {"c": ["{x} and {y}", "only {x}", "none"]},
		"d": "{n} uses", "e": {"": "x"}, "f": "{n} cards", "f.one": "one card"}`))
	if err != nil {
		t.Fatal(err)
	}
	x, y := Arg{"x", "X {y}"}, Arg{"y", "Y"}
	for _, c := range []struct{ got, want string }{
		{w.Say("a"), "plain"},
		{w.Say("b.c", x, y), "X {y} and Y"}, // a value is not searched for placeholders
		{w.Say("b.c", x), "only X {y}"},
		{w.Say("b.c", y), "none"},
		{w.Say("absent"), ""},
		{w.Say("d"), ""}, // never a placeholder left over
		{w.Count("f", 1), "one card"},
		{w.Count("f", 1200), "1,200 cards"},
		{w.Count("d", 1), "1 uses"},
	} {
		if c.got != c.want {
			t.Errorf("said %q, want %q", c.got, c.want)
		}
	}
	if diff := cmp.Diff([][]string{{"x", "y"}, {"x"}, nil}, w.Placeholders("b.c")); diff != "" {
		t.Error(diff)
	}
}

func TestWordsRefused(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{`{"a": "x", "a": "y"}`, "twice"},
		{`{"a": "{}"}`, "brace"},
		{`{"a": "{x"}`, "brace"},
		{`{"a": 1}`, "neither"},
		{`{"a": `, "EOF"},
		{`{"a": ["x"`, "EOF"},
	} {
		if _, err := Parse(EN, []byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Parse(%s) gives %v, want %q", c.data, err, c.want)
		}
	}
}

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	for _, l := range All {
		if diff := cmp.Diff(catalogue[EN].Keys(), catalogue[l].Keys()); diff != "" {
			t.Errorf("%s:\n%s", l, diff)
		}
	}
}
