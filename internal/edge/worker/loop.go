package worker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/store"
)

// turn does one batch and says whether there is more.
type turn func(ctx context.Context, lease store.Lease) (more bool, err error)

// loop is a turn that is taken again and again, by one process at a time when
// it is leased.
type loop struct {
	*Worker
	name   string
	every  time.Duration
	leased bool
	share  int // Job.Share
	turn   turn
	lease  store.Lease // the zero Lease when another process has it
}

// The waits after errors: twice as long each time, within these.
const (
	firstWait = 200 * time.Millisecond
	mostWait  = 30 * time.Second
)

// run takes turns until the context ends. A turn under way is finished: it gets
// a context of its own, which ends by time only.
func (l *loop) run(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		own, cancel := context.WithTimeout(context.WithoutCancel(ctx), turnTime)
		began := l.config.Clock.Now()
		more, err := l.take(own)
		cancel()
		wait := l.every
		if err != nil {
			failures++
			wait = backoff(failures)
			l.config.Log.Error("worker: "+l.name, "error", err, "failures", failures, "wait", wait.String())
		} else {
			failures = 0
		}
		if more {
			if wait = l.rest(l.config.Clock.Now() - began); wait == 0 {
				continue
			}
		}
		if l.config.Clock.Sleep(ctx, wait) != nil {
			return
		}
	}
}

// rest is the wait after a turn that took so many milliseconds, by which the loop
// keeps to its share.
func (l *loop) rest(took calendar.Instant) time.Duration {
	if l.share <= 0 || l.share >= 100 {
		return 0
	}
	return min(time.Duration(max(took, 1))*time.Millisecond*time.Duration(100-l.share)/time.Duration(l.share), mostWait)
}

// backoff is the wait after so many failures in a row: between half and the
// whole of a step that doubles.
func backoff(failures int) time.Duration {
	step := min(firstWait<<min(failures-1, 20), mostWait)
	return step/2 + time.Duration(rand.Int64N(int64(step/2)))
}

// take is one turn, under the lease if there is one to hold.
func (l *loop) take(ctx context.Context) (more bool, err error) {
	if l.leased {
		held, err := l.hold(ctx)
		if err != nil || !held {
			return false, err
		}
	}
	more, err = l.guarded(ctx)
	if errors.Is(err, store.ErrStale) && l.leased {
		// The lease went to another process meanwhile: nothing was written.
		l.lease = store.Lease{}
		return false, nil
	}
	return more && err == nil, err
}

// guarded turns a panic into an error of this turn.
func (l *loop) guarded(ctx context.Context) (more bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			more, err = false, fmt.Errorf("panic: %v", p)
		}
	}()
	return l.turn(ctx, l.lease)
}

// hold renews the lease when half of its life has gone, so that what is left is
// never shorter than a turn.
func (l *loop) hold(ctx context.Context) (bool, error) {
	now := l.config.Clock.Now()
	if l.lease.Token != 0 && now.Add(leaseTTL/2) < l.lease.Until {
		return true, nil
	}
	lease, ok, err := l.upkeep.Hold(ctx, "worker."+l.name, l.config.Holder, now, leaseTTL)
	if err != nil || !ok {
		l.lease = store.Lease{}
		return false, err
	}
	l.lease = lease
	return true, nil
}

// release gives the lease back so that the next process need not wait.
func (l *loop) release(ctx context.Context) {
	if l.lease.Token == 0 {
		return
	}
	if err := l.upkeep.Drop(ctx, l.lease.Name, l.config.Holder); err != nil {
		l.config.Log.Error("worker: release "+l.name, "error", err)
	}
	l.lease = store.Lease{}
}
