package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"quan/internal/kernel/fault"
)

func TestClassify(t *testing.T) {
	refused := func(code string) error { return fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code}) }
	for _, c := range []struct {
		err     error
		want    kind
		outward fault.Code // of a failure that stays
		commit  verdict    // when COMMIT fails so
	}{
		{refused("23505"), twin, "", failed},
		{refused("40001"), conflict, fault.Overloaded, again},
		{refused("40P01"), conflict, fault.Overloaded, again},
		{refused("55P03"), conflict, fault.Overloaded, again},
		{refused("25P03"), conflict, fault.Overloaded, again},
		{refused("08006"), lost, fault.Overloaded, unsure},
		{refused("57P01"), lost, fault.Overloaded, unsure},
		{refused("57P02"), lost, fault.Overloaded, unsure},
		{refused("57P03"), recovered, fault.ReadOnlyStore, unsure},
		{refused("25006"), recovered, fault.ReadOnlyStore, again},
		{refused("53100"), full, fault.StoreFull, failed},
		{refused("53300"), busy, fault.Overloaded, failed},
		{refused("57014"), busy, fault.Overloaded, unsure},
		{refused("23514"), bug, "", failed},
		{refused("22021"), bug, "", failed},
		{context.DeadlineExceeded, busy, fault.Overloaded, unsure},
		{io.ErrUnexpectedEOF, lost, fault.Overloaded, unsure},
		{&net.OpError{Op: "read", Err: errors.New("reset")}, lost, fault.Overloaded, unsure},
		{errors.New("else"), bug, "", unsure},
	} {
		if got := classify(c.err); got != c.want {
			t.Errorf("%v: kind %d, want %d", c.err, got, c.want)
		}
		if got := fault.From(outward(c.err)); c.outward == "" && got != nil || c.outward != "" && !fault.Has(outward(c.err), c.outward) {
			t.Errorf("%v: fault %v, want %q", c.err, got, c.outward)
		}
		if got := judgeCommit(c.err); got != c.commit {
			t.Errorf("%v at COMMIT: verdict %d, want %d", c.err, got, c.commit)
		}
	}
}
