package sqlrepo

import (
	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
)

const entryColumns = "fact, template, per, subject, what, period, start, amount"

var (
	entriesOf = keyed{
		one: same("limit_entries.of.one", "SELECT "+entryColumns+" FROM limit_entries WHERE fact = $1 AND slot = $2"),
		many: newStatement("limit_entries.of",
			"SELECT "+entryColumns+" FROM limit_entries WHERE fact IN (SELECT value FROM json_each($1))",
			"SELECT "+entryColumns+" FROM unnest($1::bigint[]) AS k(want)"+probe("limit_entries", "fact = want AND slot = "+home)),
	}
	entriesInsert = insertOf("limit_entries", "fact template per subject what period start slot amount", "fact")
	entriesUpdate = updateOf("limit_entries", "fact template per subject what period start slot", "fact template per subject what period start slot amount")
)

type entryRows struct{ tx *Tx }

func scanEntry(row Scanner) (e limit.Entry, err error) {
	var per, what, period int64
	if err = row.Scan(&e.Fact, &e.Template, &per, &e.Subject, &what, &period, &e.Start, &e.Amount); err != nil {
		return e, err
	}
	e.Key, err = keyOf(e.Key, per, what, period)
	return e, err
}

// Of returns what facts hold.
func (r entryRows) Of(facts []id.ID) ([]limit.Entry, error) {
	return byID(r.tx, entriesOf, scanEntry, facts)
}

// Insert adds entries of new facts.
func (r entryRows) Insert(rows []limit.Entry) error {
	return r.tx.bulk(entriesInsert, len(rows), entryArgs(rows))
}

// Update sets the amounts of entries whose facts are locked.
func (r entryRows) Update(rows []limit.Entry) error {
	return r.tx.update(entriesUpdate, len(rows), entryArgs(rows))
}

func entryArgs(rows []limit.Entry) func(i int) []any {
	return func(i int) []any {
		e := &rows[i]
		return []any{int64(e.Fact), int64(e.Template), perNumber(e.Per), int64(e.Subject), whatNumber(e.What), periodNumber(e.Period),
			int64(e.Start), e.Fact.Slot(), e.Amount}
	}
}
