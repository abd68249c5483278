package server

import (
	"context"

	"quan/internal/store/postgres"
)

// MakeSchema makes a schema of a PostgreSQL for an installation that goes away again.
func MakeSchema(ctx context.Context, dsn, name string) error {
	return postgres.MakeSchema(ctx, dsn, name)
}

// DropSchema removes it with everything in it.
func DropSchema(ctx context.Context, dsn, name string) error {
	return postgres.DropSchema(ctx, dsn, name)
}
