package upkeep

import (
	"context"

	"quan/internal/store"
)

// Fold moves at most Batch deltas into the rollups and says how many it were.
func (u *Upkeep) Fold(ctx context.Context, lease store.Lease) (folded int64, err error) {
	err = u.fenced(ctx, lease, func(tx store.Tx) (err error) {
		folded, err = tx.Metrics().Fold(Batch)
		return err
	})
	return folded, wrap("fold", err)
}

// keptDays is how long a reply must be found (semantics 15).
const keptDays = 7

// FlushRefusals writes what this process counted since the last flush. It needs
// no lease: each process has its own counts, and they add up.
func (u *Upkeep) FlushRefusals(ctx context.Context) error {
	rows := u.Refusals.Take()
	for from := 0; from < len(rows); from += Batch {
		part := rows[from:min(from+Batch, len(rows))]
		err := u.Store.Update(ctx, store.Background, func(tx store.Tx) error {
			return tx.Metrics().AppendRefusals(part)
		})
		if err != nil {
			u.Refusals.Restore(rows[from:])
			return wrap("flush refusals", err)
		}
	}
	return u.flushTold(ctx)
}

// flushTold writes one piece of why members were refused, at most: a sale that
// refuses many must not wait for it. What can't be written is lost.
func (u *Upkeep) flushTold(ctx context.Context) error {
	rows := u.Refusals.Told(Batch)
	if len(rows) == 0 {
		return nil
	}
	for i := range rows {
		rows[i].ID = u.IDs.New(rows[i].Member.Slot())
	}
	err := u.Store.Update(ctx, store.Background, func(tx store.Tx) error { return tx.Refused().Add(rows) })
	return wrap("flush told refusals", err)
}

// FlushTraffic writes what the pages of links saw in this process since the last flush.
func (u *Upkeep) FlushTraffic(ctx context.Context) error {
	rows := u.Traffic.Take()
	for from := 0; from < len(rows); from += Batch {
		part := rows[from:min(from+Batch, len(rows))]
		err := u.Store.Update(ctx, store.Background, func(tx store.Tx) error { return tx.Links().AddDays(part) })
		if err != nil {
			u.Traffic.Restore(rows[from:])
			return wrap("flush traffic", err)
		}
	}
	return nil
}
