package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The beginnings of transactions. READ WRITE is not asked for: a standby would
// refuse it with another error, and where an operator (or a full disk's guard) has
// set default_transaction_read_only it would pass over it.
const (
	beginUpdate = "BEGIN ISOLATION LEVEL READ COMMITTED"
	beginView   = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
)

// begin takes a connection and begins a transaction on it. It waits for the
// connection under ctx, and tries other connections when the server has closed
// this one: until the deadline, or as often as retries says when that is zero.
func (e *Engine) begin(ctx context.Context, pool *pgxpool.Pool, sql string, deadline time.Time) (*pgxpool.Conn, error) {
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	for try := 0; ; try++ {
		conn, err := e.beginOnce(ctx, pool, sql)
		if err == nil {
			return conn, nil
		}
		if ctx.Err() != nil {
			return nil, outward(fmt.Errorf("postgres: not started: %w", ctx.Err()))
		}
		if deadline.IsZero() && try == retries || !classify(err).again() {
			return nil, outward(fmt.Errorf("postgres: begin: %w", err))
		}
		if err := pause(ctx, try); err != nil {
			return nil, outward(fmt.Errorf("postgres: not started: %w", err))
		}
	}
}

func (e *Engine) beginOnce(ctx context.Context, pool *pgxpool.Pool, sql string) (*pgxpool.Conn, error) {
	queue, cancel := context.WithTimeout(ctx, queueLimit)
	defer cancel()
	conn, err := pool.Acquire(queue)
	if err != nil {
		if ctx.Err() == nil && queue.Err() != nil {
			return nil, errors.Join(context.DeadlineExceeded, err) // no connection came free
		}
		return nil, err
	}
	if err := exec(e.ctx, conn.Conn(), sql, connectLimit); err != nil {
		conn.Conn().Close(e.ctx)
		conn.Release()
		if classify(err) == lost {
			pool.Reset() // the server has restarted: the others in the pool are dead too
		}
		return nil, err
	}
	return conn, nil
}

// exec runs a transaction's own statement with a deadline.
func exec(ctx context.Context, conn *pgx.Conn, sql string, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	_, err := conn.Exec(ctx, sql)
	return err
}

// rollback ends a transaction that shall leave nothing, or its connection.
func rollback(conn *pgx.Conn) {
	if conn.IsClosed() {
		return
	}
	// Not the engine's context: a closing engine must still roll back.
	if err := exec(context.Background(), conn, "ROLLBACK", rollbackLimit); err != nil {
		ctx, cancel := context.WithTimeout(context.Background(), rollbackLimit)
		defer cancel()
		conn.Close(ctx)
	}
}

// pause waits with jitter before another try: up to 10, 20, 40 … 320 ms.
func pause(ctx context.Context, try int) error {
	most := 10 * time.Millisecond << min(try, 5)
	timer := time.NewTimer(most/4 + rand.N(most*3/4))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
