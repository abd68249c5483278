package sqlrepo

import (
	"quan/internal/kernel/id"
	"quan/internal/store"
)

var (
	auditList = same("audit.list",
		"SELECT id, at, actor, action, object, before_doc, after_doc, reason, request_id FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2")
	auditInsert = insertOf("audit", "id at actor:t action:t object:t before_doc:t after_doc:t reason:t request_id:t")
)

type auditRows struct{ tx *Tx }

func (r auditRows) Append(rows []store.AuditEntry) error {
	return r.tx.bulk(auditInsert, len(rows), func(i int) []any {
		e := &rows[i]
		return []any{int64(e.ID), int64(e.At), e.Actor, e.Action, e.Object, e.Before, e.After, e.Reason, e.RequestID}
	})
}

func (r auditRows) List(from id.ID, limit int) ([]store.AuditEntry, error) {
	scan := func(row Scanner) (e store.AuditEntry, err error) {
		err = row.Scan(&e.ID, &e.At, &e.Actor, &e.Action, &e.Object, &e.Before, &e.After, &e.Reason, &e.RequestID)
		return e, err
	}
	return collect(r.tx, auditList, scan, before(from), int64(limit))
}
