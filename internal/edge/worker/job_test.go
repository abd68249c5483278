package worker_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"quan/internal/app"
	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/app/upkeep"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/edge/worker"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// counting is a kind of job whose piece adds one to a setting, up to the job's
// total: what it has done can be counted apart from what its row says.
func counting(w *apptest.World) worker.Kind {
	return worker.Kind{Piece: func(ctx context.Context, run job.Job) (job.Job, error) {
		return w.Piece(ctx, run, app.Nothing, func(tx store.Tx, next *job.Job) (bool, error) {
			if err := add(tx, run.Key); err != nil {
				return false, err
			}
			next.Done++
			next.Cursor = strconv.FormatInt(next.Done, 10)
			return next.Done == next.Total, nil
		})
	}}
}

func add(tx store.Tx, name string) error {
	now, err := tx.Settings().Get([]string{name})
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(now[name])
	return tx.Settings().Put(map[string]string{name: strconv.Itoa(n + 1)})
}

func counted(w *apptest.World, name string) (n int64) {
	w.Helper()
	w.Must(w.Store.View(w.Ctx(), func(tx store.Tx) error {
		now, err := tx.Settings().Get([]string{name})
		n, _ = strconv.ParseInt(now[name], 10, 64)
		return err
	}))
	return n
}

func withJobs(w *apptest.World, holder string, kinds map[string]worker.Kind, periodic ...job.Periodic) *worker.Worker {
	u := &upkeep.Upkeep{App: w.App}
	if kinds == nil {
		kinds = map[string]worker.Kind{upkeep.PurgeReplies: {Piece: u.PurgePiece}}
		periodic = []job.Periodic{{Kind: upkeep.PurgeReplies, Every: time.Hour}}
	}
	return worker.New(u, worker.Config{Holder: holder, Sink: &sink{}, Clock: &clock{Clock: w.Time, slept: make(chan time.Duration, 64), wake: make(chan struct{})},
		Kinds: kinds, Periodic: periodic, Log: slog.New(slog.DiscardHandler)})
}

// enqueue stores a job.
func enqueue(w *apptest.World, j job.Job) job.Job {
	w.Helper()
	j.ID = w.IDs.New(0)
	j = job.New(j, w.Clock())
	w.Must(w.Store.Update(w.Ctx(), store.Background, func(tx store.Tx) error { return tx.Jobs().Insert([]store.Job{j}) }))
	return j
}

func look(w *apptest.World, j job.Job) job.Job {
	w.Helper()
	row, err := (&admin.Admin{App: w.App}).GetJob(w.Ctx(), w.By, j.ID)
	w.Must(err)
	return row
}

func move(w *apptest.World, j job.Job, m admin.Move) error {
	_, _, err := (&admin.Admin{App: w.App}).MoveJob(w.Ctx(), w.By, admin.MoveJobInput{Job: j.ID, Move: m, Reason: "test"})
	return err
}

