package main

import (
	"encoding/json"
	"testing"
)

// Every operator over one value, several and none.
func TestRules(t *testing.T) {
	var o object
	if err := json.Unmarshal([]byte(`{
		"customer": {"id": "u1", "groups": [{"id": "vip"}, {"id": "new"}], "tags": []},
		"items": [{"subtotal": 20, "product": {"id": "a"}}, {"subtotal": 50.5, "product": {"id": "b"}}],
		"region": "eu", "gift": true, "none": null
	}`), &o); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		attribute, operator string
		values              words
		want                bool
	}{
		{"region", "eq", words{"eu"}, true},
		{"region", "eq", words{"us"}, false},
		{"region", "ne", words{"us"}, true},
		{"gift", "eq", words{"true"}, true},
		{"customer.id", "in", words{"u2", "u1"}, true},
		{"customer.groups.id", "in", words{"vip"}, true},
		{"customer.groups.id", "eq", words{"vip"}, false}, // every one has to be it
		{"customer.groups.id", "eq", words{"vip", "new"}, true},
		{"customer.groups.id", "ne", words{"old"}, true},
		{"customer.groups.id", "ne", words{"new"}, false},
		{"customer.tags", "in", words{"x"}, false},
		{"customer.tags", "ne", words{"x"}, true},
		{"customer.absent", "eq", words{"x"}, false},
		{"customer.absent", "ne", words{"x"}, true},
		{"none", "eq", words{"null"}, false},
		{"items.subtotal", "gt", words{"20"}, false},
		{"items.subtotal", "gte", words{"20"}, true},
		{"items.subtotal", "lt", words{"50.5"}, false},
		{"items.subtotal", "lte", words{"50.5"}, true},
		{"items.subtotal", "gt", words{"30", "10"}, true}, // one bound is enough
		{"items.product.id", "gt", words{"1"}, false},
		{"region", "like", words{"eu"}, false},
		{"region", "eq", nil, false},
	} {
		a := newAsked()
		a.rules([]medusaRule{{Attribute: c.attribute, Operator: c.operator, Values: c.values}}, "", o)
		got, err := a.holds()
		if err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("%s %s %v: %t, want %t", c.attribute, c.operator, c.values, got, c.want)
		}
	}
}

// One attribute may be compared as a text and as a figure by two rules.
func TestRulesOverOneAttribute(t *testing.T) {
	a := newAsked()
	a.rules([]medusaRule{
		{Attribute: "subtotal", Operator: "eq", Values: words{"20"}},
		{Attribute: "subtotal", Operator: "gt", Values: words{"10"}},
	}, "", object{"subtotal": json.RawMessage("20")})
	if ok, err := a.holds(); !ok || err != nil {
		t.Errorf("20 is 20 and more than 10: %t, %v", ok, err)
	}
}
