package pgtest_test

import (
	"context"
	"testing"
	"time"

	"quan/internal/store/postgres/pgtest"
)

func TestOpen(t *testing.T) {
	e := pgtest.Open(t)
	if err := e.Ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	now, err := e.Clock(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if off := time.Until(now.Time()).Abs(); off > time.Minute {
		t.Errorf("the server's clock is off by %s", off)
	}
}

// BenchmarkOpen shows what a test's own database costs.
func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		pgtest.Empty(b)
	}
}
