package admin_test

import (
	"testing"

	"quan/internal/app/admin"
	"quan/internal/app/apptest"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
)

func TestJobLife(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		a, by := &admin.Admin{App: w.App}, access.System("part")
		in := admin.StartJobInput{Kind: "demo", Key: "k", Total: 3, Cursor: "0"}
		job, err := a.StartJob(t.Context(), by, in)
		w.Must(err)
		job.Done, job.Cursor, job.Message = 2, "2", "two"
		stale := job
		job, err = a.AdvanceJob(t.Context(), by, job)
		w.Must(err)
		if _, err := a.AdvanceJob(t.Context(), by, stale); !fault.Has(err, fault.StaleRevision) {
			t.Errorf("a job that somebody else has written: %v", err)
		}
		job, err = a.FinishJob(t.Context(), by, job, admin.JobPaused)
		w.Must(err)
		again, err := a.StartJob(t.Context(), by, in)
		w.Must(err)
		if again.ID != job.ID || again.State != admin.JobRunning || again.Done != 2 || again.Cursor != "2" {
			t.Errorf("a paused job starts where it was: %+v", again)
		}
		again.Message = "all"
		_, err = a.FinishJob(t.Context(), by, again, admin.JobDone)
		w.Must(err)
		if done, err := a.StartJob(t.Context(), by, in); err != nil || done.State != admin.JobDone {
			t.Errorf("a job that is done stays done: %+v, %v", done, err)
		}
		seen, err := a.GetJob(t.Context(), by, job.ID)
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
		if _, err := a.StartJob(t.Context(), by, admin.StartJobInput{Kind: "demo", Key: "k"}); !fault.Has(err, fault.PermissionDeny) {
			t.Errorf("an API key starts a job: %v", err)
		}
	})
}
