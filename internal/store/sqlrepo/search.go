package sqlrepo

import (
	"slices"
	"strings"

	"quan/internal/store"
)

// Names are found by any part of them: name_parts has, for each text by which a row is
// called, what is left of it from each of its characters on, cut to partLength. A text
// that has the searched one in it has a part that begins with it: one range of an index.
const (
	partLength = 24     // characters
	mostFound  = 10_000 // parts: beyond them so many rows fit that going along the list finds a page soon
	searchPage = 500    // rows of one look, when going along the list
)

var (
	partsFind = same("name_parts.find", "SELECT key FROM name_parts WHERE noun = $1 AND part >= $2 AND part < $3 LIMIT $4")
	partsAdd  = newBulk("name_parts.insert",
		"INSERT INTO name_parts (noun, part, key) VALUES ($1, $2, $3) ON CONFLICT (noun, part, key) DO NOTHING",
		"INSERT INTO name_parts (noun, part, key) SELECT noun, part, key FROM "+columnsOf("noun:t part:t key:t").spread()+
			" ORDER BY noun, part, key ON CONFLICT (noun, part, key) DO NOTHING", columnsOf("noun:t part:t key:t").cols)
	partsDelete = newStatement("name_parts.delete",
		"DELETE FROM name_parts WHERE noun = $1 AND part IN (SELECT value FROM json_each($2)) AND key = $3",
		"DELETE FROM name_parts WHERE noun = $1 AND part = ANY($2::text[]) AND key = $3")
)

// fold makes texts alike that a search takes for the same: a to z in any case. Both
// engines fold so too, which the schema's migration needs.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// partsOf are the parts of the texts by which a row is called, each once.
func partsOf(texts []string) map[string]bool {
	out := map[string]bool{}
	for _, text := range texts {
		runes := []rune(fold(text))
		for i := range runes {
			out[string(runes[i:min(i+partLength, len(runes))])] = true
		}
	}
	return out
}

// texts are what people call a row besides its id: its name, its key where that is a
// code, its second code, and how customers see it.
func (n *noun[T]) texts(v *T) []string {
	f := n.face(v)
	code := f.key
	if f.id != 0 {
		code = f.code
	}
	if n.secret {
		code = ""
	}
	return append([]string{f.name, code}, f.also...)
}

// search lists the rows that have all words of a text in theirs. The index names those
// of the longest word; where they are too many, the list itself is gone along.
func (r *reference[T]) search(f store.Filter) (out []T, err error) {
	want := strings.Fields(fold(f.Search))
	if len(want) == 0 {
		return r.page(f, nil)
	}
	keys, all, err := r.found(slices.MaxFunc(want, func(a, b string) int { return len(a) - len(b) }))
	if err != nil || all && len(keys) == 0 {
		return nil, err
	}
	size := f.Limit
	if !all {
		size = max(size, searchPage)
	}
	for {
		page := f
		page.Limit = size
		rows, err := r.page(page, keys)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			if r.noun.has(&rows[i], want) {
				if out = append(out, rows[i]); len(out) == f.Limit {
					return out, nil
				}
			}
		}
		if len(rows) < size {
			return out, nil
		}
		f.After = r.noun.face(&rows[len(rows)-1]).key
	}
}

// has says whether each of the words is in one of the row's texts.
func (n *noun[T]) has(v *T, want []string) bool {
	texts := n.texts(v)
	for i := range texts {
		texts[i] = fold(texts[i])
	}
	return !slices.ContainsFunc(want, func(word string) bool {
		return !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, word) })
	})
}

// found are the keys of the rows that have a part beginning with a text; all says that
// there are no more, else none are given.
func (r *reference[T]) found(want string) (keys []string, all bool, err error) {
	if runes := []rune(want); len(runes) > partLength {
		want = string(runes[:partLength])
	}
	rows, err := collect(r.tx, partsFind, func(row Scanner) (key string, err error) { return key, row.Scan(&key) },
		r.noun.table, want, want+behindAll, int64(mostFound)+1)
	if err != nil || len(rows) > mostFound {
		return nil, false, err
	}
	return words(rows), true, nil
}

// callThem writes the parts of new rows.
func (r *reference[T]) callThem(rows []T) error {
	var all [][]any
	for i := range rows {
		for part := range partsOf(r.noun.texts(&rows[i])) {
			all = append(all, []any{r.noun.table, part, r.noun.face(&rows[i]).key})
		}
	}
	return r.tx.bulk(partsAdd, len(all), func(i int) []any { return all[i] })
}

// callAnew writes and takes away the parts of rows that are called otherwise than
// before; old are the rows as they are stored.
func (r *reference[T]) callAnew(old, rows []T) error {
	before := map[string]map[string]bool{}
	for i := range old {
		before[r.noun.face(&old[i]).key] = partsOf(r.noun.texts(&old[i]))
	}
	var add [][]any
	for i := range rows {
		key := r.noun.face(&rows[i]).key
		var gone []string
		now := partsOf(r.noun.texts(&rows[i]))
		for part := range now {
			if !before[key][part] {
				add = append(add, []any{r.noun.table, part, key})
			}
		}
		for part := range before[key] {
			if !now[part] {
				gone = append(gone, part)
			}
		}
		if len(gone) == 0 {
			continue
		}
		if _, err := r.tx.write(partsDelete, r.noun.table, words(gone), key); err != nil {
			return err
		}
	}
	return r.tx.bulk(partsAdd, len(add), func(i int) []any { return add[i] })
}
