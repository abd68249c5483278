package bench

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	driversqlite "modernc.org/sqlite"

	"quan/internal/kernel/id"
	"quan/internal/store/postgres"
	"quan/internal/store/sqlite"
)

// bareTable is one table that a claim writes. perBatch rows are written once a
// commit: the stock row and the rollup's delta.
type bareTable struct {
	name, columns, conflict string
	perBatch                bool
	row                     func(n int64, c id.ID, member id.ID) []any
}

const (
	bareTemplate = int64(1) << 32
	counterKey   = " ON CONFLICT (template, per, subject, what, period, start, slot) DO UPDATE SET taken = counters.taken + EXCLUDED.taken"
	counterCols  = "template per subject what period start slot taken ceiling over_use rev"
	bareFacts    = `{"v":1,"m":1,"p":"","c":"app","y":"shanghai","s":"","k":[12345,0]}`
)

// bareTables write what issuing.Claim writes: coupon, the member's counter, the
// change; and once a commit the stock and the delta. Nothing is read
// and nothing decided.
var bareTables = []bareTable{
	{name: "coupons", columns: "id slot week member template version state used uses next_use issued_at issued_day valid_from valid_to " +
		"origin placement form:t channel:t city:t newcomer liability lock_id facts:t ended_day last_used_at rev request_key request_body",
		row: func(n int64, c, m id.ID) []any {
			at := c.Second() * 1000
			return []any{int64(c), c.Slot(), c.Week(), int64(m), bareTemplate, int64(1), int64(1), int64(0), int64(1), int64(1), at, int64(20260101), at, at + 1e9,
				int64(c) - 1, int64(0), "claim", "app", "shanghai", int64(0), int64(500), int64(0), bareFacts, int64(0), int64(0), int64(1),
				n * 0x1E3779B97F4A7C15 & (1<<63 - 1), n * 0x2545F4914F6CDD1D & (1<<63 - 1)}
		}},
	{name: "counters", columns: counterCols, conflict: counterKey, row: func(_ int64, _, m id.ID) []any {
		return []any{bareTemplate, int64(1), int64(m), int64(4), int64(4), int64(0), m.Slot(), int64(1), int64(1000), int64(0), int64(1)}
	}},
	{name: "counters", columns: counterCols, conflict: counterKey, perBatch: true, row: func(n int64, _, _ id.ID) []any {
		return []any{bareTemplate, int64(3), int64(0), int64(4), int64(4), int64(0), int64(0), n, int64(1) << 60, int64(0), int64(1)}
	}},
	{name: "changes", columns: "aggregate seq slot kind:t type:t at actor:t facts:t delivered", row: func(_ int64, c, _ id.ID) []any {
		return []any{int64(c), int64(1), c.Slot(), "cpn", "coupon.claimed.v1", c.Second() * 1000, "system:test", bareFacts, int64(0)}
	}},
	{name: "rollup_deltas", columns: "day template placement market:t form:t channel:t city:t merchant:t store:t id slot issued redeemed coupons_used returned expired withdrawn orders " +
		"list_minor discount_minor paid_minor refunded_minor returned_minor", perBatch: true, row: func(n int64, c, _ id.ID) []any {
		return append([]any{int64(20260101), bareTemplate, int64(0), "main", "claim", "app", "shanghai", "", "", int64(c), c.Slot(), n},
			int64(0), int64(0), int64(0), int64(0), int64(0), int64(0), int64(0), int64(0), int64(0), int64(0), int64(0))
	}},
}

// names and texts (which columns are TEXT) of the table.
func (t bareTable) names() (names []string, texts []bool) {
	for _, word := range strings.Fields(t.columns) {
		name, text := strings.CutSuffix(word, ":t")
		names, texts = append(names, name), append(texts, text)
	}
	return names, texts
}

func (t bareTable) insert(source string) string {
	names, _ := t.names()
	return "INSERT INTO " + t.name + " (" + strings.Join(names, ", ") + ") " + source + t.conflict
}

// rows are those of a batch.
func (t bareTable) rows(first int64, coupons, owners []id.ID) [][]any {
	if t.perBatch {
		return [][]any{t.row(int64(len(coupons)), coupons[0], owners[0])}
	}
	rows := make([][]any, len(coupons))
	for i, c := range coupons {
		rows[i] = t.row(first+int64(i), c, owners[i])
	}
	return rows
}

// bare is the bare SQL of claims on one connection.
type bare struct {
	maker  *id.Maker
	owners []id.ID
	next   int64
	commit func(rows func(bareTable) [][]any) error
}

