package money

import "golang.org/x/text/currency"

// Currency reports whether a code is an ISO 4217 currency, in three capitals; the
// codes for no currency and for tests are none.
func Currency(code string) bool {
	unit, err := currency.ParseISO(code)
	return err == nil && unit.String() == code && code != "XXX" && code != "XTS"
}
