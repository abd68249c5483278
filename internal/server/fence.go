package server

import (
	"context"

	"quan/internal/store"
)

// fenced is a store that takes writes only while the worker number is surely
// ours: another process that holds it makes the same ids.
type fenced struct {
	store.Store
	number *workerNumber
}

func (f fenced) Update(ctx context.Context, class store.Class, fn func(store.Tx) error) error {
	if err := f.number.sure(ctx); err != nil {
		return err
	}
	return f.Store.Update(ctx, class, fn)
}
