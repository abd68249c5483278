package sqlite

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"time"

	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// Panic is what Update panics with in its caller when the closure panicked on
// the writer's goroutine, whose stack would otherwise be lost.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("%v\n\nclosure's %s", p.Value, p.Stack) }

// Unwrap returns the value when it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// The states of a job: whoever moves it out of queued decides whether it runs.
const (
	queued int32 = iota
	started
	left // its caller has gone before it started
)

// job is one closure on its way through the writer.
type job struct {
	ctx    context.Context
	class  store.Class
	fn     func(*executor) error
	state  atomic.Int32
	done   chan outcome // holds one, so that the writer never waits
	result outcome      // of the last run, until the commit lets it out
	ended  bool         // the closure returned, rather than panicked or exited
	runs   int
	since  time.Time     // when it queued
	took   time.Duration // its last run
	exec   executor
}

// outcome is what a caller gets.
type outcome struct {
	err    error
	panic  *Panic
	goexit bool
}

func (o outcome) failed() bool { return o.err != nil || o.panic != nil || o.goexit }

func newJob(ctx context.Context, class store.Class, fn func(*executor) error) *job {
	return &job{ctx: ctx, class: class, fn: fn, done: make(chan outcome, 1)}
}

// start claims the job for a run; false means that nobody waits for it.
func (j *job) start() bool {
	if j.runs > 0 {
		return j.ctx.Err() == nil
	}
	if err := j.ctx.Err(); err != nil {
		if j.state.CompareAndSwap(queued, left) {
			j.done <- outcome{err: shed(err)}
		}
		return false
	}
	return j.state.CompareAndSwap(queued, started)
}

// call runs the closure. A Goexit goes on unwinding after call has noted it.
func (j *job) call(s *session, memory *sqlrepo.Memory) {
	j.runs++
	j.ended = false
	j.result = outcome{}
	j.exec = executor{session: s, ctx: context.Background(), memory: memory}
	defer func() {
		j.exec.over = true
		if j.ended {
			return
		}
		if v := recover(); v != nil {
			j.result.panic = &Panic{Value: v, Stack: debug.Stack()}
		} else {
			j.result.goexit = true
		}
	}()
	j.result.err = inside(&j.exec, j.fn)
	j.ended = true
}

// judge returns whether the run failed, putting a swallowed failure back.
func (j *job) judge() bool {
	if f := j.exec.failure; f != nil && (j.result.err == nil || fatal(f)) {
		j.result.err = f
	}
	return j.result.failed()
}

func (j *job) answer(o outcome) { j.done <- o }

// wait returns the outcome to the caller, on the caller's goroutine.
func (j *job) wait() error {
	var o outcome
	select {
	case o = <-j.done:
	case <-j.ctx.Done():
		select {
		case o = <-j.done:
		default:
			if j.state.CompareAndSwap(queued, left) {
				return shed(j.ctx.Err())
			}
			return unknown(j.ctx.Err())
		}
	}
	switch {
	case o.panic != nil:
		panic(o.panic)
	case o.goexit:
		runtime.Goexit()
	}
	return o.err
}
