package catalog

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/stock"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// batches are seen with their template; the use cases here look that up.
var batches = noun[store.Batch]{
	what: "batch",
	rows: func(tx store.Tx) store.Reference[store.Batch] { return tx.Batches() },
	marks: func(b *store.Batch) marks {
		return marks{&b.Rev, &b.CreatedAt, &b.UpdatedAt, &b.ArchivedAt}
	},
	sees: func(access.Principal, *store.Batch) bool { return true },
}

func batchKey(batch id.ID) string { return id.Format(id.Batch, batch) }

// StockedBatch is a batch of stock with its figures.
type StockedBatch struct {
	store.Batch
	Issued        int64 // coupons given out
	ReservedMinor int64 // of the budget
}

// CreateBatchInput is a new batch of stock; what Batch says of id, most and marks is
// not looked at.
type CreateBatchInput struct {
	Once  app.Once
	Batch stock.Batch
}

// CreateBatch makes a batch. From then on the template gives out coupons from its
// batches only. Faults: those of the input, unknown_reference (template absent, out
// of scope or of another market; placement of another template), name_taken,
// wrong_state (template archived), unbounded_liability (a budget over coupons whose
// cost nothing bounds), idempotency_key_reused.
func (c *Catalog) CreateBatch(ctx context.Context, by access.Principal, in CreateBatchInput) (out StockedBatch, replayed bool, err error) {
	if err := by.May(access.TemplateWrite); err != nil {
		return out, false, err
	}
	made := in.Batch
	made.ID, made.Most = c.IDs.New(made.Template.Slot()), 0
	made.Resize(made.Size)
	if err := made.Validate(); err != nil {
		return out, false, err
	}
	row, replayed, err := create(ctx, c, by, batches, in.Once, func(tx store.Tx) (store.Batch, string, error) {
		t, err := templates.find(tx, by, templateKey(made.Template))
		switch {
		case err != nil && !fault.Has(err, fault.Absent):
			return made, "", err
		case t == nil || t.Market != made.Market:
			return made, "", fault.New(fault.UnknownReference, "what", "template").At("/template")
		case t.Status == coupon.StatusArchived:
			return made, "", archivedTemplate()
		}
		if err := fewBatches(tx, t.ID); err != nil {
			return made, "", err
		}
		if err := fits(tx, by, &made, t); err != nil {
			return made, "", err
		}
		return made, batchKey(made.ID), raiseLive(tx, t)
	}, func(b *store.Batch) *id.ID { return &b.ID })
	c.Cache.Forget(made.Template)
	if err != nil {
		if fault.Has(err, fault.NameTaken) {
			err = fault.Under("/code", err)
		}
		return out, false, batches.wrap(err)
	}
	return StockedBatch{Batch: row}, replayed, nil
}

// fewBatches refuses more batches than a claim can look at.
func fewBatches(tx store.Tx, template id.ID) error {
	rows, err := tx.Batches().OfTemplates([]id.ID{template})
	live := 0
	for i := range rows {
		if rows[i].ArchivedAt == 0 {
			live++
		}
	}
	if err == nil && live >= stock.MostBatches {
		err = fault.New(fault.OutOfRange, "min", 0, "max", stock.MostBatches).At("/template")
	}
	return err
}

// fits sees that a batch's placements are its template's, and that its budget can
// be counted.
func fits(tx store.Tx, by access.Principal, b *store.Batch, t *store.Template) error {
	for _, p := range b.Placements {
		row, err := placements.find(tx, by, placementKey(p))
		if err == nil && (row == nil || row.Template != t.ID) {
			err = fault.New(fault.UnknownReference, "what", "placement", "value", placementKey(p)).At("/placements")
		}
		if err != nil {
			return err
		}
	}
	if b.BudgetMinor == 0 || t.Version == 0 {
		return nil // the publication asks
	}
	versions, err := tx.Versions().Get([]store.VersionKey{{Template: t.ID, Number: t.Version}})
	if err == nil && len(versions) == 1 {
		if _, bounded := versions[0].Doc.Terms.Liability(); !bounded {
			err = fault.New(fault.UnboundedAmount).At("/budget_minor")
		}
	}
	return err
}

// checkBatchBudgets refuses terms whose cost nothing bounds where a batch has a budget.
func checkBatchBudgets(tx store.Tx, t *store.Template, l *fault.List) error {
	if _, bounded := t.Draft.Terms.Liability(); bounded {
		return nil
	}
	rows, err := tx.Batches().OfTemplates([]id.ID{t.ID})
	for i := range rows {
		if rows[i].BudgetMinor > 0 && rows[i].ArchivedAt == 0 {
			l.Add(fault.New(fault.UnboundedAmount).At("/draft/terms"))
			break
		}
	}
	return err
}

// seenStock returns a batch with its template, which the principal sees.
func seenStock(tx store.Tx, by access.Principal, key string) (*store.Batch, *store.Template, error) {
	b, err := batches.must(tx, by, key)
	if err != nil {
		return nil, nil, err
	}
	t, err := templates.find(tx, by, templateKey(b.Template))
	if t == nil && (err == nil || fault.Has(err, fault.Absent)) {
		err = absent("batch")
	}
	return b, t, err
}

// stocked adds what batches have given out.
func stocked(tx store.Tx, rows []store.Batch) ([]StockedBatch, error) {
	out := make([]StockedBatch, len(rows))
	keys := make([]limit.Key, 0, 2*len(rows))
	for i := range rows {
		keys = append(keys, rows[i].CountKey(), rows[i].BudgetKey())
	}
	counters, err := tx.Counters().Get(keys)
	if err != nil {
		return nil, err
	}
	taken := map[limit.Key]int64{}
	for _, k := range counters {
		taken[k.Key] = k.Taken
	}
	for i := range rows {
		out[i] = StockedBatch{rows[i], taken[rows[i].CountKey()], taken[rows[i].BudgetKey()]}
	}
	return out, nil
}
