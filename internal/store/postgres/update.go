package postgres

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

// Update runs fn in a transaction of its own, on another goroutine: see
// store.Store. A panic or Goexit in fn goes on in the caller, if it still waits.
func (e *Engine) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	if nested() {
		return store.ErrNested
	}
	if err := e.enter(ctx); err != nil {
		return err
	}
	if err := e.gate.enter(ctx, class); err != nil {
		e.running.Done()
		return err
	}
	began := time.Now()
	conn, err := e.begin(ctx, e.write, beginUpdate, time.Time{})
	if err != nil {
		e.gate.leave(class, time.Since(began))
		e.running.Done()
		return err
	}
	done := make(chan ending, 1) // nobody may be waiting any more
	go e.finish(conn, class, began, fn, done)
	select {
	case end := <-done:
		return end.result()
	case <-ctx.Done():
	}
	select {
	case end := <-done:
		return end.result()
	default:
		return unknown(fmt.Errorf("postgres: the caller left: %w", ctx.Err()))
	}
}

// ending is how an Update came to its end.
type ending struct {
	err    error
	panic  *Panic
	exited bool // fn called Goexit
}

// Panic is what Update panics with when the closure did, on a goroutine whose
// stack would otherwise be lost.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("%v\n\nclosure's %s", p.Value, p.Stack) }

// Unwrap returns the value when it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

func (e ending) result() error {
	if e.panic != nil {
		panic(e.panic)
	}
	if e.exited {
		runtime.Goexit()
	}
	return e.err
}

// finish carries an Update to its end, whatever the closure does.
func (e *Engine) finish(conn *pgxpool.Conn, class store.Class, began time.Time, fn func(store.Tx) error, done chan<- ending) {
	end := ending{exited: true}
	defer func() {
		if p := recover(); p != nil {
			end = ending{panic: &Panic{Value: p, Stack: debug.Stack()}}
		}
		e.gate.leave(class, time.Since(began))
		e.running.Done()
		done <- end
	}()
	end = ending{err: e.settle(conn, class, fn)}
}

// settle runs the closure until its outcome is known or can't be (P6, P8).
func (e *Engine) settle(conn *pgxpool.Conn, class store.Class, fn func(store.Tx) error) error {
	var deadline time.Time // set by the first ambiguous commit
	for try := 0; ; try++ {
		v, err := e.attempt(conn, deadline, fn)
		if v == unsure && deadline.IsZero() {
			if class == store.Admin {
				return unknown(err)
			}
			deadline = time.Now().Add(e.resolve)
		}
		ambiguous := !deadline.IsZero()
		switch {
		case v == decided:
			return err
		case ambiguous && (v == failed || !time.Now().Before(deadline)):
			return unknown(err)
		case v == failed, !ambiguous && try == retries:
			return outward(err)
		}
		if err := pause(e.ctx, try); err != nil {
			return ended(ambiguous, fmt.Errorf("postgres: closing: %w", err))
		}
		if conn, err = e.begin(e.ctx, e.write, beginUpdate, deadline); err != nil {
			return ended(ambiguous, err)
		}
	}
}

func ended(ambiguous bool, err error) error {
	if ambiguous {
		return unknown(err)
	}
	return err
}

// verdict on one run of a closure.
type verdict int

const (
	decided verdict = iota // committed, or the closure's own error: rolled back
	failed                 // rolled back for good
	again                  // rolled back, may be tried again
	unsure                 // COMMIT was sent and its answer lost
)

// attempt runs the closure once in the transaction begun on conn, commits or
// rolls back, and gives the connection back. It ends by the deadline, if there is one.
func (e *Engine) attempt(conn *pgxpool.Conn, deadline time.Time, fn func(store.Tx) error) (verdict, error) {
	defer conn.Release()
	limit := time.Now().Add(attemptLimit)
	if !deadline.IsZero() && deadline.Before(limit) {
		limit = deadline
	}
	ctx, cancel := context.WithDeadline(e.ctx, limit)
	defer cancel()
	x := &executor{ctx: ctx, conn: conn.Conn()}
	open := true
	defer func() {
		_ = x.end() // judged below; here only a panic of fn is left
		if open {
			rollback(conn.Conn())
		}
	}()
	tx := sqlrepo.New(x, false)
	err := call(fn, tx)
	x.note(tx)
	if v, err := judge(err, x.end()); v != decided || err != nil {
		return v, err
	}
	if conn.Conn().IsClosed() {
		return again, errors.New("postgres: commit: the connection was lost before")
	}
	var v verdict
	open, v, err = x.commit(ctx)
	return v, err
}

// judge says what the closure's error and the first failed statement mean.
func judge(own, statement error) (verdict, error) {
	if statement == nil {
		if errors.Is(own, store.ErrTwin) {
			return again, own
		}
		return decided, own
	}
	told := own
	if told == nil || errors.Is(told, store.ErrDead) {
		told = statement
	}
	switch k := classify(statement); {
	case k.again():
		return again, statement
	case k == twin && errors.Is(told, store.ErrTwin):
		return again, told // the twin is there now: look again
	case k == full, k == busy:
		return failed, statement
	}
	return failed, told
}

// judgeCommit says what an error of COMMIT means. Only an error of the server
// that does not end the session proves that nothing was committed. pgx's
// SafeToRetry proves nothing here: when the connection breaks after COMMIT was
// sent, the error says "conn closed" and claims that nothing was sent.
func judgeCommit(err error) verdict {
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return unsure
	}
	switch k := classifyCode(refused.Code); {
	case k == lost, k == recovered && refused.Code == "57P03", refused.Code == "57014":
		return unsure
	case k.again():
		return again
	}
	return failed
}
