package bench

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/upkeep"
	"quan/internal/domain/grant"
	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
	"quan/internal/server"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/testkit"
)

var granted = flag.Int("granted", 100_000, "members of a bulk grant")

// granting are the tables that a bulk grant writes a row of for each member.
var granting = []string{"coupons", "counters", "changes", "grant_outcomes"}

// BenchmarkGrant grants a coupon with a limit per member to everyone, by the job's
// pieces; on PostgreSQL beside COPY of the rows that it wrote into the same schema,
// in binary form, a table after the other: nothing is decided, locked or parsed.
func BenchmarkGrant(b *testing.B) {
	go server.PaceCollector(b.Context()) // as serve does
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			var s store.Store
			dsn := ""
			if engine == onPostgres {
				dsn = database(b)
				var err error
				s, err = postgres.Open(b.Context(), dsn, postgres.Options{})
				must(b, err)
				b.Cleanup(func() { must(b, s.Close()) })
			} else {
				s = openStore(b, engine)
			}
			w := apptest.New(b, s, 1)
			w.App.Clock = server.WallClock
			w.Members(*granted)
			template := w.Publish(apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerMember, Cap: 1}))
			rehearsal, issue := bulkGrant(b, w, grant.Spec{Name: "x", Templates: []id.ID{template}, Audience: grant.Everyone, Reason: "x"})
			t := newTable(fmt.Sprintf("Bulk grant, %s; %d members, an empty store, pieces of %d to %d", engine, *granted, grant.Piece, grant.Stride), "what", "took", "members a second", "of COPY")
			row := func(what string, took, copied time.Duration) {
				ratio := "-"
				if copied > 0 {
					ratio = fmt.Sprintf("%.2f", copied.Seconds()/took.Seconds())
				}
				t.row(what, took.Round(time.Millisecond).String(), fmt.Sprintf("%.0f", float64(*granted)/took.Seconds()), ratio)
			}
			copied := time.Duration(0)
			if dsn != "" {
				copied = copyRows(b, dsn)
				row("COPY of the same rows", copied, 0)
			}
			row("rehearsal", rehearsal, 0)
			row("grant", issue, copied)
			b.ReportMetric(float64(*granted)/issue.Seconds(), "members/s")
			t.print()
		})
	}
}

// bulkGrant runs a grant to its end and says how long its phases took.
func bulkGrant(b *testing.B, w *apptest.World, spec grant.Spec) (rehearsal, issue time.Duration) {
	g, _, err := w.Issuing.PlanGrant(b.Context(), w.By, issuing.PlanGrantInput{Spec: spec})
	must(b, err)
	u := &upkeep.Upkeep{App: w.App}
	run := func() time.Duration {
		began := time.Now()
		j, ok, err := u.Claim(b.Context(), []string{issuing.GrantJob}, "bench")
		must(b, err)
		if !ok {
			b.Fatal("no job is due")
		}
		for j.State == job.Running {
			j, err = w.Issuing.GrantPiece(b.Context(), j)
			must(b, err)
		}
		return time.Since(began)
	}
	rehearsal = run()
	_, _, err = w.Issuing.DirectGrant(b.Context(), w.By, issuing.DirectGrantInput{Job: g.Job.ID, Move: issuing.StartGrant})
	must(b, err)
	issue = run()
	got, err := w.Issuing.GetGrant(b.Context(), w.By, g.Job.ID)
	must(b, err)
	if got.Progress.Result.Granted != int64(*granted) || got.Job.State != job.Completed {
		b.Fatalf("%s: %+v", got.Job.State, got.Progress.Result)
	}
	return rehearsal, issue
}

// copyRows writes the rows of a database into a fresh one of the same schema.
func copyRows(b *testing.B, dsn string) (took time.Duration) {
	from, err := pgx.Connect(b.Context(), dsn)
	must(b, err)
	defer from.Close(context.Background())
	to, err := pgx.Connect(b.Context(), database(b))
	must(b, err)
	defer to.Close(context.Background())
	for _, table := range granting {
		file, err := os.Create(filepath.Join(b.TempDir(), table))
		must(b, err)
		_, err = from.PgConn().CopyTo(b.Context(), file, "COPY "+table+" TO STDOUT (FORMAT binary)")
		must(b, err)
		_, err = file.Seek(0, 0)
		must(b, err)
		began := time.Now()
		_, err = to.PgConn().CopyFrom(b.Context(), file, "COPY "+table+" FROM STDIN (FORMAT binary)")
		must(b, err)
		took += time.Since(began)
		must(b, file.Close())
	}
	return took
}
