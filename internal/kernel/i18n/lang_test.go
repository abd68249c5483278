package i18n

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		header string
		want   Lang
	}{
		{"", EN},
		{"*", EN},
		{"zh", ZhCN},
		{"zh-CN", ZhCN},
		{"ZH-cn", ZhCN},
		{"zh-CN,zh;q=0.9,en;q=0.8", ZhCN},
		{"zh-Hans-SG", ZhCN},
		{"zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", ZhTW},
		{"zh-Hant", ZhTW},
		{"zh-HK", ZhTW},
		{"zh-Hant-MO", ZhTW},
		{"zh-Hant-CN", ZhTW}, // the script is what can be read
		{"en-AU,zh-CN;q=0.9", EN},
		{"fr-FR,fr;q=0.9,zh-TW;q=0.5", ZhTW},
		{"en;q=0.5,zh-CN;q=0.9", ZhCN},
		{" zh-TW , en", ZhTW},
		{"ja", EN},
		{"tlh-Klingon-x", EN},
		{"!!,;q=", EN},
		{"zh_CN", ZhCN},
		{strings.Repeat("a", 5000), EN},
		{strings.Repeat("fr;q=0.1,", 1000) + "zh", EN},
		{"de," + strings.Repeat("x", 400), EN},
	} {
		if got := Match(c.header); got != c.want {
			t.Errorf("Match(%.60q) = %s, want %s", c.header, got, c.want)
		}
	}
}

// The usual headers are answered without parsing: a claim must not pay for it.
func TestMatchIsCheap(t *testing.T) {
	for _, header := range []string{"", "zh-CN,zh;q=0.9,en;q=0.8", "en-US,en;q=0.9", "zh-Hant-HK"} {
		if n := testing.AllocsPerRun(100, func() { Match(header) }); n != 0 {
			t.Errorf("Match(%q) allocates %v times", header, n)
		}
	}
}

// What is answered at once must be what the matcher would say.
func TestMatchShortcutAgrees(t *testing.T) {
	for _, u := range usual {
		if slow := Match("fr," + u.tag); slow != u.lang {
			t.Errorf("the matcher says %s for %s, the shortcut %s", slow, u.tag, u.lang)
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("zh-CN,zh;q=0.9")
	f.Add("en;q=NaN")
	f.Fuzz(func(t *testing.T, header string) {
		switch Match(header) {
		case EN, ZhCN, ZhTW:
		default:
			t.Errorf("Match(%q) is no language", header)
		}
	})
}
