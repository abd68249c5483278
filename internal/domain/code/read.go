package code

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"quan/internal/kernel/fault"
)

// MostText is how many bytes of input are looked at.
const MostText = 64

const (
	leastWord     = 2  // characters
	mostWord      = 32 // characters
	leastImported = 6  // characters
	mostPasses    = 8  // until a form is its own normal form; two have always done
)

// Guess is what a member entered, as each kind of code is looked for.
type Guess struct {
	words    []string // pieces of letters and digits, in capitals, look-alikes as one
	Word     string   // normal form of a word
	Imported string   // normal form of an imported code
}

// ReadGuess prepares an input. ok is false where no code can be in it: it is too
// long, no UTF-8, or has no letter or digit.
func ReadGuess(text string) (g Guess, ok bool) {
	if len(text) > MostText || !utf8.ValidString(text) {
		return g, false
	}
	g.Word, g.Imported = NormalWord(text), NormalImported(text)
	for w := range strings.FieldsFuncSeq(strings.ToUpper(visible(text)), apart) {
		if w = joined(w); w != "" {
			g.words = append(g.words, likeness(w))
		}
	}
	return g, g.Word != ""
}

// apart reports characters between which pieces lie: what a Latin code never has
// in it. Hyphens belong to a piece.
func apart(r rune) bool {
	return !(r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) || unicode.Is(unicode.Pd, r))
}

// joined takes the hyphens out of a piece.
func joined(piece string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, piece)
}

// likeness is a text with each look-alike as the character that stands for it.
func likeness(text string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return rune(lookAlike(byte(r)))
		}
		return r
	}, text)
}

// visible is a text in compatible form without characters that can't be seen;
// control characters are spaces.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, norm.NFKC.String(text))
}

// plainEnds takes from both ends what is no letter, digit or mark.
func plainEnds(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

// NormalWord is the one form under which a word is reserved and found: compatible
// characters, folded case, spaces as one, nothing around it. It is its own normal
// form.
func NormalWord(text string) string {
	for range mostPasses {
		next := plainEnds(strings.Join(strings.Fields(strings.ToLower(cases.Fold().String(visible(text)))), " "))
		if next == text {
			return next
		}
		text = next
	}
	return text
}

// NormalImported is the one form of a code that was made elsewhere: capitals,
// without spaces, hyphens and what stands around it. Look-alikes stay apart.
func NormalImported(text string) string {
	for range mostPasses {
		next := plainEnds(joined(strings.Join(strings.Fields(strings.ToUpper(visible(text))), "")))
		if next == text {
			return next
		}
		text = next
	}
	return text
}

// CheckImported returns the normal form of a code of a pool, or its fault.
func CheckImported(text string) (string, *fault.Fault) {
	if len(text) > MostText {
		return "", fault.New(fault.TooLong, "max", MostText)
	}
	normal := NormalImported(text)
	if !utf8.ValidString(text) || utf8.RuneCountInString(normal) < leastImported || len(normal) > MostText {
		return "", fault.New(fault.InvalidValue)
	}
	return normal, nil
}

func validateWord(word string, l *fault.List) {
	normal := NormalWord(word)
	switch n := utf8.RuneCountInString(normal); {
	case word == "":
		l.Add(fault.New(fault.MissingValue).At("/word"))
	case len(word) > MostText || len(normal) > MostText || n > mostWord:
		l.Add(fault.New(fault.TooLong, "max", mostWord).At("/word"))
	case !utf8.ValidString(word) || n < leastWord || strings.ContainsFunc(normal, unicode.IsControl):
		l.Add(fault.New(fault.InvalidValue).At("/word"))
	}
}
