package job

import (
	"strings"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// Due reports whether a worker may start the job now.
func (j *Job) Due(now calendar.Instant) bool { return j.State.Waiting() && j.RunAt <= now }

// Start gives the job to a holder until now+ttl. The caller has asked Due.
func (j *Job) Start(holder string, now calendar.Instant, ttl time.Duration) {
	j.State = Running
	j.Attempt++
	j.Holder, j.Until = holder, now.Add(ttl)
	j.Token++
	if j.StartedAt == 0 {
		j.StartedAt = now
	}
	j.touch(now)
}

// HeldBy reports whether the job runs under this token.
func (j *Job) HeldBy(token int64) bool { return j.State == Running && j.Token == token }

// Advance notes a piece that was done, and renews the lease. What the piece has
// moved (Done, Refused, Total, Cursor, Message) is set by the caller.
func (j *Job) Advance(now calendar.Instant, ttl time.Duration) {
	j.Attempt = 1
	j.Until = now.Add(ttl)
	j.touch(now)
}

// Note marks a change that moves nothing: of what is to be done, or of words.
func (j *Job) Note(now calendar.Instant) { j.touch(now) }

// Complete ends a running job well.
func (j *Job) Complete(now calendar.Instant) { j.end(Completed, now) }

// Wait stops a running job until somebody says Resume: it needs a word.
func (j *Job) Wait(now calendar.Instant) {
	j.free(now)
	j.State = Paused
}

// Release gives a running job back unharmed: its process stops. The attempt does
// not count.
func (j *Job) Release(now calendar.Instant) { j.Defer(now, now) }

// Defer gives a running job back until a moment. The attempt does not count.
func (j *Job) Defer(until, now calendar.Instant) {
	j.free(now)
	j.Attempt = max(j.Attempt-1, 0)
	j.RunAt = until
	j.wait(now)
}

// Fail ends an attempt that failed: the job is tried again after Backoff, or
// discarded when its attempts are used up.
func (j *Job) Fail(why string, now calendar.Instant) {
	j.fail(why, now)
	if j.Attempt >= j.MaxAttempts {
		j.end(Discarded, now)
		return
	}
	j.free(now)
	j.State, j.RunAt = Retryable, now.Add(Backoff(j.Attempt, uint64(j.ID)))
}

// Discard ends a job that can't succeed.
func (j *Job) Discard(why string, now calendar.Instant) {
	j.fail(why, now)
	j.end(Discarded, now)
}

// Rescue takes a job from a holder whose lease has run out; false where it has not.
func (j *Job) Rescue(now calendar.Instant) bool {
	if j.State != Running || j.Until > now {
		return false
	}
	j.Fail("the process that ran it was lost", now)
	return true
}

// Pause stops a job by hand: a run that is under way writes nothing more. A
// paused job stays so; one that is over is wrong_state.
func (j *Job) Pause(now calendar.Instant) *fault.Fault {
	if j.State.Over() {
		return j.wrong()
	}
	if j.State != Paused {
		j.Wait(now)
	}
	return nil
}

// Resume lets a paused job go on. One that is not over and not paused stays as it is.
func (j *Job) Resume(now calendar.Instant) *fault.Fault {
	if j.State.Over() {
		return j.wrong()
	}
	if j.State == Paused {
		j.Attempt = 0
		j.wait(now)
		j.touch(now)
	}
	return nil
}

// Cancel ends a job by hand, for good: a run that is under way writes nothing more.
func (j *Job) Cancel(now calendar.Instant) *fault.Fault {
	if j.State == Completed || j.State == Discarded {
		return j.wrong()
	}
	if j.State != Cancelled {
		j.end(Cancelled, now)
	}
	return nil
}

// Retry makes a job that was discarded or cancelled, or waits for its next attempt
// or its time, available at once, with all its attempts.
func (j *Job) Retry(now calendar.Instant) *fault.Fault {
	switch j.State {
	case Completed, Running, Paused:
		return j.wrong()
	}
	j.free(now)
	j.State, j.Attempt, j.RunAt, j.EndedAt = Available, 0, now, 0
	return nil
}

func (j *Job) wrong() *fault.Fault { return fault.New(fault.WrongState, "state", string(j.State)) }

func (j *Job) end(s State, now calendar.Instant) {
	j.free(now)
	j.State, j.EndedAt = s, now
}

// free ends the lease, if there is one.
func (j *Job) free(now calendar.Instant) {
	j.Holder, j.Until = "", 0
	j.touch(now)
}

func (j *Job) fail(why string, now calendar.Instant) {
	if len(why) > mostText {
		why = strings.ToValidUTF8(why[:mostText], "")
	}
	j.Failures = append(j.Failures[:len(j.Failures):len(j.Failures)], Failure{j.Attempt, now, why})
	if n := len(j.Failures); n > mostFailures {
		j.Failures = j.Failures[n-mostFailures:]
	}
}

func (j *Job) touch(now calendar.Instant) {
	j.UpdatedAt = now
	j.Rev++
}

// mostWait bounds the wait before an attempt.
const mostWait = 24 * time.Hour

// Backoff is the wait after so many failures in a row: the fourth power of their
// number in seconds, a tenth more or less by seed so that jobs that failed together
// don't come back together, a day at most.
func Backoff(failures int64, seed uint64) time.Duration {
	n := min(max(failures, 1), 20)
	step := time.Duration(n*n*n*n) * time.Second
	mixed := (seed + uint64(n)) * 0x9E3779B97F4A7C15 >> 32 % 2001
	return min(step+step*time.Duration(int64(mixed)-1000)/10_000, mostWait)
}
