package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Hasten shortens the engine's patience.
func (e *Engine) Hasten(resolve, glance time.Duration) { e.resolve, e.glance = resolve, glance }

// Instant makes the gate read another clock.
func (e *Engine) Instant(clock func() time.Time) {
	e.gate.mu.Lock()
	defer e.gate.mu.Unlock()
	e.gate.instant = clock
}

// Flush makes the server count at once what the engine's connections have read: it
// keeps the figures of a connection back for up to a minute.
func (e *Engine) Flush(ctx context.Context) error {
	for _, p := range []*pgxpool.Pool{e.read, e.write} {
		for _, c := range p.AcquireAllIdle(ctx) {
			_, err := c.Exec(ctx, "SELECT pg_stat_force_next_flush()")
			c.Release()
			if err != nil {
				return err
			}
		}
	}
	return nil
}
