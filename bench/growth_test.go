package bench

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
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

var (
	fills       = flag.String("fills", "20000,200000", "coupons that the two stores of BenchmarkGrowth hold before the claims")
	filledWeeks = flag.Int("weeks", 52, "over which the coupons of BenchmarkGrowth lie, the last being this one")
)

// filledTemplates are those of the stored coupons.
const filledTemplates = 50

// The claims of one caller, slices of 256 and a commit each, of which the log is
// measured: the template's first, and those after each member has claimed once.
const (
	firstClaims = 40 * batchSize
	onceEach    = (members/batchSize + 1) * batchSize
	laterClaims = 100 * batchSize
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
			var first, later [2]float64
			for i, n := range sizes {
				st, log := filledStage(b, engine, n)
				load := &claims{stage: st, numbers: new(atomic.Int64)}
				logged := func(claims int) float64 {
					before := log()
					for range claims / batchSize {
						load.claim(batchSize)
					}
					return float64(log()-before) / float64(claims)
				}
				first[i] = logged(firstClaims)
				logged(onceEach - firstClaims)
				later[i] = logged(laterClaims)
				all = append(all, contestant{name: fmt.Sprintf("%d stored", n), note: "4 callers, slices of 256", limit: i == 0, run: func(d time.Duration) turn { return load.run(4, batchSize, d) }})
			}
			rates := compete(b, fmt.Sprintf("Claims beside stored coupons, %s; %d members, coupons over %d weeks", engine, members, *filledWeeks), all...)
			t := newTable("into the log for a claim, "+engine, "of the template's claims", "stored", "bytes", "pages of 4 KiB", "of the first")
			figures := func(what string, bytes [2]float64) {
				for i, n := range sizes {
					t.row(what, fmt.Sprint(n), fmt.Sprintf("%.0f", bytes[i]), fmt.Sprintf("%.2f", bytes[i]/4120), fmt.Sprintf("%.2f", bytes[i]/bytes[0]))
				}
			}
			figures(fmt.Sprintf("the first %d", firstClaims), first)
			figures(fmt.Sprintf("%d after %d", laterClaims, onceEach), later)
			t.row("claims per second", "", "", "", share(rates[all[1].name], rates[all[0].name]))
			t.print()
		})
	}
}

// meter tells how many bytes a store has written into its log.
type meter func() int64

// filledStage is a stage on a store that holds n coupons.
func filledStage(b *testing.B, engine string, n int) (*stage, meter) {
	b.Helper()
	began := time.Now()
	told := func() { fmt.Printf("%s holds %d coupons after %s\n", engine, n, time.Since(began).Round(time.Second)) }
	if engine == onSQLite {
		e, err := sqlite.Open(b.Context(), file(b), sqlite.Options{MostWait: patience})
		must(b, err)
		b.Cleanup(func() { must(b, e.Close()) })
		st := stageOn(b, e)
		st.fill(n, st.keep)
		told()
		return st, func() int64 { return e.Stats().Logged }
	}
	dsn := database(b)
	e, err := postgres.Open(b.Context(), dsn, postgres.Options{MostWait: patience})
	must(b, err)
	b.Cleanup(func() { must(b, e.Close()) })
	conn, err := pgx.Connect(b.Context(), dsn)
	must(b, err)
	b.Cleanup(func() { must(b, conn.Close(context.Background())) })
	st := stageOn(b, e)
	indexes := dropIndexes(b, conn)
	left := n
	st.fill(n, func(rows []coupon.Coupon) {
		must(b, copyCoupons(b.Context(), conn, rows))
		if left -= len(rows); left < n / *filledWeeks { // this week's rows meet them as claims do
			for _, text := range indexes {
				_, err := conn.Exec(b.Context(), text)
				must(b, err)
			}
			indexes = nil
		}
	})
	for _, s := range []string{"VACUUM ANALYZE", "CHECKPOINT"} { // as it would have done in a year
		_, err = conn.Exec(b.Context(), s)
		must(b, err)
	}
	told()
	return st, func() (n int64) {
		must(b, conn.QueryRow(b.Context(), "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint").Scan(&n))
		return n
	}
}

// dropIndexes drops the second indexes of what is filled, which PostgreSQL builds
// faster than it keeps them, and returns the statements that make them again.
func dropIndexes(b *testing.B, conn *pgx.Conn) (texts []string) {
	b.Helper()
	rows, err := conn.Query(b.Context(), `SELECT indexname, indexdef FROM pg_indexes
		WHERE tablename IN ('coupons', 'changes') AND indexdef NOT LIKE 'CREATE UNIQUE%'`)
	must(b, err)
	var name, text string
	var names []string
	_, err = pgx.ForEachRow(rows, []any{&name, &text}, func() error {
		names, texts = append(names, name), append(texts, text)
		return nil
	})
	must(b, err)
	for _, name := range names {
		_, err = conn.Exec(b.Context(), "DROP INDEX "+pgx.Identifier{name}.Sanitize())
		must(b, err)
	}
	return texts
}

