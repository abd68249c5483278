package sqlrepo

import (
	"fmt"
	"strconv"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// check asks for rows that break an invariant. Its statement takes $1 = now and
// $2 = limit and returns (id, detail) of each such row; prefix types the id.
type check struct {
	name      string
	invariant string // id in docs/invariants.md
	prefix    string
	*statement
}

// checks run in this order: cheap ones first.
var checks []check

func newCheck(name, invariant, prefix, lite, post string) check {
	return check{name, invariant, prefix, newStatement("check."+name, lite, post)}
}

// sameCheck is a check with one text for both engines.
func sameCheck(name, invariant, prefix, sql string) check {
	return newCheck(name, invariant, prefix, sql, sql)
}

type checkRows struct{ tx *Tx }

// Names of the checks in the order in which they should run.
func (r checkRows) Names() []string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = c.name
	}
	return names
}

// Run returns at most limit findings of a check.
func (r checkRows) Run(name string, now calendar.Instant, limit int) ([]store.Finding, error) {
	for _, c := range checks {
		if c.name != name {
			continue
		}
		return collect(r.tx, c.statement, func(row Scanner) (f store.Finding, err error) {
			var subject id.ID
			f.Invariant = c.invariant
			err = row.Scan(&subject, &f.Detail)
			f.Subject = strconv.FormatInt(int64(subject), 10)
			if c.prefix != "" {
				f.Subject = id.Format(c.prefix, subject)
			}
			return f, err
		}, int64(now), int64(limit))
	}
	return nil, fmt.Errorf("sqlrepo: unknown check %q", name)
}
