package i18n

import "testing"

// A catalogue of words is read or refused, whatever it holds.
func FuzzWords(f *testing.F) {
	for _, seed := range []string{"{}", `{"sold_out":"sold out"}`, `{"sold_out":{"title":"x","detail":"{a}"}}`, "[]", "null", "{"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if w, err := Parse("en", data); (err == nil) != (w != nil) {
			t.Errorf("%q: %v, %v", data, w, err)
		}
	})
}
