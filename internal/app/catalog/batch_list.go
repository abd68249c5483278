package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// readsStock refuses pages in a browser: stock and budgets are not for customers.
func readsStock(by access.Principal) error {
	if by.Kind == access.KindBrowser {
		return fault.New(fault.PermissionDeny, "permission", string(access.TemplateWrite))
	}
	return by.May(access.TemplateRead)
}

// BatchFigures are what became of a batch's coupons, counted now.
type BatchFigures struct {
	StockedBatch
	At     calendar.Instant
	States map[coupon.State]int64 // as stored: those past their end count as usable until the expiry job has been there
	Uses   store.BatchUses
}

// GetBatch returns a batch with what became of its coupons, or fault not_found.
func (c *Catalog) GetBatch(ctx context.Context, by access.Principal, batch id.ID) (out BatchFigures, err error) {
	if err := readsStock(by); err != nil {
		return out, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		out = BatchFigures{At: c.Clock()}
		b, _, err := seenStock(tx, by, batchKey(batch))
		if err != nil {
			return err
		}
		all, err := stocked(tx, []store.Batch{*b})
		if err != nil {
			return err
		}
		out.StockedBatch = all[0]
		if out.States, err = tx.Coupons().BatchStates(b.ID); err != nil {
			return err
		}
		out.Uses, err = tx.Coupons().BatchUses(b.ID)
		return err
	})
	return out, batches.wrap(err)
}

// ListBatches returns batches by id; f.Parent is a template's typed text.
func (c *Catalog) ListBatches(ctx context.Context, by access.Principal, f store.Filter) (out []StockedBatch, err error) {
	if err := readsStock(by); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	rows, err := list(ctx, c, by, batches, f)
	if err != nil {
		return nil, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) (err error) {
		out, err = stocked(tx, rows)
		return err
	})
	return out, batches.wrap(err)
}