// Two workers race for jobs, each is lost once in the middle of a piece: all pieces
// are done, none twice.
func TestPiecesHappenOnce(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const jobs, pieces = 4, 25
		var rows []job.Job
		for i := range jobs {
			rows = append(rows, enqueue(w, job.Job{Kind: "count", Key: fmt.Sprint("count/", i), Total: pieces}))
		}
		both := []*apptest.World{w, w.Beside()}
		var wait sync.WaitGroup
		for i, one := range both {
			wait.Go(func() {
				w := withJobs(one, fmt.Sprint("p", i), map[string]worker.Kind{"count": counting(one)})
				if err := w.Drain(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		for _, j := range rows {
			if got := look(w, j); got.State != job.Completed || got.Done != pieces || counted(w, j.Key) != pieces {
				t.Errorf("%s: %s at %d, counted %d", j.Key, got.State, got.Done, counted(w, j.Key))
			}
		}
	})
}

// A process that stood still while its job was rescued writes nothing when it wakes.
func TestLostWorkerIsRescuedAndFenced(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		j := enqueue(w, job.Job{Kind: "count", Key: "count", Total: 3})
		u := &upkeep.Upkeep{App: w.App}
		old, ok, err := u.Claim(w.Ctx(), []string{"count"}, "lost")
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		kind := counting(w)
		old, err = kind.Piece(w.Ctx(), old)
		w.Must(err)
		two := withJobs(w, "two", map[string]worker.Kind{"count": kind})
		w.Must(two.Drain(w.Ctx()))
		if got := look(w, j); got.Holder != "lost" || got.Done != 1 {
			t.Fatalf("a lease that lives was taken: %+v", got)
		}
		w.Time.Advance(app.JobLease)
		w.Must(two.Drain(w.Ctx())) // rescues
		if got := look(w, j); got.State != job.Retryable || len(got.Failures) != 1 {
			t.Fatalf("not rescued: %+v", got)
		}
		w.Time.Advance(time.Minute)
		w.Must(two.Drain(w.Ctx()))
		if _, err := kind.Piece(w.Ctx(), old); !errors.Is(err, store.ErrStale) {
			t.Errorf("the lost process wrote: %v", err)
		}
		if got := look(w, j); got.State != job.Completed || counted(w, "count") != 3 {
			t.Errorf("%s, counted %d", got.State, counted(w, "count"))
		}
	})
}

// At any point of a job: after a pause or cancel nothing more is done; after a
// resume it goes on where it was.
func TestPauseResumeCancelAtAnyPoint(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		const pieces = 4
		for at := range int64(pieces) {
			for _, m := range []admin.Move{admin.PauseJob, admin.CancelJob} {
				j := enqueue(w, job.Job{Kind: "count", Key: fmt.Sprint(m, at), Total: pieces})
				kind := counting(w)
				inner := kind.Piece
				kind.Piece = func(ctx context.Context, run job.Job) (job.Job, error) {
					if run.Done == at && run.Token == 1 {
						w.Must(move(w, j, m)) // while the piece is under way
					}
					return inner(ctx, run)
				}
				one := withJobs(w, "one", map[string]worker.Kind{"count": kind})
				w.Must(one.Drain(w.Ctx()))
				if got := look(w, j); got.Done != at || counted(w, j.Key) != at || got.Holder != "" {
					t.Fatalf("%s at %d: %+v, counted %d", m, at, got, counted(w, j.Key))
				}
				w.Must(move(w, j, m)) // again changes nothing
				back := admin.ResumeJob
				if m == admin.CancelJob {
					back = admin.RetryJob
					if err := move(w, j, admin.ResumeJob); !fault.Has(err, fault.WrongState) {
						t.Errorf("a cancelled job is resumed: %v", err)
					}
				}
				w.Must(move(w, j, back))
				w.Must(one.Drain(w.Ctx()))
				if got := look(w, j); got.State != job.Completed || counted(w, j.Key) != pieces {
					t.Fatalf("%s at %d and back: %+v, counted %d", m, at, got, counted(w, j.Key))
				}
			}
		}
	})
}

// Errors: one that can't be helped ends a job at once, others are tried again until
// the attempts are used up; a panic is one of them.
func TestFailures(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		broken, panics := errors.New("disk"), false
		kinds := map[string]worker.Kind{
			"hopeless": {Piece: func(context.Context, job.Job) (job.Job, error) {
				return job.Job{}, fault.New(fault.Absent, "what", "template")
			}},
			"broken": {Piece: func(context.Context, job.Job) (job.Job, error) {
				if panics {
					panic("pieces")
				}
				return job.Job{}, broken
			}},
		}
		one := withJobs(w, "one", kinds)
		hopeless, poor := enqueue(w, job.Job{Kind: "hopeless"}), enqueue(w, job.Job{Kind: "broken", MaxAttempts: 3})
		w.Must(one.Drain(w.Ctx()))
		if got := look(w, hopeless); got.State != job.Discarded || len(got.Failures) != 1 {
			t.Errorf("%+v", got)
		}
		for attempt := int64(1); attempt < 3; attempt++ {
			if got := look(w, poor); got.State != job.Retryable || got.Attempt != attempt || got.RunAt <= w.Clock() {
				t.Fatalf("%+v", got)
			}
			panics = true
			w.Time.Advance(time.Minute)
			w.Must(one.Drain(w.Ctx()))
		}
		got := look(w, poor)
		if got.State != job.Discarded || len(got.Failures) != 3 || !strings.Contains(got.Failures[2].Error, "panic") {
			t.Errorf("%+v", got)
		}
	})
}

