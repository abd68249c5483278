package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// View runs fn on the caller's goroutine in one snapshot, at most two seconds:
// after them the next statement fails and the View is overloaded.
func (e *Engine) View(ctx context.Context, fn func(store.Tx) error) error {
	if nested() {
		return store.ErrNested
	}
	if err := e.enter(ctx); err != nil {
		return err
	}
	defer e.running.Done()
	conn, err := e.begin(ctx, e.read, beginView, time.Time{})
	if err != nil {
		return err
	}
	defer conn.Release()
	limited, cancel := context.WithTimeout(e.ctx, e.glance)
	defer cancel()
	return look(limited, conn.Conn(), fn)
}

// Snapshot runs fn in one snapshot without a time limit, on a connection of its
// own. It ends with the caller's context.
func (e *Engine) Snapshot(ctx context.Context, fn func(store.Tx) error) error {
	if nested() {
		return store.ErrNested
	}
	if err := e.enter(ctx); err != nil {
		return err
	}
	defer e.running.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(e.ctx, cancel)()
	conn, err := pgx.ConnectConfig(ctx, e.alone)
	if err != nil {
		return outward(fmt.Errorf("postgres: connect: %w", err))
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, beginView); err != nil {
		return outward(fmt.Errorf("postgres: begin: %w", err))
	}
	return look(ctx, conn, fn)
}

// look runs fn in the read-only transaction begun on conn and ends it. A failed
// statement fails the View even when fn hides it: what fn saw is not complete.
func look(ctx context.Context, conn *pgx.Conn, fn func(store.Tx) error) error {
	x := &executor{ctx: ctx, conn: conn, view: true}
	defer rollback(conn)
	defer func() { _ = x.end() }() // judged below; here only a panic of fn is left
	tx := sqlrepo.New(x, true)
	err := call(fn, tx)
	x.note(tx)
	statement := x.end()
	switch {
	case statement == nil:
		return err
	case errors.Is(statement, store.ErrReadOnly):
		return statement
	case err == nil || classify(statement) != bug:
		return outward(statement)
	}
	return err
}
