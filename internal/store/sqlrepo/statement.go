package sqlrepo

import (
	"fmt"
	"slices"
	"strings"
)

// text is what the tests of the SQL rules read.
type text struct{ name, lite, post string }

// texts holds every text of the package, in the order of initialisation.
var texts []text

// statement is a Stmt with the name that its errors carry.
type statement struct {
	*Stmt
	name string
}

// bulk is a Bulk with the name that its errors carry.
type bulk struct {
	*Bulk
	name string
}

func newStatement(name, lite, post string) *statement {
	texts = append(texts, text{name, lite, post})
	return &statement{&Stmt{Lite: lite, Post: post}, name}
}

// composed is a statement that is put together while the program runs, of parts
// that a registered statement shows: it is not registered itself.
func composed(name, lite, post string) *statement {
	return &statement{&Stmt{Lite: lite, Post: post}, name}
}

// same is a statement with one text for both engines.
func same(name, sql string) *statement { return newStatement(name, sql, sql) }

// newBulk makes a statement whose single row both engines write by one text.
func newBulk(name, lite, post string, cols []Col) *bulk {
	texts = append(texts, text{name + ".one", lite, lite}, text{name, lite, post})
	return &bulk{&Bulk{Lite: lite, Post: post, One: lite, Cols: cols}, name}
}

// columns reads a list of columns: "id slot name:t" are two BIGINT and a TEXT. One
// with = before it is the same in most batches' rows.
type columns struct {
	names []string
	cols  []Col
	same  []int // places of those
}

func columnsOf(spec string) columns {
	var c columns
	for i, word := range strings.Fields(spec) {
		name, isText := strings.CutSuffix(word, ":t")
		name, same := strings.CutPrefix(name, "=")
		if same {
			c.same = append(c.same, i)
		}
		c.names = append(c.names, name)
		if isText {
			c.cols = append(c.cols, Text)
		} else {
			c.cols = append(c.cols, Int)
		}
	}
	return c
}

// list writes the columns with a comma between them.
func (c columns) list() string { return strings.Join(c.names, ", ") }

// marks writes $1, $2 … for the columns.
func (c columns) marks() string {
	marks := make([]string, len(c.names))
	for i := range c.names {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return strings.Join(marks, ", ")
}

// array is the parameter of one column.
func (c columns) array(i int) string {
	if c.cols[i] == Text {
		return fmt.Sprintf("$%d::text[]", i+1)
	}
	return fmt.Sprintf("$%d::bigint[]", i+1)
}

// even writes the rows of a batch in which the columns that are mostly the same are
// so: those are parameters, and only the others arrays. PostgreSQL makes a table of
// its own of each array, so a coupon's thirty cost it more than its indexes.
func (c columns) even() (list, from string) {
	var items, arrays, names []string
	for i, n := range c.names {
		if !slices.Contains(c.same, i) {
			items, arrays, names = append(items, n), append(arrays, c.array(i)), append(names, n)
		} else {
			items = append(items, strings.TrimSuffix(c.array(i), "[]"))
		}
	}
	return strings.Join(items, ", "), "unnest(" + strings.Join(arrays, ", ") + ") AS v(" + strings.Join(names, ", ") + ")"
}

// varying are those of the names that are not marked as mostly the same.
func (c columns) varying(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool {
		return slices.Contains(c.same, slices.Index(c.names, n))
	})
}

// spread writes the arrays of the columns as rows of v.
func (c columns) spread() string {
	arrays := make([]string, len(c.names))
	for i := range c.cols {
		arrays[i] = c.array(i)
	}
	return "unnest(" + strings.Join(arrays, ", ") + ") AS v(" + c.list() + ")"
}

// probe joins the rows of k with a table by its whole key: one look into the
// index for each row, whatever the planner thinks of the table's size (OFFSET
// keeps the subquery from being turned into another join). Plans are cached: one
// made while the table was empty read it whole for each batch of a flash sale.
func probe(table, on string) string {
	return " CROSS JOIN LATERAL (SELECT * FROM " + table + " WHERE " + on + " OFFSET 0) AS " + table
}

func sortedBy(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " ORDER BY " + strings.Join(names, ", ")
}

