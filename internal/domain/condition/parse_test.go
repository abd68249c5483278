package condition

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"quan/internal/kernel/fault"
)

func TestParseRefuses(t *testing.T) {
	deep := strings.Repeat(`{"all":[`, 1_000) + strings.Repeat(`]}`, 1_000)
	deeper := strings.Repeat(`{"all":[`, 10_000) + strings.Repeat(`]}`, 10_000)
	wide := `{"all":[` + strings.TrimSuffix(strings.Repeat(`{"type":"member_new"},`, 201), ",") + `]}`
	for text, want := range map[string]string{
		`[]`:                             "invalid_value",
		`"x"`:                            "invalid_value",
		`1`:                              "invalid_value",
		`{"x":1}`:                        "missing_value at /type",
		`{"type":"nothing"}`:             "invalid_value at /type",
		`{"type":7}`:                     "invalid_value at /type",
		`{"type":"member_new","all":[]}`: "unknown_field at /all",
		`{"all":[{"type":"member_new"}],"any":[{"type":"member_new"}]}`: "conflicting_rules at /any a=all b=any",
		`{"all":[{"type":"member_new"}],"x":1}`:                         "conflicting_rules at /x a=all b=x",
		`{"all":[]}`:                                                    "missing_value at /all",
		`{"all":{}}`:                                                    "invalid_value at /all",
		`{"all":[{}]}`:                                                  "missing_value at /all/0/type",
		`{"all":[null]}`:                                                "invalid_value at /all/0",
		`{"any":[{"type":"city","in":["x"]},{"type":"city","im":["x"]}]}`: "unknown_field at /any/1/im",
		`{"type":"city","a/b":1}`:                                                     "unknown_field at /a~1b",
		`{"type":"city","in":"x"}`:                                                    "invalid_value at /in",
		`{"type":"city","in":["x",7]}`:                                                "invalid_value at /in",
		`{"type":"city","type":"city","in":["x"]}`:                                    "invalid_body at /type",
		`{"type":"order_count","min":1.5}`:                                            "invalid_value at /min",
		`{"type":"order_count","min":1e400}`:                                          "invalid_value at /min",
		`{"type":"order_count","min":9223372036854775808}`:                            "invalid_value at /min",
		`{"type":"hours","ranges":[{"from":"7:00","to":"08:00"}]}`:                    "invalid_value at /ranges",
		`{"type":"hours","ranges":[{"from":"07:60","to":"08:00"}]}`:                   "invalid_value at /ranges",
		`{"type":"hours","ranges":[{"from":"24:01","to":"08:00"}]}`:                   "invalid_value at /ranges",
		`{"type":"cart_contains","scope":{"include":{"x":1}}}`:                        "unknown_field at /scope/x",
		`{"type":"distance","system":"wgs84","center":{"lat":"1","lng":0},"max_m":1}`: "invalid_value at /center/lat",
		deeper: "invalid_body",
		deep:   "too_long at " + strings.Repeat("/all/0", 8) + " max=8",
		wide:   "too_long at /all max=200",
	} {
		var l fault.List
		Parse([]byte(text), "", &l)
		if len(l.Faults) == 0 || l.Faults[0].Error() != want {
			t.Errorf("%.80s: %v, want %s", text, l.Faults, want)
		}
	}
	if tree := read(t, `{}`); !tree.IsZero() || faults(tree) != nil {
		t.Error("the empty object is not the zero tree")
	}
	if text, _ := json.Marshal(Tree{}); string(text) != "{}" {
		t.Errorf("the zero tree is %s", text)
	}
}

