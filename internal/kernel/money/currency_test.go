package money

import "testing"

func TestCurrency(t *testing.T) {
	for code, want := range map[string]bool{"CNY": true, "JPY": true, "usd": false, "XXX": false, "XTS": false, "": false, "EURO": false, "A/B": false} {
		if got := Currency(code); got != want {
			t.Errorf("%q: %v", code, got)
		}
	}
}
