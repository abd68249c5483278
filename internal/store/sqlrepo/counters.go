package sqlrepo

import (
	"strings"

	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
)

const (
	counterColumns = "template, per, subject, what, period, start, taken, ceiling, over_use, alarmed, rev"
	counterKey     = "template, per, subject, what, period, start, slot"
	counterSpec    = "=template =per subject =what =period =start slot taken =ceiling =over_use =alarmed rev"
	// SQLite's text of a run: one of the two lists has one member, so the product is the run.
	counterRunLite = "SELECT " + counterColumns + " FROM counters WHERE per = $1 AND what = $2 AND period = $3 AND start = $4" +
		" AND template IN (SELECT value FROM json_each($5)) AND subject IN (SELECT value FROM json_each($6)) AND +slot IN (SELECT value FROM json_each($7))"
	// The same parameters, of one key.
	counterOne = "SELECT " + counterColumns + " FROM counters WHERE template = $5 AND per = $1 AND subject = $6 AND what = $2 AND period = $3 AND start = $4 AND slot = $7"
)

var (
	countersGet = keyed{one: same("counters.get.one", counterOne), many: newStatement("counters.get", counterRunLite,
		"SELECT "+counterColumns+" FROM unnest($5::bigint[], $6::bigint[], $7::bigint[]) AS k(want, want_subject, want_slot)"+
			probe("counters", "template = want AND per = $1 AND subject = want_subject AND what = $2 AND period = $3 AND start = $4 AND slot = want_slot"))}
	// The rows of a key from its start on.
	countersSince = keyed{one: same("counters.since.one", strings.Replace(counterOne, "start = $4", "start >= $4", 1)),
		many: newStatement("counters.since", strings.Replace(counterRunLite, "start = $4", "start >= $4", 1),
			"SELECT "+counterColumns+" FROM unnest($5::bigint[], $6::bigint[], $7::bigint[]) AS k(want, want_subject, want_slot)"+
				probe("counters", "template = want AND per = $1 AND subject = want_subject AND what = $2 AND period = $3 AND start >= $4 AND slot = want_slot"))}
	countersOfTemplate = same("counters.ofTemplate", "SELECT "+counterColumns+" FROM counters WHERE template = $1 AND per IN (2, 3) AND slot = $2")
	countersWrite      = upsertOf("counters.write", "counters", "template per subject what period start slot", counterSpec, false)
	// What a lock has found missing is missing: PostgreSQL, where an upsert looks for each
	// row before it writes it, need not look again.
	countersFresh = freshOf(countersWrite, "counters.fresh", "counters", counterSpec, "subject", "slot")
	// Whether any member has a counter of a template.
	countersOfMembers = same("counters.ofMembers", "SELECT 1 FROM counters WHERE template = $1 AND per = 1 LIMIT 1")
)

type counterRows struct{ tx *Tx }

func scanCounter(row Scanner) (c limit.Counter, err error) {
	var per, what, period int64
	if err = row.Scan(&c.Template, &per, &c.Subject, &what, &period, &c.Start, &c.Taken, &c.Ceiling, &c.Over, &c.Alarmed, &c.Rev); err != nil {
		return c, err
	}
	c.Key, err = keyOf(c.Key, per, what, period)
	return c, err
}

// keyOf completes a key with the words of its small numbers.
func keyOf(k limit.Key, per, what, period int64) (_ limit.Key, err error) {
	if k.Per, err = perNumbers.word(per); err != nil {
		return k, err
	}
	if k.What, err = whatNumbers.word(what); err != nil {
		return k, err
	}
	k.Period, err = periodNumbers.word(period)
	return k, err
}

func (r counterRows) Get(keys []limit.Key) ([]limit.Counter, error) { return r.read(countersGet, keys) }

// Since returns the rows of each key that begin with its start or later.
func (r counterRows) Since(keys []limit.Key) ([]limit.Counter, error) {
	return r.read(countersSince, keys)
}

func (r counterRows) read(k keyed, keys []limit.Key) (out []limit.Counter, err error) {
	var list []asked
	for _, run := range runsOf(keys) {
		list = append(list, run.asked(k, func(c limit.Counter) { out = append(out, c) }))
	}
	return out, r.tx.ask(list)
}

func (r counterRows) OfTemplate(template id.ID) ([]limit.Counter, error) {
	return collect(r.tx, countersOfTemplate, scanCounter, int64(template), template.Slot())
}

// Write writes those of members by themselves: they agree in all but the member.
func (r counterRows) Write(rows []limit.Counter) error {
	if len(rows) == 1 {
		return r.write(countersWrite, rows)
	}
	var fresh, members, others []limit.Counter
	for _, c := range rows {
		switch {
		case c.Per != limit.PerMember:
			others = append(others, c)
		case r.tx.missing[c.Key]:
			delete(r.tx.missing, c.Key)
			fresh = append(fresh, c)
		default:
			members = append(members, c)
		}
	}
	if err := r.write(countersFresh, fresh); err != nil {
		return err
	}
	if err := r.write(countersWrite, members); err != nil {
		return err
	}
	return r.write(countersWrite, others)
}

func (r counterRows) write(b *bulk, rows []limit.Counter) error {
	if r.tx.memory != nil {
		for i := range rows {
			r.tx.memory.wroteCounter(&rows[i])
		}
	}
	return r.tx.bulk(b, len(rows), func(i int) []any {
		c := &rows[i]
		return []any{int64(c.Template), perNumber(c.Per), int64(c.Subject), whatNumber(c.What), periodNumber(c.Period), int64(c.Start), c.Key.Slot(),
			c.Taken, c.Ceiling, c.Over, c.Alarmed, c.Rev}
	})
}