// insertOf makes the insert of whole rows, on PostgreSQL in the order of the
// columns in order: two writers of keys that others may write too must meet in
// one order.
func insertOf(table, spec string, order ...string) *bulk {
	c := columnsOf(spec)
	into := "INSERT INTO " + table + " (" + c.list() + ") "
	return newBulk(table+".insert", into+"VALUES ("+c.marks()+")", into+"SELECT "+c.list()+" FROM "+c.spread()+sortedBy(order), c.cols).
		evenly(c, into, sortedBy(c.varying(order)))
}

// evenly adds the text for batches that are even, if any column is marked so.
func (b *bulk) evenly(c columns, into, after string) *bulk {
	if len(c.same) > 0 {
		list, from := c.even()
		b.Even, b.Same = into+"SELECT "+list+" FROM "+from+after, c.same
		texts = append(texts, text{b.name + ".even", b.Lite, b.Even})
	}
	return b
}

// upsertOf makes an insert that, where the key is taken, sets or adds the other
// columns. key names the columns of the primary key; on PostgreSQL rows are
// written in its order. A key may occur once in a call.
func upsertOf(name, table, key, spec string, add bool) *bulk {
	c := columnsOf(spec)
	keys := strings.Fields(key)
	isKey := map[string]bool{}
	for _, k := range keys {
		isKey[k] = true
	}
	var sets []string
	for _, n := range c.names {
		switch {
		case isKey[n]:
		case add:
			sets = append(sets, n+" = "+table+"."+n+" + EXCLUDED."+n)
		default:
			sets = append(sets, n+" = EXCLUDED."+n)
		}
	}
	order := strings.Join(keys, ", ")
	into := "INSERT INTO " + table + " (" + c.list() + ") "
	conflict := " ON CONFLICT (" + order + ") DO UPDATE SET " + strings.Join(sets, ", ")
	return newBulk(name, into+"VALUES ("+c.marks()+")"+conflict,
		into+"SELECT "+c.list()+" FROM "+c.spread()+sortedBy(keys)+conflict, c.cols).
		evenly(c, into, sortedBy(c.varying(keys))+conflict)
}

// freshOf makes, of an upsert, the insert of rows that are not there.
func freshOf(upsert *bulk, name, table, spec string, order ...string) *bulk {
	c := columnsOf(spec)
	into := "INSERT INTO " + table + " (" + c.list() + ") "
	return newBulk(name, upsert.Lite, into+"SELECT "+c.list()+" FROM "+c.spread()+sortedBy(order), c.cols).
		evenly(c, into, sortedBy(c.varying(order)))
}

// updateOf makes an update by key; with a column rev it is a compare-and-set: the
// stored revision must be the one before. On PostgreSQL the rows must be locked.
func updateOf(table, key, spec string) *bulk {
	c := columnsOf(spec)
	isKey := map[string]bool{}
	for _, k := range strings.Fields(key) {
		isKey[k] = true
	}
	var lite, post []string
	var liteOn, postOn []string
	first := strings.Fields(key)[0]
	// Each key is named again (= ANY): see probe.
	for i, n := range c.names {
		mark := fmt.Sprintf("$%d", i+1)
		if isKey[n] {
			liteOn = append(liteOn, n+" = "+mark)
			postOn = append(postOn, "t."+n+" = v."+n)
			if n == first || c.cols[i] == Text {
				postOn = append(postOn, fmt.Sprintf("t.%s = ANY(%s)", n, c.array(i)))
			}
			continue
		}
		lite = append(lite, n+" = "+mark)
		post = append(post, n+" = v."+n)
		if n == "rev" {
			liteOn = append(liteOn, "rev = "+mark+" - 1")
			postOn = append(postOn, "t.rev = v.rev - 1")
		}
	}
	return newBulk(table+".update",
		"UPDATE "+table+" SET "+strings.Join(lite, ", ")+" WHERE "+strings.Join(liteOn, " AND "),
		"UPDATE "+table+" AS t SET "+strings.Join(post, ", ")+" FROM "+c.spread()+" WHERE "+strings.Join(postOn, " AND "), c.cols)
}
