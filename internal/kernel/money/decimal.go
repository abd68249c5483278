package money

import (
	"strconv"
	"strings"
)

// Decimal writes an amount in the major unit: 1230 with 2 digits is 12.30.
func Decimal(minor int64, digits int) string {
	text := strconv.FormatInt(minor, 10)
	sign := ""
	if text[0] == '-' {
		sign, text = "-", text[1:]
	}
	if digits <= 0 {
		return sign + text
	}
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	return sign + text[:len(text)-digits] + "." + text[len(text)-digits:]
}