func TestParseBelow(t *testing.T) {
	var l fault.List
	Parse([]byte(`{"all":[{"type":"x"},{"type":"y"}]}`), "/terms/use", &l)
	var got []string
	for _, f := range l.Faults {
		got = append(got, f.Pointer)
	}
	if diff := cmp.Diff([]string{"/terms/use/all/0/type", "/terms/use/all/1/type"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestValidateRefuses(t *testing.T) {
	many := make([]string, 501)
	for i := range many {
		many[i] = fmt.Sprintf("%q", fmt.Sprint("c", i))
	}
	costly := `{"any":[` + strings.Repeat(`{"type":"expression","cel":"cart.lines.exists(a, cart.lines.exists(b, a.quantity > b.quantity))"},`, 1) + `{"type":"member_new"}]}`
	for text, want := range map[string]string{
		`{"type":"city","in":[]}`:                                                                        "missing_value at /in",
		`{"type":"city","in":["x","x"]}`:                                                                 "duplicate_value at /in/1",
		`{"type":"city","in":[" x"]}`:                                                                    "invalid_value at /in/0",
		`{"type":"city","in":["x"],"unknown":"maybe"}`:                                                   "invalid_value at /unknown",
		`{"type":"city","in":[` + strings.Join(many, ",") + `]}`:                                         "too_long at /in max=500",
		`{"type":"churn_risk","in":["huge"]}`:                                                            "invalid_value at /in/0",
		`{"type":"weekday","in":["monday"]}`:                                                             "invalid_value at /in/0",
		`{"type":"order_count"}`:                                                                         "missing_value at /min",
		`{"type":"order_count","min":-1}`:                                                                "out_of_range at /min min=0 max=1000000",
		`{"type":"order_count","min":5,"max":4}`:                                                         "conflicting_rules at /max a=/min b=/max",
		`{"type":"order_count","min":5,"days":-1}`:                                                       "out_of_range at /days min=0 max=3660",
		`{"type":"subsidy_rate","min_bps":100001}`:                                                       "out_of_range at /min_bps min=0 max=100000",
		`{"type":"cart_amount","base":"net","min_minor":1}`:                                              "invalid_value at /base",
		`{"type":"cart_amount","base":"list","min_minor":1000000000000001}`:                              "out_of_range at /min_minor min=0 max=1000000000000000",
		`{"type":"cart_items","quantifier":"any"}`:                                                       "missing_value at /scope",
		`{"type":"cart_items","quantifier":"most","min_unit_minor":1}`:                                   "invalid_value at /quantifier",
		`{"type":"bought","kind":"shop","codes":["a"]}`:                                                  "invalid_value at /kind",
		`{"type":"member_attribute","name":"x","kind":"text","min":1}`:                                   "missing_value at /in",
		`{"type":"member_attribute","name":"x","kind":"bool","min":1}`:                                   "conflicting_rules at /min a=kind b=bool",
		`{"type":"member_attribute","kind":"bool"}`:                                                      "missing_value at /name",
		`{"type":"hours","ranges":[{"from":"08:00","to":"08:00"}]}`:                                      "conflicting_rules at /ranges/0/to a=/ranges/0/from b=/ranges/0/to",
		`{"type":"hours","ranges":[{"from":"24:00","to":"08:00"}]}`:                                      "out_of_range at /ranges/0/from min=00:00 max=23:59",
		`{"type":"date_window","windows":[{}]}`:                                                          "missing_value at /windows/0/from",
		`{"type":"date_window","windows":[{"from":"2026-03-02T00:00:00Z","to":"2026-03-01T00:00:00Z"}]}`: "conflicting_rules at /windows/0/to a=from b=to",
		`{"type":"holds_coupon"}`:                                                                        "missing_value at /templates",
		`{"type":"holds_coupon","templates":["cpn_1"]}`:                                                  "invalid_value at /templates/0",
		`{"type":"random_share","salt":"s","share_bps":10000}`:                                           "out_of_range at /share_bps min=1 max=9999",
		`{"type":"distance","system":"wgs84","center":{"lat":91,"lng":0},"max_m":1}`:                     "out_of_range at /center/lat min=-90 max=90",
		`{"type":"distance","center":{"lat":1,"lng":1},"max_m":1}`:                                       "missing_value at /system",
		`{"type":"distance","system":"wgs84","center":{"lat":1,"lng":1},"max_m":0}`:                      "out_of_range at /max_m min=1 max=2000000",
		`{"type":"distance","system":"wgs84","max_m":5}`:                                                 "missing_value at /center",
		`{"type":"geofence","system":"wgs84"}`:                                                           "missing_value at /polygons",
		`{"type":"geofence","system":"wgs84","polygons":[[{"lat":10,"lng":0},{"lat":11,"lng":1}]]}`:      "out_of_range at /polygons/0 min=3 max=2000",
		`{"type":"geofence","system":"wgs84","polygons":[[{"lat":10,"lng":0},{"lat":11,"lng":1},{"lat":10,"lng":1},{"lat":11,"lng":0}]]}`: "conflicting_rules at /polygons/0 a=/polygons/0/0 b=/polygons/0/2",
		`{"type":"geofence","system":"wgs84","polygons":[[{"lat":10,"lng":0},{"lat":11,"lng":1},{"lat":10,"lng":0}]]}`:                    "duplicate_value at /polygons/0/2",
		`{"type":"geofence","system":"wgs84","polygons":[[{"lat":10,"lng":0},{"lat":11,"lng":181},{"lat":10,"lng":1}]]}`:                  "out_of_range at /polygons/0/1/lng min=-180 max=180",
		`{"type":"expression","cel":""}`:                            "missing_value at /cel",
		`{"type":"expression","cel":"orders.count"}`:                "invalid_value at /cel line=1 column=1 reason=the result is int, not bool",
		`{"type":"expression","cel":"true &&\n  orders.cuont > 1"}`: "invalid_value at /cel line=2 column=9 reason=undeclared reference to 'orders.cuont' (did you mean 'orders.count'?)",
		`{"type":"expression","cel":"city == 1"}`:                   "invalid_value at /cel line=1 column=6 reason=found no matching overload for '_==_' applied to '(string, int)'",
		`{"type":"expression","cel":"true","label":{"en":""}}`:      "invalid_value at /label/en",
		costly: "out_of_range at /any/0/cel min=0 max=100000",
		`{"all":[{"type":"city","in":["x"]},{"type":"city","in":["x"]}]}`:         "duplicate_value at /all/1",
		`{"any":[{"type":"city","in":["x"]},{"type":"city","in":["x","y"]}]}`:     "duplicate_value at /any/0",
		`{"any":[{"type":"order_count","min":3},{"type":"order_count","min":5}]}`: "duplicate_value at /any/1",
	} {
		if got := faults(read(t, text)); len(got) == 0 || got[0] != want {
			t.Errorf("%.120s: %q, want %s", text, got, want)
		}
	}
	if got := faults(Tree{Leaf: &MemberNew{}, All: []Tree{}}); len(got) != 1 {
		t.Errorf("two forms at once: %q", got)
	}
	long := Tree{Leaf: &Expression{CEL: strings.Repeat(" ", 2000) + "true"}}
	if got := faults(long); !slices.Equal(got, []string{"too_long at /cel max=2000"}) {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	for _, tree := range examples(f) {
		text, err := json.Marshal(Tree{Any: []Tree{tree, {None: []Tree{tree}}}})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"all":[{}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			return
		}
		var l fault.List
		tree := Parse(text, "", &l)
		if len(l.Faults) > 0 {
			if !tree.IsZero() {
				t.Error("a refused tree is not zero")
			}
			return
		}
		again, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree, read(t, string(again))); diff != "" {
			t.Error(diff)
		}
		tree.Validate("", &l)
		if len(l.Faults) > 0 {
			return
		}
		p, err := Compile(tree)
		if err != nil {
			t.Fatalf("valid, but %v", err)
		}
		p.Check(&Facts{})
	})
}
