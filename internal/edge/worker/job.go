package worker

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// Piece does one piece of a job, in one transaction with the job's row, and returns
// the row as it is then (app.Piece).
type Piece func(ctx context.Context, run job.Job) (next job.Job, err error)

// Kind is a kind of job that this process can run.
type Kind struct {
	Piece Piece
	// Pace is how long to rest after a piece that took so long; nil: not at all.
	Pace func(run, next job.Job, took time.Duration) time.Duration
}

// Observer hears of each piece: its kind, how long it took, the state of the job
// afterwards (running: there is more), and the error that ended the attempt.
type Observer func(kind string, took time.Duration, state job.State, err error)

// slot runs one job at a time, a piece a turn. Between two pieces the process may
// stop: the job is given back and another process goes on with it.
type slot struct {
	*Worker
	run *job.Job // nil for none
}

// turn claims a job where the slot has none, and does its next piece.
func (s *slot) turn(ctx context.Context, _ store.Lease) (more bool, err error) {
	if s.run == nil {
		run, ok, err := s.upkeep.Claim(ctx, slices.Sorted(maps.Keys(s.config.Kinds)), s.config.Holder)
		if err != nil || !ok {
			return false, err
		}
		s.run = &run
	}
	run := *s.run
	kind := s.config.Kinds[run.Kind]
	began := time.Now()
	next, err := piece(ctx, kind, run)
	took := time.Since(began)
	if err != nil {
		return true, s.failed(ctx, run, took, err)
	}
	s.observe(run.Kind, took, next.State, nil)
	if s.run = &next; next.State != job.Running {
		s.run = nil
		return true, nil
	}
	if kind.Pace == nil {
		return true, nil
	}
	// An end of ctx shows in the next turn.
	_ = s.config.Clock.Sleep(ctx, kind.Pace(run, next, took))
	return true, nil
}

// piece turns a panic into an error of the attempt.
func piece(ctx context.Context, kind Kind, run job.Job) (next job.Job, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return kind.Piece(ctx, run)
}

// failed is behind a piece that did not come through. Where somebody else has
// written the job's row, the run goes on with it, or has lost it; else the attempt
// has failed.
func (s *slot) failed(ctx context.Context, run job.Job, took time.Duration, why error) error {
	row, held, err := s.upkeep.Look(ctx, run)
	switch {
	case err != nil:
		return err
	case !held:
		s.run = nil
		return nil
	case row.Rev != run.Rev:
		s.run = &row
		return nil
	}
	return s.fail(ctx, run, took, why)
}

// fail ends the attempt: for good where trying again can't help.
func (s *slot) fail(ctx context.Context, run job.Job, took time.Duration, why error) error {
	how := func(j *job.Job, now calendar.Instant) { j.Fail(why.Error(), now) }
	if hopeless(why) {
		how = func(j *job.Job, now calendar.Instant) { j.Discard(why.Error(), now) }
	}
	s.config.Log.Error("worker: job", "kind", run.Kind, "job", run.Key, "attempt", run.Attempt, "error", why)
	s.observe(run.Kind, took, job.Retryable, why)
	if err := s.upkeep.End(ctx, run, how); err != nil {
		return err // the slot keeps the job and tries again; its lease ends if it can't
	}
	s.run = nil
	return nil
}

// hopeless reports whether an error is what the job asks for, not what happened to it.
func hopeless(err error) bool {
	f := fault.From(err)
	if f == nil {
		return false
	}
	switch f.Class() {
	case fault.Input, fault.Forbidden, fault.NotFound, fault.Refused:
		return true
	}
	return false
}

func (s *slot) observe(kind string, took time.Duration, state job.State, err error) {
	if s.config.Observe != nil {
		s.config.Observe(kind, took, state, err)
	}
}

// giveBack ends the run when the process stops: the job waits for the next worker.
func (s *slot) giveBack(ctx context.Context) {
	if s.run == nil {
		return
	}
	if err := s.upkeep.End(ctx, *s.run, (*job.Job).Release); err != nil {
		s.config.Log.Error("worker: give back "+s.run.Key, "error", err)
	}
	s.run = nil
}
