package sqlite

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// BenchmarkClaims measures closures of five inserts, the shape of a claim, from
// so many callers at once, durably.
func BenchmarkClaims(b *testing.B) {
	for name, callers := range map[string]int{"1": 1, "256": 256, "1024": 1024} {
		b.Run(name, func(b *testing.B) { claims(b, callers) })
	}
}

var claimTables = []*sqlrepo.Stmt{
	sqlrepo.Both(`CREATE TABLE bench_coupons (id INTEGER, member INTEGER, template INTEGER, state INTEGER, valid_from INTEGER,
		valid_to INTEGER, facts TEXT, slot INTEGER, PRIMARY KEY (id, slot)) WITHOUT ROWID`),
	sqlrepo.Both(`CREATE INDEX bench_wallet ON bench_coupons (member, id)`),
	sqlrepo.Both(`CREATE TABLE bench_counters (template INTEGER, member INTEGER, taken INTEGER, slot INTEGER, PRIMARY KEY (template, member, slot)) WITHOUT ROWID`),
	sqlrepo.Both(`CREATE TABLE bench_replies (key TEXT, answer TEXT, slot INTEGER, PRIMARY KEY (key, slot)) WITHOUT ROWID`),
	sqlrepo.Both(`CREATE TABLE bench_changes (aggregate INTEGER, seq INTEGER, type TEXT, at INTEGER, facts TEXT, slot INTEGER, PRIMARY KEY (aggregate, seq, slot)) WITHOUT ROWID`),
	sqlrepo.Both(`CREATE TABLE bench_deltas (id INTEGER PRIMARY KEY, day INTEGER, template INTEGER, issued INTEGER)`),
}

var claimInserts = []*sqlrepo.Stmt{
	sqlrepo.Both(`INSERT INTO bench_coupons VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`),
	sqlrepo.Both(`INSERT INTO bench_counters VALUES ($1, $2, $3, $4)`),
	sqlrepo.Both(`INSERT INTO bench_replies VALUES ($1, $2, $3)`),
	sqlrepo.Both(`INSERT INTO bench_changes VALUES ($1, $2, $3, $4, $5, $6)`),
	sqlrepo.Both(`INSERT INTO bench_deltas VALUES ($1, $2, $3, $4)`),
}

func claims(b *testing.B, callers int) {
	e := claimStore(b)
	before := e.Stats()
	var next atomic.Int64
	var running sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range callers {
		running.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				if err := e.update(b.Context(), store.Issue, func(x *executor) error { return claim(x, n) }); err != nil {
					b.Error(err)
				}
			}
		})
	}
	running.Wait()
	b.StopTimer()
	after := e.Stats()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "claims/s")
	b.ReportMetric(float64(after.Closures-before.Closures)/float64(after.Commits-before.Commits), "claims/commit")
}

func claimStore(b *testing.B) *Engine {
	e := fresh(b, Options{})
	must(b, e.update(b.Context(), store.Issue, func(x *executor) error {
		for _, s := range claimTables {
			if _, err := x.Exec(s, nil); err != nil {
				return err
			}
		}
		return nil
	}))
	return e
}

// BenchmarkClaimsBare is the same work on the writer's connection, 256 claims a
// commit, without queue, savepoints and callers: what the engine is measured against.
func BenchmarkClaimsBare(b *testing.B) {
	e := claimStore(b)
	s := e.writer.session
	x := &executor{session: s, ctx: context.Background()}
	b.ResetTimer()
	for n := range int64(b.N) {
		if n%256 == 0 {
			must(b, s.run("BEGIN IMMEDIATE"))
		}
		must(b, claim(x, n+1))
		if n%256 == 255 || n == int64(b.N)-1 {
			must(b, s.run("COMMIT"))
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "claims/s")
}

func claim(x *executor, n int64) error {
	coupon, member, slot, at := id.ID(n<<10), id.ID(n*7919%100_000), n%id.Slots, calendar.Instant(1_700_000_000_000+n)
	args := [][]any{
		{coupon, member, id.ID(1), 1, at, at.Add(1000), `{"v":1,"channel":"app","city":"shanghai"}`, slot},
		{coupon, member, 1, slot},
		{id.Format(id.Coupon, coupon), "ok", slot},
		{coupon, 1, "coupon.claimed.v1", at, `{"template":"tpl_1"}`, slot},
		{n, 20260101, id.ID(1), 1},
	}
	for i, s := range claimInserts {
		if _, err := x.Exec(s, args[i]); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkNested measures the look at the stack that every Update takes, from
// the depth of a request's handler.
func BenchmarkNested(b *testing.B) {
	var deep func(n int)
	deep = func(n int) {
		if n > 0 {
			deep(n - 1)
			return
		}
		for b.Loop() {
			nested()
		}
	}
	deep(20)
}

// BenchmarkView measures a View of one row, two callers beside each other.
func BenchmarkView(b *testing.B) {
	e := fresh(b, Options{})
	must(b, put(b, e, 1))
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			has(b, e, 1)
		}
	})
}