// filledAtOnce is how many coupons a transaction of a fill stores: as many as a
// week's part of the wallet's index has pages, so that each page is written once.
const filledAtOnce = 1 << 14

// fill stores coupons as claims would have: over the weeks, each with its change,
// which was delivered, and at last the counters that they make, in their order. It
// says each minute how far it is.
func (st *stage) fill(n int, keep func([]coupon.Coupon)) {
	st.Helper()
	began, told := time.Now(), time.Now()
	span := time.Duration(*filledWeeks) * 7 * 24 * time.Hour
	wall := began.Add(-span)
	maker := id.NewMaker(2, func() time.Time { return wall })
	draw := rand.New(rand.NewPCG(1, 1))
	var templates []id.ID
	for range filledTemplates {
		templates = append(templates, st.IDs.New(0))
	}
	taken := make([]int64, len(templates)*len(st.ids))
	for from := 0; from < n; from += filledAtOnce {
		rows := make([]coupon.Coupon, min(filledAtOnce, n-from))
		for i := range rows {
			wall = began.Add(-time.Duration(n-from-i) * (span / time.Duration(n)))
			at, of := draw.IntN(len(st.ids)), draw.IntN(len(templates))
			m := st.ids[at]
			rows[i] = testkit.Coupon(maker.New(m.Slot()), m, templates[of])
			rows[i].Request = coupon.Request{Key: draw.Int64() | 1, Body: 1}
			rows[i].Facts = bareFacts
			taken[of*len(st.ids)+at]++
		}
		slices.SortFunc(rows, func(a, b coupon.Coupon) int { return cmp.Compare(a.ID, b.ID) })
		keep(rows)
		if time.Since(told) > time.Minute {
			told = time.Now()
			fmt.Printf("%d of %d after %s\n", from+len(rows), n, time.Since(began).Round(time.Second))
		}
	}
	st.count(templates, taken)
}

// keep stores coupons and their delivered changes.
func (st *stage) keep(rows []coupon.Coupon) {
	changes := make([]change.Change, len(rows))
	delivered := make([]store.StoredChange, len(rows))
	for i := range rows {
		c := &rows[i]
		changes[i] = change.Change{Aggregate: c.ID, Kind: id.Coupon, Seq: 1, Type: change.CouponClaimed, At: c.IssuedAt, Actor: "system:test", Facts: c.Facts}
		delivered[i] = store.StoredChange{Change: changes[i], Delivered: calendar.Instant(1)}
	}
	st.Must(st.Store.Update(st.Ctx(), store.Background, func(tx store.Tx) error {
		for _, step := range []func() error{
			func() error { return tx.Coupons().Insert(rows) },
			func() error { return tx.Changes().Append(changes) },
			func() error { // few at a time: for many, PostgreSQL reads the whole table
				for few := range slices.Chunk(delivered, batchSize) {
					if err := tx.Changes().Delivered(few, 1); err != nil {
						return err
					}
				}
				return nil
			},
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}))
}

// copyCoupons is keep in PostgreSQL's own way.
func copyCoupons(ctx context.Context, conn *pgx.Conn, coupons []coupon.Coupon) error {
	for _, t := range bareTables {
		names, _ := t.names()
		var rows [][]any
		for i := range coupons {
			c := &coupons[i]
			row := t.row(c.Request.Key, c.ID, c.Member)
			switch t.name {
			case "coupons":
				row[slices.Index(names, "template")] = int64(c.Template)
			case "changes":
				row[slices.Index(names, "delivered")] = int64(1)
			default:
				continue
			}
			rows = append(rows, row)
		}
		if len(rows) == 0 {
			continue
		}
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, names, pgx.CopyFromRows(rows)); err != nil {
			return fmt.Errorf("copy %s: %w", t.name, err)
		}
	}
	return nil
}

// count stores the members' counters: what each has taken of each template.
func (st *stage) count(templates []id.ID, taken []int64) {
	for of, template := range templates {
		var rows []limit.Counter
		for at, n := range taken[of*len(st.ids) : (of+1)*len(st.ids)] {
			if n > 0 {
				k := limit.Key{Template: template, Per: limit.PerMember, Subject: st.ids[at], What: limit.IssueCount, Period: limit.Ever}
				rows = append(rows, limit.Counter{Key: k, Taken: n, Ceiling: max(n, perMember), Rev: 1})
			}
		}
		slices.SortFunc(rows, func(a, b limit.Counter) int { return cmp.Compare(a.Key.Subject, b.Key.Subject) })
		st.Must(st.Store.Update(st.Ctx(), store.Background, func(tx store.Tx) error { return tx.Counters().Write(rows) }))
	}
}
