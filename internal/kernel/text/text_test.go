package text_test

import (
	"strings"
	"testing"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
)

func TestTexts(t *testing.T) {
	name := func(v string) *fault.Fault { return text.Name(v, "/x") }
	code := func(v string) *fault.Fault { return text.Code(v, "/x") }
	label := func(v string) *fault.Fault { return text.Label(v, "/x") }
	none := fault.Code("")
	for _, c := range []struct {
		check string
		with  func(string) *fault.Fault
		value string
		want  fault.Code
	}{
		{"name", name, "满30减5 🥬 \u202eabc", none},
		{"name", name, "<b>{{template}}</b> ' OR 1=1", none},
		{"name", name, strings.Repeat("券", 200), none},
		{"name", name, strings.Repeat("券", 201), fault.TooLong},
		{"name", name, "", fault.MissingValue},
		{"name", name, " \u3000\t", fault.MissingValue},
		{"name", name, "a\x00b", fault.InvalidValue},
		{"name", name, "a\nb", fault.InvalidValue},
		{"name", name, "a\xffb", fault.InvalidValue},
		{"code", code, "A-z_0.9", none},
		{"code", code, strings.Repeat("a", 65), fault.TooLong},
		{"code", code, "券", fault.InvalidValue},
		{"code", code, "Ａ", fault.InvalidValue},
		{"code", code, "a/b", fault.InvalidValue},
		{"code", code, "a\n", fault.InvalidValue},
		{"code", code, "", fault.MissingValue},
		{"label", label, "蔬菜-001", none},
		{"label", label, "a b", fault.InvalidValue},
		{"label", label, "a\xff", fault.InvalidValue},
	} {
		got := none
		if f := c.with(c.value); f != nil {
			got = f.Code
			if f.Pointer != "/x" {
				t.Errorf("%s(%q): pointer %q, want /x", c.check, c.value, f.Pointer)
			}
		}
		if got != c.want {
			t.Errorf("%s(%q) = %q, want %q", c.check, c.value, got, c.want)
		}
	}
	if f := text.Range(0, 1, 2, "/x"); f == nil || f.Param("min") != int64(1) {
		t.Errorf("Range(0, 1, 2) = %v, want out_of_range", f)
	}
	if f := text.Range(2, 1, 2, "/x"); f != nil {
		t.Errorf("Range(2, 1, 2) = %v, want nil", f)
	}
}
