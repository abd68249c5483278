package i18n

import (
	"fmt"
	"strings"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// parameters that the sentences of a code may show, besides pointer.
var parameters = map[fault.Code][]string{
	fault.OutOfRange:       {"min", "max"},
	fault.TooLong:          {"max"},
	fault.PasswordWeak:     {"min"},
	fault.Conflicting:      {"a", "b"},
	fault.UnknownReference: {"what", "value"},
	fault.PermissionDeny:   {"permission"},
	fault.Absent:           {"what"},
	fault.StaleRevision:    {"rev"},
	fault.RateLimited:      {"retry_after_seconds"},
	fault.WrongState:       {"state"},
	fault.TooManyCoupons:   {"max"},
	fault.MustContain:      {"index", "missing_minor", "missing_quantity"},
	fault.ConditionNotMet:  {"rule", "type"},
	fault.ItemMissing:      {"sku", "quantity", "price_minor"},
	fault.QuantityNotMet:   {"missing_quantity"},
	fault.ThresholdNotMet:  {"gap_minor"},
}

// Parameters returns the names of the parameters that a code's sentences may
// show. A fault may carry more; they are for programs.
func Parameters(code fault.Code) []string { return parameters[code] }

// Fault returns the title and the detail of a fault: what, and what to do.
// Parameters named *_minor are shown as money of the fault's own "currency"
// parameter, else of currency; with neither ("") they are not shown. A code
// without words is told as an internal error.
func Fault(lang Lang, f *fault.Fault, currency string) (title, detail string) {
	w := lang.words()
	t := w.told(f.Code)
	if t.plain {
		return t.title, t.detail[0][0].text
	}
	if own, ok := f.Param("currency").(string); ok && own != "" {
		currency = own
	}
	return t.title, say(t.detail, func(name string) (string, bool) {
		if name == "pointer" {
			return f.Pointer, f.Pointer != ""
		}
		return show(w, name, f.Param(name), currency)
	})
}

// told is what a language says of a code.
type told struct {
	title  string
	detail []sentence
	plain  bool // the detail names no parameter
}

// told finds the words of a code once: a quote of a hundred coupons tells as many faults.
func (w *Words) told(code fault.Code) *told {
	if t, ok := w.faults.Load(code); ok {
		return t.(*told)
	}
	key := "fault." + string(code)
	if code != fault.InternalError && !w.Has(key+".title") {
		return w.told(fault.InternalError)
	}
	t := &told{title: w.Say(key + ".title"), detail: w.sentences[key+".detail"]}
	t.plain = len(t.detail) > 0 && len(t.detail[0]) == 1 && t.detail[0][0].name == ""
	w.faults.Store(code, t)
	return t
}

// show writes a parameter; ok is false where it is absent or can't be told to people.
func show(w *Words, name string, value any, currency string) (text string, ok bool) {
	switch v := value.(type) {
	case nil:
		return "", false
	case int:
		return number(w.Lang, name, int64(v), currency)
	case int64:
		return number(w.Lang, name, v, currency)
	case string:
		return word(w, name, v)
	case calendar.Date:
		return w.Lang.Date(v), v != 0
	}
	return fmt.Sprint(value), true
}

// word writes a text parameter. Things and states are told by the catalogue; a
// state that it does not know is for programs alone.
func word(w *Words, name, text string) (string, bool) {
	switch key := name + "." + text; {
	case w.Has(key):
		return w.Say(key), true
	case name == "state":
		return "", false
	}
	return text, text != ""
}

func number(lang Lang, name string, n int64, currency string) (string, bool) {
	if !strings.HasSuffix(name, "_minor") {
		return lang.Number(n), true
	}
	return lang.Money(n, currency), currency != ""
}
