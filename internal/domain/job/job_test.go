package job_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"quan/internal/domain/job"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

const start = calendar.Instant(1_772_416_800_000)

// Any moves at any times leave a job whole: a lease exactly while it runs, a token
// that rises with each holder, a revision for each change.
func TestAnyMovesKeepAJobWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := start
		j := job.New(job.Job{ID: 9, Kind: "k", MaxAttempts: 3}, now)
		by := func(move func(calendar.Instant) *fault.Fault) func() error {
			return func() error {
				if f := move(now); f != nil {
					return f
				}
				return nil
			}
		}
		run := func(what func()) func() error {
			return func() error {
				if j.State == job.Running {
					what()
				}
				return nil
			}
		}
		moves := map[string]func() error{
			"start": func() error {
				if j.Due(now) {
					j.Start("p", now, time.Minute)
				}
				return nil
			},
			"advance": run(func() { j.Advance(now, time.Minute) }), "complete": run(func() { j.Complete(now) }),
			"wait": run(func() { j.Wait(now) }), "release": run(func() { j.Release(now) }),
			"fail": run(func() { j.Fail("no", now) }), "discard": run(func() { j.Discard("no", now) }),
			"rescue": func() error { j.Rescue(now); return nil },
			"pause":  by(j.Pause), "resume": by(j.Resume), "cancel": by(j.Cancel), "retry": by(j.Retry),
		}
		names := []string{"start", "advance", "complete", "wait", "release", "fail", "discard", "rescue", "pause", "resume", "cancel", "retry"}
		for range 30 {
			now = now.Add(time.Duration(rapid.IntRange(0, 90).Draw(t, "seconds")) * time.Second)
			name := rapid.SampledFrom(names).Draw(t, "move")
			before := j
			err := moves[name]()
			var f *fault.Fault
			if err != nil && (!errors.As(err, &f) || f.Code != fault.WrongState) {
				t.Fatalf("%s: %v", name, err)
			}
			changed := j.State != before.State || j.Holder != before.Holder || j.Attempt != before.Attempt || j.Until != before.Until
			switch {
			case (j.State == job.Running) != (j.Holder != "" && j.Until != 0):
				t.Fatalf("%s: lease of %+v", name, j)
			case changed && j.Rev != before.Rev+1, !changed && j.Rev > before.Rev+1, err != nil && j.Rev != before.Rev:
				t.Fatalf("%s: rev %d after %d, %v", name, j.Rev, before.Rev, err)
			case name == "start" && changed && j.Token != before.Token+1, name != "start" && j.Token != before.Token:
				t.Fatalf("%s: token %d after %d", name, j.Token, before.Token)
			case before.State.Over() && j.State != before.State && name != "retry" && !(name == "cancel" && before.State == job.Cancelled):
				t.Fatalf("%s moved a job that was %s", name, before.State)
			case j.State.Over() != (j.EndedAt != 0):
				t.Fatalf("%s: %s ended at %d", name, j.State, j.EndedAt)
			case j.Attempt > j.MaxAttempts || len(j.Failures) > 5:
				t.Fatalf("%s: attempt %d, %d failures", name, j.Attempt, len(j.Failures))
			}
		}
	})
}

func TestAttempts(t *testing.T) {
	now := start
	j := job.New(job.Job{ID: 1, Kind: "k", MaxAttempts: 2}, now)
	j.Start("p", now, time.Minute)
	j.Fail("one", now)
	if j.State != job.Retryable || j.Due(now) || !j.Due(j.RunAt) {
		t.Fatalf("after one of two failures: %+v", j)
	}
	j.Start("p", j.RunAt, time.Minute)
	j.Advance(now, time.Minute)
	j.Fail("two, behind progress", now)
	if j.State != job.Retryable {
		t.Fatalf("an attempt that got on starts the count anew: %+v", j)
	}
	j.Start("p", j.RunAt, time.Minute)
	j.Fail(strings.Repeat("券", 400), now)
	if j.State != job.Discarded || len(j.Failures) != 3 || len(j.Failures[2].Error) > 500 {
		t.Fatalf("attempts are used up: %+v", j)
	}
	if f := j.Retry(now); f != nil || j.State != job.Available || j.Attempt != 0 || j.EndedAt != 0 {
		t.Fatalf("retried: %+v, %v", j, f)
	}
	j.Start("p", now, time.Minute)
	j.Release(now)
	if j.Attempt != 0 || j.State != job.Available {
		t.Errorf("a process that stops is no failure: %+v", j)
	}
}

func TestScheduled(t *testing.T) {
	later := start.Add(time.Hour)
	j := job.New(job.Job{ID: 1, Kind: "k", RunAt: later}, start)
	if j.State != job.Scheduled || j.Due(later-1) || !j.Due(later) {
		t.Fatalf("%+v", j)
	}
	if f, g := j.Pause(start), j.Resume(start); f != nil || g != nil || j.State != job.Scheduled {
		t.Errorf("resumed before its time: %s", j.State)
	}
	if f, g := j.Pause(start), j.Resume(later); f != nil || g != nil || j.State != job.Available {
		t.Errorf("resumed behind its time: %s", j.State)
	}
}

func TestBackoff(t *testing.T) {
	for n, want := range map[int64]time.Duration{0: time.Second, 1: time.Second, 2: 16 * time.Second, 5: 625 * time.Second, 17: 83521 * time.Second, 99: 24 * time.Hour} {
		seen := map[time.Duration]bool{}
		for seed := range uint64(50) {
			got := job.Backoff(n, seed)
			if got < want*9/10 || got > want*11/10 {
				t.Errorf("after %d failures %s, want about %s", n, got, want)
			}
			seen[got] = true
		}
		if n < 20 && len(seen) < 10 {
			t.Errorf("after %d failures all come back together", n)
		}
	}
}

// A tick is at or before now, on the grid, and the newest.
func TestTick(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := job.Periodic{Kind: "k", Every: time.Duration(rapid.IntRange(1, 90_000).Draw(t, "every")) * time.Second,
			Offset: time.Duration(rapid.IntRange(-90_000, 90_000).Draw(t, "offset")) * time.Second}
		now := calendar.Instant(rapid.Int64Range(-1<<40, 1<<42).Draw(t, "now"))
		tick := p.Tick(now)
		if tick > now || now-tick >= calendar.Instant(p.Every.Milliseconds()) || (int64(tick)-p.Offset.Milliseconds())%p.Every.Milliseconds() != 0 {
			t.Fatalf("tick %d at %d", tick, now)
		}
		if p.Tick(tick) != tick || p.Key(tick) == p.Key(tick-1) {
			t.Fatal("a tick is its own")
		}
	})
}