func newBare(b *testing.B, engine string) *bare {
	x := &bare{maker: id.NewMaker(1, time.Now), owners: make([]id.ID, members)}
	for i := range x.owners {
		x.owners[i] = x.maker.New(id.SlotOf(strconv.Itoa(i)))
	}
	if engine == onPostgres {
		x.commit = barePostgres(b)
	} else {
		x.commit = bareSQLite(b)
	}
	return x
}

func (x *bare) run(b *testing.B, size int, d time.Duration) turn {
	var t turn
	began := time.Now()
	for time.Since(began) < d {
		coupons, owners := make([]id.ID, size), make([]id.ID, size)
		for i := range coupons {
			owners[i] = x.owners[anyone(x.next+int64(i))]
			x.maker.New(owners[i].Slot())
			coupons[i] = x.maker.New(owners[i].Slot())
		}
		start := time.Now()
		must(b, x.commit(func(t bareTable) [][]any { return t.rows(x.next, coupons, owners) }))
		t.each = append(t.each, time.Since(start))
		x.next += int64(size)
		t.done += int64(size)
	}
	t.took = time.Since(began)
	return t
}

// bareSQLite prepares the inserts on a connection of the same driver, with the
// pragmas of the engine's writer.
func bareSQLite(b *testing.B) func(func(bareTable) [][]any) error {
	path := file(b)
	e, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	must(b, err)
	must(b, e.Close())
	conn, err := (&driversqlite.Driver{}).Open(sqlite.WriterDSN(path))
	must(b, err)
	b.Cleanup(func() { must(b, conn.Close()) })
	prepare := func(text string) func([]any) error {
		stmt, err := conn.Prepare(text)
		must(b, err)
		b.Cleanup(func() { must(b, stmt.Close()) })
		var args []driver.NamedValue
		return func(row []any) error {
			args = args[:0]
			for i, v := range row {
				args = append(args, driver.NamedValue{Ordinal: i + 1, Value: v})
			}
			_, err := stmt.(driver.StmtExecContext).ExecContext(context.Background(), args)
			return err
		}
	}
	begin, end := prepare("BEGIN IMMEDIATE"), prepare("COMMIT")
	inserts := make([]func([]any) error, len(bareTables))
	for i, t := range bareTables {
		names, _ := t.names()
		inserts[i] = prepare(t.insert("VALUES (?" + strings.Repeat(", ?", len(names)-1) + ")"))
	}
	return func(rows func(bareTable) [][]any) error {
		if err := begin(nil); err != nil {
			return err
		}
		for i, t := range bareTables {
			for _, row := range rows(t) {
				if err := inserts[i](row); err != nil {
					return fmt.Errorf("%s: %w", t.name, err)
				}
			}
		}
		return end(nil)
	}
}

// barePostgres sends the inserts, an array a column, with BEGIN and COMMIT in
// one round trip.
func barePostgres(b *testing.B) func(func(bareTable) [][]any) error {
	dsn := database(b)
	must(b, postgres.Migrate(b.Context(), dsn))
	conn, err := pgx.Connect(b.Context(), dsn)
	must(b, err)
	b.Cleanup(func() { must(b, conn.Close(context.Background())) })
	texts := make([]string, len(bareTables))
	for i, t := range bareTables {
		names, isText := t.names()
		arrays := make([]string, len(names))
		for k := range names {
			arrays[k] = fmt.Sprintf("$%d::bigint[]", k+1)
			if isText[k] {
				arrays[k] = fmt.Sprintf("$%d::text[]", k+1)
			}
		}
		texts[i] = t.insert("SELECT " + strings.Join(names, ", ") + " FROM unnest(" + strings.Join(arrays, ", ") + ") AS v(" + strings.Join(names, ", ") + ")")
	}
	return func(rows func(bareTable) [][]any) error {
		batch := &pgx.Batch{}
		batch.Queue("BEGIN")
		for i, t := range bareTables {
			batch.Queue(texts[i], byColumn(rows(t))...)
		}
		batch.Queue("COMMIT")
		return conn.SendBatch(context.Background(), batch).Close()
	}
}

// byColumn turns rows into one array a column.
func byColumn(rows [][]any) []any {
	out := make([]any, len(rows[0]))
	for k, v := range rows[0] {
		if _, ok := v.(string); ok {
			list := make([]string, len(rows))
			for i, r := range rows {
				list[i] = r[k].(string)
			}
			out[k] = list
			continue
		}
		list := make([]int64, len(rows))
		for i, r := range rows {
			list[i] = r[k].(int64)
		}
		out[k] = list
	}
	return out
}
