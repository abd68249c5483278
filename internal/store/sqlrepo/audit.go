package sqlrepo

import (
	"math"

	"quan/internal/store"
)

const (
	auditColumns = "id, at, actor, action, object, before_doc, after_doc, reason, request_id"
	auditRest    = " AND ($2 = '' OR actor = $2) AND ($3 = '' OR object = $3) AND ($4 = '' OR action = $4 OR (action >= $5 AND action < $6)) AND at >= $7 AND at < $8" +
		" ORDER BY id DESC LIMIT $9"
)

// Of each filter that has an index there is a statement that can use it.
var (
	auditList     = same("audit.list", "SELECT "+auditColumns+" FROM audit WHERE id < $1"+auditRest)
	auditOfObject = same("audit.of_object", "SELECT "+auditColumns+" FROM audit WHERE object = $3 AND id < $1"+auditRest)
	auditOfActor  = same("audit.of_actor", "SELECT "+auditColumns+" FROM audit WHERE actor = $2 AND id < $1"+auditRest)
	auditInsert   = insertOf("audit", "id at actor:t action:t object:t before_doc:t after_doc:t reason:t request_id:t")
)

type auditRows struct{ tx *Tx }

func (r auditRows) Append(rows []store.AuditEntry) error {
	return r.tx.bulk(auditInsert, len(rows), func(i int) []any {
		e := &rows[i]
		return []any{int64(e.ID), int64(e.At), e.Actor, e.Action, e.Object, e.Before, e.After, e.Reason, e.RequestID}
	})
}

func (r auditRows) List(f store.AuditFilter) ([]store.AuditEntry, error) {
	scan := func(row Scanner) (e store.AuditEntry, err error) {
		err = row.Scan(&e.ID, &e.At, &e.Actor, &e.Action, &e.Object, &e.Before, &e.After, &e.Reason, &e.RequestID)
		return e, err
	}
	statement := auditList
	switch {
	case f.Object != "":
		statement = auditOfObject
	case f.Actor != "":
		statement = auditOfActor
	}
	to := int64(f.To)
	if to == 0 {
		to = math.MaxInt64
	}
	// All actions of a kind of row begin with its name and a dot; "/" follows the dot.
	return collect(r.tx, statement, scan, before(f.Before), f.Actor, f.Object, f.Action, f.Action+".", f.Action+"/", int64(f.From), to, int64(f.Limit))
}
