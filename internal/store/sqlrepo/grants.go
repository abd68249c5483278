package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const outcomeColumns = "job, member, number, coupon, more, code"

var (
	grantGives      = insertOf("grant_templates", "template job", "template", "job")
	grantRowsInsert = insertOf("grant_rows", "job number slot member given:t code:t")
	grantRowsPage   = same("grant_rows.page", "SELECT job, number, member, given, code FROM grant_rows WHERE job = $1 AND number > $2 ORDER BY number LIMIT $3")
	outcomesInsert  = insertOf("grant_outcomes", "=job member slot number coupon =more:t =code:t")
	outcomesPage    = same("grant_outcomes.page", "SELECT "+outcomeColumns+" FROM grant_outcomes WHERE job = $1 AND member > $2 ORDER BY member LIMIT $3")
	outcomesOf      = newStatement("grant_outcomes.of",
		"SELECT "+outcomeColumns+" FROM grant_outcomes WHERE job = $1 AND member IN (SELECT value FROM json_each($2))",
		"SELECT "+outcomeColumns+" FROM unnest($2::bigint[]) AS k(want) JOIN grant_outcomes ON job = $1 AND member = want AND member = ANY($2::bigint[]) AND slot = "+home)
)

type grantRows struct{ tx *Tx }

func scanGrantRow(row Scanner) (g store.GrantRow, err error) {
	err = row.Scan(&g.Job, &g.Number, &g.Member, &g.Given, &g.Code)
	return g, err
}

// scanOutcome reads the first coupon from a column of its own and those of a pack
// behind it from a text.
func scanOutcome(row Scanner) (o store.GrantOutcome, err error) {
	var coupon id.ID
	var more string
	if err := row.Scan(&o.Job, &o.Member, &o.Number, &coupon, &more, &o.Code); err != nil || coupon == 0 {
		return o, err
	}
	rest, err := readIDs(more)
	o.Coupons = append([]id.ID{coupon}, rest...)
	return o, err
}

// Gives notes which templates a bulk grant gives, each once.
func (r grantRows) Gives(job id.ID, templates []id.ID) error {
	all := ints(templates)
	return r.tx.bulk(grantGives, len(all), func(i int) []any { return []any{all[i], int64(job)} })
}

func (r grantRows) AddRows(rows []store.GrantRow) error {
	return r.tx.bulk(grantRowsInsert, len(rows), func(i int) []any {
		g := &rows[i]
		return []any{int64(g.Job), g.Number, g.Member.Slot(), int64(g.Member), g.Given, string(g.Code)}
	})
}

func (r grantRows) Rows(job id.ID, after int64, limit int) ([]store.GrantRow, error) {
	return collect(r.tx, grantRowsPage, scanGrantRow, int64(job), after, int64(limit))
}

func (r grantRows) Insert(rows []store.GrantOutcome) error {
	return r.tx.bulk(outcomesInsert, len(rows), func(i int) []any {
		o := &rows[i]
		coupon, more := int64(0), ""
		if len(o.Coupons) > 0 {
			coupon, more = int64(o.Coupons[0]), writeIDs(o.Coupons[1:])
		}
		return []any{int64(o.Job), int64(o.Member), o.Member.Slot(), o.Number, coupon, more, string(o.Code)}
	})
}

func (r grantRows) Outcomes(job, after id.ID, limit int) ([]store.GrantOutcome, error) {
	return collect(r.tx, outcomesPage, scanOutcome, int64(job), int64(after), int64(limit))
}

func (r grantRows) OutcomesOf(job id.ID, members []id.ID) ([]store.GrantOutcome, error) {
	if len(members) == 0 {
		return nil, nil
	}
	return collect(r.tx, outcomesOf, scanOutcome, int64(job), ints(members))
}
