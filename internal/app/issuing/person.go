package issuing

import (
	"slices"

	"quan/internal/app"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// findPersons reads of which natural person each member is an account, where a
// limit counts persons: what the member's row says goes before what a request says.
func (b *batch) findPersons(tx store.Tx) error {
	b.persons = nil
	asked := false
	for _, o := range b.offers {
		asked = asked || o.Persons
	}
	if !asked {
		return nil
	}
	rows, err := tx.Members().Get(b.members)
	b.persons = make(map[id.ID]id.ID, len(rows))
	for i := range rows {
		b.persons[rows[i].ID] = rows[i].Person
	}
	return err
}

// becameOther reports whether a member was tied to a person after it was read.
func (b *batch) becameOther(locked *store.Locked) bool {
	for m, person := range b.persons {
		if row := locked.Members[m]; row != nil && row.Person != person {
			return true
		}
	}
	return false
}

// readRolling reads what limits over the last hours look back on.
func (b *batch) readRolling(tx store.Tx, requests [][]wish, locked *store.Locked) error {
	var rolling []limit.Taking
	for _, list := range requests {
		for n := range list {
			if w := &list[n]; w.Member != nil && w.rolls() {
				rolling = append(rolling, issue.Rolling(&w.Request)...)
				if w.instead != nil {
					rolling = append(rolling, issue.Rolling(w.instead)...)
				}
			}
		}
	}
	return app.ReadRolling(tx, rolling, locked.Counters)
}

// rolls reports whether a limit of the wish counts the last hours.
func (w *wish) rolls() bool {
	for _, r := range []*issue.Request{&w.Request, w.instead} {
		if r == nil || r.Version == nil {
			continue
		}
		if slices.ContainsFunc(r.Version.Doc.Claim.Limits, rolls) {
			return true
		}
		for _, d := range r.Budgets {
			if slices.ContainsFunc(d.Limits, rolls) {
				return true
			}
		}
	}
	return false
}

func rolls(l limit.Limit) bool { return l.Period == limit.Rolling }
