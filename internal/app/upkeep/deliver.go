package upkeep

import (
	"context"

	"quan/internal/store"
)

// Undelivered returns at most Batch changes that no sink has taken, those of an
// aggregate by sequence.
func (u *Upkeep) Undelivered(ctx context.Context) (rows []store.StoredChange, err error) {
	err = u.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Changes().Undelivered(Batch)
		return err
	})
	return rows, wrap("read changes", err)
}

// Delivered marks changes that a sink has taken.
func (u *Upkeep) Delivered(ctx context.Context, lease store.Lease, rows []store.StoredChange) error {
	return wrap("mark changes", u.fenced(ctx, lease, func(tx store.Tx) error {
		return tx.Changes().Delivered(rows, u.Clock())
	}))
}
