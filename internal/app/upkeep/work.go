package upkeep

import (
	"context"
	"errors"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/domain/person"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// candidates is how many jobs a claim looks at: others may be faster.
const candidates = 4

// Claim starts the most urgent job that is due, of these kinds, for a holder; ok is
// false when there is none.
func (u *Upkeep) Claim(ctx context.Context, kinds []string, holder string) (run job.Job, ok bool, err error) {
	query := store.JobQuery{Kinds: kinds, Now: u.Clock(), Limit: candidates}
	var due []job.Job
	err = u.Store.View(ctx, func(tx store.Tx) (err error) { // most looks find nothing: they write nothing
		due, err = tx.Jobs().Due(query)
		return err
	})
	if err != nil || len(due) == 0 {
		return run, false, wrap("look for jobs", err)
	}
	err = u.Store.Update(ctx, store.Background, func(tx store.Tx) error {
		ok = false
		due, err := tx.Jobs().Due(query)
		if err != nil || len(due) == 0 {
			return err
		}
		set := store.LockSet{}
		for i := range due {
			set.Jobs = append(set.Jobs, due[i].ID)
		}
		locked, err := tx.Lock(set)
		if err != nil {
			return err
		}
		now := u.Clock()
		for i := range due { // in the order of Due, as they are under the lock
			if row := locked.Jobs[due[i].ID]; row != nil && row.Due(now) {
				run, ok = *row, true
				run.Start(holder, now, app.JobLease)
				return tx.Jobs().Update([]store.Job{run})
			}
		}
		return nil
	})
	return run, ok && err == nil, wrap("claim job", err)
}

// Look reads a job that a run may have lost; held says that it is still the run's,
// changed by hand.
func (u *Upkeep) Look(ctx context.Context, run job.Job) (row job.Job, held bool, err error) {
	err = u.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Jobs().Get([]id.ID{run.ID})
		if err == nil && len(rows) > 0 {
			row = rows[0]
		}
		return err
	})
	return row, err == nil && row.HeldBy(run.Token), wrap("look at job", err)
}

// End writes how a run ends that a piece did not end: failed, discarded, given
// back. A job that is no longer the run's stays as it is.
func (u *Upkeep) End(ctx context.Context, run job.Job, how func(j *job.Job, now calendar.Instant)) error {
	err := u.Store.Update(ctx, store.Background, func(tx store.Tx) error {
		locked, err := tx.Lock(store.LockSet{Jobs: []id.ID{run.ID}})
		if err != nil {
			return err
		}
		row := locked.Jobs[run.ID]
		if row == nil || !row.HeldBy(run.Token) {
			return nil
		}
		next := *row
		how(&next, u.Clock())
		return tx.Jobs().Update([]store.Job{next})
	})
	return wrap("end run", err)
}

// Rescue takes jobs from processes that were lost, at most Batch, and says how many.
func (u *Upkeep) Rescue(ctx context.Context, lease store.Lease) (n int, err error) {
	err = u.fenced(ctx, lease, func(tx store.Tx) error {
		n = 0
		now := u.Clock()
		lapsed, err := tx.Jobs().Lapsed(now, Batch)
		if err != nil || len(lapsed) == 0 {
			return err
		}
		set := store.LockSet{}
		for i := range lapsed {
			set.Jobs = append(set.Jobs, lapsed[i].ID)
		}
		locked, err := tx.Lock(set)
		if err != nil {
			return err
		}
		var rows []store.Job
		for _, row := range locked.Jobs {
			if row.Rescue(now) {
				rows = append(rows, *row)
			}
		}
		n = len(rows)
		return tx.Jobs().Update(rows)
	})
	return n, wrap("rescue jobs", err)
}

// Enqueue makes the jobs of the newest ticks of periodic work, those that are not
// there, and says how many. A tick has one job, whoever enqueues it, also after a
// crash and when the clock was set back.
func (u *Upkeep) Enqueue(ctx context.Context, lease store.Lease, work []job.Periodic) (n int, err error) {
	err = u.fenced(ctx, lease, func(tx store.Tx) error {
		now := u.Clock()
		keys := make([]string, len(work))
		for i, p := range work {
			keys[i] = p.Key(p.Tick(now))
		}
		there, err := tx.Jobs().ByKey(keys)
		if err != nil {
			return err
		}
		known := map[string]bool{}
		for i := range there {
			known[there[i].Key] = true
		}
		var rows []store.Job
		for i, p := range work {
			if !known[keys[i]] {
				rows = append(rows, job.New(job.Job{ID: u.IDs.New(id.SlotOf(p.Kind, keys[i])), Kind: p.Kind, Key: keys[i],
					Actor: access.System("periodic").ID}, now))
			}
		}
		n = len(rows)
		return tx.Jobs().Insert(rows)
	})
	if errors.Is(err, store.ErrTwin) { // the tick is there
		return 0, nil
	}
	return n, wrap("enqueue", err)
}

// The kinds of periodic upkeep.
const (
	ForgetJobs   = "jobs.forget"
	PurgeReplies = "replies.purge"
	EndSessions  = "sessions.end"
	PurgeRefused = "refused.purge"
)

// keptJobs is how long the row of a periodic job that is completed is kept.
const keptJobs = 30 * 24 * time.Hour

// ForgetPiece removes rows of periodic jobs that were completed long ago. What
// somebody asked for is kept.
func (u *Upkeep) ForgetPiece(kinds ...string) func(context.Context, job.Job) (job.Job, error) {
	return func(ctx context.Context, run job.Job) (job.Job, error) {
		return u.Piece(ctx, run, app.Nothing, func(tx store.Tx, next *job.Job) (bool, error) {
			last := true
			for _, kind := range kinds {
				n, err := tx.Jobs().Forget(kind, u.Clock().Add(-keptJobs), Batch)
				if err != nil {
					return false, err
				}
				next.Done += n
				last = last && n < Batch
			}
			return last, nil
		})
	}
}

// EndSessionsPiece removes sign-ins that have ended, by the wall clock.
func (u *Upkeep) EndSessionsPiece(ctx context.Context, run job.Job) (job.Job, error) {
	return u.Piece(ctx, run, app.Nothing, func(tx store.Tx, next *job.Job) (bool, error) {
		now := calendar.Of(time.Now())
		n, err := tx.Sessions().EndOld(now.Add(-person.Idle), now.Add(-person.Life), Batch)
		if err != nil {
			return false, err
		}
		left, err := tx.Visits().EndOld(now, Batch)
		next.Done += n + left
		return n < Batch && left < Batch, err
	})
}

// PurgePiece removes replies older than seven days.
func (u *Upkeep) PurgePiece(ctx context.Context, run job.Job) (job.Job, error) {
	return u.Piece(ctx, run, app.Nothing, func(tx store.Tx, next *job.Job) (bool, error) {
		n, err := tx.Replies().Purge(app.WallDay().AddDays(-keptDays), Batch)
		next.Done += n
		return n < Batch, err
	})
}

// keptRefused is how long it is told why a member was refused.
const keptRefused = 90 * 24 * time.Hour

// RefusedPiece removes why members were refused, long after.
func (u *Upkeep) RefusedPiece(ctx context.Context, run job.Job) (job.Job, error) {
	return u.Piece(ctx, run, app.Nothing, func(tx store.Tx, next *job.Job) (bool, error) {
		n, err := tx.Refused().Purge(u.Clock().Add(-keptRefused), Batch)
		next.Done += n
		return n < Batch, err
	})
}
