package issuing

import (
	"context"
	"encoding/json"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// GrantMove is what may be done to a bulk grant by hand.
type GrantMove string

// The moves.
const (
	StartGrant  GrantMove = "start"  // behind the rehearsal
	PauseGrant  GrantMove = "pause"  // it goes on where it was
	ResumeGrant GrantMove = "resume" //
	CancelGrant GrantMove = "cancel" // what was granted stays granted
	PaceGrant   GrantMove = "pace"   // another rate
	UndoGrant   GrantMove = "undo"   // what is unused is taken back
)

// DirectGrantInput names a bulk grant and what shall be done to it.
type DirectGrantInput struct {
	Once    app.Once
	Job     id.ID
	Move    GrantMove
	Reason  string
	StartAt calendar.Instant // start: not before this moment; zero: the plan's, or at once
	Rate    int64            // pace
}

// DirectGrant starts, pauses, resumes, cancels, paces or undoes a bulk grant. When a
// pause, cancel or undo returns, nothing more is granted. Faults: not_found,
// wrong_state, out_of_range.
func (s *Issuing) DirectGrant(ctx context.Context, by access.Principal, in DirectGrantInput) (out BulkGrant, replayed bool, err error) {
	if err := by.May(access.CouponGrant); err != nil {
		return out, false, err
	}
	if in.Move == UndoGrant {
		if err := by.May(access.CouponWithdraw); err != nil {
			return out, false, err
		}
		if in.Reason == "" {
			return out, false, fault.New(fault.MissingValue).At("/reason")
		}
	}
	if in.Rate < 0 || in.Rate > grant.MostRate {
		return out, false, fault.New(fault.OutOfRange, "min", 0, "max", grant.MostRate).At("/rate")
	}
	err = s.Store.Update(ctx, store.Control, func(tx store.Tx) error {
		_, replayed, err = app.Remembered(tx, by, in.Once)
		if err != nil {
			return err
		}
		before, after, err := s.MoveJob(tx, in.Job, func(j *job.Job) *fault.Fault {
			if j.Kind != GrantJob || !mine(by, j) {
				return fault.New(fault.Absent, "what", "grant")
			}
			if replayed {
				return nil
			}
			return in.move(j, s.Clock())
		})
		if err != nil {
			return err
		}
		g, err := s.bulk(after)
		if err != nil {
			return err
		}
		out = BulkGrant{g.run, g.spec, g.progress}
		if replayed {
			return nil
		}
		if in.Move == UndoGrant {
			if err := s.newUndo(tx, by, g, in.Reason); err != nil {
				return err
			}
		}
		if after.Rev != before.Rev {
			if err := s.Audit(tx, by, "grant."+string(in.Move), id.Format(id.Job, in.Job), string(before.State), string(after.State), in.Reason); err != nil {
				return err
			}
		}
		return app.Remember(tx, by, in.Once, id.Format(id.Job, in.Job))
	})
	return out, replayed, wrapGrant("direct grant", err)
}

// mine reports whether a principal may see and direct a grant: one that is limited
// to a scope has its own.
func mine(by access.Principal, j *job.Job) bool { return by.Scope.Everything() || j.Actor == by.ID }

func wrongPhase(p grant.Phase) *fault.Fault {
	return fault.New(fault.WrongState, "state", string(p))
}

// move changes the job's row.
func (in *DirectGrantInput) move(j *job.Job, now calendar.Instant) *fault.Fault {
	var spec grant.Spec
	var p grant.Progress
	if json.Unmarshal([]byte(j.Args), &spec) != nil || json.Unmarshal([]byte(j.Cursor), &p) != nil {
		return fault.New(fault.InternalError)
	}
	switch in.Move {
	case StartGrant:
		return in.start(j, &p, now)
	case PauseGrant:
		return j.Pause(now)
	case ResumeGrant:
		if p.Phase == grant.Ready || p.Phase == grant.Uploading {
			return wrongPhase(p.Phase)
		}
		return j.Resume(now)
	case CancelGrant:
		return j.Cancel(now)
	case PaceGrant:
		if j.State.Over() {
			return wrongPhase(p.Phase)
		}
		spec.Rate = in.Rate
		j.Args = app.JSON(spec)
		j.Note(now)
		return nil
	case UndoGrant:
		return in.undo(j, &p, now)
	}
	return fault.New(fault.InvalidValue)
}

func (in *DirectGrantInput) start(j *job.Job, p *grant.Progress, now calendar.Instant) *fault.Fault {
	if j.State != job.Paused || p.Phase != grant.Ready {
		return wrongPhase(p.Phase)
	}
	p.Begin(grant.Issuing)
	if in.StartAt != 0 {
		p.StartAt = in.StartAt
	}
	j.Done, j.Refused, j.Message, j.Cursor = p.Bad.Members, p.Bad.RefusedInAll(), string(p.Phase), app.JSON(p)
	j.RunAt = p.StartAt
	return j.Resume(now)
}

// undo ends a grant that does not run any more; wrong_state says that it still does,
// that it granted nothing, or that its time for this is over.
func (in *DirectGrantInput) undo(j *job.Job, p *grant.Progress, now calendar.Instant) *fault.Fault {
	granted := p.Phase == grant.Issuing || p.Phase == grant.Done
	if !granted || p.Result.Granted == 0 || !j.State.Over() && j.State != job.Paused {
		return wrongPhase(p.Phase)
	}
	const day = 24 * 3600 * 1000
	if j.EndedAt != 0 && now >= j.EndedAt+grant.UndoDays*day {
		return fault.New(fault.WrongState, "state", string(grant.Done))
	}
	if j.State != job.Paused {
		j.Note(now)
	} else if err := j.Cancel(now); err != nil {
		return err
	}
	p.Phase = grant.Undone
	j.Message, j.Cursor = string(p.Phase), app.JSON(p)
	return nil
}
