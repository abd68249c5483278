package phone_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"quan/internal/domain/phone"
)

func TestNumbersAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{
		"13800000000":                    "+8613800000000",
		" 138-0000 0000":                 "+8613800000000",
		"１３８００００００００":                    "+8613800000000",
		"+86 (138) 0000 0000":            "+8613800000000",
		"008613800000000":                "+8613800000000",
		"0912-345-678":                   "+886912345678",
		"+886912345678":                  "+886912345678",
		"8613800000000":                  "+8613800000000", // a spreadsheet took the plus away
		"886912345678":                   "+886912345678",
		"+886 0912 345 678":              "+886912345678",
		"+14155550123":                   "+14155550123",
		"\u202a138\u200b0000 0000\u202c": "+8613800000000", // as a chat gives it
	} {
		n, f := phone.Parse(typed)
		if f != nil {
			t.Errorf("%q: %v", typed, f)
			continue
		}
		if got := n.Value().Reveal(); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
	for _, typed := range []string{"", "+", "1380000000", "138000000000", "12800000000", "+8612800000000", "+0123456789", "12345", "+1234567890123456",
		"phone", "13800000000\x00", "138٠0000000", strings.Repeat("1", 100), "+86+13800000000"} {
		if n, f := phone.Parse(typed); f == nil {
			t.Errorf("%q is read as %s", typed, n.Value().Reveal())
		}
	}
}

func TestANumberPrintsMasked(t *testing.T) {
	for typed, want := range map[string]string{"13812345678": "+86 138****5678", "0912345678": "+886 912****5678", "+14155550123": "+14****0123"} {
		n, _ := phone.Parse(typed)
		text, err := json.Marshal(map[string]any{"n": n})
		if got := fmt.Sprint(n); got != want || err != nil || strings.Contains(string(text)+fmt.Sprintf("%#v %v %+v", n, &n, n), n.Value().Reveal()[3:]) {
			t.Errorf("%s: %s, %s, %v", typed, got, text, err)
		}
	}
}
