package postgres_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
)

const (
	dueRows  = 60_000 // of each table
	duePiece = 256    // of a run of a periodic job
)

// dueWork is what the periodic jobs look for: a table where all rows are due, how
// often a row of a piece is read (a second time to be deleted), and how it is found.
var dueWork = []struct {
	name, table, columns, values string
	reads                        int64
	run                          func(store.Tx) error
}{
	{"coupons that end", "coupons",
		"id, slot, week, member, template, version, state, used, uses, next_use, issued_at, issued_day, valid_from, valid_to, origin, placement, form, channel, city," +
			" newcomer, liability, lock_id, facts, ended_day, rev",
		"i, i % 16384, 1, i % 5000, 7, 1, 1, 0, 1, 1, 1, 20260301, 1, 1000, 0, 0, 'claim', '', '', 0, 0, 0, '', 0, 1", 2,
		func(tx store.Tx) error {
			due, err := tx.Coupons().Due(5000, store.End{}, duePiece)
			if err := whole(len(due), err); err != nil {
				return err
			}
			last := due[duePiece-1]
			due, err = tx.Coupons().Due(5000, store.End{ValidTo: last.ValidTo, ID: dueRows / 2}, duePiece)
			return whole(len(due), err)
		}},
	{"locks that end", "locks",
		"id, slot, source, ref, member, coupons, state, created_at, expires_at, resolved_at, cart_hash, list_minor, discount_minor, payable_minor, priced, rev",
		"i, i % 16384, 'pos', i, 7, '', 1, 1, i % 500, 0, '', 0, 0, 0, '', 1", 1,
		func(tx store.Tx) error { due, err := tx.Locks().Due(5000, duePiece); return whole(len(due), err) }},
	{"packets that end", "packets",
		"id, slot, plan, plan_rev, member, source, ref, shares, total_minor, amounts, seed, day, created_at, expires_at, closed_at, returned_minor, rev",
		"i, i % 16384, 7, 1, 7, 'app', i, 1, 100, '100', '', 20260301, 1, i % 500, 0, 0, 1", 1,
		func(tx store.Tx) error { due, err := tx.Packets().Due(5000, duePiece); return whole(len(due), err) }},
	{"jobs that wait", "jobs",
		"id, kind, key, state, done, total, resume, message, created_at, updated_at, rev, run_at",
		"i, 'grant', i, 'available', 0, 0, '', '', 1, 1, 1, i % 500", 1,
		func(tx store.Tx) error {
			due, err := tx.Jobs().Due(store.JobQuery{Kinds: []string{"grant", "erase"}, Now: 5000, Limit: duePiece})
			return whole(len(due), err)
		}},
	{"jobs whose worker is lost", "jobs",
		"id, kind, key, state, done, total, resume, message, created_at, updated_at, rev, until_at",
		"i, 'grant', i, 'running', 0, 0, '', '', 1, 1, 1, i % 500", 1,
		func(tx store.Tx) error { due, err := tx.Jobs().Lapsed(5000, duePiece); return whole(len(due), err) }},
	{"jobs that are over", "jobs",
		"id, kind, key, state, done, total, resume, message, created_at, updated_at, rev, ended_at",
		"i, 'grant', i, 'completed', 0, 0, '', '', 1, 1, 1, i % 500", 2,
		func(tx store.Tx) error { return wholly(tx.Jobs().Forget("grant", 5000, duePiece)) }},
	{"changes to deliver", "changes",
		"aggregate, seq, slot, kind, type, at, actor, facts, delivered",
		"i, 1, i % 16384, 'coupon', 'coupon.claimed.v1', 1, '', '{}', 0", 1,
		func(tx store.Tx) error { due, err := tx.Changes().Undelivered(duePiece); return whole(len(due), err) }},
	{"deltas to fold", "rollup_deltas",
		"day, template, placement, market, form, channel, city, id, slot, issued, redeemed, coupons_used, returned, expired, withdrawn, orders, list_minor, discount_minor," +
			" paid_minor, refunded_minor, returned_minor",
		"20260301, i % 100, 0, 'CN', 'claim', '', '', i, i % 16384, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0", 2,
		func(tx store.Tx) error { return wholly(tx.Metrics().Fold(duePiece)) }},
	{"codes of visits that end", "visit_codes", "hash, slot, code, tries, created_at, expires_at", "i, i % 16384, '', 0, 1, i % 500", 2,
		func(tx store.Tx) error { return wholly(tx.Visits().EndOld(5000, duePiece)) }},
	{"visits that end", "visits", "hash, slot, member, created_at, ends_at", "i, i % 16384, 7, 1, i % 500", 2,
		func(tx store.Tx) error { return wholly(tx.Visits().EndOld(5000, duePiece)) }},
	{"sessions nobody uses", "sessions", "hash, id, person, created_at, seen_at, agent, address", "i, i, 7, 9000, i % 500, '', ''", 2,
		func(tx store.Tx) error { return wholly(tx.Sessions().EndOld(5000, 5000, duePiece)) }},
	{"old sessions", "sessions", "hash, id, person, created_at, seen_at, agent, address", "i, i, 7, i % 500, 9000, '', ''", 2,
		func(tx store.Tx) error { return wholly(tx.Sessions().EndOld(5000, 5000, duePiece)) }},
	{"old refusals", "member_refusals", "member, template, code, slot, id, coupon, channel, facts, total, first_at, last_at",
		"i, 7, 'x', i % 16384, i, 0, '', '', 1, 1, i % 500", 2,
		func(tx store.Tx) error { return wholly(tx.Refused().Purge(5000, duePiece)) }},
	{"old replies", "replies", "day, key_hash, slot, scope, key, body, answer", "20260301 + i % 20, i, i % 16384, '', '', '', ''", 2,
		func(tx store.Tx) error { return wholly(tx.Replies().Purge(20260401, duePiece)) }},
}

// Due work lies in the order of an index: a piece of it costs a duePiece, whatever is
// behind it, also right after a bulk load, when no statistics tell the planner how
// much that is (the tests' server gathers none).
func TestPiecesOfDueWorkReadNoMore(t *testing.T) {
	const runs = 8 // a plan for the values of each of the first five, then one that is kept
	for _, w := range dueWork {
		t.Run(w.name, func(t *testing.T) {
			e := pgtest.Open(t)
			conn, err := pgx.Connect(t.Context(), pgtest.DSN(t))
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(t.Context())
			fill := fmt.Sprintf("INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %d) AS g(i)", w.table, w.columns, w.values, dueRows)
			if _, err := conn.Exec(t.Context(), fill); err != nil {
				t.Fatal(err)
			}
			for range runs {
				if err := e.Update(t.Context(), store.Background, w.run); err != nil {
					t.Fatal(err)
				}
			}
			var read int64
			err = e.Flush(t.Context())
			if err == nil {
				err = conn.QueryRow(t.Context(), "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = $1", w.table).Scan(&read)
			}
			if err != nil {
				t.Fatal(err)
			}
			if needed := runs * w.reads * duePiece; read < needed || read > needed+duePiece {
				t.Errorf("%d runs that needed %d rows read %d", runs, needed, read)
			}
		})
	}
}

// whole refuses a piece that is not one.
func whole(n int, err error) error {
	if err == nil && n != duePiece {
		err = fmt.Errorf("a piece of %d, want %d", n, duePiece)
	}
	return err
}

func wholly(n int64, err error) error { return whole(int(n), err) }
