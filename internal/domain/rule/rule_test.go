package rule_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
)

func TestScopeMatches(t *testing.T) {
	line := rule.Line{SKU: "apple", Category: "fresh/fruit", Brand: "b", Merchant: "m", Store: "s"}
	in := func(s rule.Selector) rule.Scope { return rule.Scope{Include: s} }
	out := func(s rule.Selector) rule.Scope { return rule.Scope{Exclude: s} }
	for _, c := range []struct {
		name  string
		scope rule.Scope
		want  bool
	}{
		{"everything", rule.Scope{}, true},
		{"its category", in(rule.Selector{Categories: []string{"fresh/fruit"}}), true},
		{"above its category", in(rule.Selector{Categories: []string{"fresh"}}), true},
		{"below its category", in(rule.Selector{Categories: []string{"fresh/fruit/apple"}}), false},
		{"a category that begins alike", in(rule.Selector{Categories: []string{"fresh/fru"}}), false},
		{"either brand or SKU is enough", in(rule.Selector{Brands: []string{"x"}, SKUs: []string{"apple"}}), true},
		{"goods and another merchant", in(rule.Selector{SKUs: []string{"apple"}, Merchants: []string{"x"}}), false},
		{"goods and another store", in(rule.Selector{SKUs: []string{"apple"}, Stores: []string{"x"}}), false},
		{"merchant and store", in(rule.Selector{Merchants: []string{"m"}, Stores: []string{"s"}}), true},
		{"excluded goods", out(rule.Selector{Categories: []string{"fresh"}}), false},
		{"excluded merchant", out(rule.Selector{Merchants: []string{"m"}}), false},
		{"excluded store", out(rule.Selector{Stores: []string{"s"}}), false},
		{"exclusion beats inclusion", rule.Scope{Include: rule.Selector{Categories: []string{"fresh"}},
			Exclude: rule.Selector{SKUs: []string{"apple"}}}, false},
		{"codes are compared exactly", in(rule.Selector{SKUs: []string{"Apple"}}), false},
	} {
		if got := c.scope.Matches(line); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if scope := in(rule.Selector{Brands: []string{""}}); scope.Matches(rule.Line{}) {
		t.Error("an empty code matches a line without one")
	}
}

func TestWord(t *testing.T) {
	for value, want := range map[string]fault.Code{
		"": fault.MissingValue, "券 码": "", strings.Repeat("x", 128): "", strings.Repeat("x", 129): fault.TooLong,
		"a\x00b": fault.InvalidValue, "a\u0085b": fault.InvalidValue, "\xff": fault.InvalidValue, " a": fault.InvalidValue,
		"a\t": fault.InvalidValue, "😀": "",
	} {
		var got fault.Code
		if f := rule.Word(value, "/x"); f != nil {
			got = f.Code
		}
		if got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

func TestScopeValidate(t *testing.T) {
	var l fault.List
	rule.Scope{
		Include: rule.Selector{SKUs: []string{"a", "b"}, Brands: []string{"a"}},
		Exclude: rule.Selector{SKUs: []string{"c", "b"}, Stores: []string{"a"}},
	}.Validate("/scope", &l)
	var got []string
	for _, f := range l.Faults {
		got = append(got, string(f.Code)+" "+f.Pointer)
	}
	if diff := cmp.Diff([]string{"conflicting_rules /scope/exclude/skus/1"}, got); diff != "" {
		t.Error(diff)
	}
	l = fault.List{}
	rule.Place{Cities: make([]string, 501), Channels: []string{"app", "app"}}.Validate("/use", &l)
	if len(l.Faults) != 2 || l.Faults[0].Code != fault.TooLong || l.Faults[1].Code != fault.DuplicateValue {
		t.Errorf("%v", l.Faults)
	}
}
