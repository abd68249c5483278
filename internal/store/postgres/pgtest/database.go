package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/store/postgres"
)

var (
	once    sync.Once
	own     *Server // ours, when the environment names none; kept, so that its pipe stays open
	server  string  // DSN of the server's postgres database
	stencil string  // name of the template database
	broken  error

	mu     sync.Mutex
	byTest = map[string]string{} // DSN of each running test's database
)

// Open returns an engine on the test's own database. Called again in the same
// test it opens a second engine on the same database.
func Open(tb testing.TB) *postgres.Engine {
	tb.Helper()
	return OpenDSN(tb, DSN(tb))
}

// OpenDSN opens an engine for the length of a test.
func OpenDSN(tb testing.TB, dsn string) *postgres.Engine {
	tb.Helper()
	e, err := postgres.Open(context.Background(), dsn, postgres.Options{WriteConns: 8, ReadConns: 4, MostWait: time.Hour})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := e.Close(); err != nil {
			tb.Error(err)
		}
	})
	return e
}

// DSN returns the DSN of the test's own database with the schema in place,
// making it on the first call. Subtests share none with their parent.
func DSN(tb testing.TB) string {
	tb.Helper()
	mu.Lock()
	dsn, ok := byTest[tb.Name()]
	mu.Unlock()
	if ok {
		return dsn
	}
	dsn = database(tb, func() string { return stencil })
	mu.Lock()
	byTest[tb.Name()] = dsn
	mu.Unlock()
	tb.Cleanup(func() {
		mu.Lock()
		delete(byTest, tb.Name())
		mu.Unlock()
	})
	return dsn
}

// Own starts a durable server for one test, which may crash it; it ends with the
// test. Without PostgreSQL the test is skipped.
func Own(tb testing.TB) *Server {
	tb.Helper()
	s, err := StartDurable(context.Background())
	if errors.Is(err, ErrMissing) {
		tb.Skip(err)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Stop)
	return s
}

// Empty returns the DSN of a new database without a schema.
func Empty(tb testing.TB) string {
	tb.Helper()
	return database(tb, func() string { return "template0" })
}

// database copies a database, dropping the copy when the test ends.
func database(tb testing.TB, source func() string) string {
	tb.Helper()
	require(tb)
	name := "t_" + random()
	run(tb, "CREATE DATABASE "+name+" TEMPLATE "+source())
	tb.Cleanup(func() { run(tb, "DROP DATABASE "+name+" WITH (FORCE)") })
	return on(server, name)
}

// require starts the server and makes the template, once, and skips the test
// where there is no PostgreSQL. Own does so too; nothing else skips.
func require(tb testing.TB) {
	tb.Helper()
	once.Do(func() { broken = prepare() })
	if errors.Is(broken, ErrMissing) {
		tb.Skip(broken)
	}
	if broken != nil {
		tb.Fatal(broken)
	}
}

func prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if server = os.Getenv(EnvDSN); server == "" {
		var err error
		if own, err = Start(ctx); err != nil { // ends with this process
			return err
		}
		server = own.DSN
	}
	return template(ctx)
}

// template makes the template database of this schema, unless another test
// process has made it. It gets its name when it is complete.
func template(ctx context.Context) error {
	stencil = "quan_" + postgres.SchemaHash()[:16]
	admin, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	defer admin.Close(context.WithoutCancel(ctx))
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock(7126)"); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	var there bool
	if err := admin.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", stencil).Scan(&there); err != nil || there {
		return err
	}
	draft := "draft_" + random()
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+draft+" TEMPLATE template0"); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	if err := postgres.Migrate(ctx, on(server, draft)); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	if _, err := admin.Exec(ctx, "ALTER DATABASE "+draft+" RENAME TO "+stencil); err != nil {
		return fmt.Errorf("pgtest: %w", err)
	}
	return nil
}

// run runs one statement on the server's own database.
func run(tb testing.TB, sql string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, sql); err != nil {
		tb.Fatalf("%s: %v", sql, err)
	}
}

// Database returns a server's DSN with another database.
func Database(dsn, name string) string { return on(dsn, name) }

// on returns the DSN with another database.
func on(dsn, name string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		panic(EnvDSN + " must have the form postgres://user@host/database")
	}
	u.Path = "/" + name
	return u.String()
}

func random() string {
	b := make([]byte, 8)
	rand.Read(b)
	return hex.EncodeToString(b)
}
