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
	NamedTier      Named = "tier"
	NamedLifecycle Named = "lifecycle"
	NamedTag       Named = "tag"
	NamedList      Named = "list"
	NamedAttribute Named = "attribute"
	NamedCategory  Named = "category"
	NamedBrand     Named = "brand"
	NamedSKU       Named = "sku"
	NamedCity      Named = "city"
	NamedStore     Named = "store"
	NamedChannel   Named = "channel"
	NamedMode      Named = "mode"
	NamedPayment   Named = "payment"
	NamedHoliday   Named = "holiday"
	NamedWeather   Named = "weather"
	NamedFact      Named = "fact"
	NamedTemplate  Named = "template"
	NamedGroup     Named = "group"
	NamedChoice    Named = "choice" // a word of an enumeration, under condition.choice
	NamedNone      Named = ""       // text to be shown as it is
)

// Saying is what a leaf says: the key of a sentence below "condition.say." and its
// arguments, not yet in any language.
type Saying struct {
	Key  string
	Args []Arg
}

// Arg is one argument of a saying; Value is a
//   - string or []string named by Names,
//   - Count, Minor, Bps or Meters,
//   - []rule.Scope's element rule.Scope, []schedule.Window, []TimeRange, []Day.
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

func (s Saying) with(args ...Arg) Saying {
	s.Args = append(s.Args, args...)
	return s
}

func goods(scope rule.Scope) Arg { return Arg{Name: "goods", Value: scope} }

func windowsArg(w []schedule.Window) Arg { return Arg{Name: "items", Value: w} }

// between is a saying about an interval: key.range, key.min, key.max or key.exact
// with the arguments min and max.
func between[T ~int64](key string, low, high *int64, args ...Arg) Saying {
	s := Saying{Args: args}
	if low != nil {
		s.Args = append(s.Args, Arg{Name: "min", Value: T(*low)})
	}
	if high != nil {
		s.Args = append(s.Args, Arg{Name: "max", Value: T(*high)})
	}
	switch {
	case low != nil && high != nil && *low == *high:
		s.Key = key + ".exact"
	case low != nil && high != nil:
		s.Key = key + ".range"
	case low != nil:
		s.Key = key + ".min"
	default:
		s.Key = key + ".max"
	}
	return s
}
