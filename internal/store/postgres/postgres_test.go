package postgres_test

import (
	"testing"

	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(tb testing.TB) (store.Store, func() store.Store) {
		return pgtest.Open(tb), func() store.Store { return pgtest.Open(tb) }
	})
}
