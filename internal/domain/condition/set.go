package condition

import (
	"math"
	"slices"

	"quan/internal/domain/schedule"
)

// set is a set of the values that one fact can have, "not known" among them:
// words (a list, or all but a list) or whole numbers (spans within a universe).
type set struct {
	unknown bool // holds "not known"
	numbers bool
	words   []string // sorted
	except  bool     // all words but those listed
	spans   []span   // sorted, apart from each other
	all     span     // the universe of numbers
}

// span is a closed interval.
type span struct{ low, high int64 }

var (
	counts   = span{0, math.MaxInt64}
	numbers  = span{math.MinInt64, math.MaxInt64}
	ages     = span{-1, math.MaxInt64} // days since the last order; -1 for none
	minutes  = span{0, schedule.MinutesOfDay - 1}
	weekdays = span{0, 6}
	basis    = span{0, 9_999}
	yesOrNo  = span{0, 1}
)

func wordSet(words []string) set {
	sorted := slices.Clone(words)
	slices.Sort(sorted)
	return set{words: slices.Compact(sorted)}
}

func everyWord() set { return set{except: true} }

func numberSet(all span, spans ...span) set {
	s := set{numbers: true, all: all}
	for _, p := range spans {
		p.low, p.high = max(p.low, all.low), min(p.high, all.high)
		if p.low <= p.high {
			s.spans = append(s.spans, p)
		}
	}
	slices.SortFunc(s.spans, func(a, b span) int {
		if a.low < b.low {
			return -1
		}
		if a.low > b.low {
			return 1
		}
		return 0
	})
	return s.merged()
}

// merged joins spans that overlap or touch.
func (s set) merged() set {
	var out []span
	for _, p := range s.spans {
		if n := len(out); n > 0 && (out[n-1].high == math.MaxInt64 || p.low <= out[n-1].high+1) {
			out[n-1].high = max(out[n-1].high, p.high)
			continue
		}
		out = append(out, p)
	}
	s.spans = out
	return s
}

// rangeSet is [low, high] with nil for an open bound.
func rangeSet(all span, low, high *int64) set {
	p := all
	if low != nil {
		p.low = *low
	}
	if high != nil {
		p.high = *high
	}
	return numberSet(all, p)
}

func yesSet() set { return numberSet(yesOrNo, span{1, 1}) }

// unlessUnknown adds "not known" where it counts as yes.
func (s set) unlessUnknown(f Fallback) set {
	s.unknown = f.IfUnknown() == Yes
	return s
}

func (s set) orUnknown() set {
	s.unknown = true
	return s
}

func (s set) empty() bool {
	if s.unknown {
		return false
	}
	if s.numbers {
		return len(s.spans) == 0
	}
	return !s.except && len(s.words) == 0
}

func (s set) complement() set {
	s.unknown = !s.unknown
	if !s.numbers {
		s.except = !s.except
		return s
	}
	var out []span
	next := s.all.low
	for _, p := range s.spans {
		if p.low > next {
			out = append(out, span{next, p.low - 1})
		}
		if p.high == s.all.high {
			s.spans = out
			return s
		}
		next = p.high + 1
	}
	s.spans = append(out, span{next, s.all.high})
	return s
}

func (s set) intersect(o set) set {
	out := set{unknown: s.unknown && o.unknown, numbers: s.numbers, all: s.all}
	if s.numbers {
		for _, a := range s.spans {
			for _, b := range o.spans {
				if p := (span{max(a.low, b.low), min(a.high, b.high)}); p.low <= p.high {
					out.spans = append(out.spans, p)
				}
			}
		}
		return out
	}
	switch {
	case s.except && o.except:
		out.except = true
		out.words = unique(slices.Concat(s.words, o.words))
	case s.except:
		out.words = without(o.words, s.words)
	case o.except:
		out.words = without(s.words, o.words)
	default:
		out.words = slices.DeleteFunc(slices.Clone(s.words), func(w string) bool { return !holds(o.words, w) })
	}
	return out
}

func (s set) union(o set) set { return s.complement().intersect(o.complement()).complement() }

// inside reports whether o holds all of s.
func (s set) inside(o set) bool { return s.intersect(o.complement()).empty() }

// from is the set of numbers at or above the least of s, and "not known".
func (s set) from() set {
	if len(s.spans) == 0 {
		return numberSet(s.all).orUnknown()
	}
	return numberSet(s.all, span{s.spans[0].low, s.all.high}).orUnknown()
}

func holds(sorted []string, w string) bool {
	_, ok := slices.BinarySearch(sorted, w)
	return ok
}

func without(list, less []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(w string) bool { return holds(less, w) })
}
