package text

import (
	"unicode"
	"unicode/utf8"

	"quan/internal/kernel/fault"
)

// MostName and MostCode are the longest name (runes) and code (bytes).
const (
	MostName = 200
	MostCode = 64
)

// Name checks a required text for people of 1..MostName runes.
func Name(value, pointer string) *fault.Fault { return Required(value, MostName, pointer) }

// Required checks a text for people of 1..most runes that is not blank.
func Required(value string, most int, pointer string) *fault.Fault {
	if blank(value) {
		return fault.New(fault.MissingValue).At(pointer)
	}
	return Optional(value, most, pointer)
}

// Optional checks a text for people of at most most runes.
func Optional(value string, most int, pointer string) *fault.Fault {
	if !Clean(value) {
		return fault.New(fault.InvalidValue).At(pointer)
	}
	if utf8.RuneCountInString(value) > most {
		return fault.New(fault.TooLong, "max", most).At(pointer)
	}
	return nil
}

// Clean reports whether a text is valid UTF-8 without control characters; any
// other can't be stored, so nothing of that name exists.
func Clean(value string) bool {
	if !utf8.ValidString(value) {
		return false
	}
	for _, r := range value {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}

func blank(value string) bool {
	for _, r := range value {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}

// Code checks a required code: 1..MostCode of A-Z a-z 0-9 . _ -
func Code(value, pointer string) *fault.Fault {
	return coded(value, pointer, func(r rune) bool { return false })
}

// Label checks a required code that may hold letters, marks and digits of any
// script too: an SKU as merchants write it, at most MostCode runes.
func Label(value, pointer string) *fault.Fault {
	return coded(value, pointer, func(r rune) bool {
		return r >= utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
	})
}

func coded(value, pointer string, also func(rune) bool) *fault.Fault {
	switch {
	case value == "":
		return fault.New(fault.MissingValue).At(pointer)
	case !utf8.ValidString(value):
		return fault.New(fault.InvalidValue).At(pointer)
	case utf8.RuneCountInString(value) > MostCode:
		return fault.New(fault.TooLong, "max", MostCode).At(pointer)
	}
	for _, r := range value {
		if !ascii(r) && !also(r) {
			return fault.New(fault.InvalidValue).At(pointer)
		}
	}
	return nil
}

func ascii(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-'
}

// Range checks low <= value <= high.
func Range(value, low, high int64, pointer string) *fault.Fault {
	if value < low || value > high {
		return fault.New(fault.OutOfRange, "min", low, "max", high).At(pointer)
	}
	return nil
}
