package admin_test

import (
	"context"
	"errors"
	"testing"

	"quan/internal/app"
	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/domain/access"
	"quan/internal/domain/job"
	"quan/internal/kernel/fault"
)

func TestJobLife(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		a, by := &admin.Admin{App: w.App}, access.System("part")
		in := admin.TakeJobInput{Kind: "demo", Key: "k", Total: 3, Cursor: "0", Holder: "one"}
		row, err := a.TakeJob(t.Context(), by, in)
		w.Must(err)
		other := in
		other.Holder = "two"
		if _, err := a.TakeJob(t.Context(), by, other); !errors.Is(err, admin.ErrJobHeld) {
			t.Errorf("two processes run one job: %v", err)
		}
		row.Done, row.Cursor, row.Message = 2, "2", "two"
		stale := row
		row, err = a.AdvanceJob(t.Context(), by, row)
		w.Must(err)
		if _, err := a.AdvanceJob(t.Context(), by, stale); !fault.Has(err, fault.StaleRevision) {
			t.Errorf("a job that somebody else has written: %v", err)
		}
		row, err = a.FinishJob(t.Context(), by, row, context.Canceled, true)
		w.Must(err)
		if row.State != job.Paused {
			t.Errorf("stopped: %s", row.State)
		}
		again, err := a.TakeJob(t.Context(), by, other)
		w.Must(err)
		if again.ID != row.ID || again.State != job.Running || again.Done != 2 || again.Cursor != "2" {
			t.Errorf("a paused job starts where it was: %+v", again)
		}
		w.Time.Advance(app.JobLease)
		third, err := a.TakeJob(t.Context(), by, in)
		w.Must(err)
		if _, err := a.AdvanceJob(t.Context(), by, again); !fault.Has(err, fault.StaleRevision) || third.Token <= again.Token {
			t.Errorf("the holder before writes: %v, token %d after %d", err, third.Token, again.Token)
		}
		third, err = a.FinishJob(t.Context(), by, third, errors.New("no"), false)
		w.Must(err)
		if third.State != job.Retryable || len(third.Failures) != 1 {
			t.Errorf("failed: %+v", third)
		}
		third, err = a.TakeJob(t.Context(), by, in)
		w.Must(err)
		third.Message = "all"
		_, err = a.FinishJob(t.Context(), by, third, nil, false)
		w.Must(err)
		if done, err := a.TakeJob(t.Context(), by, in); err != nil || done.State != job.Completed {
			t.Errorf("a job that is done stays done: %+v, %v", done, err)
		}
		seen, err := a.GetJob(t.Context(), by, row.ID)
		w.Must(err)
		if seen.Message != "all" {
			t.Errorf("the job shows %+v", seen)
		}
		if none, err := a.FindJob(t.Context(), by, "other"); err != nil || none.ID != 0 {
			t.Errorf("a key of no job: %+v, %v", none, err)
		}
	})
}

func TestJobsBelongToQuan(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		a, by := &admin.Admin{App: w.App}, access.System("part")
		by.Kind = access.KindServer
		if _, err := a.TakeJob(t.Context(), by, admin.TakeJobInput{Kind: "demo", Key: "k"}); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("an API key starts a job: %v", err)
		}
	})
}