// A worker that stops gives its job back behind a piece, and the next one goes on.
func TestGracefulStop(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		j := enqueue(w, job.Job{Kind: "count", Key: "count", Total: 50})
		ctx, stop := context.WithCancel(t.Context())
		kind := counting(w)
		inner := kind.Piece
		kind.Piece = func(ctx context.Context, run job.Job) (job.Job, error) {
			if run.Done == 7 {
				stop() // in the middle of the eighth piece, which is finished
			}
			return inner(ctx, run)
		}
		withJobs(w, "one", map[string]worker.Kind{"count": kind}).Run(ctx)
		if got := look(w, j); got.State != job.Available || got.Done != 8 || got.Attempt != 0 || len(got.Failures) != 0 {
			t.Fatalf("%+v", got)
		}
		w.Must(withJobs(w, "two", map[string]worker.Kind{"count": counting(w)}).Drain(t.Context()))
		if got := look(w, j); got.State != job.Completed || counted(w, "count") != 50 {
			t.Errorf("%s, counted %d", got.State, counted(w, "count"))
		}
	})
}

// A queue that is paused starts nothing; others go on.
func TestPausedQueue(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		a := &admin.Admin{App: w.App}
		shut, open := enqueue(w, job.Job{Kind: "count", Key: "s", Queue: "shut", Total: 1}), enqueue(w, job.Job{Kind: "count", Key: "o", Total: 1})
		pause := func(paused bool) {
			_, err := a.PauseQueue(w.Ctx(), w.By, admin.PauseQueueInput{Queue: "shut", Paused: paused})
			w.Must(err)
		}
		pause(true)
		one := withJobs(w, "one", map[string]worker.Kind{"count": counting(w)})
		w.Must(one.Drain(w.Ctx()))
		if look(w, shut).State != job.Available || look(w, open).State != job.Completed {
			t.Errorf("%s and %s", look(w, shut).State, look(w, open).State)
		}
		queues, err := a.ListQueues(w.Ctx(), w.By)
		if err != nil || len(queues) != 2 || queues[1].PausedAt == 0 || queues[1].Jobs[job.Available] != 1 || queues[1].Due == 0 {
			t.Errorf("%+v, %v", queues, err)
		}
		pause(false)
		w.Must(one.Drain(w.Ctx()))
		if look(w, shut).State != job.Completed {
			t.Error("the queue goes on, its job does not")
		}
	})
}

