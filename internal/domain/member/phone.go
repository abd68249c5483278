package member

import (
	"strings"
	"unicode"
)

// phoneMarks are what people write into a phone number.
var phoneMarks = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "")

// dialled is a phone number without its marks, and in E.164 where it can be read so:
// with a country (+86, 0086, or 86 where a spreadsheet took the plus away), or as a
// mobile number of the mainland or Taiwan. Anything else stays as it is: a number may
// be somebody's own.
func dialled(text string) string {
	text = strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII && unicode.Is(unicode.Cf, r) {
			return -1 // chats put marks around a number that nobody sees
		}
		return r
	}, phoneMarks.Replace(text))
	switch {
	case mainland(text):
		return "+86" + text
	case taiwan(text):
		return "+886" + text[1:]
	case mainland(after(text, "86")), taiwan("0" + after(text, "886")):
		return "+" + text
	case International("+" + after(text, "00")):
		return dialled("+" + after(text, "00"))
	case taiwan(after(text, "+886")):
		return "+886" + after(text, "+8860")
	}
	return text
}

// after is what follows a prefix, "" where it is not there.
func after(text, prefix string) string {
	rest, is := strings.CutPrefix(text, prefix)
	if !is {
		return ""
	}
	return rest
}

// International reports whether a text is a number in E.164: +8613800000000.
func International(text string) bool {
	return len(text) >= 8 && len(text) <= 16 && text[0] == '+' && text[1] != '0' && digits(text[1:])
}

// mainland reports whether a text is a mobile number of mainland China without the country.
func mainland(text string) bool {
	return len(text) == 11 && text[0] == '1' && text[1] >= '3' && digits(text)
}

// taiwan reports whether a text is a mobile number of Taiwan as it is dialled there.
func taiwan(text string) bool {
	return len(text) == 10 && text[:2] == "09" && digits(text)
}

func digits(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
