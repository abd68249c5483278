package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"quan/internal/store/sqlrepo"
)

// Later puts a bulk off until the next statement, or COMMIT.
func (x *executor) Later(b *sqlrepo.Bulk, rows int, row func(i int) []any) error {
	if err := x.take(); err != nil {
		return err
	}
	defer x.inUse.Unlock()
	if rows == 0 {
		return nil
	}
	text, args, err := spread(b, rows, row)
	if err != nil {
		return x.fail(text, err)
	}
	statement, err := x.conn.Prepare(x.ctx, text, text) // once a connection
	if err == nil {
		err = x.builder.Build(x.conn.TypeMap(), statement, args)
	}
	if err != nil {
		return x.fail(text, err)
	}
	x.batch.ExecStatement(statement, x.builder.ParamValues, x.builder.ParamFormats, x.builder.ResultFormats)
	x.put = append(x.put, text)
	return nil
}

// flush sends what was put off and waits for it.
func (x *executor) flush() error {
	if len(x.put) == 0 {
		return nil
	}
	_, done, err := x.send(x.ctx)
	if err != nil {
		return x.fail(x.put[min(done, len(x.put)-1)], err)
	}
	x.put, x.batch = x.put[:0], pgconn.Batch{}
	return nil
}

// send sends the batch and returns the tag of its last statement and how many of
// its statements were done. The server stops at the first that fails.
func (x *executor) send(ctx context.Context) (last pgconn.CommandTag, done int, err error) {
	results := x.conn.PgConn().ExecBatch(ctx, &x.batch)
	for results.NextResult() {
		tag, err := results.ResultReader().Close()
		if err != nil {
			break // Close tells the same
		}
		last = tag
		done++
	}
	return last, done, results.Close()
}

// commit ends the transaction. What was put off goes with COMMIT in one turn: the
// server comes to COMMIT only when all of it was done. An error of a statement
// before it is that of the transaction, which is still open then (P7); one that
// is not the server's leaves in doubt whether COMMIT was done (P6).
func (x *executor) commit(ctx context.Context) (open bool, v verdict, err error) {
	var tag pgconn.CommandTag
	done := 0
	if len(x.put) == 0 {
		tag, err = x.conn.Exec(ctx, "COMMIT")
	} else {
		x.batch.ExecParams("COMMIT", nil, nil, nil, nil)
		tag, done, err = x.send(ctx)
	}
	var refused *pgconn.PgError
	switch {
	case err == nil && tag.String() == "COMMIT":
		return false, decided, nil
	case err == nil:
		return false, failed, errors.New("postgres: commit: the server rolled back")
	case done < len(x.put) && errors.As(err, &refused):
		v, err = judge(nil, x.fail(x.put[done], err))
		return true, v, err
	}
	err = fmt.Errorf("postgres: commit: %w", err)
	return false, judgeCommit(err), err
}
