package upkeep

import (
	"context"
	"fmt"

	"quan/internal/store"
)

// Reindex writes anew what rows are found by (store.Names), in one transaction, and
// returns how many rows it has read. It mends what verify calls search-1.
func (u *Upkeep) Reindex(ctx context.Context) (rows int64, err error) {
	err = u.Store.Update(ctx, store.Background, func(tx store.Tx) (err error) {
		rows, err = tx.Names().Rewrite()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("upkeep: reindex: %w", err)
	}
	return rows, nil
}
