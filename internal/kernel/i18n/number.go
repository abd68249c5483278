package i18n

import (
	"strconv"
	"strings"

	"quan/internal/kernel/money"
)

// digits of the minor unit (ISO 4217) where it is not 2.
var digits = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0,
	"UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3, "CLF": 4, "UYW": 4,
}

// Digits returns how many decimal digits the currency's minor unit has; 2 for a
// currency that is not known.
func Digits(currency string) int {
	if n, ok := digits[currency]; ok {
		return n
	}
	return 2
}

// Number writes a whole number; zh-TW and en part the thousands.
func (l Lang) Number(n int64) string {
	text := strconv.FormatInt(n, 10)
	if l == ZhCN {
		return text
	}
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return sign + text
}

// Amount writes an amount without its currency, as on the face of a coupon.
// A whole amount has no decimals; otherwise en keeps all digits (9.90) and
// Chinese drops trailing zeros (9.9).
func (l Lang) Amount(minor int64, currency string) string {
	return l.decimal(minor, Digits(currency), l == EN)
}

// Money writes an amount with its currency.
func (l Lang) Money(minor int64, currency string) string {
	sign := ""
	figure := l.Amount(minor, currency)
	if minor < 0 {
		sign, figure = "-", figure[1:]
	}
	w, key := l.words(), "currency."+currency
	if currency == "" || !w.Has(key) {
		key = "currency.other"
	}
	return sign + w.Say(key, Arg{"n", figure}, Arg{"code", currency})
}

// Percent writes basis points as a percentage: 1250 is 12.5%.
func (l Lang) Percent(bps int64) string { return l.decimal(bps, 2, false) + "%" }

// Tenths writes what is left of a whole after bps are taken off in tenths, the
// way Chinese names discounts: 1500 is 8.5.
func (l Lang) Tenths(bps int64) string { return l.decimal(money.BpsWhole-bps, 3, false) }

// decimal writes n / 10^places; full keeps all places of what is not whole.
func (l Lang) decimal(n int64, places int, full bool) string {
	unit := int64(1)
	for range places {
		unit *= 10
	}
	whole, rest := n/unit, n%unit
	if rest == 0 {
		return l.Number(whole)
	}
	sign := ""
	if rest < 0 {
		sign, whole, rest = "-", -whole, -rest
	}
	fraction := strconv.FormatInt(unit+rest, 10)[1:]
	if !full {
		fraction = strings.TrimRight(fraction, "0")
	}
	return sign + l.Number(whole) + "." + fraction
}

// List joins items that hold together (A, B and C); of more than shown, the
// first ones stand for all and the number is said.
func (l Lang) List(items []string, shown int) string { return l.join(items, shown, "list.and") }

// AnyOf joins items of which one is enough (A, B or C), like List.
func (l Lang) AnyOf(items []string, shown int) string { return l.join(items, shown, "list.or") }

func (l Lang) join(items []string, shown int, last string) string {
	w := l.words()
	if len(items) > shown {
		return w.Say("list.more", Arg{"items", strings.Join(items[:shown], w.Say("list.comma"))},
			Arg{"all", l.Number(int64(len(items)))}, Arg{"rest", l.Number(int64(len(items) - shown))})
	}
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	end := len(items) - 1
	return strings.Join(items[:end], w.Say("list.comma")) + w.Say(last) + items[end]
}
