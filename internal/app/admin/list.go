package admin

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// ListAudit returns administrative changes, newest first, 50 where the filter says
// no limit, at most page.Most+1. A principal limited to a scope is refused: the log
// speaks of everything.
func (a *Admin) ListAudit(ctx context.Context, by access.Principal, f store.AuditFilter) (rows []store.AuditEntry, err error) {
	if err := unlimited(by, access.AuditRead); err != nil {
		return nil, err
	}
	for name, value := range map[string]string{"actor": f.Actor, "object": f.Object, "action": f.Action} {
		if !text.Clean(value) {
			return nil, fault.New(fault.InvalidValue).At("query:" + name)
		}
	}
	f.Limit = app.ListSize(f.Limit)
	err = a.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Audit().List(f)
		return err
	})
	return rows, wrap("list audit", err)
}

// unlimited demands a permission of a principal whose scope is everything.
func unlimited(by access.Principal, want access.Permission) error {
	if err := by.May(want); err != nil {
		return err
	}
	if !by.Scope.Everything() {
		return fault.New(fault.PermissionDeny, "permission", string(want))
	}
	return nil
}

// GetJob returns a job, or fault not_found.
func (a *Admin) GetJob(ctx context.Context, by access.Principal, job id.ID) (row store.Job, err error) {
	if err := unlimited(by, access.JobRead); err != nil {
		return row, err
	}
	err = a.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Jobs().Get([]id.ID{job})
		if err == nil && len(rows) == 0 {
			err = fault.New(fault.Absent, "what", "job")
		}
		if err == nil {
			row = rows[0]
		}
		return err
	})
	return row, wrap("get job", err)
}

// ListJobs returns jobs, newest first; as ListAudit.
func (a *Admin) ListJobs(ctx context.Context, by access.Principal, f store.JobFilter) (rows []store.Job, err error) {
	if err := unlimited(by, access.JobRead); err != nil {
		return nil, err
	}
	f.Limit = app.ListSize(f.Limit)
	err = a.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Jobs().List(f)
		return err
	})
	return rows, wrap("list jobs", err)
}
