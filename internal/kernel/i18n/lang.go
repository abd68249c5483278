package i18n

import (
	"strings"

	"golang.org/x/text/language"
)

// Lang is a language that quan speaks; its text is the BCP 47 tag.
type Lang string

// The languages. EN is said to whom none of them suits.
const (
	EN   Lang = "en"
	ZhCN Lang = "zh-CN"
	ZhTW Lang = "zh-TW"
)

// All languages; the first is the default.
var All = []Lang{EN, ZhCN, ZhTW}

var matcher = language.NewMatcher([]language.Tag{
	language.English, language.MustParse("zh-CN"), language.MustParse("zh-TW"),
})

// maxHeader bounds what is parsed of a header; browsers send less than 100 bytes.
const maxHeader = 256

// Match returns the language that suits an Accept-Language header best, EN when
// none does or the header is malformed.
func Match(acceptLanguage string) Lang {
	if acceptLanguage == "" {
		return EN
	}
	if l, ok := matchFirst(acceptLanguage); ok {
		return l
	}
	if len(acceptLanguage) > maxHeader {
		acceptLanguage = acceptLanguage[:strings.LastIndexByte(acceptLanguage[:maxHeader], ',')+1]
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return EN
	}
	_, at, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return EN
	}
	return All[at]
}

// matchFirst answers the usual headers without parsing: a first tag without a
// weight weighs 1, which no later one exceeds.
func matchFirst(header string) (Lang, bool) {
	tag := header
	if comma := strings.IndexByte(header, ','); comma >= 0 {
		tag = header[:comma]
	}
	tag = strings.TrimSpace(tag)
	for _, known := range usual {
		if strings.EqualFold(tag, known.tag) {
			return known.lang, true
		}
	}
	return "", false
}

var usual = []struct {
	tag  string
	lang Lang
}{
	{"zh-CN", ZhCN}, {"en-US", EN}, {"zh-TW", ZhTW}, {"en", EN}, {"zh", ZhCN}, {"zh-HK", ZhTW}, {"en-GB", EN},
	{"zh-Hans-CN", ZhCN}, {"zh-Hant-TW", ZhTW}, {"zh-Hant-HK", ZhTW}, {"zh-Hans", ZhCN}, {"zh-Hant", ZhTW},
	{"zh-SG", ZhCN}, {"zh-MO", ZhTW},
}
