package verify

import (
	"context"
	"database/sql"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"quan/internal/domain/coupon"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

const allParts = "SELECT noun || ' ' || part || ' ' || key FROM name_parts"

// named writes rows whose names have more than letters of ASCII, and calls one anew.
func named(t *testing.T, s store.Store) {
	t.Helper()
	one, two := testkit.Store("s1", "m1"), testkit.Store("ＳＴ-2", "m1")
	one.Name, two.Name = "南京路 NANJING Ä%_'", "Ünï 𠮷野家 a very long name of a shop that has more characters than a part"
	t1 := testkit.Template(1 << 40)
	t1.Code, t1.CustomerName = "SPRING", coupon.Names{"zh-CN": "新春礼券\"x\"", "en": "Spring Gift"}
	key := testkit.Key(1 << 41)
	key.SecretHash = "hash"
	for _, write := range []func(store.Tx) error{
		func(tx store.Tx) error { return tx.Stores().Insert([]store.Place{one, two}) },
		func(tx store.Tx) error { return tx.Templates().Insert([]store.Template{t1}) },
		func(tx store.Tx) error { return tx.Keys().Insert([]store.Key{key}) },
		func(tx store.Tx) error {
			one.Name, one.Rev = "南京東路", 2
			return tx.Stores().Update([]store.Place{one})
		},
	} {
		if err := s.Update(t.Context(), store.Admin, write); err != nil {
			t.Fatal(err)
		}
	}
}

// What the migration makes of the names that there are is what writing them makes: what
// was there before is found, and nothing that is not called so any more.
func TestMigrationFindsNames(t *testing.T) {
	same := func(t *testing.T, read func() []string, run func(string)) {
		t.Helper()
		written := read()
		run("DROP TABLE name_parts")
		engine := "sqlite"
		if t.Name() == "TestMigrationFindsNames/postgres" {
			engine = "postgres"
		}
		for _, text := range migration(t, engine, "0024_search") {
			run(text)
		}
		migrated := read()
		slices.Sort(written)
		slices.Sort(migrated)
		if len(written) < 100 {
			t.Errorf("only %d parts", len(written))
		}
		if diff := cmp.Diff(written, migrated); diff != "" {
			t.Errorf("(-written +migrated):\n%s", diff)
		}
	}
	t.Run("sqlite", func(t *testing.T) {
		path := sqlitetest.File(t)
		s := sqlitetest.OpenAt(t, path, sqlite.Options{SkipMigrate: true, Volatile: true})
		named(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		same(t, func() (parts []string) {
			rows, err := db.Query(allParts)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			for rows.Next() {
				var part string
				if err := rows.Scan(&part); err != nil {
					t.Fatal(err)
				}
				parts = append(parts, part)
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			return parts
		}, func(text string) {
			if _, err := db.Exec(text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		})
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := pgtest.DSN(t)
		s, err := postgres.Open(t.Context(), dsn, postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		named(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		c, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(context.Background())
		same(t, func() []string {
			rows, err := c.Query(t.Context(), allParts)
			if err != nil {
				t.Fatal(err)
			}
			parts, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil {
				t.Fatal(err)
			}
			return parts
		}, func(text string) {
			if _, err := c.Exec(t.Context(), text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		})
	})
}
