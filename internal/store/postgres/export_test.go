package postgres

import "time"

// Hasten shortens the engine's patience.
func (e *Engine) Hasten(resolve, glance time.Duration) { e.resolve, e.glance = resolve, glance }
