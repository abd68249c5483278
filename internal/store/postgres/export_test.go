package postgres

import "time"

// Hasten shortens the engine's patience.
func (e *Engine) Hasten(resolve, glance time.Duration) { e.resolve, e.glance = resolve, glance }

// Instant makes the gate read another clock.
func (e *Engine) Instant(clock func() time.Time) {
	e.gate.mu.Lock()
	defer e.gate.mu.Unlock()
	e.gate.instant = clock
}
