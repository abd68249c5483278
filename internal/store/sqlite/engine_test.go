package sqlite

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

var (
	makeRows  = sqlrepo.Both(`CREATE TABLE rows (id INTEGER PRIMARY KEY, name TEXT NOT NULL, filler BLOB NOT NULL DEFAULT x'')`)
	insertRow = sqlrepo.Both(`INSERT INTO rows (id, name) VALUES ($1, $2)`)
	insertBig = sqlrepo.Both(`INSERT INTO rows (id, name, filler) VALUES ($1, 'big', zeroblob($2))`)
	countRows = sqlrepo.Both(`SELECT count(*) FROM rows`)
	namesOf   = sqlrepo.Both(`SELECT id, name FROM rows WHERE id IN (SELECT value FROM json_each($1)) ORDER BY id`)
)

// fresh opens an engine over a new file with the table rows.
func fresh(t testing.TB, options Options) *Engine {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "") //nolint:usetesting // a benchmark's rounds share its TempDir
	must(t, err)
	e := reopen(t, filepath.Join(dir, "quan.db"), options)
	if _, bench := t.(*testing.B); !bench {
		// A batch is what queued, and nobody waits too long, however slow the machine.
		e.writer.limit, e.writer.instant = time.Minute, func() time.Time { return time.Unix(0, 0) }
	}
	must(t, e.update(t.Context(), store.Use, func(x *executor) error {
		_, err := x.Exec(makeRows, nil)
		return err
	}))
	return e
}

func reopen(t testing.TB, path string, options Options) *Engine {
	t.Helper()
	e, err := Open(context.Background(), path, options)
	must(t, err)
	t.Cleanup(func() { must(t, e.Close()) })
	return e
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func insert(x *executor, i int64) error {
	_, err := x.Exec(insertRow, []any{i, "name"})
	return err
}

func put(t testing.TB, e *Engine, i int64) error {
	return e.update(t.Context(), store.Use, func(x *executor) error { return insert(x, i) })
}

// count returns how many rows a View sees.
func count(t testing.TB, e *Engine) (n int) {
	t.Helper()
	must(t, e.view(t.Context(), func(x *executor) error {
		return x.Query(countRows, nil, func(s sqlrepo.Scanner) error { return s.Scan(&n) })
	}))
	return n
}

func has(t testing.TB, e *Engine, i int64) (found bool) {
	t.Helper()
	must(t, e.view(t.Context(), func(x *executor) error {
		return x.Query(namesOf, []any{[]int64{i}}, func(s sqlrepo.Scanner) error { found = true; return nil })
	}))
	return found
}

// together holds the writer until every given closure has queued, so that they
// are one batch, and returns their errors in order.
func together(t testing.TB, e *Engine, calls ...func() error) []error {
	t.Helper()
	release, held := make(chan struct{}), make(chan struct{})
	var holding sync.WaitGroup
	holding.Go(func() {
		_ = e.update(context.Background(), store.Use, func(*executor) error {
			close(held)
			<-release
			return nil
		})
	})
	<-held
	errs := make([]error, len(calls))
	var running sync.WaitGroup
	for i, call := range calls {
		running.Go(func() { errs[i] = call() })
		for e.Stats().Queue <= i {
			runtime.Gosched()
		}
	}
	close(release)
	holding.Wait()
	running.Wait()
	return errs
}

func TestWritesAndReads(t *testing.T) {
	e := fresh(t, Options{})
	must(t, e.update(t.Context(), store.Use, func(x *executor) error {
		n, err := x.Bulk(&sqlrepo.Bulk{Lite: insertRow.Lite}, 3, func(i int) []any { return []any{id.ID(i + 1), "n"} })
		if n != 3 {
			t.Errorf("%d rows written, want 3", n)
		}
		return err
	}))
	if n := count(t, e); n != 3 {
		t.Fatalf("%d rows, want 3", n)
	}
	if err := put(t, e, 1); !errors.Is(err, store.ErrTwin) {
		t.Fatalf("a second row 1: %v, want ErrTwin", err)
	}
}

func TestValues(t *testing.T) {
	e := fresh(t, Options{})
	type kind string
	type number int32
	texts := []string{"", `a"b\c`, "\x00\x1f\n", "券", "a,b"}
	err := e.view(t.Context(), func(x *executor) error {
		list := sqlrepo.Both(`SELECT value FROM json_each($1) ORDER BY key`)
		var got []string
		if err := x.Query(list, []any{texts}, func(s sqlrepo.Scanner) error {
			var v string
			err := s.Scan(&v)
			got = append(got, v)
			return err
		}); err != nil {
			return err
		}
		if strings.Join(got, "|") != strings.Join(texts, "|") {
			t.Errorf("texts came back as %q, want %q", got, texts)
		}
		var sum, want int64 = 0, 6
		if err := x.Query(sqlrepo.Both(`SELECT sum(value) FROM json_each($1)`), []any{[]id.ID{1, 2, 3}},
			func(s sqlrepo.Scanner) error { return s.Scan(&sum) }); err != nil {
			return err
		}
		if sum != want {
			t.Errorf("ids sum to %d, want %d", sum, want)
		}
		var (
			k kind
			n number
			b bool
			d calendar.Date
			i calendar.Instant
		)
		args := []any{kind("k"), number(7), true, calendar.Date(20260102), calendar.Instant(5)}
		if err := x.Query(sqlrepo.Both(`SELECT $1, $2, $3, $4, $5 WHERE $2 = 7`), args,
			func(s sqlrepo.Scanner) error { return s.Scan(&k, &n, &b, &d, &i) }); err != nil {
			return err
		}
		if k != "k" || n != 7 || !b || d != 20260102 || i != 5 {
			t.Errorf("got %v %v %v %v %v", k, n, b, d, i)
		}
		return nil
	})
	must(t, err)
	for name, a := range map[string]any{"nil": nil, "float": 1.5, "struct": struct{}{}} {
		err := e.view(t.Context(), func(x *executor) error {
			return x.Query(sqlrepo.Both(`SELECT $1`), []any{a}, func(sqlrepo.Scanner) error { return nil })
		})
		if err == nil {
			t.Errorf("%s went in as an argument", name)
		}
	}
}

func TestDurableAcrossReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quan.db")
	e, err := Open(t.Context(), path, Options{})
	must(t, err)
	must(t, e.update(t.Context(), store.Use, func(x *executor) error {
		_, err := x.Exec(makeRows, nil)
		return err
	}))
	must(t, put(t, e, 1))
	must(t, e.Close())
	if err := put(t, e, 2); !errors.Is(err, errClosed) {
		t.Fatalf("a write after Close: %v", err)
	}
	if n := count(t, reopen(t, path, Options{})); n != 1 {
		t.Fatalf("%d rows after reopening, want 1", n)
	}
}

