package admin

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// ListAudit returns administrative changes, newest first, before an id (zero:
// from the newest), at most limit (50 when zero, at most page.Most+1). A
// principal limited to a scope is refused: the log speaks of everything.
func (a *Admin) ListAudit(ctx context.Context, by access.Principal, before id.ID, limit int) ([]store.AuditEntry, error) {
	return nil, fault.New(fault.InternalError)
}

// GetJob returns a job, or fault not_found.
func (a *Admin) GetJob(ctx context.Context, by access.Principal, job id.ID) (store.Job, error) {
	return store.Job{}, fault.New(fault.InternalError)
}

// ListJobs returns jobs, newest first; as ListAudit.
func (a *Admin) ListJobs(ctx context.Context, by access.Principal, before id.ID, limit int) ([]store.Job, error) {
	return nil, fault.New(fault.InternalError)
}
