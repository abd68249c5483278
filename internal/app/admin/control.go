package admin

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// Move is what may be done to a job by hand.
type Move string

// The moves.
const (
	PauseJob  Move = "pause"
	ResumeJob Move = "resume"
	CancelJob Move = "cancel"
	RetryJob  Move = "retry"
)

var moves = map[Move]func(*job.Job, calendar.Instant) *fault.Fault{
	PauseJob: (*job.Job).Pause, ResumeJob: (*job.Job).Resume, CancelJob: (*job.Job).Cancel, RetryJob: (*job.Job).Retry,
}

// MoveJobInput names a job and what shall be done to it.
type MoveJobInput struct {
	Once   app.Once
	Job    id.ID
	Move   Move
	Reason string
}

// MoveJob pauses, resumes, cancels or retries a job. When it returns, a run that
// was under way writes nothing more. Faults: not_found, wrong_state.
func (a *Admin) MoveJob(ctx context.Context, by access.Principal, in MoveJobInput) (row job.Job, replayed bool, err error) {
	if err := unlimited(by, access.JobWrite); err != nil {
		return row, false, err
	}
	move := moves[in.Move]
	err = a.Store.Update(ctx, store.Control, func(tx store.Tx) error {
		_, replayed, err = app.Remembered(tx, by, in.Once)
		if err != nil {
			return err
		}
		var before job.Job
		before, row, err = a.App.MoveJob(tx, in.Job, func(j *job.Job) *fault.Fault {
			if replayed {
				return nil
			}
			return move(j, a.Clock())
		})
		if err != nil || replayed {
			return err
		}
		if row.Rev != before.Rev {
			if err := a.Audit(tx, by, "job."+string(in.Move), id.Format(id.Job, row.ID), string(before.State), string(row.State), in.Reason); err != nil {
				return err
			}
		}
		return app.Remember(tx, by, in.Once, id.Format(id.Job, row.ID))
	})
	return row, replayed, wrap("move job", err)
}

// mostQueueName bounds the name of a queue, in bytes.
const mostQueueName = 64

// PauseQueueInput stops a queue, or lets it go on.
type PauseQueueInput struct {
	Once   app.Once
	Queue  string
	Paused bool
	Reason string
}

// PauseQueue stops workers from starting jobs of a queue, or lets them again. Jobs
// that run already go on.
func (a *Admin) PauseQueue(ctx context.Context, by access.Principal, in PauseQueueInput) (replayed bool, err error) {
	if err := unlimited(by, access.JobWrite); err != nil {
		return false, err
	}
	if in.Queue == "" || len(in.Queue) > mostQueueName || !text.Clean(in.Queue) {
		return false, fault.New(fault.Absent, "what", "queue")
	}
	err = a.Store.Update(ctx, store.Control, func(tx store.Tx) error {
		_, replayed, err = app.Remembered(tx, by, in.Once)
		if err != nil || replayed {
			return err
		}
		q, action := store.Queue{Name: in.Queue}, "queue.resume"
		if in.Paused {
			q.PausedAt, action = a.Clock(), "queue.pause"
		}
		if err := tx.Jobs().PutQueue(q); err != nil {
			return err
		}
		if err := a.Audit(tx, by, action, in.Queue, "", "", in.Reason); err != nil {
			return err
		}
		return app.Remember(tx, by, in.Once, app.JSON(q))
	})
	return replayed, wrap("pause queue", err)
}

// QueueState is a queue with what lies in it.
type QueueState struct {
	store.Queue
	Jobs map[job.State]int64
	Due  calendar.Instant // since when the first job that could be started has been waiting; zero for none
}

// ListQueues returns the queues that hold jobs or were paused once, by name.
func (a *Admin) ListQueues(ctx context.Context, by access.Principal) (out []QueueState, err error) {
	if err := unlimited(by, access.JobRead); err != nil {
		return nil, err
	}
	err = a.Store.View(ctx, func(tx store.Tx) error {
		out = nil
		queues, err := tx.Jobs().Queues()
		if err != nil {
			return err
		}
		depths, err := tx.Jobs().Depths()
		if err != nil {
			return err
		}
		at := map[string]int{}
		place := func(name string) *QueueState {
			if _, ok := at[name]; !ok {
				at[name] = len(out)
				out = append(out, QueueState{Queue: store.Queue{Name: name}, Jobs: map[job.State]int64{}})
			}
			return &out[at[name]]
		}
		place(job.DefaultQueue)
		for _, q := range queues {
			place(q.Name).PausedAt = q.PausedAt
		}
		now := a.Clock()
		for _, d := range depths {
			q := place(d.Queue)
			q.Jobs[d.State] += d.Jobs
			if d.State.Waiting() && d.Since <= now && (q.Due == 0 || d.Since < q.Due) {
				q.Due = d.Since
			}
		}
		return nil
	})
	return out, wrap("list queues", err)
}
