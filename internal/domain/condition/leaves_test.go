package condition

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/kernel/fault"
)

// examples are valid leaves of every type.
func examples(t testing.TB) (all []Tree) {
	t.Helper()
	raw, err := os.ReadFile("testdata/leaves.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func read(t testing.TB, text string) (tree Tree) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return tree
}

func faults(tree Tree) (all []string) {
	var l fault.List
	tree.Validate("", &l)
	for _, f := range l.Faults {
		all = append(all, f.Error())
	}
	return all
}

func TestEveryTypeHasAnExample(t *testing.T) {
	seen := map[string]bool{}
	for _, tree := range examples(t) {
		seen[tree.Leaf.Type()] = true
	}
	for _, name := range Types() {
		if !seen[name] {
			t.Errorf("no example of %s in testdata/leaves.json", name)
		}
		if New(name).Type() != name {
			t.Errorf("New(%s) is a %s", name, New(name).Type())
		}
	}
}

func TestExamples(t *testing.T) {
	for _, tree := range examples(t) {
		text, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		if got := faults(tree); got != nil {
			t.Errorf("%s: %q", text, got)
		}
		if diff := cmp.Diff(tree, read(t, string(text))); diff != "" {
			t.Errorf("%s does not read back: %s", text, diff)
		}
		p, err := Compile(tree)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		ok, why := p.Check(&Facts{})
		exists := reflect.ValueOf(tree.Leaf).Elem().FieldByName("Kind").IsValid() && bytesContain(text, `"kind":"exists"`)
		if !exists && (ok != (tree.Leaf.IfUnknown() == Yes) || !ok && !why.Unknown) {
			t.Errorf("%s: with no facts %v, %+v", text, ok, why)
		}
	}
}

func bytesContain(text []byte, part string) bool {
	return slices.ContainsFunc(slices.Collect(windowsOf(text, len(part))), func(w string) bool { return w == part })
}

func windowsOf(text []byte, n int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := 0; i+n <= len(text); i++ {
			if !yield(string(text[i : i+n])) {
				return
			}
		}
	}
}

// A form has exactly the fields that its leaf has in JSON.
func TestFormsAreWhole(t *testing.T) {
	for _, f := range Forms() {
		var has, want []string
		for _, field := range f.Fields {
			has = append(has, field.Name)
		}
		for name := range fieldsOf(reflect.TypeOf(New(f.Type)).Elem()) {
			want = append(want, name)
		}
		slices.Sort(has)
		slices.Sort(want)
		if diff := cmp.Diff(want, has); diff != "" {
			t.Errorf("%s: %s", f.Type, diff)
		}
	}
}

// Every required field of every type is missed, and only those.
func TestRequiredFields(t *testing.T) {
	for _, f := range Forms() {
		var l fault.List
		tree := Tree{Leaf: New(f.Type)}
		tree.Validate("", &l)
		missing := map[string]bool{}
		for _, found := range l.Faults {
			if found.Code == fault.MissingValue {
				missing[found.Pointer] = true
			}
		}
		for _, field := range f.Fields {
			if field.Required && (field.Min == nil || *field.Min <= 0) && !missing["/"+field.Name] {
				t.Errorf("%s: %s is required, but an empty leaf has %v", f.Type, field.Name, l.Faults)
			}
		}
	}
}

func TestNeedsAndPredicates(t *testing.T) {
	tree := read(t, `{"all":[{"type":"member_tier","in":["gold"],"unknown":"yes"},{"none":[
		{"type":"bought","kind":"sku","codes":["b","a"],"days":7},{"type":"member_new_in","categories":["c"]},
		{"type":"bought","kind":"sku","codes":["a"],"days":7}]},{"type":"order_count","days":30,"min":1}]}`)
	want := Needs{
		Attributes: []string{"tier"}, Orders: true, OrderDays: []int64{30},
		Purchases: []Purchase{{GoodsCategory, "c", 0}, {GoodsSKU, "a", 7}, {GoodsSKU, "b", 7}},
	}
	if diff := cmp.Diff(want, tree.Needs()); diff != "" {
		t.Error(diff)
	}
	got, ok := tree.Predicate()
	one := int64(1)
	bought := func(kind Goods, days int64, codes ...string) Predicate {
		return Predicate{Op: OpBought, Kind: kind, Values: codes, Days: days}
	}
	predicate := Predicate{Op: OpAnd, Of: []Predicate{
		{Op: OpAttribute, Name: "tier", Values: []string{"gold"}, Absent: true},
		{Op: OpNot, Of: []Predicate{{Op: OpOr, Of: []Predicate{
			bought(GoodsSKU, 7, "b", "a"), {Op: OpNot, Of: []Predicate{bought(GoodsCategory, 0, "c")}}, bought(GoodsSKU, 7, "a"),
		}}}},
		{Op: OpOrders, Days: 30, Min: &one},
	}}
	if diff := cmp.Diff(predicate, got); diff != "" || !ok {
		t.Error(ok, diff)
	}
	other := read(t, `{"all":[{"type":"member_tier","in":["gold"]},{"type":"city","in":["x"]}]}`)
	if _, ok := other.Predicate(); ok {
		t.Error("a city has a predicate")
	}
	joined := tree.Needs()
	joined.Join(other.Needs(), Needs{Stores: []string{"b", "a", "b"}})
	if !joined.City || len(joined.Attributes) != 1 || len(joined.Stores) != 2 {
		t.Errorf("%+v", joined)
	}
	expert := read(t, `{"type":"expression","cel":"orders.count > 1 && attributes['x'] == 'y' && 'z' in lists"}`)
	if n := expert.Needs(); !n.Orders || !n.AllAttributes || !n.AllLists || n.Cart {
		t.Errorf("%+v", n)
	}
}
