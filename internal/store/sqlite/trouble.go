package sqlite

import (
	"context"
	"errors"
	"fmt"

	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// Result codes of SQLite; the extended ones carry the primary one in the low byte.
const (
	codeBusy       = 5
	codeNoMemory   = 7
	codeReadOnly   = 8
	codeInterrupt  = 9
	codeIO         = 10
	codeCorrupt    = 11
	codeFull       = 13
	codeNotADB     = 26
	codePrimaryKey = 1555
	codeUnique     = 2067
	codeRowID      = 2579
)

// codeOf returns SQLite's extended result code inside err, 0 when there is none.
func codeOf(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return 0
}

func primary(err error) int { return codeOf(err) & 0xff }

// translate puts a statement's error into the port's words.
func translate(err error) error {
	switch code := codeOf(err); {
	case code == codeUnique || code == codePrimaryKey || code == codeRowID:
		return fmt.Errorf("%w: %w", store.ErrTwin, err)
	case code&0xff == codeReadOnly:
		return fmt.Errorf("%w: %w", store.ErrReadOnly, err)
	case code&0xff == codeFull:
		return fmt.Errorf("%w: %w", fault.New(fault.StoreFull), err)
	case broken(err):
		return fmt.Errorf("%w: %w", fault.New(fault.ReadOnlyStore), err)
	case code&0xff == codeBusy:
		return fmt.Errorf("%w: %w", fault.New(fault.Overloaded), err)
	}
	return err
}

// broken reports whether the file or the disk under it can't be trusted any more.
func broken(err error) bool {
	switch primary(err) {
	case codeIO, codeCorrupt, codeNotADB:
		return true
	}
	return false
}

// fatal reports whether SQLite may have ended the transaction because of err.
func fatal(err error) bool {
	switch primary(err) {
	case codeFull, codeNoMemory, codeInterrupt, codeBusy:
		return true
	}
	return broken(err)
}

// shed wraps the end of a caller's context as "nothing was done".
func shed(cause error) error {
	return fmt.Errorf("sqlite: %w: %w", fault.New(fault.Overloaded), cause)
}

// unknown wraps a cause after which nobody can say what was done.
func unknown(cause error) error {
	return fmt.Errorf("sqlite: %w: %w", fault.New(fault.OutcomeUnknown), cause)
}

func isEnd(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}
