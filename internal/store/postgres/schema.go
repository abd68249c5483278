package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// MakeSchema makes a schema for an installation that goes away again.
func MakeSchema(ctx context.Context, dsn, name string) error {
	return execute(ctx, dsn, "CREATE SCHEMA "+pgx.Identifier{name}.Sanitize())
}

// DropSchema removes a schema with everything in it.
func DropSchema(ctx context.Context, dsn, name string) error {
	return execute(ctx, dsn, "DROP SCHEMA "+pgx.Identifier{name}.Sanitize()+" CASCADE")
}

func execute(ctx context.Context, dsn, sql string) error {
	c, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("postgres: connect: %w", err)
	}
	defer c.Close(context.WithoutCancel(ctx))
	if _, err := c.Exec(ctx, sql); err != nil {
		return fmt.Errorf("postgres: %s: %w", sql, err)
	}
	return nil
}
