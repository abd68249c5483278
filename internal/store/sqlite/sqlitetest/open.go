package sqlitetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"quan/internal/store/sqlite"
	"quan/internal/store/sqlrepo"
)

// template returns the bytes of an empty database with the newest schema.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "quan-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	e, err := sqlite.Open(context.Background(), path, sqlite.Options{Volatile: true, MostWait: time.Hour})
	if err != nil {
		return nil, err
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Open returns a store in a directory of the test's own, closed at its end.
func Open(tb testing.TB) *sqlite.Engine {
	tb.Helper()
	return OpenAt(tb, File(tb), sqlite.Options{SkipMigrate: true, Volatile: true, MostWait: time.Hour})
}

// File makes an empty database with the newest schema and returns its path.
func File(tb testing.TB) string {
	tb.Helper()
	content, err := template()
	if err != nil {
		tb.Fatalf("sqlitetest: template: %v", err)
	}
	path := filepath.Join(tb.TempDir(), "quan.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		tb.Fatalf("sqlitetest: %v", err)
	}
	return path
}

// OpenAt opens a store over a file, closed at the test's end.
func OpenAt(tb testing.TB, path string, options sqlite.Options) *sqlite.Engine {
	tb.Helper()
	e, err := sqlite.Open(context.Background(), path, options)
	if err != nil {
		tb.Fatalf("sqlitetest: %v", err)
	}
	tb.Cleanup(func() {
		if err := e.Audit(context.Background()); errors.Is(err, sqlrepo.ErrMemory) {
			tb.Errorf("sqlitetest: %v", err)
		}
		if err := e.Close(); err != nil {
			tb.Errorf("sqlitetest: close: %v", err)
		}
	})
	return e
}
