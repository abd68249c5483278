package sqlite

import (
	"context"
	"errors"
	"fmt"

	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// executor runs the statements of one closure. It is sticky: after one failed
// statement it refuses all, and the closure's answer is that failure whatever it
// returns. It dies with the closure.
type executor struct {
	session *session
	ctx     context.Context
	failure error // of the first failed statement
	over    bool  // the closure has returned
	inRows  bool
	memory  *sqlrepo.Memory // of the writer; nil in a view
}

var _ sqlrepo.Executor = (*executor)(nil)

var errInRows = errors.New("statement inside the rows of another")

// Query calls row for each row. Rows are read and closed before it returns; a
// statement inside row fails, as it does on PostgreSQL.
func (x *executor) Query(s *sqlrepo.Stmt, args []any, row func(sqlrepo.Scanner) error) error {
	if err := x.alive(); err != nil {
		return err
	}
	x.inRows = true
	defer func() { x.inRows = false }()
	return x.note("query", x.session.query(x.ctx, s.Lite, args, func(at *scanner) error { return row(at) }))
}

// Singly runs the query once for each list of arguments.
func (x *executor) Singly(s *sqlrepo.Stmt, times int, args func(i int) []any, row func(sqlrepo.Scanner) error) (bool, error) {
	if err := x.alive(); err != nil {
		return true, err
	}
	p, err := x.session.prepare(s.Lite)
	if err != nil {
		return true, x.note("query", err)
	}
	x.inRows = true
	defer func() { x.inRows = false }()
	read := func(at *scanner) error { return row(at) }
	for i := range times {
		if err := x.session.read(x.ctx, p, args(i), read); err != nil {
			return true, x.note("query", err)
		}
	}
	return true, nil
}

// Queries runs one query after the other: there is no way to save between them.
func (x *executor) Queries(reads []sqlrepo.Read) error {
	for _, r := range reads {
		if err := x.Query(r.Stmt, r.Args, r.Row); err != nil {
			return err
		}
	}
	return nil
}

// Exec runs a statement and returns how many rows it changed.
func (x *executor) Exec(s *sqlrepo.Stmt, args []any) (int64, error) {
	if err := x.alive(); err != nil {
		return 0, err
	}
	n, err := x.session.exec(s.Lite, args)
	return n, x.note("exec", err)
}

// Bulk runs a statement once per row.
func (x *executor) Bulk(b *sqlrepo.Bulk, rows int, row func(i int) []any) (affected int64, err error) {
	if err := x.alive(); err != nil {
		return 0, err
	}
	p, err := x.session.prepare(b.Lite)
	if err != nil {
		return 0, x.note("bulk", err)
	}
	for i := range rows {
		n, err := x.session.execute(p, row(i))
		if err != nil {
			return affected, x.note("bulk", err)
		}
		affected += n
	}
	return affected, nil
}

func (x *executor) alive() error {
	switch {
	case x.over:
		return store.ErrDead
	case x.failure != nil:
		return fmt.Errorf("%w, after %v", store.ErrDead, x.failure) //nolint:errorlint // not its chain: this is no second twin
	case x.inRows:
		return x.note("statement", errInRows)
	}
	return nil
}

// note keeps the first failure, in the port's words.
func (x *executor) note(what string, err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("sqlite: %s: %w", what, translate(err))
	if x.failure == nil {
		x.failure = err
	}
	return err
}

// Later is Bulk: a statement costs no turn here.
func (x *executor) Later(b *sqlrepo.Bulk, rows int, row func(i int) []any) error {
	_, err := x.Bulk(b, rows, row)
	return err
}
