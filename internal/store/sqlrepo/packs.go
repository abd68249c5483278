package sqlrepo

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const packIssueColumns = "origin, pack, pack_rev, member, placement, day, at, wanted, coupons, missing"

var (
	packIssuesGet = newStatement("pack_issues.get",
		"SELECT "+packIssueColumns+" FROM pack_issues WHERE origin IN (SELECT value FROM json_each($1))",
		"SELECT "+packIssueColumns+" FROM unnest($1::bigint[]) AS k(want)"+probe("pack_issues", "origin = want AND slot = "+home))
	packIssuesInsert = insertOf("pack_issues", "origin slot pack pack_rev member placement day at wanted coupons missing:t")
	packIssuesDays   = newStatement("pack_issues.days",
		"SELECT day, count(*), SUM(coupons) FROM pack_issues WHERE pack = $1 AND day BETWEEN $2 AND $3 GROUP BY day ORDER BY day",
		"SELECT day, count(*), CAST(SUM(coupons) AS BIGINT) FROM pack_issues WHERE pack = $1 AND day BETWEEN $2 AND $3 GROUP BY day ORDER BY day")
	packCouponsInsert = insertOf("pack_coupons", "pack coupon slot")
	packCouponsStates = newStatement("pack_coupons.states",
		"SELECT c.template, c.state, count(*), SUM(c.used) FROM pack_coupons AS p JOIN coupons AS c ON c.id = p.coupon AND c.slot = p.slot WHERE p.pack = $1 GROUP BY c.template, c.state ORDER BY c.template, c.state",
		"SELECT c.template, c.state, count(*), CAST(SUM(c.used) AS BIGINT) FROM pack_coupons AS p JOIN coupons AS c ON c.id = p.coupon AND c.slot = p.slot WHERE p.pack = $1 GROUP BY c.template, c.state ORDER BY c.template, c.state")
)

var (
	packPartsInsert = insertOf("pack_parts", "template:t pack:t", "template", "pack")
	packPartsDelete = newStatement("pack_parts.delete",
		"DELETE FROM pack_parts WHERE pack IN (SELECT value FROM json_each($1))",
		"DELETE FROM pack_parts WHERE pack = ANY($1::text[])")
)

// packRows keep beside the packs which templates they have parts of.
type packRows struct{ *reference[store.Pack] }

// Insert adds packs, and notes their parts.
func (r packRows) Insert(rows []store.Pack) error {
	if err := r.reference.Insert(rows); err != nil {
		return err
	}
	return r.note(rows)
}

// Update writes packs, and notes their parts anew.
func (r packRows) Update(rows []store.Pack) error {
	if err := r.reference.Update(rows); err != nil || len(rows) == 0 {
		return err
	}
	keys := make([]string, len(rows))
	for i := range rows {
		keys[i] = id.Format(id.Pack, rows[i].ID)
	}
	if _, err := r.tx.write(packPartsDelete, words(keys)); err != nil {
		return err
	}
	return r.note(rows)
}

func (r packRows) note(rows []store.Pack) error {
	var all [][]any
	for i := range rows {
		var templates []string
		for _, part := range rows[i].Parts {
			templates = append(templates, id.Format(id.Template, part.Template))
		}
		for _, t := range words(templates) {
			all = append(all, []any{t, id.Format(id.Pack, rows[i].ID)})
		}
	}
	return r.tx.bulk(packPartsInsert, len(all), func(i int) []any { return all[i] })
}

type packIssueRows struct{ tx *Tx }

// Get returns issues by origin.
func (r packIssueRows) Get(origins []id.ID) ([]store.PackIssue, error) {
	if len(origins) == 0 {
		return nil, nil
	}
	return collect(r.tx, packIssuesGet, func(row Scanner) (p store.PackIssue, err error) {
		err = row.Scan(&p.Origin, &p.Pack, &p.PackRev, &p.Member, &p.Placement, &p.Day, &p.At, &p.Wanted, &p.Coupons, &p.Missing)
		return p, err
	}, ints(origins))
}

// Insert writes issues.
func (r packIssueRows) Insert(rows []store.PackIssue) error {
	return r.tx.bulk(packIssuesInsert, len(rows), func(i int) []any {
		p := &rows[i]
		return []any{int64(p.Origin), p.Origin.Slot(), int64(p.Pack), p.PackRev, int64(p.Member), int64(p.Placement), int64(p.Day), int64(p.At),
			p.Wanted, p.Coupons, p.Missing}
	})
}

// Add notes the coupons of packs.
func (r packIssueRows) Add(packs, coupons []id.ID) error {
	return r.tx.bulk(packCouponsInsert, len(packs), func(i int) []any {
		return []any{int64(packs[i]), int64(coupons[i]), coupons[i].Slot()}
	})
}

// Days sums the issues of a pack.
func (r packIssueRows) Days(pack id.ID, from, to calendar.Date) ([]store.PackDay, error) {
	return collect(r.tx, packIssuesDays, func(row Scanner) (d store.PackDay, err error) {
		err = row.Scan(&d.Day, &d.Packs, &d.Coupons)
		return d, err
	}, int64(pack), int64(from), lastDay(to))
}

// Coupons counts the coupons of a pack.
func (r packIssueRows) Coupons(pack id.ID) ([]store.PackCoupons, error) {
	return collect(r.tx, packCouponsStates, func(row Scanner) (c store.PackCoupons, err error) {
		err = row.Scan(&c.Template, &c.State, &c.Count, &c.Uses)
		return c, err
	}, int64(pack))
}
