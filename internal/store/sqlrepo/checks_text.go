package sqlrepo

import (
	"fmt"
	"strconv"
	"strings"

	"quan/internal/kernel/id"
)

// found wraps a text that selects (subject, detail) of each broken row.
// PostgreSQL must see each parameter; CAST($1 AS BIGINT) >= 0 is that.
func found(body string) string {
	return "SELECT f.subject, f.detail FROM (" + body + ") AS f WHERE CAST($1 AS BIGINT) >= 0 ORDER BY f.subject LIMIT $2"
}

// foundWith is found over common tables.
func foundWith(tables, body string) string { return "WITH " + tables + " " + found(body) }

const digits = "0123456789abcdefghjkmnpqrstvwxyz" // as id.Format writes them

// typed writes an id as id.Format does, for details.
func typed(prefix, column string) string {
	var b strings.Builder
	b.WriteString("'" + prefix + "_'")
	for shift := 60; shift >= 0; shift -= 5 {
		fmt.Fprintf(&b, " || substr('%s', CAST((%s >> %d) & 31 AS INTEGER) + 1, 1)", digits, column, shift)
	}
	return b.String()
}

// parsed reads the first id of a text as id.Parse does; find is the engine's
// function for the place of a text in another.
func parsed(find, column string) string {
	var parts []string
	for i := range 13 {
		digit := "substr(" + column + ", " + strconv.Itoa(5+i) + ", 1)"
		parts = append(parts, fmt.Sprintf("(CAST(%s('%s', %s) - 1 AS BIGINT) << %d)", find, digits, digit, 60-5*i))
	}
	return "(" + strings.Join(parts, " + ") + ")"
}

// numberOf turns the word of a column into its small number.
func (n numbering[T]) numberOf(column string) string {
	var b strings.Builder
	b.WriteString("CASE " + column)
	for i, word := range n {
		fmt.Fprintf(&b, " WHEN '%s' THEN %d", word, i+1)
	}
	return b.String() + " ELSE 0 END"
}

// wordOf turns the small number of a column into its word.
func (n numbering[T]) wordOf(column string) string {
	var b strings.Builder
	b.WriteString("CASE " + column)
	for i, word := range n {
		fmt.Fprintf(&b, " WHEN %d THEN '%s'", i+1, word)
	}
	return b.String() + " ELSE '?' END"
}

// counterWords names the counter of a row k: "issue_count per member mem_… ever".
func counterWords(start string) string {
	return whatNumbers.wordOf("k.what") + " || ' per ' || " + perNumbers.wordOf("k.per") +
		" || CASE k.per WHEN 1 THEN ' ' || " + typed(id.Member, "k.subject") + " WHEN 2 THEN ' ' || " + typed(id.Placement, "k.subject") +
		" WHEN 4 THEN ' ' || " + typed(id.CodeBatch, "k.subject") + " WHEN " + perBatch + " THEN ' ' || " + typed(id.Batch, "k.subject") + " ELSE '' END" +
		" || ' a ' || " + periodNumbers.wordOf("k.period") + " || CASE WHEN " + start + " <> 0 THEN ' from ' || " + start + " ELSE '' END"
}
