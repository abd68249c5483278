package condition

import (
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
)

// Named says what a word of a condition names, so that a writer can find the name
// that people know.
type Named string

// The kinds of named things.
const (
	NamedTier        Named = "tier"
	NamedLifecycle   Named = "lifecycle"
	NamedSensitivity Named = "sensitivity" // band of discount sensitivity
	NamedTag         Named = "tag"
	NamedList        Named = "list"
	NamedAttribute   Named = "attribute"
	NamedCategory    Named = "category"
	NamedBrand       Named = "brand"
	NamedSKU         Named = "sku"
	NamedCity        Named = "city"
	NamedStore       Named = "store"
	NamedChannel     Named = "channel"
	NamedMode        Named = "mode"
	NamedPayment     Named = "payment"
	NamedHoliday     Named = "holiday"
	NamedWeather     Named = "weather"
	NamedFact        Named = "fact"
	NamedTemplate    Named = "template"
	NamedGroup       Named = "group"
	NamedChoice      Named = "choice" // a word of an enumeration, under condition.choice
	NamedNone        Named = ""       // text to be shown as it is
)

// Saying is what a leaf says: the key of a sentence below "condition.say." and its
// arguments, not yet in any language.
type Saying struct {
	Key  string
	Args []Arg
}

// Arg is one argument of a saying; Value is a
//   - a string or []string named by Names; of a list, one is enough,
//   - a Count, Minor, Bps, Meters or Interval,
//   - a rule.Scope, []schedule.Window, []schedule.TimeRange or, by language tag, map[string]string.
type Arg struct {
	Name  string
	Names Named
	Value any
}

// Figures of sayings.
type (
	Count  int64 // a whole number
	Minor  int64 // minor units
	Bps    int64 // basis points
	Meters int64
)

func say(key string, args ...Arg) Saying { return Saying{key, args} }

func items(names Named, words []string) Arg { return Arg{"items", names, words} }

func goods(scope rule.Scope) Arg { return Arg{Name: "goods", Value: scope} }

func windowsArg(w []schedule.Window) Arg { return Arg{Name: "items", Value: w} }

// Unit says what the figures of an interval are.
type Unit string

// The units.
const (
	UnitCount Unit = "count"
	UnitMinor Unit = "minor" // minor units of the market's currency
	UnitBps   Unit = "bps"
)

// Interval is [Low, High]; a nil bound is open.
type Interval struct {
	Low, High *int64
	Unit      Unit
}

// between is a saying about an interval, its argument interval.
func between(unit Unit, key string, low, high *int64, args ...Arg) Saying {
	return Saying{key, append(args, Arg{Name: "interval", Value: Interval{low, high, unit}})}
}
