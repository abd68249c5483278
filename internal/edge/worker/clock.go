package worker

import (
	"context"
	"time"

	"quan/internal/kernel/calendar"
)

// Clock is the wall clock of the loops.
type Clock interface {
	Now() calendar.Instant
	// Sleep returns after d, or with the context's error when that ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// Wall is the clock of a running process.
type Wall struct{}

// Now is the present moment.
func (Wall) Now() calendar.Instant { return calendar.Of(time.Now()) }

// Sleep waits.
func (Wall) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
