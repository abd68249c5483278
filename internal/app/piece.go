package app

import (
	"context"
	"time"

	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Nothing is a refresh for closures that never ask to be decided anew.
func Nothing() error { return nil }

// JobLease is how long a process keeps a job without a word from it.
const JobLease = time.Minute

// Piece is one piece of a running job: fn writes what the piece does, moves the
// job's cursor and figures, and says whether that was the last. Effects and row
// are one transaction against the revision that the run has read, so a piece
// happens once: store.ErrStale says that nothing was written because the job was
// paused, cancelled, rescued or changed, or that this very piece is stored already
// (an ambiguous commit was repeated). fn may run again: it starts from *next, and may
// ask to be decided anew (Again) behind refresh.
func (a *App) Piece(ctx context.Context, run job.Job, refresh func() error, fn func(tx store.Tx, next *job.Job) (last bool, err error)) (job.Job, error) {
	var next job.Job
	err := a.Update(ctx, store.Background, refresh, func(tx store.Tx) error {
		next = run
		last, err := fn(tx, &next)
		if err != nil {
			return err
		}
		a.move(&next, last)
		return tx.Jobs().Update([]store.Job{next}) // behind its effects: it is the last lock of all
	})
	if err != nil {
		return run, err
	}
	return next, nil
}

// Ahead is a piece that the next one can build on before it is stored. Decide takes
// locks and says what the piece does, and Told hears of the job's row as it is going to
// be. Write does it, but for the counters that Late names then: those that Decide took
// as the piece before had told of them. They are locked behind all else, with the job's
// row, and Settle writes them, or says that they are others.
type Ahead struct {
	Decide func(tx store.Tx, next *job.Job) (last bool, err error)
	Told   func(next job.Job)
	Write  func(tx store.Tx) error
	Late   func() []limit.Key
	Settle func(tx store.Tx, locked *store.Locked) error
}

// PieceAhead is Piece so that the next piece can be decided and written, on another
// goroutine, while this one is. That one is store.ErrStale where the row is another than
// it was told by the time that it is locked: this one failed, or was decided anew to
// another end.
func (a *App) PieceAhead(ctx context.Context, run job.Job, refresh func() error, p Ahead) (job.Job, error) {
	var next job.Job
	err := a.Update(ctx, store.Background, refresh, func(tx store.Tx) error {
		next = run
		last, err := p.Decide(tx, &next)
		if err != nil {
			return err
		}
		a.move(&next, last)
		p.Told(next)
		if err := p.Write(tx); err != nil {
			return err
		}
		locked, err := tx.Lock(store.LockSet{Counters: p.Late(), Jobs: []id.ID{run.ID}})
		if err != nil {
			return err
		}
		if row := locked.Jobs[run.ID]; row == nil || row.Rev != run.Rev || row.Cursor != run.Cursor {
			return store.ErrStale
		}
		if err := p.Settle(tx, locked); err != nil {
			return err
		}
		return tx.Jobs().Update([]store.Job{next})
	})
	if err != nil {
		return run, err
	}
	return next, nil
}

// move takes a job on behind a piece.
func (a *App) move(next *job.Job, last bool) {
	now := a.Clock()
	switch {
	case next.State != job.Running: // the piece has ended the run itself
	case last:
		next.Complete(now)
	default:
		next.Advance(now, JobLease)
	}
}

// MoveJob changes a job by hand, under its lock, which is the last of all. A move
// that changes nothing writes nothing. Faults: not_found,
// and those of change.
func (a *App) MoveJob(tx store.Tx, which id.ID, change func(*job.Job) *fault.Fault) (before, after job.Job, err error) {
	locked, err := tx.Lock(store.LockSet{Jobs: []id.ID{which}})
	if err != nil {
		return before, after, err
	}
	row := locked.Jobs[which]
	if row == nil {
		return before, after, fault.New(fault.Absent, "what", "job")
	}
	before, after = *row, *row
	if refusal := change(&after); refusal != nil {
		return before, after, refusal
	}
	if after.Rev == before.Rev {
		return before, after, nil
	}
	return before, after, tx.Jobs().Update([]store.Job{after})
}
