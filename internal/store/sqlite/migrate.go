package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"

	"quan/internal/store"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrate brings the schema forward and returns the numbers of the migrations it
// ran. It never goes back, and refuses a newer schema with store.ErrSchema.
func (e *Engine) Migrate(ctx context.Context) ([]int64, error) {
	if e.options.ReadOnly {
		return nil, errReadOnly()
	}
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return nil, fmt.Errorf("sqlite: migrate: %w", err)
	}
	if _, _, err := e.schema(); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", writerDSN(e.path, e.options))
	if err != nil {
		return nil, fmt.Errorf("sqlite: migrate: %w", err)
	}
	defer db.Close()
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("sqlite: migrate: %w", err)
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return nil, fmt.Errorf("sqlite: migrate: %w", err)
	}
	numbers := make([]int64, len(done))
	for i, r := range done {
		numbers[i] = r.Source.Version
	}
	return numbers, nil
}

// checkSchema refuses a schema that is not this program's.
func (e *Engine) checkSchema() error {
	have, want, err := e.schema()
	if err != nil {
		return err
	}
	if have < want {
		return fmt.Errorf("schema is at %d, this program needs %d: migrate first", have, want)
	}
	return nil
}

// schema returns the number of the newest migration in the file and in the
// program; a newer file is store.ErrSchema.
func (e *Engine) schema() (have, want int64, err error) {
	if want, err = newest(); err != nil {
		return 0, 0, err
	}
	s, err := e.read.open()
	if err != nil {
		return 0, want, err
	}
	defer s.Close()
	tables, err := s.number("SELECT count(*) FROM sqlite_schema WHERE name = 'goose_db_version'")
	if err != nil || tables == 0 {
		return 0, want, err
	}
	have, err = s.number("SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied")
	if err == nil && have > want {
		err = fmt.Errorf("%w: %d, known up to %d", store.ErrSchema, have, want)
	}
	return have, want, err
}

// newest returns the number of the program's newest migration.
func newest() (n int64, err error) {
	names, err := fs.Glob(embedded, "migrations/*.sql")
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		number, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
		v, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("sqlite: migration %s has no number: %w", name, err)
		}
		n = max(n, v)
	}
	return n, nil
}

// checkVersion returns the library's version and refuses an old one, whose
// faults ours would be.
func checkVersion(ctx context.Context, c connector) (version string, err error) {
	s, err := c.open()
	if err != nil {
		return "", err
	}
	defer s.Close()
	err = s.query(ctx, "SELECT sqlite_version()", nil, func(row *scanner) error { return row.Scan(&version) })
	if err != nil {
		return "", err
	}
	n := 0
	for _, part := range strings.SplitN(version, ".", 3) {
		v, err := strconv.Atoi(part)
		if err != nil {
			return "", fmt.Errorf("version %q: %w", version, err)
		}
		n = n*1000 + v
	}
	if n < leastSQLite {
		return "", fmt.Errorf("SQLite %s is older than %d", version, leastSQLite)
	}
	return version, nil
}
