package server

import (
	"context"

	"quan/internal/kernel/calendar"
	"quan/internal/store"
)

// Behind returns the installation on another business clock, whose writes all
// wait behind those of live requests: for bulk work beside a running server.
func (q *Quan) Behind(clock func() calendar.Instant) *Quan {
	r := q.At(clock)
	r.App.Store = background{r.App.Store}
	return r
}

// background is a store whose writes are all of class Background, just as durable.
type background struct{ store.Store }

func (b background) Update(ctx context.Context, _ store.Class, fn func(store.Tx) error) error {
	return b.Store.Update(ctx, store.Background, fn)
}