// Each tick of periodic work is one job, whoever enqueues it, after a crash and when
// the clock jumps ahead or is set back.
func TestPeriodic(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		every := job.Periodic{Kind: "tick", Every: time.Hour}
		done := map[string]int{}
		kinds := map[string]worker.Kind{"tick": {Piece: func(ctx context.Context, run job.Job) (job.Job, error) {
			next, err := w.Piece(ctx, run, app.Nothing, func(store.Tx, *job.Job) (bool, error) { return true, nil })
			if err == nil {
				done[run.Key]++
			}
			return next, err
		}}}
		one, two := withJobs(w, "one", kinds, every), withJobs(w, "two", kinds, every)
		ticks := func(what string, want int) {
			t.Helper()
			w.Must(one.Drain(w.Ctx()))
			w.Must(two.Drain(w.Ctx()))
			for key, n := range done {
				if n != 1 {
					t.Errorf("%s: %s was done %d times", what, key, n)
				}
			}
			if len(done) != want {
				t.Errorf("%s: %d ticks, want %d", what, len(done), want)
			}
		}
		ticks("at first", 1)
		ticks("at once again", 1)
		w.Time.Advance(time.Hour)
		ticks("an hour later", 2)
		w.Time.Advance(100 * time.Hour)
		ticks("a hundred hours later: one for all", 3)
		w.Time.Advance(-100 * time.Hour)
		ticks("set back", 3)
		w.Time.Advance(2 * time.Hour)
		ticks("on ground that was jumped over", 4)
		w.Time.Advance(98 * time.Hour)
		ticks("again where it had been", 4)
		// The enqueuer that lost its lease writes nothing.
		u := &upkeep.Upkeep{App: w.App}
		lease, ok, err := u.Hold(w.Ctx(), "x", "old", w.Clock(), time.Second)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		w.Time.Advance(time.Hour)
		_, _, err = u.Hold(w.Ctx(), "x", "new", w.Clock(), time.Second)
		w.Must(err)
		if _, err := u.Enqueue(w.Ctx(), lease, []job.Periodic{every}); !errors.Is(err, store.ErrStale) {
			t.Errorf("an old enqueuer: %v", err)
		}
	})
}

// What somebody asked for is kept; rows of periodic work go after a month.
func TestForgetting(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		u := &upkeep.Upkeep{App: w.App}
		kinds := map[string]worker.Kind{upkeep.ForgetJobs: {Piece: u.ForgetPiece(upkeep.ForgetJobs)}, "count": counting(w)}
		mine := enqueue(w, job.Job{Kind: "count", Key: "c", Total: 1})
		day := job.Periodic{Kind: upkeep.ForgetJobs, Every: 24 * time.Hour}
		one := withJobs(w, "one", kinds, day)
		for range 40 {
			w.Must(one.Drain(w.Ctx()))
			w.Time.Advance(24 * time.Hour)
		}
		rows, err := (&admin.Admin{App: w.App}).ListJobs(w.Ctx(), w.By, store.JobFilter{Kind: upkeep.ForgetJobs, Limit: 100})
		if err != nil || len(rows) < 30 || len(rows) > 32 {
			t.Errorf("%d rows of periodic jobs, %v", len(rows), err)
		}
		if look(w, mine).State != job.Completed {
			t.Error("a job that somebody asked for is gone")
		}
	})
}

// Who may move jobs, and what the audit log says of it.
func TestMovesAreAudited(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		a := &admin.Admin{App: w.App}
		j := enqueue(w, job.Job{Kind: "count", Key: "c", Total: 1})
		poor := access.Principal{Kind: access.KindServer, ID: "key_x", Permissions: []access.Permission{access.JobRead}}
		if _, _, err := a.MoveJob(w.Ctx(), poor, admin.MoveJobInput{Job: j.ID, Move: admin.PauseJob}); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("without the permission: %v", err)
		}
		near := access.Principal{Kind: access.KindServer, ID: "key_x", Permissions: access.All, Scope: access.Scope{Merchants: []string{"m"}}}
		if _, _, err := a.MoveJob(w.Ctx(), near, admin.MoveJobInput{Job: j.ID, Move: admin.PauseJob}); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("limited to a merchant: %v", err)
		}
		if _, _, err := a.MoveJob(w.Ctx(), w.By, admin.MoveJobInput{Job: id.ID(5), Move: admin.PauseJob}); !fault.Has(err, fault.Absent) {
			t.Errorf("no job: %v", err)
		}
		w.Must(move(w, j, admin.PauseJob))
		w.Must(move(w, j, admin.PauseJob))
		log, err := a.ListAudit(w.Ctx(), w.By, store.AuditFilter{Limit: 10})
		if err != nil || len(log) != 1 || log[0].Action != "job.pause" || log[0].Before != "available" || log[0].After != "paused" || log[0].Reason != "test" {
			t.Errorf("%+v, %v", log, err)
		}
	})
}
