package phone

import (
	"regexp"
	"strings"

	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
)

// Kind of identity that a phone number is.
const Kind = "phone"

// Number is a phone number in E.164: +8613800000000. It prints masked.
type Number struct{ text string }

// mobile is what follows +86 in the number of a phone that takes messages.
var mobile = regexp.MustCompile(`^1[3-9][0-9]{9}$`)

// Parse reads a number as people type it: any width, with spaces, hyphens and
// brackets, with a country (+86, 0086) or as a mobile number of the mainland or Taiwan.
// What is copied from a chat has marks that nobody sees around it; they count for nothing.
// It is the form in which identities are kept (member.Normalise). Fault: invalid_value.
func Parse(typed string) (Number, *fault.Fault) {
	if len(typed) > 64 {
		return Number{}, fault.New(fault.InvalidValue)
	}
	text := member.Normalise(Kind, member.Secret(typed)).Reveal()
	if !member.International(text) {
		return Number{}, fault.New(fault.InvalidValue)
	}
	if home, ok := strings.CutPrefix(text, "+86"); ok && !strings.HasPrefix(text, "+886") && !mobile.MatchString(home) {
		return Number{}, fault.New(fault.InvalidValue)
	}
	return Number{text}, nil
}

// Value is the number as an identity: E.164.
func (n Number) Value() member.Secret { return member.Secret(n.text) }

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
