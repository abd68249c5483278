package page

import "testing"

// A cursor is read by the list that made it only, as what that list wrote.
func FuzzDecode(f *testing.F) {
	for _, seed := range [][2]string{{"coupons", Encode("coupons", "1")}, {"orders", Encode("coupons", "1")}, {"a", ""}, {"a", "%%%"}, {"", Encode("", "")}, {"a", Encode("a\x00b", "c")}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, list, cursor string) {
		key, err := Decode(list, cursor)
		if err != nil || cursor == "" {
			return
		}
		if again, err := Decode(list, Encode(list, key)); err != nil || again != key || key == "" {
			t.Errorf("%q of %q is %q, and %q, %v", cursor, list, key, again, err)
		}
	})
}
