package sqlrepo

import (
	"fmt"
	"regexp"
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
	of        store.Subject // whose rows it can be asked of one by one; "" for none
	*statement
	piece *statement // the same of the rows whose ids are $3; nil where of is ""
}

// checks run in this order: cheap ones first.
var checks []check

// among marks where a text is bound to a piece: @in(c.id) holds for the ids of the
// piece, and for all rows where everything is asked.
var among = regexp.MustCompile(`@in\(([a-z_.]+)\)`)

func newCheck(name, invariant, prefix, lite, post string) check {
	whole := func(sql string) string { return among.ReplaceAllString(sql, "1 = 1") }
	return check{name: name, invariant: invariant, prefix: prefix, statement: newStatement("check."+name, whole(lite), whole(post))}
}

// sameCheck is a check with one text for both engines.
func sameCheck(name, invariant, prefix, sql string) check {
	return newCheck(name, invariant, prefix, sql, sql)
}

// pieceCheck is a check that can also be asked of a piece of its subject's rows.
func pieceCheck(of store.Subject, name, invariant, prefix, lite, post string) check {
	c := newCheck(name, invariant, prefix, lite, post)
	c.of = of
	c.piece = newStatement("check."+name+".piece", among.ReplaceAllString(lite, "$1 IN (SELECT value FROM json_each($$3))"),
		among.ReplaceAllString(post, "$1 = ANY($$3::bigint[])"))
	return c
}

func samePiece(of store.Subject, name, invariant, prefix, sql string) check {
	return pieceCheck(of, name, invariant, prefix, sql, sql)
}

// How PostgreSQL plans a check. Verification runs on tables that nothing was
// analysed of: right after an import the planner takes 200,000 rows for 200, and
// asks an aggregate over all orders once for each lock. A check of everything
// goes through its tables once, so loops over loops are out; one of a piece looks
// into indexes, so reading whole tables is, and so are helpers, which take longer to
// start than a piece takes.
var checkPlan = newStatement("check.plan", "SELECT $1, $2, $3",
	"SELECT set_config('enable_nestloop', CAST($1 AS TEXT), true), set_config('enable_seqscan', CAST($2 AS TEXT), true), set_config('max_parallel_workers_per_gather', CAST($3 AS TEXT), true)")

type checkRows struct{ tx *Tx }

// Names of the checks in the order in which they should run.
func (r checkRows) Names() []string {
	names := make([]string, len(checks))
	for i, c := range checks {
		names[i] = c.name
	}
	return names
}

// Of names the checks that can be asked of a subject's rows one by one, or, of "",
// those that can't.
func (r checkRows) Of(subject store.Subject) []string {
	var names []string
	for _, c := range checks {
		if c.of == subject {
			names = append(names, c.name)
		}
	}
	return names
}

// Run returns at most limit findings of a check.
func (r checkRows) Run(name string, now calendar.Instant, limit int) ([]store.Finding, error) {
	c, err := checkNamed(name)
	if err == nil {
		err = r.plan("off", "on", "2")
	}
	if err != nil {
		return nil, err
	}
	return r.ask(c, c.statement, int64(now), int64(limit))
}

// RunOn is Run of the rows of a check's subject that have these ids.
func (r checkRows) RunOn(name string, now calendar.Instant, ids []id.ID, limit int) ([]store.Finding, error) {
	c, err := checkNamed(name)
	if err == nil && c.piece == nil {
		err = fmt.Errorf("sqlrepo: check %q can only be asked of everything", name)
	}
	if err == nil {
		err = r.plan("on", "off", "0")
	}
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return r.ask(c, c.piece, int64(now), int64(limit), ints(ids))
}

func checkNamed(name string) (check, error) {
	for _, c := range checks {
		if c.name == name {
			return c, nil
		}
	}
	return check{}, fmt.Errorf("sqlrepo: unknown check %q", name)
}

func (r checkRows) plan(loops, scans, helpers string) error {
	if r.tx.planned == loops {
		return nil
	}
	r.tx.planned = loops
	var unread [3]string
	return r.tx.query(checkPlan, []any{loops, scans, helpers}, func(row Scanner) error { return row.Scan(&unread[0], &unread[1], &unread[2]) })
}

func (r checkRows) ask(c check, s *statement, args ...any) ([]store.Finding, error) {
	return collect(r.tx, s, func(row Scanner) (f store.Finding, err error) {
		var subject id.ID
		f.Invariant = c.invariant
		err = row.Scan(&subject, &f.Detail)
		f.Subject = strconv.FormatInt(int64(subject), 10)
		if c.prefix != "" {
			f.Subject = id.Format(c.prefix, subject)
		}
		return f, err
	}, args...)
}

// The rows of a subject by id, for pieces.
var (
	checkPages = map[store.Subject]*statement{
		store.SubjectCoupons:     checkPage("coupons"),
		store.SubjectOrders:      checkPage("orders"),
		store.SubjectRedemptions: checkPage("redemptions"),
		store.SubjectLocks:       checkPage("locks"),
	}
	checkOfOrders = newStatement("check.ofOrders", "SELECT id FROM redemptions WHERE order_id IN (SELECT value FROM json_each($1)) ORDER BY id",
		"SELECT id FROM redemptions WHERE order_id = ANY($1::bigint[]) ORDER BY id")
	// Only what happened to a row after it was made: the row itself is found by its id.
	checkLater = same("check.later", "SELECT at, aggregate, kind FROM changes WHERE seq > 1 AND (at, aggregate) > ($1, $2) ORDER BY at, aggregate LIMIT $3")
)

func checkPage(table string) *statement {
	return same("check."+table, "SELECT id FROM "+table+" WHERE id > $1 ORDER BY id LIMIT $2")
}

// Page returns ids of a subject's rows behind one, in their order.
func (r checkRows) Page(subject store.Subject, after id.ID, limit int) ([]id.ID, error) {
	s := checkPages[subject]
	if s == nil {
		return nil, fmt.Errorf("sqlrepo: no rows of subject %q", subject)
	}
	return collect(r.tx, s, scanID, int64(after), int64(limit))
}

// Later returns what changed after it was made, behind a moment and an aggregate.
func (r checkRows) Later(after calendar.Instant, behind id.ID, limit int) ([]store.Later, error) {
	return collect(r.tx, checkLater, func(row Scanner) (l store.Later, err error) {
		err = row.Scan(&l.At, &l.Aggregate, &l.Kind)
		return l, err
	}, int64(after), int64(behind), int64(limit))
}

// RedemptionsOf returns the ids of the redemptions of orders.
func (r checkRows) RedemptionsOf(orders []id.ID) ([]id.ID, error) {
	return collect(r.tx, checkOfOrders, scanID, ints(orders))
}
