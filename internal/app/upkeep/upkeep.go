package upkeep

import (
	"context"
	"fmt"
	"time"

	"quan/internal/app"
	"quan/internal/kernel/calendar"
	"quan/internal/store"
)

// Upkeep holds the use cases.
type Upkeep struct{ *app.App }

// Batch is how many rows one transaction takes.
const Batch = 256

// Hold takes or renews a lease until now+ttl; ok is false when another process
// has it.
func (u *Upkeep) Hold(ctx context.Context, name, holder string, now calendar.Instant, ttl time.Duration) (lease store.Lease, ok bool, err error) {
	err = u.Store.Update(ctx, store.Background, func(tx store.Tx) (err error) {
		lease, ok, err = tx.Leases().Acquire(name, holder, now, ttl)
		return err
	})
	return lease, ok && err == nil, wrap("hold "+name, err)
}

// Drop gives a lease back, so that another process need not wait for its end.
func (u *Upkeep) Drop(ctx context.Context, name, holder string) error {
	return wrap("drop "+name, u.Store.Update(ctx, store.Background, func(tx store.Tx) error {
		return tx.Leases().Release(name, holder)
	}))
}

// fenced runs fn in a transaction of a lease's holder; store.ErrStale says that
// the lease is another's by now.
func (u *Upkeep) fenced(ctx context.Context, lease store.Lease, fn func(store.Tx) error) error {
	return u.Store.Update(ctx, store.Background, func(tx store.Tx) error {
		if err := tx.Leases().Check(lease.Name, lease.Token); err != nil {
			return err
		}
		return fn(tx)
	})
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("upkeep: %s: %w", what, err)
}
