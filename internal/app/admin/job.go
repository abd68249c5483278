package admin

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// The states of a job.
const (
	JobRunning = "running"
	JobPaused  = "paused" // stopped in order; it goes on where it was
	JobDone    = "done"
	JobFailed  = "failed"
)

// StartJobInput names long work.
type StartJobInput struct {
	Kind   string
	Key    string // unique: the same work is one job
	Total  int64
	Cursor string // where it starts, the job's own words
}

// StartJob returns the job of a key as it stands, running again unless it is
// done, or makes it. Jobs belong to quan's own parts: any other principal is
// refused as permission_denied.
func (a *Admin) StartJob(ctx context.Context, by access.Principal, in StartJobInput) (row store.Job, err error) {
	if err := ownPart(by); err != nil {
		return row, err
	}
	err = a.Store.Update(ctx, store.Background, func(tx store.Tx) error {
		rows, err := tx.Jobs().ByKey([]string{in.Key})
		if err != nil {
			return err
		}
		now := a.Clock()
		if len(rows) == 0 {
			row = store.Job{ID: a.IDs.New(id.SlotOf(in.Kind, in.Key)), Kind: in.Kind, Key: in.Key, State: JobRunning,
				Total: in.Total, Cursor: in.Cursor, CreatedAt: now, UpdatedAt: now, Rev: 1}
			return tx.Jobs().Insert([]store.Job{row})
		}
		if row = rows[0]; row.State == JobDone || row.State == JobRunning {
			return nil
		}
		row.State, row.Message, row.UpdatedAt = JobRunning, "", now
		row.Rev++
		return tx.Jobs().Update([]store.Job{row})
	})
	return row, wrap("start job", err)
}

// FindJob returns the job of a key; its ID is zero where there is none.
func (a *Admin) FindJob(ctx context.Context, by access.Principal, key string) (row store.Job, err error) {
	if err := ownPart(by); err != nil {
		return row, err
	}
	err = a.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Jobs().ByKey([]string{key})
		if err == nil && len(rows) > 0 {
			row = rows[0]
		}
		return err
	})
	return row, wrap("find job", err)
}

// AdvanceJob writes how far a running job is: Done, Cursor and Message of row.
// It returns the row as it is then; stale_revision says that somebody else has
// written it meanwhile.
func (a *Admin) AdvanceJob(ctx context.Context, by access.Principal, row store.Job) (store.Job, error) {
	return a.writeJob(ctx, by, row, JobRunning)
}

// FinishJob writes the state in which a job ends: done, failed or paused.
func (a *Admin) FinishJob(ctx context.Context, by access.Principal, row store.Job, state string) (store.Job, error) {
	return a.writeJob(ctx, by, row, state)
}

func (a *Admin) writeJob(ctx context.Context, by access.Principal, row store.Job, state string) (store.Job, error) {
	if err := ownPart(by); err != nil {
		return row, err
	}
	next := row
	next.State, next.UpdatedAt, next.Rev = state, a.Clock(), row.Rev+1
	err := a.Store.Update(ctx, store.Background, func(tx store.Tx) error {
		return tx.Jobs().Update([]store.Job{next})
	})
	if err != nil {
		return row, wrap("write job", err)
	}
	return next, nil
}

func ownPart(by access.Principal) error {
	if by.Kind != access.KindSystem {
		return fault.New(fault.PermissionDeny, "permission", "job.write")
	}
	return nil
}
