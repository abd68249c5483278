package rule

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Bounds of rules.
const (
	EntriesMax = 5_000 // of one list of a selector
	PlacesMax  = 500   // cities, channels
	WordMax    = 128   // bytes of a code or name in a rule
)

// Word returns the fault of a code or name at a pointer, nil for none: it has to
// be there, at most WordMax bytes of UTF-8, with no control character and no
// space at an end.
func Word(value, pointer string) *fault.Fault {
	switch {
	case value == "":
		return fault.New(fault.MissingValue).At(pointer)
	case len(value) > WordMax:
		return fault.New(fault.TooLong, "max", WordMax).At(pointer)
	case !Printable(value) || strings.TrimSpace(value) != value:
		return fault.New(fault.InvalidValue).At(pointer)
	}
	return nil
}

// Printable reports whether a text is UTF-8 without control characters.
func Printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// words checks a list: its length, each entry, and that none stands twice.
func words(list []string, most int, pointer string, l *fault.List) {
	if len(list) > most {
		l.Add(fault.New(fault.TooLong, "max", most).At(pointer))
		return
	}
	seen := make(map[string]bool, len(list))
	for i, w := range list {
		at := fmt.Sprintf("%s/%d", pointer, i)
		l.Add(Word(w, at))
		if seen[w] {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
		seen[w] = true
	}
}

type named struct {
	name string
	list []string
}

func (s Selector) lists() []named {
	return []named{
		{"categories", s.Categories}, {"brands", s.Brands}, {"skus", s.SKUs},
		{"merchants", s.Merchants}, {"stores", s.Stores},
	}
}

// Validate adds the faults of the scope, at pointers below pointer. An entry both
// included and excluded is conflicting_rules.
func (s Scope) Validate(pointer string, l *fault.List) {
	exclude := s.Exclude.lists()
	for i, in := range s.Include.lists() {
		words(in.list, EntriesMax, pointer+"/include/"+in.name, l)
		words(exclude[i].list, EntriesMax, pointer+"/exclude/"+in.name, l)
		included := make(map[string]bool, len(in.list))
		for _, w := range in.list {
			included[w] = true
		}
		for n, w := range exclude[i].list {
			if included[w] {
				at := fmt.Sprintf("%s/exclude/%s/%d", pointer, in.name, n)
				l.Add(fault.New(fault.Conflicting, "a", "include", "b", "exclude").At(at))
			}
		}
	}
}

// Validate adds the faults of the condition, at pointers below pointer.
func (c Contain) Validate(pointer string, l *fault.List) {
	c.Scope.Validate(pointer+"/scope", l)
	if c.MinMinor < 0 || c.MinMinor > money.MaxMinor {
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", int64(money.MaxMinor)).At(pointer + "/min_minor"))
	}
	if c.MinQuantity < 0 || c.MinQuantity > 1_000_000 {
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", 1_000_000).At(pointer + "/min_quantity"))
	}
	if c.MinMinor == 0 && c.MinQuantity == 0 {
		l.Add(fault.New(fault.MissingValue).At(pointer + "/min_quantity"))
	}
}

// Validate adds the faults of the place, at pointers below pointer.
func (p Place) Validate(pointer string, l *fault.List) {
	words(p.Cities, PlacesMax, pointer+"/cities", l)
	words(p.Channels, PlacesMax, pointer+"/channels", l)
}
