package postgres_test

import (
	"strings"
	"testing"

	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/postgres"
	"quan/internal/store/postgres/pgtest"
)

// TestReadOnly: verify and doctor look, they don't migrate or write.
func TestReadOnly(t *testing.T) {
	empty := pgtest.Empty(t)
	for _, o := range []postgres.Options{{ReadOnly: true}, {SkipMigrate: true}} {
		if _, err := postgres.Open(t.Context(), empty, o); err == nil || !strings.Contains(err.Error(), "migrate") {
			t.Errorf("an empty database, %+v: %v", o, err)
		}
	}
	e, err := postgres.Open(t.Context(), pgtest.DSN(t), postgres.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	err = e.Update(t.Context(), store.Admin, func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"a": "b"}) })
	if !fault.Has(err, fault.ReadOnlyStore) {
		t.Errorf("a write to a read-only engine: %v", err)
	}
	if err := e.View(t.Context(), func(tx store.Tx) error { _, err := tx.Members().Count(); return err }); err != nil {
		t.Errorf("a read: %v", err)
	}
}
