package issue

import (
	"reflect"
	"testing"
)

// The facts of a decision are read as what was written, up to what was cut.
func FuzzDecodeFacts(f *testing.F) {
	for _, seed := range []string{Facts{Version: 1}.Encode(), `{"v":1,"m":2,"p":"plc_0000000000007","c":"app","y":"shanghai","k":[1,2]}`, "{}", "null", `{"v":"x"}`, `{"p":"tpl_0000000000007"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		facts, err := DecodeFacts(text)
		if err != nil {
			return
		}
		first, err := DecodeFacts(facts.Encode())
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, facts.Encode(), err)
		}
		if again, err := DecodeFacts(first.Encode()); err != nil || !reflect.DeepEqual(again, first) {
			t.Errorf("%q is %+v, and again %+v, %v", text, first, again, err)
		}
	})
}
