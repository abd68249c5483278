package replay

import "testing"

// A line of a foreign file is a row with every field of the header, or says why not.
func FuzzLine(f *testing.F) {
	for _, seed := range []string{"", "1,2,3", `1,"2,3",4`, `1,"2`, "1,2", "a\x00,b,c", "\xff,1,2", "1,\"2\"\"\",3\r"} {
		f.Add(seed)
	}
	header := []string{"a", "b", "c"}
	f.Fuzz(func(t *testing.T, text string) {
		r, why := parse(text, header, 7)
		if (why == "") != (len(r.fields) == len(header)) || why == "" && r.line != 7 {
			t.Errorf("%q: %+v, %q", text, r, why)
		}
	})
}
