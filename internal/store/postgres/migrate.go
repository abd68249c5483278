package postgres

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"quan/internal/store"
)

//go:embed migrations/*.sql
var files embed.FS

func migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}

// SchemaHash is the hash (hex) of all migrations.
func SchemaHash() string {
	h := sha256.New()
	err := fs.WalkDir(migrations(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations(), path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(text), text)
		return err
	})
	if err != nil {
		panic(err) // embedded files can be read
	}
	return hex.EncodeToString(h.Sum(nil))
}

// Migrate brings the schema to this program's version. It is forward only, and
// under a lock: processes that start together wait for the first. A newer schema
// is store.ErrSchema.
func Migrate(ctx context.Context, dsn string) error {
	config, err := settings(dsn)
	if err != nil {
		return err
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectPostgres, db, migrations(),
		goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	sources := provider.ListSources()
	newest := sources[len(sources)-1].Version
	if done, err := compare(ctx, config, newest); done || err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("postgres: migrate: %w", err)
	}
	_, err = compare(ctx, config, newest) // a newer program may have been first
	return err
}

// migrated returns nil when the schema is this program's; it changes nothing.
func migrated(ctx context.Context, dsn string) error {
	config, err := settings(dsn)
	if err != nil {
		return err
	}
	newest, err := newestMigration()
	if err != nil {
		return err
	}
	done, err := compare(ctx, config, newest)
	if err == nil && !done {
		err = fmt.Errorf("postgres: the schema is behind this program, which needs %d: migrate first", newest)
	}
	return err
}

func settings(dsn string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("postgres: settings: %w", err)
	}
	config.ConnectTimeout = connectLimit
	return config, nil
}

// newestMigration is the number that leads the name of the last file.
func newestMigration() (int64, error) {
	names, err := fs.Glob(migrations(), "*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("postgres: no migrations: %w", err)
	}
	number, _, _ := strings.Cut(slices.Max(names), "_")
	return strconv.ParseInt(number, 10, 64)
}

// compare reports whether the schema is at our version already.
func compare(ctx context.Context, config *pgx.ConnConfig, newest int64) (done bool, err error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return false, fmt.Errorf("postgres: connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var version int64
	err = conn.QueryRow(ctx, "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version)
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused) && refused.Code == "42P01": // no such table: an empty database
		return false, nil
	case err != nil:
		return false, fmt.Errorf("postgres: schema version: %w", err)
	case version > newest:
		return false, fmt.Errorf("%w: it is at %d, we know %d", store.ErrSchema, version, newest)
	}
	return version == newest, nil
}
