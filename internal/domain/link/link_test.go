package link_test

import (
	"strings"
	"testing"

	"quan/internal/domain/link"
)

func TestCodes(t *testing.T) {
	for _, code := range []string{"abc", "spring-2026", link.NewCode([]byte{0, 255, 30, 31, 128, 7, 9, 200}), strings.Repeat("a", 32)} {
		if f := link.CheckCode(code, "/code"); f != nil {
			t.Errorf("%q: %v", code, f)
		}
	}
	for _, code := range []string{"", "ab", "Spring", "-ab", "ab-", "a/b", "a b", "春天节", "a.b", "%2e", strings.Repeat("a", 33)} {
		if f := link.CheckCode(code, "/code"); f == nil {
			t.Errorf("%q passes", code)
		}
	}
}
