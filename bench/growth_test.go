package bench

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/sqlite"
	"quan/internal/testkit"
)

var fills = flag.String("fills", "20000,200000", "coupons that the two stores of BenchmarkGrowth hold before the claims")

const (
	filledWeeks     = 52 // over which the stored coupons lie, the last being this one
	filledTemplates = 50
)

// BenchmarkGrowth is what a claim writes into the log, and how fast claims are,
// beside few and beside many stored coupons of the same members.
func BenchmarkGrowth(b *testing.B) {
	var sizes [2]int
	if _, err := fmt.Sscanf(*fills, "%d,%d", &sizes[0], &sizes[1]); err != nil {
		b.Fatalf("-fills %s: %v", *fills, err)
	}
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			var all []contestant
			var meters [2]meter
			var each [2][]float64
			for i, n := range sizes {
				s, log := meteredStore(b, engine)
				st := stageOn(b, s)
				began := time.Now()
				st.fill(n)
				fmt.Printf("%s holds %d coupons after %s\n", engine, n, time.Since(began).Round(time.Second))
				claims := &claims{stage: st, numbers: new(atomic.Int64)}
				claims.run(4, batchSize, *roundLength) // the first of a template's rows
				meters[i] = log
				all = append(all, contestant{name: fmt.Sprintf("%d stored", n), note: "4 callers, slices of 256", limit: i == 0, run: func(d time.Duration) turn {
					before := meters[i]()
					t := claims.run(4, batchSize, d)
					each[i] = append(each[i], float64(meters[i]()-before)/float64(max(t.done, 1)))
					return t
				}})
			}
			rates := compete(b, fmt.Sprintf("Claims beside stored coupons, %s; %d members, coupons over %d weeks", engine, members, filledWeeks), all...)
			t := newTable("bytes into the log for a claim", "stored", "bytes", "pages of 4 KiB", "of the first")
			few := middle(each[0])
			for i, n := range sizes {
				bytes := middle(each[i])
				t.row(fmt.Sprint(n), fmt.Sprintf("%.0f", bytes), fmt.Sprintf("%.2f", bytes/4120), fmt.Sprintf("%.2f", bytes/few))
			}
			t.row("claims per second", "", "", share(rates[all[1].name], rates[all[0].name]))
			t.print()
		})
	}
}

func middle(figures []float64) float64 {
	sorted := slices.Sorted(slices.Values(figures))
	return sorted[len(sorted)/2]
}

// meter tells how many bytes a store has written into its log.
type meter func() int64

func meteredStore(b *testing.B, engine string) (store.Store, meter) {
	b.Helper()
	if engine == onSQLite {
		e, err := sqlite.Open(b.Context(), file(b), sqlite.Options{MostWait: patience})
		must(b, err)
		b.Cleanup(func() { must(b, e.Close()) })
		return e, func() int64 { return e.Stats().Logged }
	}
	dsn := database(b)
	e, err := postgres.Open(b.Context(), dsn, postgres.Options{MostWait: patience})
	must(b, err)
	b.Cleanup(func() { must(b, e.Close()) })
	conn, err := pgx.Connect(b.Context(), dsn)
	must(b, err)
	b.Cleanup(func() { must(b, conn.Close(context.Background())) })
	return e, func() (n int64) {
		must(b, conn.QueryRow(b.Context(), "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").Scan(&n))
		return n
	}
}

// fill stores coupons as claims would have: over the weeks, each with its member's
// counter and its change, which was delivered.
func (st *stage) fill(n int) {
	st.Helper()
	wall := time.Now().Add(-filledWeeks * 7 * 24 * time.Hour)
	maker := id.NewMaker(2, func() time.Time { return wall })
	draw := rand.New(rand.NewPCG(1, 1))
	var templates []id.ID
	for range filledTemplates {
		templates = append(templates, st.IDs.New(0))
	}
	pieces := make(chan []coupon.Coupon)
	var running sync.WaitGroup
	for range 4 {
		running.Go(func() {
			for rows := range pieces {
				st.keep(rows)
			}
		})
	}
	for from := 0; from < n; from += batchSize {
		wall = time.Now().Add(-time.Duration(n-from) * (filledWeeks * 7 * 24 * time.Hour / time.Duration(n)))
		rows := make([]coupon.Coupon, min(batchSize, n-from))
		for i := range rows {
			m := st.ids[draw.IntN(len(st.ids))]
			rows[i] = testkit.Coupon(maker.New(m.Slot()), m, templates[draw.IntN(len(templates))])
			rows[i].Request = coupon.Request{Key: draw.Int64() | 1, Body: 1}
			rows[i].Facts = bareFacts
		}
		pieces <- rows
	}
	close(pieces)
	running.Wait()
}

func (st *stage) keep(rows []coupon.Coupon) {
	counters := map[limit.Key]limit.Counter{}
	changes := make([]change.Change, len(rows))
	delivered := make([]store.StoredChange, len(rows))
	for i := range rows {
		c := &rows[i]
		k := limit.Key{Template: c.Template, Per: limit.PerMember, Subject: c.Member, What: limit.IssueCount, Period: limit.Ever}
		counters[k] = limit.Counter{Key: k, Taken: 1, Ceiling: perMember, Rev: 1}
		changes[i] = change.Change{Aggregate: c.ID, Kind: id.Coupon, Seq: 1, Type: change.CouponClaimed, At: c.IssuedAt, Actor: "system:test", Facts: c.Facts}
		delivered[i] = store.StoredChange{Change: changes[i], Delivered: calendar.Instant(1)}
	}
	list := make([]limit.Counter, 0, len(counters))
	for _, c := range counters {
		list = append(list, c)
	}
	st.Must(st.Store.Update(st.Ctx(), store.Background, func(tx store.Tx) error {
		for _, step := range []func() error{
			func() error { return tx.Coupons().Insert(rows) },
			func() error { return tx.Counters().Write(list) },
			func() error { return tx.Changes().Append(changes) },
			func() error { return tx.Changes().Delivered(delivered, 1) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}))
}
