package verify

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/testkit"
)

// goods are items as they were before they stood on shelves.
func goods(t *testing.T, s store.Store) {
	t.Helper()
	apple, ham, gone, free := testkit.Item("apple"), testkit.Item("ham"), testkit.Item("gone"), testkit.Item("free")
	apple.Category = "新鲜/fruit/red"
	ham.Category, ham.Brand, ham.Merchant = "", "", "acme"
	gone.ArchivedAt, free.PriceMinor = testkit.Start, 0
	err := s.Update(t.Context(), store.Admin, func(tx store.Tx) error { return tx.Items().Insert([]store.Item{apple, ham, gone, free}) })
	if err != nil {
		t.Fatal(err)
	}
}

// stand sees that the migration puts every item where an insert does.
func stand(t *testing.T, s store.Store) {
	t.Helper()
	err := s.View(t.Context(), func(tx store.Tx) error {
		for shelf, want := range map[string]string{"*": "apple ham", "c:新鲜": "apple", "c:新鲜/fruit": "apple", "c:新鲜/fruit/red": "apple",
			"c:新": "", "c:": "", "b:orchard": "apple", "b:": "", "m:acme": "ham", "m:": ""} {
			rows, err := tx.Items().Shelf(store.ShelfQuery{Market: "main", Shelf: shelf, Limit: 10})
			if err != nil {
				return err
			}
			var skus []string
			for _, i := range rows {
				skus = append(skus, i.SKU)
			}
			if got := strings.Join(skus, " "); got != want {
				t.Errorf("shelf %s: %q, want %q", shelf, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// migration4 are the statements of migration 0004 after the table was dropped.
func migration4(t *testing.T, engine string) []string {
	t.Helper()
	text, err := os.ReadFile("../../internal/store/" + engine + "/migrations/0004_shelves.sql")
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{"DROP TABLE item_shelves"}, strings.Split(strings.TrimSuffix(strings.TrimSpace(string(text)), ";"), ";\n")...)
}

// Items from before migration 0004 stand on their shelves behind it.
func TestMigration4FillsShelves(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		path := sqlitetest.File(t)
		s, err := sqlite.Open(t.Context(), path, sqlite.Options{SkipMigrate: true, Volatile: true})
		if err != nil {
			t.Fatal(err)
		}
		goods(t, s)
		s.Close()
		db, err := sql.Open("sqlite", "file:"+path)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range migration4(t, "sqlite") {
			if _, err := db.Exec(text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
		db.Close()
		stand(t, sqlitetest.OpenAt(t, path, sqlite.Options{SkipMigrate: true, Volatile: true}))
	})
	t.Run("postgres", func(t *testing.T) {
		dsn := pgtest.DSN(t)
		s, err := postgres.Open(t.Context(), dsn, postgres.Options{})
		if err != nil {
			t.Fatal(err)
		}
		goods(t, s)
		s.Close()
		c, err := pgx.Connect(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(context.Background())
		for _, text := range migration4(t, "postgres") {
			if _, err := c.Exec(t.Context(), text); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
		}
		stand(t, pgtest.OpenDSN(t, dsn))
	})
}
