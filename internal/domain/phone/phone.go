package phone

import (
	"regexp"
	"strings"
	"unicode"

	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
)

// Kind of identity that a phone number is.
const Kind = "phone"

// Number is a phone number in E.164: +8613800000000. It prints masked.
type Number struct{ text string }

// Numbers of these forms are read without a country: what people of the markets type.
var (
	mainland      = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	taiwan        = regexp.MustCompile(`^09[0-9]{8}$`)
	international = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
)

// Parse reads a number as people type it: any width, with spaces, hyphens and
// brackets, with a country (+86, 0086) or as a mobile number of the mainland or Taiwan.
// What is copied from a chat has marks that nobody sees around it; they count for nothing.
// Fault: invalid_value.
func Parse(typed string) (Number, *fault.Fault) {
	if len(typed) > 64 {
		return Number{}, fault.New(fault.InvalidValue)
	}
	seen := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, typed)
	text := member.Normalise(Kind, member.Secret(seen)).Reveal()
	if rest, ok := strings.CutPrefix(text, "00"); ok {
		text = "+" + rest
	}
	switch {
	case mainland.MatchString(text):
		text = "+86" + text
	case taiwan.MatchString(text):
		text = "+886" + text[1:]
	case !international.MatchString(text):
		return Number{}, fault.New(fault.InvalidValue)
	}
	if home, ok := strings.CutPrefix(text, "+86"); ok && !strings.HasPrefix(text, "+886") && !mainland.MatchString(home) {
		return Number{}, fault.New(fault.InvalidValue)
	}
	return Number{text}, nil
}

// Value is the number as an identity: E.164.
func (n Number) Value() member.Secret { return member.Secret(n.text) }

// Values are the forms in which systems name a member of this number, the one that we
// write first: with the country, and as it is dialled at home.
func (n Number) Values() []member.Secret {
	values := []member.Secret{n.Value()}
	if home, ok := strings.CutPrefix(n.text, "+886"); ok {
		return append(values, member.Secret("0"+home))
	}
	if home, ok := strings.CutPrefix(n.text, "+86"); ok {
		return append(values, member.Secret(home))
	}
	return values
}

// String shows the number masked: +86 138****0000.
func (n Number) String() string {
	country, home := "", n.text
	for _, c := range []string{"+886", "+86"} {
		if rest, ok := strings.CutPrefix(n.text, c); ok {
			country, home = c+" ", rest
			break
		}
	}
	if len(home) < 8 {
		return country + "****"
	}
	return country + home[:3] + "****" + home[len(home)-4:]
}

// GoString hides the number from %#v.
func (n Number) GoString() string { return n.String() }

// MarshalText shows the number masked in JSON and logs.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }
