package sqlrepo

import (
	"encoding/json"
	"fmt"

	"quan/internal/kernel/id"
	"quan/internal/store"
)

const rewritten = 500 // rows of one look

var (
	namesClear  = same("name_parts.clear", "DELETE FROM name_parts")
	partsClear  = same("pack_parts.clear", "DELETE FROM pack_parts")
	grantsClear = same("grant_templates.clear", "DELETE FROM grant_templates")
)

type nameRows struct{ tx *Tx }

// Rewrite clears the tables and goes through all rows.
func (r nameRows) Rewrite() (rows int64, err error) {
	for _, s := range []*statement{namesClear, partsClear, grantsClear} {
		if _, err := r.tx.write(s); err != nil {
			return 0, err
		}
	}
	for _, of := range []func(*Tx) (int64, error){
		named(markets), named(merchants), named(places), named(items), named(lists), named(segments), named(desks), named(days), named(outerFacts),
		named(templates), named(placements), named(budgets), named(codeBatches), named(batches), named(plans), named(people), named(links), named(keys),
		named(packs, func(tx *Tx, rows []store.Pack) error { return packRows{&reference[store.Pack]{tx, packs}}.note(rows) }),
		grantsGiven,
	} {
		n, err := of(r.tx)
		if err != nil {
			return 0, err
		}
		rows += n
	}
	return rows, nil
}

// named writes what all rows of a noun are called, and what else is kept beside them.
func named[T any](n *noun[T], also ...func(*Tx, []T) error) func(*Tx) (int64, error) {
	return func(tx *Tx) (all int64, err error) {
		r := &reference[T]{tx, n}
		f := store.Filter{Archived: true, Limit: rewritten}
		for {
			rows, err := r.List(f)
			if err != nil || len(rows) == 0 {
				return all, err
			}
			if err := r.callThem(rows); err != nil {
				return all, err
			}
			for _, write := range also {
				if err := write(tx, rows); err != nil {
					return all, err
				}
			}
			all += int64(len(rows))
			f.After = n.face(&rows[len(rows)-1]).key
		}
	}
}

// grantsGiven notes the templates of all bulk grants.
func grantsGiven(tx *Tx) (all int64, err error) {
	f := store.JobFilter{Kind: "grant", Limit: rewritten}
	for {
		rows, err := jobRows{tx}.List(f)
		if err != nil || len(rows) == 0 {
			return all, err
		}
		for i := range rows {
			var given struct {
				Templates []id.ID `json:"templates"`
			}
			if err := json.Unmarshal([]byte(rows[i].Args), &given); err != nil {
				return all, fmt.Errorf("sqlrepo: templates of job %d: %w", rows[i].ID, err)
			}
			if err := (grantRows{tx}).Gives(rows[i].ID, given.Templates); err != nil {
				return all, err
			}
		}
		all += int64(len(rows))
		f.Before = rows[len(rows)-1].ID
	}
}
