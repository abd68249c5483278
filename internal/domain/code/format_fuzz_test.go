package code

import "testing"

// A format's key that is read is of a format which codes can be made by, and is
// written as it was read.
func FuzzParseKey(f *testing.F) {
	for _, seed := range []string{Format{}.Key(), Format{}.complete().Key(), "SPRING|0123456789ABCDEFGHJKMNPQRSTVWXYZ|12", "||", "a|b", "||-1", "|AA|12", "||99999999999999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		format, ok := ParseKey(text)
		if !ok {
			return
		}
		if again, ok := ParseKey(format.Key()); !ok || again != format {
			t.Errorf("%q is %+v, written %q, read %+v, %v", text, format, format.Key(), again, ok)
		}
	})
}
