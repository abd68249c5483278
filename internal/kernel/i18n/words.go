package i18n

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Words are the sentences of one language by key. They never change once parsed
// and may be used by many at once.
type Words struct {
	Lang      Lang
	sentences map[string][]sentence
	faults    sync.Map // fault.Code → *told
}

// sentence is a text cut at its placeholders: text, then name, then text …
type sentence []part

type part struct{ text, name string }

// Arg is the value of a placeholder, already written in the words' language.
type Arg struct{ Name, Text string }

// Parse reads a catalogue: a JSON object of sentences, of lists of alternatives,
// or of objects, whose keys are joined by dots. A key may stand only once.
func Parse(lang Lang, data []byte) (*Words, error) {
	w := &Words{Lang: lang, sentences: map[string][]sentence{}}
	d := json.NewDecoder(bytes.NewReader(data))
	if err := w.value(d, ""); err != nil {
		return nil, fmt.Errorf("i18n: words of %s: %w", lang, err)
	}
	return w, nil
}

func (w *Words) value(d *json.Decoder, key string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case string:
		return w.add(key, token)
	case json.Delim:
		if token == '[' {
			return w.alternatives(d, key)
		}
		return w.object(d, key)
	}
	return fmt.Errorf("%s: neither a sentence nor an object", key)
}

func (w *Words) object(d *json.Decoder, key string) error {
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name := token.(string)
		if seen[name] {
			return fmt.Errorf("%s.%s stands twice", key, name)
		}
		seen[name] = true
		if err := w.value(d, strings.TrimPrefix(key+"."+name, ".")); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func (w *Words) alternatives(d *json.Decoder, key string) error {
	for d.More() {
		if err := w.value(d, key); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func (w *Words) add(key, text string) error {
	var s sentence
	for rest := text; rest != ""; {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			s = append(s, part{text: rest})
			break
		}
		size := strings.IndexByte(rest[open:], '}')
		if size < 2 {
			return fmt.Errorf("%s: a brace without a name in %q", key, text)
		}
		s = append(s, part{rest[:open], rest[open+1 : open+size]})
		rest = rest[open+size+1:]
	}
	w.sentences[key] = append(w.sentences[key], s)
	return nil
}

// Has reports whether the key has a sentence.
func (w *Words) Has(key string) bool { return len(w.sentences[key]) > 0 }

// Keys returns all keys, sorted.
func (w *Words) Keys() []string { return slices.Sorted(maps.Keys(w.sentences)) }

// Placeholders returns the names in each alternative of a key, in their order.
func (w *Words) Placeholders(key string) [][]string {
	all := make([][]string, len(w.sentences[key]))
	for i, s := range w.sentences[key] {
		for _, p := range s {
			if p.name != "" {
				all[i] = append(all[i], p.name)
			}
		}
	}
	return all
}

// Say returns the first alternative of the key whose placeholders all have a
// value, "" when there is none.
func (w *Words) Say(key string, args ...Arg) string {
	return w.say(key, func(name string) (string, bool) {
		for _, a := range args {
			if a.Name == name {
				return a.Text, true
			}
		}
		return "", false
	})
}

// Count is Say for a number of things: the key with ".one" is said for 1 where
// the language has it. The number is the placeholder {n}.
func (w *Words) Count(key string, n int64, args ...Arg) string {
	if n == 1 && w.Has(key+".one") {
		key += ".one"
	}
	return w.Say(key, append(args, Arg{"n", w.Lang.Number(n)})...)
}

func (w *Words) say(key string, value func(name string) (string, bool)) string {
	return say(w.sentences[key], value)
}

func say(alternatives []sentence, value func(name string) (string, bool)) string {
	var b strings.Builder
next:
	for _, s := range alternatives {
		b.Reset()
		for _, p := range s {
			b.WriteString(p.text)
			if p.name == "" {
				continue
			}
			text, ok := value(p.name)
			if !ok {
				continue next
			}
			b.WriteString(text)
		}
		return b.String()
	}
	return ""
}
