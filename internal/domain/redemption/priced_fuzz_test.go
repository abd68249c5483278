package redemption

import (
	"reflect"
	"testing"
)

// What a lock has promised is read as what was written.
func FuzzDecodePriced(f *testing.F) {
	for _, seed := range []string{"{}", (&Priced{}).Encode(), `{"uses":[{"coupon":7,"discount_minor":5}]}`, "null", "[]", `{"uses":{}}`, "{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := DecodePriced(text)
		if err != nil {
			return
		}
		first, err := DecodePriced(p.Encode())
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, p.Encode(), err)
		}
		// Once written, nothing changes any more: an empty list may have become none before.
		if again, err := DecodePriced(first.Encode()); err != nil || !reflect.DeepEqual(again, first) {
			t.Errorf("%q is %+v, and again %+v, %v", text, first, again, err)
		}
	})
}
