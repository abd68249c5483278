package sqlrepo_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/store/sqlrepo"
)

// onBoth runs a test on a new database of each engine.
func onBoth(t *testing.T, run func(t *testing.T, s store.Store)) {
	t.Run("sqlite", func(t *testing.T) { run(t, sqlitetest.Open(t)) })
	t.Run("postgres", func(t *testing.T) { run(t, pgtest.Open(t)) })
}

func update(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(context.Background(), store.Admin, fn); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.View(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// Every text is one that its engine can plan over the schema.
func TestPostgresPreparesEveryText(t *testing.T) {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, pgtest.DSN(t))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	sqlrepo.Texts(func(name, _, post string) {
		if _, err := c.Prepare(ctx, name, post); err != nil {
			t.Errorf("%s: %v\n%s", name, err, post)
		}
	})
}

// What SQLite plans for hot reads: a scan of a table is a mistake in an index.
func TestSQLitePlansEveryText(t *testing.T) {
	db, err := sql.Open("sqlite", sqlitetest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	scans := map[string]bool{
		"coupons.states": true, "members.count": true, "redemptions.count": true, "metrics.read": true, "metrics.readWide": true, "settlements.sum": true, "refusals.read": true, "coupons.ofTemplate": true,
		"redemptions.list": true, "members.list": true, "audit.list": true, "jobs.list": true, "orders.list": true, "changes.undelivered": true,
		"rollup_deltas.take": true,
		"jobs.due":           true, "jobs.depths": true, "job_queues.list": true, // indexes of what waits or is open, and a table of a few rows
	}
	sqlrepo.Texts(func(name, lite, _ string) {
		args := make([]any, strings.Count(lite, "$")+1)
		for i := range args {
			args[i] = "[]"
		}
		rows, err := db.Query("EXPLAIN QUERY PLAN "+lite, args...)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, lite)
			return
		}
		defer rows.Close()
		loops := map[int]bool{} // nodes in which something is gone through, what follows there once for each of its rows
		for rows.Next() {
			var node, parent, unused int
			var detail string
			if err := rows.Scan(&node, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			table, isScan := strings.CutPrefix(detail, "SCAN ")
			if loops[parent] && isScan && checkOfAll(name) && name != "check.search-1.missing" && !strings.Contains(table, "VIRTUAL TABLE") { // the places in a text, and what lies in the row
				t.Errorf("%s: %s: once for each row of what is gone through before\n%s", name, detail, lite)
			}
			loops[parent] = loops[parent] || isScan || strings.HasPrefix(detail, "SEARCH ")
			if strings.HasSuffix(name, ".piece") && strings.Contains(" f k v u ", " "+table+" ") {
				continue // what a piece has gathered, published versions, and the audit once a conflict is found
			}
			if isScan && !scans[name] && !checkOfAll(name) && !strings.HasPrefix(table, "json_each") && !strings.HasPrefix(table, "CONSTANT") &&
				!strings.Contains(table, "VIRTUAL TABLE") && table != "t" && table != "m" && table != "side" && table != "cells" { // t: the templates, a small table; m: the members of a segment; side, cells: rows found already
				t.Errorf("%s: %s: an index should find its rows\n%s", name, detail, lite)
			}
		}
		if err := rows.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
}

// checkOfAll says whether a text is a check that goes through everything; one of a
// piece finds its rows like any other.
func checkOfAll(name string) bool {
	return strings.HasPrefix(name, "check.") && !strings.HasSuffix(name, ".piece") && name != "check.later" && name != "check.ofOrders"
}
