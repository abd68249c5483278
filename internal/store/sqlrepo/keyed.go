package sqlrepo

import (
	"strings"

	"quan/internal/kernel/id"
)

// keyed is a read by keys: of many, as lists, and of one, by plain equality. Most
// requests have one key, and a list costs SQLite three times as much (it is
// parsed as JSON into a table of its own), so it reads many keys one by one too.
type keyed struct{ many, one *statement }

// keyedBy makes the read of rows of a table by id, whose slot follows from it.
func keyedBy(name, columns, table string) keyed {
	from := "SELECT " + columns + " FROM "
	return keyed{
		many: newStatement(name, from+table+" WHERE id IN (SELECT value FROM json_each($1))",
			from+"unnest($1::bigint[]) AS k(want)"+probe(table, "id = want AND slot = "+home)),
		one: same(name+".one", from+table+" WHERE id = $1 AND slot = $2"),
	}
}

// locking makes the read that locks what another one reads: on SQLite, with its
// one writer, a plain read. PostgreSQL can but walk along the list, which is sorted,
// and look up and lock one row after the other: so they are locked in that order.
func (k keyed) locking(name string) keyed {
	const lock = " FOR NO KEY UPDATE"
	return keyed{
		many: newStatement(name, k.many.Lite, strings.Replace(k.many.Post, " OFFSET 0)", lock+")", 1)),
		one:  newStatement(name+".one", k.one.Lite, k.one.Post+lock),
	}
}

// byID reads the rows of ids; none is no statement.
func byID[T any](t *Tx, k keyed, scan func(Scanner) (T, error), ids []id.ID) ([]T, error) {
	switch len(ids) {
	case 0:
		return nil, nil
	case 1:
		return collect(t, k.one, scan, int64(ids[0]), ids[0].Slot())
	}
	sorted := ints(ids)
	found, done, err := collectSingly(t, k.one, scan, len(sorted), func(i int) []any { return []any{sorted[i], id.ID(sorted[i]).Slot()} })
	if done {
		return found, err
	}
	return collect(t, k.many, scan, sorted)
}

// asked is a read by keys that waits for no other's rows.
type asked struct {
	keyed
	times int
	each  func(i int) []any // the arguments of one key
	all   func() []any      // and of the list of all
	row   func(Scanner) error
}

// ask runs reads in their order: where lists are read, all in one turn.
func (t *Tx) ask(list []asked) error {
	var together []read
	for _, q := range list {
		switch q.times {
		case 0:
		case 1:
			together = append(together, read{q.one, q.each(0), q.row})
		default:
			done, err := t.singly(q.one, q.times, q.each, q.row)
			if err != nil {
				return err
			}
			if !done {
				t.lists = true
				together = append(together, read{q.many, q.all(), q.row})
			}
		}
	}
	return t.queries(together)
}

// into reads rows by id into a map.
func into[T any](k keyed, scan func(Scanner) (T, error), ids []id.ID, found map[id.ID]*T, key func(*T) id.ID) asked {
	sorted := ints(ids)
	return asked{k, len(sorted), func(i int) []any { return []any{sorted[i], id.ID(sorted[i]).Slot()} }, func() []any { return []any{sorted} },
		func(row Scanner) error {
			v, err := scan(row)
			if err == nil {
				found[key(&v)] = &v
			}
			return err
		}}
}
