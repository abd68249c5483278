package link_test

import (
	"strings"
	"testing"

	"quan/internal/domain/link"
	"quan/internal/kernel/fault"
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

func TestSites(t *testing.T) {
	with := func(sites ...string) *link.Link { return &link.Link{Code: "spring", Name: "x", Sites: sites} }
	good := []string{"https://shop.example.com", "https://shop.example.com:8443", "https://xn--fiq228c.example", "https://203.0.113.7", "https://intranet", "http://localhost:3000", "http://127.0.0.1:8080"}
	if err := with(good...).Validate(); err != nil {
		t.Errorf("%v: %v", good, err)
	}
	for _, bad := range []string{
		"", "*", "https://", "https://*.example.com", "shop.example.com", "//shop.example.com", "http://shop.example.com", "http://localhost.example.com", "HTTPS://shop.example.com", "https://Shop.example.com",
		"https://shop.example.com/", "https://shop.example.com/a", "https://shop.example.com?", "https://shop.example.com#", "https://me@shop.example.com", "https://shop.example.com:443", "https://shop.example.com:0", "https://shop.example.com:080",
		"https://shop.example.com:70000", "https://shop.example.com:", "http://localhost:80", "https://店.example", "https://a..b", "https://.a", "https://a.", "https://-a.b", "https://a b", "https://a;script-src *", "https://a 'unsafe-inline'",
		"https://a\nb", "https://[::1]", "https://0x7f.1", "https://1.2.3", "null", "file://", "javascript://a", "https://" + strings.Repeat("a", 64) + ".b", "https://" + strings.Repeat("a.", 100) + "b",
	} {
		if f := fault.From(with("https://a.example", bad).Validate()); f == nil || f.Pointer != "/sites/1" {
			t.Errorf("%q: %v", bad, f)
		}
	}
	if f := fault.From(with("https://a.example", "https://a.example").Validate()); f == nil || f.Pointer != "/sites/1" {
		t.Errorf("twice: %v", f)
	}
	var many []string
	for i := range link.MostSites + 1 {
		many = append(many, "https://a"+strings.Repeat("b", i))
	}
	if f := fault.From(with(many...).Validate()); f == nil || f.Code != fault.TooLong {
		t.Errorf("%d: %v", len(many), f)
	}
}
