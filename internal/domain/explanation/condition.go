package explanation

import (
	"embed"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"quan/internal/domain/condition"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/i18n"
)

//go:embed words/condition/*.json
var conditionFiles embed.FS

var conditions = i18n.MustLoad(conditionFiles, "words/condition")

func conditionWords(lang i18n.Lang) *i18n.Words { return conditions.Of(lang) }

// ConditionLabel returns the words of a form's label or help key, "" for a key
// that has none.
func ConditionLabel(lang i18n.Lang, key string) string { return conditionWords(lang).Say(key) }

// Conditions is one sentence for each part of a tree that has to hold, with JSON
// pointers below pointer; none for the zero tree.
func (w Writer) Conditions(pointer string, t condition.Tree) []Sentence {
	if t.IsZero() {
		return nil
	}
	if t.All == nil {
		return []Sentence{{pointer, w.opened(w.Condition(t))}}
	}
	all := make([]Sentence, len(t.All))
	for i, part := range t.All {
		all[i] = Sentence{index(pointer+"/all", i), w.opened(w.Condition(part))}
	}
	return all
}

// Condition is a tree as one clause, to stand inside a sentence: "your tier is
// gold or silver"; what is nested stands in brackets.
func (w Writer) Condition(t condition.Tree) string {
	words := conditionWords(w.Lang)
	if t.Leaf != nil {
		return w.saying(words, t.Leaf.Explain())
	}
	key, kids := "all", t.All
	switch {
	case t.Any != nil:
		key, kids = "any", t.Any
	case t.None != nil:
		key, kids = "none", t.None
		if len(kids) == 1 {
			key = "not"
		}
	}
	if len(kids) == 1 && key != "not" {
		return w.Condition(kids[0])
	}
	clauses := make([]string, len(kids))
	for i, kid := range kids {
		clauses[i] = w.Condition(kid)
	}
	return words.Say("condition.tree."+key, arg("items", strings.Join(clauses, words.Say("condition.tree.next"))))
}

// opened starts a clause as a sentence; Chinese knows no capitals.
func (w Writer) opened(clause string) string {
	if w.Lang != i18n.EN {
		return clause
	}
	first, size := utf8.DecodeRuneInString(clause)
	return string(unicode.ToUpper(first)) + clause[size:]
}

func (w Writer) saying(words *i18n.Words, s condition.Saying) string {
	zone := time.UTC
	if w.Market != nil {
		zone = w.Market.Location()
	}
	args := []i18n.Arg{arg("zone", w.Lang.Zone(zone))}
	for _, a := range s.Args {
		args = append(args, arg(a.Name, w.argument(words, a, zone)))
	}
	return words.Say("condition.say."+s.Key, args...)
}

func (w Writer) argument(words *i18n.Words, a condition.Arg, zone *time.Location) string {
	switch v := a.Value.(type) {
	case string:
		return w.conditionName(words, a.Names, v)
	case []string:
		return w.anyOf(v, func(code string) string { return w.conditionName(words, a.Names, code) })
	case condition.Count:
		return w.Lang.Number(int64(v))
	case condition.Minor:
		return w.figure(condition.UnitMinor, int64(v))
	case condition.Bps:
		return w.figure(condition.UnitBps, int64(v))
	case condition.Meters:
		return w.meters(words, int64(v))
	case condition.Interval:
		return w.interval(words, v)
	case rule.Scope:
		return w.goods(wordsOf(w.Lang), v)
	case []schedule.Window:
		spans := make([]string, len(v))
		for i, win := range v {
			spans[i] = w.Lang.Span(win.From, win.To, zone)
		}
		return w.Lang.AnyOf(spans, listShown)
	case []schedule.TimeRange:
		return w.Lang.AnyOf(clocks(words, v), listShown)
	case map[string]string:
		return labelIn(v, w.Lang)
	}
	return ""
}

func (w Writer) anyOf(codes []string, name func(string) string) string {
	all := make([]string, len(codes))
	for i, c := range codes {
		all[i] = name(c)
	}
	return w.Lang.AnyOf(all, listShown)
}

// conditionName is what the operator calls a code, the usual word for it, or the
// code itself.
func (w Writer) conditionName(words *i18n.Words, kind condition.Named, code string) string {
	switch kind {
	case condition.NamedNone:
		return code
	case condition.NamedChoice:
		if key := "condition.choice." + code; words.Has(key) {
			return words.Say(key)
		}
		return code
	}
	if name := w.name(Kind(kind), code); name != code {
		return name
	}
	if key := "condition.name." + string(kind) + "." + code; words.Has(key) {
		return words.Say(key)
	}
	return code
}

func (w Writer) figure(unit condition.Unit, n int64) string {
	switch unit {
	case condition.UnitMinor:
		currency := ""
		if w.Market != nil {
			currency = w.Market.Currency
		}
		return w.Lang.Money(n, currency)
	case condition.UnitBps:
		return w.Lang.Percent(n)
	}
	return w.Lang.Number(n)
}

func (w Writer) interval(words *i18n.Words, v condition.Interval) string {
	var args []i18n.Arg
	if v.Low != nil {
		args = append(args, arg("min", w.figure(v.Unit, *v.Low)))
	}
	if v.High != nil {
		args = append(args, arg("max", w.figure(v.Unit, *v.High)))
	}
	form := "range"
	switch {
	case v.High == nil:
		form = "min"
	case v.Low == nil:
		form = "max"
	case *v.Low == *v.High:
		form = "exact"
	}
	return words.Say("condition.interval."+form, args...)
}

func (w Writer) meters(words *i18n.Words, n int64) string {
	if n%1000 == 0 {
		return words.Say("condition.meters.km", arg("n", w.Lang.Number(n/1000)))
	}
	return words.Say("condition.meters.m", arg("n", w.Lang.Number(n)))
}

func clocks(words *i18n.Words, ranges []schedule.TimeRange) []string {
	all := make([]string, len(ranges))
	for i, r := range ranges {
		form := "range"
		if r.To < r.From {
			form = "over"
		}
		all[i] = words.Say("condition.clock."+form, arg("from", r.From.String()), arg("to", r.To.String()))
	}
	return all
}

// labelIn is the text in a language, or in the first that has one.
func labelIn(texts map[string]string, lang i18n.Lang) string {
	for _, l := range append([]string{string(lang), "zh-CN", "zh-TW", "en"}, slices.Sorted(maps.Keys(texts))...) {
		if texts[l] != "" {
			return texts[l]
		}
	}
	return ""
}
