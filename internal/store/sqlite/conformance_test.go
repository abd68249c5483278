package sqlite_test

import (
	"testing"

	"quan/internal/store"
	"quan/internal/store/sqlite/sqlitetest"
	"quan/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) (store.Store, func() store.Store) { return sqlitetest.Open(tb), nil })
}
