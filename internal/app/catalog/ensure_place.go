package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// EnsurePlacement returns the placement with this code, creating it where it
// does not exist; what exists is left as it is.
func (c *Catalog) EnsurePlacement(ctx context.Context, by access.Principal, in CreatePlacementInput) (store.Placement, error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return store.Placement{}, err
	}
	var rows []store.Placement
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Placements().ByCode([]string{in.Code})
		return err
	})
	if err != nil {
		return store.Placement{}, placements.wrap(err)
	}
	if len(rows) == 1 {
		return rows[0], nil
	}
	row, _, err := c.CreatePlacement(ctx, by, in)
	return row, err
}

// EnsureStore returns the store with this code, creating it where it does not exist.
func (c *Catalog) EnsureStore(ctx context.Context, by access.Principal, in PutStoreInput) (store.Place, error) {
	row, err := c.GetStore(ctx, by, in.Code)
	if !fault.Has(err, fault.Absent) {
		return row, err
	}
	in.IfRev = 0
	row, _, err = c.PutStore(ctx, by, in)
	return row, err
}
