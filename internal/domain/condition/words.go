package condition

import "slices"

// linearMost is up to how many words comparing one by one beats hashing.
const linearMost = 8

// word is a fact that is one word; "" is not known.
type word struct {
	dim  dimension
	read func(*Facts) string
}

func attributeWord(name string) word {
	return word{dimension{kind: dimAttribute, name: name}, func(f *Facts) string { return f.Member.Attributes[name] }}
}

// in answers whether the fact is one of the words.
func (w word) in(f *Facts, words []string) Answer {
	value := w.read(f)
	if value == "" {
		return Unknown
	}
	return answer(slices.Contains(words, value))
}

// compile is in with the words prepared.
func (w word) compile(words []string) (check, error) {
	read, has := w.read, holder(words)
	return func(f *Facts) Answer {
		value := read(f)
		if value == "" {
			return Unknown
		}
		return answer(has(value))
	}, nil
}

func (w word) reach(words []string, fb Fallback, holds bool) []constraint {
	return exact(w.dim, wordSet(words), fb, holds)
}

// holder returns whether a word is one of the words, by the faster way.
func holder(words []string) func(string) bool {
	if len(words) <= linearMost {
		return func(value string) bool {
			for _, w := range words {
				if w == value {
					return true
				}
			}
			return false
		}
	}
	hashed := make(map[string]struct{}, len(words))
	for _, w := range words {
		hashed[w] = struct{}{}
	}
	return func(value string) bool {
		_, ok := hashed[value]
		return ok
	}
}

// anyOf answers whether one of the words stands in a list; a nil list is not known.
func anyOf(list, words []string) Answer {
	if list == nil {
		return Unknown
	}
	for _, w := range words {
		if slices.Contains(list, w) {
			return Yes
		}
	}
	return No
}

// anyIn is anyOf with the words prepared.
func anyIn(read func(*Facts) []string, words []string) check {
	has := holder(words)
	return func(f *Facts) Answer {
		list := read(f)
		if list == nil {
			return Unknown
		}
		for _, entry := range list {
			if has(entry) {
				return Yes
			}
		}
		return No
	}
}

// eachWord is the reach of "one of the words stands in a list": with one word
// exact, otherwise only the answer no says something of each.
func eachWord(kind dimKind, words []string, fb Fallback, holds bool) []constraint {
	if len(words) == 1 {
		return exact(dimension{kind: kind, name: words[0]}, yesSet(), fb, holds)
	}
	if holds {
		return nil
	}
	var all []constraint
	for _, w := range words {
		all = append(all, constraint{dimension{kind: kind, name: w}, yesSet().unlessUnknown(fb).complement(), false})
	}
	return all
}

// within answers whether a figure lies in [low, high]; a nil bound is open.
func within(value int64, low, high *int64) Answer {
	return answer((low == nil || value >= *low) && (high == nil || value <= *high))
}

// figure reads a whole number without allocating; ok is false for another text.
func figure(text string) (n int64, ok bool) {
	digits := text
	negative := digits != "" && digits[0] == '-'
	if negative {
		digits = digits[1:]
	}
	if digits == "" || len(digits) > 18 {
		return 0, false
	}
	for i := range len(digits) {
		d := digits[i] - '0'
		if d > 9 {
			return 0, false
		}
		n = n*10 + int64(d)
	}
	if negative {
		n = -n
	}
	return n, true
}

// figureWithin answers whether a text is a whole number in [low, high]; one that is
// no number is not known.
func figureWithin(text string, low, high *int64) Answer {
	n, ok := figure(text)
	if !ok {
		return Unknown
	}
	return within(n, low, high)
}
