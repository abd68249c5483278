package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// Options of Open. The zero value serves: it migrates, and takes the lock.
type Options struct {
	ReadOnly    bool // no lock, no writer, no migration: for verify and doctor beside a server
	SkipMigrate bool // fail when the schema is behind instead of bringing it forward
	Readers     int  // connections for Views; 0 means 4
	CacheMB     int  // page cache of the writer, megabytes; 0 means 64
	// Volatile leaves out fsync: a power cut may lose or break the file. For tests
	// and throw-away data.
	Volatile bool
	MostWait time.Duration // who would wait longer for the writer is refused; 0 means queue.MostWait
}

const (
	viewLimit   = 2 * time.Second
	leastSQLite = 3_053_004
)

// errClosed says that the engine was closed. It is a bug of the caller's order of stopping.
var errClosed = errors.New("sqlite: engine is closed")

// Engine is the store over one file. It is safe for concurrent use.
type Engine struct {
	path    string
	options Options
	version string
	lock    *fileLock
	read    connector
	views   *sql.DB
	writer  *writer
	keeper  *checkpointer

	viewLimit time.Duration

	loading sync.WaitGroup // of requests for the writer's memory
	quit    chan struct{}  // closed to end it

	closing sync.Once
	closed  error
}

var _ store.Store = (*Engine)(nil)

// Open opens the database at path, making the file when it is absent (not with
// ReadOnly). A file that another process writes is ErrHeld; a schema newer than
// this program is store.ErrSchema.
func Open(ctx context.Context, path string, options Options) (*Engine, error) {
	e := &Engine{path: path, options: options, viewLimit: viewLimit, quit: make(chan struct{})}
	if err := e.open(ctx); err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", path, errors.Join(err, e.release()))
	}
	return e, nil
}

func (e *Engine) open(ctx context.Context) (err error) {
	if e.path == "" || e.path == ":memory:" {
		return errors.New("a store needs a file")
	}
	if e.options.ReadOnly {
		if _, err := os.Stat(e.path); err != nil {
			return err
		}
	} else if e.lock, err = lockFile(e.path + ".lock"); err != nil {
		return err
	}
	e.read = connector{dsn: readerDSN(e.path)}
	if !e.options.ReadOnly {
		if err := e.openWriter(ctx); err != nil {
			return err
		}
	}
	if e.version, err = checkVersion(ctx, e.read); err != nil {
		return err
	}
	if err := e.checkSchema(); err != nil {
		return err
	}
	readers := e.options.Readers
	if readers == 0 {
		readers = 4
	}
	e.views = sql.OpenDB(e.read)
	e.views.SetMaxOpenConns(readers)
	e.views.SetMaxIdleConns(readers)
	if e.writer != nil {
		go e.writer.loop()
		e.keeper = keep(e)
	}
	return nil
}

// openWriter makes the file and its schema, then the writer's connection.
func (e *Engine) openWriter(ctx context.Context) error {
	// The file is its owner's alone; the log and the shared memory follow its mode.
	f, err := os.OpenFile(e.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := registerLogVFS(); err != nil {
		return err
	}
	s, err := connector{dsn: writerDSN(e.path, e.options)}.open()
	if err != nil {
		return err
	}
	e.writer = newWriter(s, e.options.MostWait, e.load)
	if e.options.SkipMigrate {
		return nil
	}
	_, err = e.Migrate(ctx)
	return err
}

// Update runs fn in a transaction of the store's one writer, in order of
// urgency and arrival. Its errors are fn's own, store_read_only, storage_full, overloaded
// (nothing was done) and outcome_unknown (ctx ended while fn ran). A unique key
// that held is store.ErrTwin at once: with one writer, a second run would meet the
// same row. A panic of fn is a *Panic in the caller; a Goexit ends the caller.
func (e *Engine) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	return e.update(ctx, class, func(x *executor) error { return transact(x, false, fn) })
}

func (e *Engine) update(ctx context.Context, class store.Class, fn func(*executor) error) error {
	if nested() {
		return store.ErrNested
	}
	if e.writer == nil {
		return fault.New(fault.ReadOnlyStore)
	}
	j := newJob(ctx, class, fn)
	if err := e.writer.submit(j); err != nil {
		return err
	}
	return j.wait()
}

// View runs fn on one snapshot, for at most two seconds.
func (e *Engine) View(ctx context.Context, fn func(store.Tx) error) error {
	return e.view(ctx, func(x *executor) error { return transact(x, true, fn) })
}

// Snapshot runs fn on one snapshot on a connection of its own, as long as ctx allows.
func (e *Engine) Snapshot(ctx context.Context, fn func(store.Tx) error) error {
	return e.snapshot(ctx, func(x *executor) error { return transact(x, true, fn) })
}

// transact runs fn over the executor. A refusal of the repositories that fn
// swallowed, such as a stale revision, is its result all the same.
func transact(x *executor, readOnly bool, fn func(store.Tx) error) error {
	tx := sqlrepo.New(x, readOnly)
	if x.memory != nil {
		tx = sqlrepo.NewRemembering(x, x.memory)
	}
	err := fn(tx)
	if refused, ok := tx.(interface{ Failed() error }); ok && err == nil {
		err = refused.Failed()
	}
	return err
}

// Overlaps reports whether the log is synced beside the writer: the next batch of a
// lane then runs meanwhile.
func (e *Engine) Overlaps() bool { return e.writer != nil && canDefer }

// Ready returns nil while the store takes writes. After a full disk it tries one.
func (e *Engine) Ready(ctx context.Context) error {
	if e.writer == nil {
		return fault.New(fault.ReadOnlyStore)
	}
	if e.writer.over() {
		return errClosed
	}
	if e.writer.latched.Load() {
		return fault.New(fault.ReadOnlyStore)
	}
	if !e.writer.full.Load() {
		return nil
	}
	return e.update(ctx, store.Control, func(*executor) error { return nil })
}

// Clock returns the machine's clock: the engine is in this process.
func (e *Engine) Clock(context.Context) (calendar.Instant, error) {
	return calendar.Of(time.Now()), nil
}

// Audit compares what the writer remembers with the rows; the error names the first
// difference. Tests ask it when they end.
func (e *Engine) Audit(ctx context.Context) error {
	return e.update(ctx, store.Control, func(x *executor) error { return x.memory.Audit(x) })
}

// Engine returns "sqlite" and the version of the library.
func (e *Engine) Engine() string { return "sqlite " + e.version }

// Close refuses new writes, finishes the accepted ones, writes the log back into
// the file and frees the lock.
func (e *Engine) Close() error {
	e.closing.Do(func() { e.closed = e.release() })
	return e.closed
}

func (e *Engine) release() error {
	var errs []error
	close(e.quit)
	if e.keeper != nil {
		e.keeper.stop()
	}
	if e.views != nil {
		errs = append(errs, e.views.Close())
	}
	if e.writer != nil {
		errs = append(errs, e.writer.close(e.keeper != nil))
	}
	e.loading.Wait() // the writer starts none any more
	if e.lock != nil {
		errs = append(errs, e.lock.free())
	}
	return errors.Join(errs...)
}
