package server

import (
	"context"

	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// fenced is a store that takes no more writes once the worker number is lost:
// another process makes the same ids.
type fenced struct {
	store.Store
	lost <-chan struct{}
}

func (f fenced) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	select {
	case <-f.lost:
		return fault.New(fault.ReadOnlyStore)
	default:
		return f.Store.Update(ctx, class, fn)
	}
}
