package postgres

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// executor runs the statements of one transaction. It is sticky: after one
// failure it refuses everything, because the server does too. It dies when its
// closure has returned, and refuses a second statement while one is being read.
type executor struct {
	ctx     context.Context
	conn    *pgx.Conn
	inUse   sync.Mutex
	over    bool // guarded by inUse
	failed  error
	misused atomic.Bool
	view    bool

	batch   pgconn.Batch // of statements that were put off
	put     []string     // their texts
	builder pgx.ExtendedQueryBuilder
}

var _ sqlrepo.Executor = (*executor)(nil)

// use takes the connection for one statement, and sends before it what was put off.
func (x *executor) use() error {
	if err := x.take(); err != nil {
		return err
	}
	if err := x.flush(); err != nil {
		x.inUse.Unlock()
		return err
	}
	return nil
}

// take is use without sending what was put off.
func (x *executor) take() error {
	if !x.inUse.TryLock() {
		x.misused.Store(true)
		return fmt.Errorf("%w: another statement is under way", store.ErrDead)
	}
	if x.over || x.failed != nil {
		defer x.inUse.Unlock()
		if x.failed != nil {
			return fmt.Errorf("%w: %v", store.ErrDead, x.failed) //nolint:errorlint // not its chain: this is no second twin
		}
		return store.ErrDead
	}
	return nil
}

// end kills the handle, waiting for a statement that a stray goroutine runs.
// It returns the first failure.
func (x *executor) end() error {
	x.inUse.Lock()
	defer x.inUse.Unlock()
	x.over = true
	if x.failed == nil && x.misused.Load() {
		x.failed = fmt.Errorf("%w: used by two goroutines or inside a row", store.ErrDead)
	}
	return x.failed
}

// note takes over a refusal that the repositories found without a statement of
// ours failing (a stale revision, a lock out of order), so that the transaction
// rolls back even when the closure hides it.
func (x *executor) note(tx store.Tx) {
	t, ok := tx.(interface{ Failed() error })
	if !ok || t.Failed() == nil {
		return
	}
	x.inUse.Lock()
	defer x.inUse.Unlock()
	if x.failed == nil {
		x.failed = t.Failed()
	}
}

// fail notes the first failure, worded and with the port's errors in its chain.
func (x *executor) fail(sql string, err error) error {
	switch k := classify(err); {
	case k == twin:
		err = fmt.Errorf("%w: %w", store.ErrTwin, err)
	case k == recovered && x.view:
		err = fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	}
	x.failed = fmt.Errorf("postgres: %s: %w", head(sql), err)
	return x.failed
}

// head is the beginning of a statement, for error texts.
func head(sql string) string {
	words := strings.Fields(sql)
	return strings.Join(words[:min(len(words), 6)], " ")
}

// Query runs a statement and hands over its rows one by one.
func (x *executor) Query(s *sqlrepo.Stmt, args []any, row func(sqlrepo.Scanner) error) error {
	if err := x.use(); err != nil {
		return err
	}
	defer x.inUse.Unlock()
	plainArgs, err := plainAll(args)
	if err != nil {
		return x.fail(s.Post, err)
	}
	rows, err := x.conn.Query(x.ctx, s.Post, plainArgs...)
	if err == nil {
		err = hand(rows, row)
	}
	if err != nil {
		return x.fail(s.Post, err)
	}
	return nil
}

// Singly leaves it to lists: each query would be a round trip.
func (x *executor) Singly(*sqlrepo.Stmt, int, func(int) []any, func(sqlrepo.Scanner) error) (bool, error) {
	return false, nil
}

// Queries sends the queries together and hands over their rows one by one.
func (x *executor) Queries(reads []sqlrepo.Read) error {
	if err := x.use(); err != nil {
		return err
	}
	defer x.inUse.Unlock()
	var batch pgx.Batch
	for _, r := range reads {
		args, err := plainAll(r.Args)
		if err != nil {
			return x.fail(r.Post, err)
		}
		batch.Queue(r.Post, args...)
	}
	results := x.conn.SendBatch(x.ctx, &batch)
	for _, r := range reads {
		rows, err := results.Query()
		if err == nil {
			err = hand(rows, r.Row)
		}
		if err != nil {
			err = x.fail(r.Post, err)
			_ = results.Close() // tells the same
			return err
		}
	}
	if err := results.Close(); err != nil {
		return x.fail(reads[len(reads)-1].Post, err)
	}
	return nil
}

// hand gives the rows of a query to row, and closes them.
func hand(rows pgx.Rows, row func(sqlrepo.Scanner) error) error {
	defer rows.Close()
	reader := scanner{rows: rows}
	for rows.Next() {
		if err := row(&reader); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Exec runs a statement that returns no rows.
func (x *executor) Exec(s *sqlrepo.Stmt, args []any) (affected int64, err error) {
	if err := x.use(); err != nil {
		return 0, err
	}
	defer x.inUse.Unlock()
	plainArgs, err := plainAll(args)
	if err != nil {
		return 0, x.fail(s.Post, err)
	}
	tag, err := x.conn.Exec(x.ctx, s.Post, plainArgs...)
	if err != nil {
		return 0, x.fail(s.Post, err)
	}
	return tag.RowsAffected(), nil
}

// Bulk runs the statement once: for a single row with its values, for several
// with one array per column.
func (x *executor) Bulk(b *sqlrepo.Bulk, rows int, row func(i int) []any) (affected int64, err error) {
	if err := x.use(); err != nil {
		return 0, err
	}
	defer x.inUse.Unlock()
	if rows == 0 {
		return 0, nil
	}
	text, args, err := spread(b, rows, row)
	if err != nil {
		return 0, x.fail(text, err)
	}
	tag, err := x.conn.Exec(x.ctx, text, args...)
	if err != nil {
		return 0, x.fail(text, err)
	}
	return tag.RowsAffected(), nil
}

// spread is the text and the arguments of a bulk.
func spread(b *sqlrepo.Bulk, rows int, row func(i int) []any) (text string, args []any, err error) {
	if rows == 1 && b.One != "" {
		args, err = plainAll(row(0))
		return b.One, args, err
	}
	if b.Even != "" {
		if args, even, err := evenly(b, rows, row); err != nil || even {
			return b.Even, args, err
		}
	}
	args, err = columns(b.Cols, rows, row)
	return b.Post, args, err
}
