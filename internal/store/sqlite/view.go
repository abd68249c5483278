package sqlite

import (
	"context"
	"errors"
	"fmt"

	"quan/internal/store"
)

func (e *Engine) view(ctx context.Context, fn func(*executor) error) error {
	if nested() {
		return store.ErrNested
	}
	ctx, cancel := context.WithTimeout(ctx, e.viewLimit)
	defer cancel()
	conn, err := e.views.Conn(ctx)
	if err != nil {
		if isEnd(err) {
			return shed(err)
		}
		return fmt.Errorf("sqlite: view: %w", err)
	}
	defer conn.Close()
	var result error
	err = conn.Raw(func(c any) error {
		var broke error
		result, broke = look(ctx, c.(*session), fn)
		return broke
	})
	return errors.Join(result, err, e.landed(ctx))
}

// landed waits until what a view may have seen is durable.
func (e *Engine) landed(ctx context.Context) error {
	if e.writer == nil {
		return nil
	}
	if err := e.writer.landing.await(ctx); err != nil {
		return shed(err)
	}
	return nil
}

func (e *Engine) snapshot(ctx context.Context, fn func(*executor) error) error {
	if nested() {
		return store.ErrNested
	}
	if err := ctx.Err(); err != nil {
		return shed(err)
	}
	s, err := e.read.open()
	if err != nil {
		return fmt.Errorf("sqlite: snapshot: %w", err)
	}
	defer s.Close()
	result, broke := look(ctx, s, fn)
	return errors.Join(result, broke, e.landed(ctx))
}

// look runs fn in a read transaction. The second error speaks of the connection.
func look(ctx context.Context, s *session, fn func(*executor) error) (result, broke error) {
	if err := s.run("BEGIN"); err != nil {
		return nil, fmt.Errorf("sqlite: view: begin: %w", err)
	}
	x := &executor{session: s, ctx: ctx}
	interrupted := make(chan struct{})
	stay := context.AfterFunc(ctx, func() {
		s.interrupt()
		close(interrupted)
	})
	defer func() {
		x.over = true
		if !stay() { // what follows must not be interrupted
			<-interrupted
		}
		if err := s.run("ROLLBACK"); err != nil && broke == nil {
			broke = fmt.Errorf("sqlite: view: end: %w", err)
		}
	}()
	result = inside(x, fn)
	if x.failure != nil && (result == nil || isEnd(x.failure)) {
		result = x.failure
	}
	if result != nil && isEnd(result) {
		result = shed(result)
	}
	return result, nil
}
