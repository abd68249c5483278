package admin

import (
	"context"
	"errors"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// ErrJobHeld says that another process runs the job, or was lost less than a
// minute ago.
var ErrJobHeld = errors.New("admin: another process runs this job, or was stopped hard less than a minute ago")

// TakeJobInput names long work that its own process runs, and no worker.
type TakeJobInput struct {
	Kind   string
	Key    string // unique: the same work is one job
	Total  int64
	Cursor string // where it starts, the job's own words
	Holder string // this process
}

// TakeJob finds the job of a key, or makes it, and runs it under a lease of this
// process (app.JobLease, which AdvanceJob renews). A job that is completed is
// returned as it is. Such jobs belong to quan's own parts: any other principal is
// refused as permission_denied.
func (a *Admin) TakeJob(ctx context.Context, by access.Principal, in TakeJobInput) (row job.Job, err error) {
	if err := ownPart(by); err != nil {
		return row, err
	}
	err = a.Store.Update(ctx, store.Background, func(tx store.Tx) error {
		row, err = a.jobOf(tx, by, in)
		now := a.Clock()
		switch {
		case err != nil || row.State == job.Completed:
			return err
		case row.State == job.Running && row.Until > now && row.Holder != in.Holder:
			return ErrJobHeld
		}
		row.Message = ""
		row.Start(in.Holder, now, app.JobLease)
		return tx.Jobs().Update([]store.Job{row})
	})
	if errors.Is(err, ErrJobHeld) {
		return row, err
	}
	return row, wrap("take job", err)
}

// jobOf is the job of a key under its lock, made where there is none.
func (a *Admin) jobOf(tx store.Tx, by access.Principal, in TakeJobInput) (job.Job, error) {
	rows, err := tx.Jobs().ByKey([]string{in.Key})
	if err != nil {
		return job.Job{}, err
	}
	if len(rows) == 0 {
		row := job.New(job.Job{ID: a.IDs.New(id.SlotOf(in.Kind, in.Key)), Kind: in.Kind, Key: in.Key, Actor: by.ID, Total: in.Total, Cursor: in.Cursor}, a.Clock())
		return row, tx.Jobs().Insert([]store.Job{row})
	}
	locked, err := tx.Lock(store.LockSet{Jobs: []id.ID{rows[0].ID}})
	if err != nil {
		return job.Job{}, err
	}
	if locked.Jobs[rows[0].ID] == nil { // forgotten meanwhile
		return job.Job{}, store.ErrStale
	}
	return *locked.Jobs[rows[0].ID], nil
}

// FindJob returns the job of a key; its ID is zero where there is none.
func (a *Admin) FindJob(ctx context.Context, by access.Principal, key string) (row job.Job, err error) {
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

// AdvanceJob writes how far a run is: Done, Cursor and Message of row. It returns
// the row as it is then; stale_revision says that the job is no longer this run's.
func (a *Admin) AdvanceJob(ctx context.Context, by access.Principal, row job.Job) (job.Job, error) {
	return a.writeJob(ctx, by, row, func(j *job.Job) { j.Advance(a.Clock(), app.JobLease) })
}

// FinishJob ends a run: completed without an error, paused where it was stopped,
// else failed.
func (a *Admin) FinishJob(ctx context.Context, by access.Principal, row job.Job, failed error, stopped bool) (job.Job, error) {
	return a.writeJob(ctx, by, row, func(j *job.Job) {
		switch {
		case failed == nil:
			j.Complete(a.Clock())
		case stopped:
			j.Wait(a.Clock())
		default:
			j.Fail(failed.Error(), a.Clock())
		}
	})
}

func (a *Admin) writeJob(ctx context.Context, by access.Principal, row job.Job, change func(*job.Job)) (job.Job, error) {
	if err := ownPart(by); err != nil {
		return row, err
	}
	next := row
	change(&next)
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
		return fault.New(fault.PermissionDeny, "permission", string(access.JobWrite))
	}
	return nil
}
