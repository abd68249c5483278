package catalog

import (
	"context"
	"math/rand/v2"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/domain/coupon"
	"quan/internal/domain/issue"
	"quan/internal/domain/limit"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// codeBatches are seen with their template; the use cases here look that up.
var codeBatches = noun[store.CodeBatch]{
	what: "code_batch",
	rows: func(tx store.Tx) store.Reference[store.CodeBatch] { return tx.CodeBatches() },
	marks: func(b *store.CodeBatch) marks {
		return marks{&b.Rev, &b.CreatedAt, &b.UpdatedAt, &b.ArchivedAt}
	},
	sees: func(access.Principal, *store.CodeBatch) bool { return true },
}

// mostFormats bounds in how many formats codes are looked for.
const mostFormats = 200

// serialTries is how often a serial is drawn: one of 67 million is seldom taken.
const serialTries = 8

// CreateCodeBatchInput is a new batch of exchange codes; what Batch says of id,
// serial, key version and marks is not looked at.
type CreateCodeBatchInput struct {
	Once  app.Once
	Batch code.Batch
}

// CountedBatch is a batch with how many codes it has and how many were used; of a
// word, uses.
type CountedBatch struct {
	store.CodeBatch
	Codes int64
	Used  int64
}

// CreateCodeBatch makes a batch. Generated codes exist from then on: they need no
// rows. Faults: those of the input, unknown_reference (template or placement absent,
// out of scope or of another market or template), name_taken (a word is reserved for
// ever), wrong_state (template archived), idempotency_key_reused.
func (c *Catalog) CreateCodeBatch(ctx context.Context, by access.Principal, in CreateCodeBatchInput) (out CountedBatch, replayed bool, err error) {
	if err := by.May(access.CodeWrite); err != nil {
		return out, false, err
	}
	made := in.Batch
	made.ID, made.Serial, made.Revoked, made.KeyVersion = c.IDs.New(made.Template.Slot()), 0, false, 0
	if err := made.Validate(); err != nil {
		return out, false, err
	}
	row, replayed, err := create(ctx, c, by, codeBatches, in.Once, func(tx store.Tx) (store.CodeBatch, string, error) {
		if err := batchReferences(tx, by, &made); err != nil {
			return made, "", err
		}
		if err := giveSerial(tx, &made); err != nil {
			return made, "", err
		}
		return made, codeBatchKey(made.ID), tx.Codes().Grow(made.ID, made.Size)
	}, func(b *store.CodeBatch) *id.ID { return &b.ID })
	if fault.Has(err, fault.NameTaken) && made.Kind == code.Word {
		err = fault.New(fault.NameTaken).At("/word")
	}
	if err != nil {
		return out, false, codeBatches.wrap(err)
	}
	return CountedBatch{CodeBatch: row, Codes: row.Size}, replayed, nil
}

func codeBatchKey(batch id.ID) string { return id.Format(id.CodeBatch, batch) }

// batchReferences sees that a batch's template and placement fit.
func batchReferences(tx store.Tx, by access.Principal, b *store.CodeBatch) error {
	t, err := templates.find(tx, by, templateKey(b.Template))
	switch {
	case err != nil && !fault.Has(err, fault.Absent):
		return err
	case t == nil || t.Market != b.Market:
		return fault.New(fault.UnknownReference, "what", "template").At("/template")
	case t.Status == coupon.StatusArchived:
		return archivedTemplate()
	case b.Placement == 0:
		return nil
	}
	p, err := placements.find(tx, by, placementKey(b.Placement))
	if err == nil && (p == nil || p.Template != b.Template) {
		err = fault.New(fault.UnknownReference, "what", "placement").At("/placement")
	}
	return err
}

// giveSerial gives generated codes their serial and notes their format.
func giveSerial(tx store.Tx, b *store.CodeBatch) error {
	if b.Kind != code.Generated {
		return nil
	}
	known, err := tx.Codes().Formats()
	if err != nil {
		return err
	}
	if len(known) >= mostFormats {
		return fault.New(fault.OutOfRange, "min", 0, "max", mostFormats).At("/format")
	}
	b.KeyVersion = code.KeyVersion
	for range serialTries {
		b.Serial = 1 + rand.Int64N(code.MostSerial)
		rows, err := tx.CodeBatches().ByCode([]string{b.Unique()})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return tx.Codes().AddFormats([]string{b.Format.Key()})
		}
	}
	return fault.New(fault.Overloaded)
}

