package catalog

import (
	"context"
	"encoding/json"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/stock"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// UpdateBatchInput is the batch as it shall be, whole. A batch keeps a budget that
// it was made with, and gets none later: what is out was not counted.
type UpdateBatchInput struct {
	Batch id.ID
	IfRev int64 // required
	Row   stock.Batch
}

// UpdateBatch changes a batch; claims see it at once. A size below what is out only
// stops more. Faults: those of the input, not_found, unknown_reference, wrong_state
// (archived; the budget begins or ends), if_match_required, stale_revision.
func (c *Catalog) UpdateBatch(ctx context.Context, by access.Principal, in UpdateBatchInput) (StockedBatch, error) {
	return c.changeBatch(ctx, by, batchChange{batch: in.Batch, ifRev: in.IfRev, action: "update", may: access.TemplateWrite, class: store.Admin,
		edit: func(tx store.Tx, b *store.Batch, t *store.Template) error {
			if (b.BudgetMinor > 0) != (in.Row.BudgetMinor > 0) {
				return fault.New(fault.WrongState, "state", "fixed").At("/budget_minor")
			}
			b.Name, b.BudgetMinor, b.Rank, b.Placements, b.Reserved = in.Row.Name, in.Row.BudgetMinor, in.Row.Rank, in.Row.Placements, in.Row.Reserved
			b.Validity, b.From, b.To, b.Open = in.Row.Validity, in.Row.From, in.Row.To, in.Row.Open
			b.Resize(in.Row.Size)
			return fits(tx, by, b, t)
		}})
}

// AddStockInput adds coupons to a batch.
type AddStockInput struct {
	Once   app.Once
	Batch  id.ID
	Add    int64 // 1..stock.MostSize
	Reason string
}

// AddStock makes a batch larger, whatever others do to it meanwhile.
func (c *Catalog) AddStock(ctx context.Context, by access.Principal, in AddStockInput) (out StockedBatch, replayed bool, err error) {
	if f := text.Range(in.Add, 1, stock.MostSize, "/add"); f != nil {
		return out, false, f
	}
	out, err = c.changeBatch(ctx, by, batchChange{batch: in.Batch, force: true, action: "add", reason: in.Reason, may: access.TemplateWrite, class: store.Admin,
		once: in.Once, replayed: &replayed, edit: func(_ store.Tx, b *store.Batch, _ *store.Template) error {
			b.Resize(b.Size + in.Add)
			return nil
		}})
	return out, replayed, err
}

// SwitchBatchInput stops a batch, or lets it go on.
type SwitchBatchInput struct {
	Batch  id.ID
	Open   bool
	IfRev  int64 // 0: whatever the revision
	Reason string
}

// SwitchBatch acts on claims at once.
func (c *Catalog) SwitchBatch(ctx context.Context, by access.Principal, in SwitchBatchInput) (StockedBatch, error) {
	return c.changeBatch(ctx, by, batchChange{batch: in.Batch, ifRev: in.IfRev, force: true, action: "switch", reason: in.Reason,
		may: access.TemplatePublish, class: store.Control, edit: func(_ store.Tx, b *store.Batch, _ *store.Template) error {
			b.Open = in.Open
			return nil
		}})
}

// ArchiveBatch ends a batch; its coupons live on. ifRev is required.
func (c *Catalog) ArchiveBatch(ctx context.Context, by access.Principal, batch id.ID, ifRev int64) (StockedBatch, error) {
	return c.changeBatch(ctx, by, batchChange{batch: batch, ifRev: ifRev, action: "archive", may: access.TemplatePublish, class: store.Admin,
		edit: func(_ store.Tx, b *store.Batch, _ *store.Template) error {
			b.Open, b.ArchivedAt = false, c.Clock()
			return nil
		}})
}

// batchChange is one administrative act on a batch.
type batchChange struct {
	batch    id.ID
	ifRev    int64 // 0 with force: any
	force    bool
	action   string
	reason   string
	may      access.Permission
	class    store.Class
	once     app.Once // zero: If-Match protects it
	replayed *bool
	edit     func(store.Tx, *store.Batch, *store.Template) error
}

func (c *Catalog) changeBatch(ctx context.Context, by access.Principal, change batchChange) (out StockedBatch, err error) {
	if err := by.May(change.may); err != nil {
		return out, err
	}
	if f := text.Optional(change.reason, text.MostName, "/reason"); f != nil {
		return out, f
	}
	key := batchKey(change.batch)
	err = c.Update(ctx, change.class, func() error { return nil }, func(tx store.Tx) error {
		kept, known, err := app.Remembered(tx, by, change.once)
		if err != nil {
			return err
		}
		if change.replayed != nil {
			*change.replayed = known
		}
		if known {
			return out.recall(kept)
		}
		old, t, err := seenStock(tx, by, key)
		if err != nil {
			return err
		}
		row := *old
		if err := c.editBatch(tx, by, change, old, &row, t); err != nil {
			return err
		}
		all, err := stocked(tx, []store.Batch{row})
		if err != nil {
			return err
		}
		out = all[0]
		return app.Remember(tx, by, change.once, app.JSON(keptBatch{answer[store.Batch]{row.ID, row, batches.kept(&row)}, out.Issued, out.ReservedMinor}))
	})
	c.Cache.Forget(out.Template)
	return out, batches.wrap(err)
}

// keptBatch is what is kept of a changed batch, to answer its replay.
type keptBatch struct {
	answer[store.Batch]
	Issued        int64 `json:"issued"`
	ReservedMinor int64 `json:"reserved_minor"`
}

// recall reads an answer that was kept.
func (b *StockedBatch) recall(text string) error {
	var k keptBatch
	if err := json.Unmarshal([]byte(text), &k); err != nil {
		return fmt.Errorf("read kept answer: %w", err)
	}
	*b = StockedBatch{k.Row, k.Issued, k.ReservedMinor}
	b.ID = k.ID
	batches.restore(&b.Batch, k.Marks)
	return nil
}

// editBatch does the act and makes a new generation of the template.
func (c *Catalog) editBatch(tx store.Tx, by access.Principal, change batchChange, old, row *store.Batch, t *store.Template) error {
	if change.ifRev != 0 || !change.force {
		if err := batches.match(old, change.ifRev); err != nil {
			return err
		}
	}
	if err := batches.live(old); err != nil {
		return err
	}
	if err := change.edit(tx, row, t); err != nil {
		return err
	}
	if err := row.Validate(); err != nil {
		return err
	}
	if err := raiseLive(tx, t); err != nil {
		return err
	}
	_, err := batches.save(c, tx, by, batchKey(row.ID), old, row, change.action, change.reason)
	return c.lost(err, change.ifRev)
}
