package verify

import (
	"context"
	"database/sql"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite"
	"quan/internal/store/sqlite/sqlitetest"
)

// refill is a migration that made tables and filled them from the rows that there were.
type refill struct {
	migration string
	undo      []string // what makes the schema that of before
	fill      func(*testing.T, store.Store)
	read      string // selects what it fills, a text a row
	least     int    // rows that are read
	anew      bool   // store.Names.Rewrite writes the same
}

// database is one with rows: opened as a store, or asked by itself.
type database struct {
	open func() store.Store
	run  func(text string)
	read func(query string) []string
}

// test demands that what the migration makes of rows from before is what writing them
// makes; look sees the store behind it.
func (r refill) test(t *testing.T, look func(*testing.T, store.Store)) {
	onEach(t, func(t *testing.T, engine string, d database) {
		s := d.open()
		r.fill(t, s)
		shut(t, s)
		written := sorted(d.read(r.read))
		if len(written) < r.least {
			t.Errorf("only %d rows", len(written))
		}
		for _, text := range append(slices.Clone(r.undo), migration(t, engine, r.migration)...) {
			d.run(text)
		}
		if diff := cmp.Diff(written, sorted(d.read(r.read))); diff != "" {
			t.Errorf("(-written +migrated):\n%s", diff)
		}
		s = d.open()
		look(t, s)
		if r.anew {
			if err := s.Update(t.Context(), store.Background, func(tx store.Tx) error { _, err := tx.Names().Rewrite(); return err }); err != nil {
				t.Fatal(err)
			}
		}
		shut(t, s)
		if diff := cmp.Diff(written, sorted(d.read(r.read))); diff != "" {
			t.Errorf("(-written +written anew):\n%s", diff)
		}
	})
}

func sorted(rows []string) []string {
	slices.Sort(rows)
	return rows
}

func shut(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// onEach tests on both engines.
func onEach(t *testing.T, test func(t *testing.T, engine string, d database)) {
	t.Run("sqlite", func(t *testing.T) {
		path := sqlitetest.File(t)
		with := func(do func(*sql.DB)) {
			db, err := sql.Open("sqlite", "file:"+path)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			do(db)
		}
		test(t, "sqlite", database{
			open: func() store.Store {
				return sqlitetest.OpenAt(t, path, sqlite.Options{SkipMigrate: true, Volatile: true})
			},
			run: func(text string) {
				with(func(db *sql.DB) {
					if _, err := db.Exec(text); err != nil {
						t.Fatalf("%s: %v", text, err)
					}
				})
			},
			read: func(query string) (out []string) {
				with(func(db *sql.DB) {
					rows, err := db.Query(query)
					if err != nil {
						t.Fatalf("%s: %v", query, err)
					}
					defer rows.Close()
					for rows.Next() {
						var row string
						if err := rows.Scan(&row); err != nil {
							t.Fatal(err)
						}
						out = append(out, row)
					}
					if err := rows.Err(); err != nil {
						t.Fatal(err)
					}
				})
				return out
			},
		})
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := pgtest.DSN(t)
		c, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close(context.Background()) })
		test(t, "postgres", database{
			open: func() store.Store {
				s, err := postgres.Open(t.Context(), dsn, postgres.Options{})
				if err != nil {
					t.Fatal(err)
				}
				return s
			},
			run: func(text string) {
				if _, err := c.Exec(t.Context(), text); err != nil {
					t.Fatalf("%s: %v", text, err)
				}
			},
			read: func(query string) []string {
				rows, err := c.Query(t.Context(), query)
				if err != nil {
					t.Fatalf("%s: %v", query, err)
				}
				out, err := pgx.CollectRows(rows, pgx.RowTo[string])
				if err != nil {
					t.Fatal(err)
				}
				return out
			},
		})
	})
}
