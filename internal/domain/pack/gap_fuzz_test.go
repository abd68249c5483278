package pack

import (
	"slices"
	"testing"
)

func FuzzReadGaps(f *testing.F) {
	for _, seed := range []string{"", "tpl_0000000000007:2:sold_out", "tpl_0000000000007:2:sold_out tpl_0000000000008:1:member_limit_reached", "x", "a:b:c", "tpl_0000000000007:-1:x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		gaps := ReadGaps(text)
		if again := ReadGaps(WriteGaps(gaps)); !slices.Equal(again, gaps) {
			t.Errorf("%q is %v, and again %v", text, gaps, again)
		}
	})
}