func TestCloseFinishesWhatWasAccepted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quan.db")
	e, err := Open(t.Context(), path, Options{})
	must(t, err)
	must(t, e.update(t.Context(), store.Use, func(x *executor) error {
		_, err := x.Exec(makeRows, nil)
		return err
	}))
	release, held := make(chan struct{}), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() {
		_ = e.update(context.Background(), store.Use, func(*executor) error { close(held); <-release; return nil })
	})
	<-held
	running.Go(func() {
		if err := put(t, e, 1); err != nil {
			t.Errorf("accepted before Close: %v", err)
		}
	})
	for e.Stats().Queue == 0 {
		runtime.Gosched()
	}
	running.Go(func() { must(t, e.Close()) })
	close(release)
	running.Wait()
	if n := count(t, reopen(t, path, Options{})); n != 1 {
		t.Fatalf("%d rows, want 1", n)
	}
}

func TestSecondWriterIsRefused(t *testing.T) {
	e := fresh(t, Options{})
	_, err := Open(t.Context(), e.path, Options{})
	if !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "process ") {
		t.Fatalf("a second writer: %v, want ErrHeld and who holds it", err)
	}
	// Another process is refused too.
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "QUAN_TEST_OPEN="+e.path)
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "process ") {
		t.Fatalf("another process: %v\n%s", err, out)
	}
	must(t, put(t, e, 1))
	r := reopen(t, e.path, Options{ReadOnly: true})
	if n := count(t, r); n != 1 {
		t.Fatalf("%d rows read beside the writer, want 1", n)
	}
	if err := put(t, r, 2); !fault.Has(err, fault.ReadOnlyStore) {
		t.Fatalf("a write to a read-only store: %v", err)
	}
	if err := r.Ready(t.Context()); !fault.Has(err, fault.ReadOnlyStore) {
		t.Fatalf("a read-only store is ready: %v", err)
	}
}

// TestMain is also the other process of TestSecondWriterIsRefused.
func TestMain(m *testing.M) {
	path := os.Getenv("QUAN_TEST_OPEN")
	if path == "" {
		os.Exit(m.Run())
	}
	if _, err := Open(context.Background(), path, Options{}); errors.Is(err, ErrHeld) {
		_, _ = os.Stdout.WriteString(err.Error() + "\n")
		os.Exit(0)
	}
	os.Exit(1)
}

func TestNewerSchemaIsRefused(t *testing.T) {
	e := fresh(t, Options{})
	must(t, e.update(t.Context(), store.Use, func(x *executor) error {
		_, err := x.Exec(sqlrepo.Both(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`), nil)
		return err
	}))
	must(t, e.Close())
	for _, o := range []Options{{}, {SkipMigrate: true}, {ReadOnly: true}} {
		if _, err := Open(t.Context(), e.path, o); !errors.Is(err, store.ErrSchema) {
			t.Errorf("%+v: %v, want ErrSchema", o, err)
		}
	}
}

func TestMemoryIsNoStore(t *testing.T) {
	for _, path := range []string{"", ":memory:"} {
		if e, err := Open(t.Context(), path, Options{}); err == nil {
			t.Errorf("%q was opened", path)
			must(t, e.Close())
		}
	}
}

func TestOddPaths(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, name := range []string{"a b.db", "q?x=1.db", "h#1%20.db", "券.db"} {
		for _, path := range []string{name, filepath.Join(dir, "abs "+name)} {
			e := reopen(t, path, Options{Volatile: true})
			must(t, e.Close())
			if _, err := os.Stat(path); err != nil {
				t.Errorf("%q: %v", path, err)
			}
		}
	}
}

func TestOldSchemaIsRefusedUnmigrated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "quan.db")
	if _, err := Open(t.Context(), path, Options{SkipMigrate: true}); err == nil {
		t.Fatal("an empty file was opened without migration")
	}
	e := reopen(t, path, Options{})
	again, err := e.Migrate(t.Context())
	if err != nil || len(again) != 0 {
		t.Fatalf("a second migration ran %v, %v", again, err)
	}
	if !strings.HasPrefix(e.Engine(), "sqlite 3.") {
		t.Fatalf("engine %q", e.Engine())
	}
}
