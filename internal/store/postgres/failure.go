package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// kind says what a failed statement means for the transaction.
type kind int

const (
	bug       kind = iota // ours, or a broken server: not tried again
	twin                  // a unique key held against another transaction
	conflict              // serialisation, deadlock, a timeout of locks or of ours: tried again
	lost                  // the connection or the server went away: tried again
	recovered             // a standby or a server that starts: tried again, then read-only
	full                  // the disk
	busy                  // memory, connections, a deadline
)

// classify reads the kind off an error of pgx.
func classify(err error) kind {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return classifyCode(refused.Code)
	}
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return busy
	case errors.Is(err, pgconn.ErrConnClosed), pgconn.SafeToRetry(err), errors.As(err, &network), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, net.ErrClosed), isConnect(err):
		return lost
	case errors.Is(err, store.ErrTwin):
		return twin
	}
	return bug
}

func isConnect(err error) bool {
	var connect *pgconn.ConnectError
	return errors.As(err, &connect)
}

// classifyCode reads the kind off an SQLSTATE.
func classifyCode(code string) kind {
	switch code {
	case "23505":
		return twin
	case "40001", "40P01", "55P03", "25P03": // the last: we were too slow between two statements
		return conflict
	case "25006", "57P03":
		return recovered
	case "53100":
		return full
	case "53200", "53300", "57014":
		return busy
	}
	if strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P0") {
		return lost
	}
	return bug
}

// again reports whether the whole transaction is tried again.
func (k kind) again() bool { return k == conflict || k == lost || k == recovered }

// outward turns a failure that stays after all tries into what a caller is told;
// nothing of the transaction is in the database.
func outward(err error) error {
	switch classify(err) {
	case conflict, lost, busy:
		return fmt.Errorf("%w: %w", fault.New(fault.Overloaded), err)
	case recovered:
		return fmt.Errorf("%w: %w", fault.New(fault.ReadOnlyStore), err)
	case full:
		return fmt.Errorf("%w: %w", fault.New(fault.StoreFull), err)
	}
	return err
}

// unknown is what a caller is told whose transaction may be in the database or not.
func unknown(err error) error {
	return fmt.Errorf("%w: %w", fault.New(fault.OutcomeUnknown), err)
}
