package sqlrepo

import (
	"quan/internal/domain/change"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

const changeColumns = "aggregate, seq, kind, type, at, actor, facts, delivered"

var (
	changesOf          = same("changes.of", "SELECT "+changeColumns+" FROM changes WHERE aggregate = $1 AND slot = $2 ORDER BY seq")
	changesUndelivered = same("changes.undelivered", "SELECT "+changeColumns+" FROM changes WHERE delivered = 0 ORDER BY aggregate, seq LIMIT $1")
	changesInsert      = insertOf("changes", "aggregate =seq slot =kind:t =type:t =at actor:t facts:t =delivered")
	changesDelivered   = updateOf("changes", "aggregate seq slot", "aggregate seq slot delivered")
)

type changeRows struct{ tx *Tx }

func scanChange(row Scanner) (c store.StoredChange, err error) {
	err = row.Scan(&c.Aggregate, &c.Seq, &c.Kind, &c.Type, &c.At, &c.Actor, &c.Facts, &c.Delivered)
	return c, err
}

func (r changeRows) Append(rows []change.Change) error {
	return r.tx.bulk(changesInsert, len(rows), func(i int) []any {
		c := &rows[i]
		return []any{int64(c.Aggregate), c.Seq, c.Aggregate.Slot(), c.Kind, string(c.Type), int64(c.At), c.Actor, c.Facts, int64(0)}
	})
}

func (r changeRows) Of(aggregate id.ID) ([]store.StoredChange, error) {
	return collect(r.tx, changesOf, scanChange, int64(aggregate), aggregate.Slot())
}

func (r changeRows) Undelivered(limit int) ([]store.StoredChange, error) {
	return collect(r.tx, changesUndelivered, scanChange, int64(limit))
}

func (r changeRows) Delivered(rows []store.StoredChange, at calendar.Instant) error {
	return r.tx.update(changesDelivered, len(rows), func(i int) []any {
		c := &rows[i]
		return []any{int64(c.Aggregate), c.Seq, c.Aggregate.Slot(), int64(at)}
	})
}