// UpdateCodeBatchInput is what may change of a batch, whole.
type UpdateCodeBatchInput struct {
	Batch     id.ID
	IfRev     int64 // required
	Name      string
	From      calendar.Instant
	To        calendar.Instant
	PerMember int64
	Revoked   bool // for good: its unused codes are worth nothing any more
	Reason    string
}

// UpdateCodeBatch changes a batch; redemptions see it at once. A revoked batch
// stays so: wrong_state.
func (c *Catalog) UpdateCodeBatch(ctx context.Context, by access.Principal, in UpdateCodeBatchInput) (out CountedBatch, err error) {
	if err := by.May(access.CodeWrite); err != nil {
		return out, err
	}
	key := codeBatchKey(in.Batch)
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		old, err := seenBatch(tx, by, key)
		if err != nil {
			return err
		}
		if err := codeBatches.match(old, in.IfRev); err != nil {
			return err
		}
		row, action := *old, "update"
		row.Name, row.From, row.To, row.PerMember, row.Revoked = in.Name, in.From, in.To, in.PerMember, in.Revoked
		switch {
		case old.Revoked && !in.Revoked:
			return fault.New(fault.WrongState, "state", "revoked").At("/revoked")
		case in.Revoked && !old.Revoked:
			action = "revoke"
		}
		if err := row.Validate(); err != nil {
			return err
		}
		if _, err := codeBatches.save(c, tx, by, key, old, &row, action, in.Reason); err != nil {
			return err
		}
		all, err := counted(tx, []store.CodeBatch{row})
		if err == nil {
			out = all[0]
		}
		return err
	})
	return out, codeBatches.wrap(err)
}

// seenBatch returns a batch whose template the principal sees.
func seenBatch(tx store.Tx, by access.Principal, key string) (*store.CodeBatch, error) {
	b, err := codeBatches.must(tx, by, key)
	if err != nil {
		return nil, err
	}
	t, err := templates.find(tx, by, templateKey(b.Template))
	if t == nil && (err == nil || fault.Has(err, fault.Absent)) {
		err = absent("code_batch")
	}
	return b, err
}

// counted adds sizes and uses to batches.
func counted(tx store.Tx, rows []store.CodeBatch) ([]CountedBatch, error) {
	out := make([]CountedBatch, len(rows))
	ids, keys := make([]id.ID, len(rows)), make([]limit.Key, len(rows))
	for i := range rows {
		ids[i], keys[i] = rows[i].ID, batchCounter(&rows[i])
	}
	sizes, err := tx.Codes().Sizes(ids)
	if err != nil {
		return nil, err
	}
	counters, err := tx.Counters().Get(keys)
	if err != nil {
		return nil, err
	}
	used := map[id.ID]int64{}
	for _, c := range counters {
		used[c.Subject] = c.Taken
	}
	for i := range rows {
		out[i] = CountedBatch{rows[i], sizes[rows[i].ID], used[rows[i].ID]}
	}
	return out, nil
}

func batchCounter(b *store.CodeBatch) limit.Key {
	return (&issue.Code{Batch: b.ID, Template: b.Template}).Key()
}

// GetCodeBatch returns a batch, or fault not_found.
func (c *Catalog) GetCodeBatch(ctx context.Context, by access.Principal, batch id.ID) (out CountedBatch, err error) {
	if err := by.May(access.CodeRead); err != nil {
		return out, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		b, err := seenBatch(tx, by, codeBatchKey(batch))
		if err != nil {
			return err
		}
		all, err := counted(tx, []store.CodeBatch{*b})
		if err == nil {
			out = all[0]
		}
		return err
	})
	return out, codeBatches.wrap(err)
}

// ListCodeBatches returns batches by id; f.Parent is a template's typed text,
// f.Status a kind.
func (c *Catalog) ListCodeBatches(ctx context.Context, by access.Principal, f store.Filter) (out []CountedBatch, err error) {
	if err := by.May(access.CodeRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	rows, err := list(ctx, c, by, codeBatches, f)
	if err != nil {
		return nil, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) (err error) {
		out, err = counted(tx, rows)
		return err
	})
	return out, codeBatches.wrap(err)
}
