package catalog

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/code"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// ListedCode is a generated code with its number in its batch.
type ListedCode struct {
	Number int64
	Code   string
}

// CodeRun are codes of a batch from one number to another, inclusive. They are
// made as they are asked for: a run of ten million takes no memory.
type CodeRun struct {
	Batch    store.CodeBatch
	From, To int64
	series   *code.Series
}

// Each visits the codes in the order of their numbers until a visit fails.
func (r *CodeRun) Each(visit func(ListedCode) error) error {
	for n := r.From; n <= r.To; n++ {
		if err := visit(ListedCode{n, r.series.Of(code.Place{Serial: r.Batch.Serial, Number: n})}); err != nil {
			return err
		}
	}
	return nil
}

// ListCodes returns generated codes from a number on, at most limit (zero: all), and
// writes into the audit log who took them. A run that was interrupted is resumed by
// asking from the next number. Faults: not_found, wrong_state (a batch of another
// kind, whose codes are not ours to tell), out_of_range (from beyond the batch).
func (c *Catalog) ListCodes(ctx context.Context, by access.Principal, batch id.ID, from, limit int64) (*CodeRun, error) {
	if err := by.May(access.CodeExport); err != nil {
		return nil, err
	}
	var run *CodeRun
	key := codeBatchKey(batch)
	err := c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		b, err := seenBatch(tx, by, key)
		if err != nil {
			return err
		}
		if b.Kind != code.Generated {
			return fault.New(fault.WrongState, "state", string(b.Kind))
		}
		from := max(from, 1)
		if f := text.Range(from, 1, b.Size, "query:from"); f != nil {
			return f
		}
		to := b.Size
		if limit > 0 {
			to = min(to, from+limit-1)
		}
		run = &CodeRun{Batch: *b, From: from, To: to, series: c.Codes.Series(b.Format, b.KeyVersion)}
		return c.Audit(tx, by, "code_batch.export", key, "", fmt.Sprintf(`{"from":%d,"to":%d}`, from, to), "")
	})
	return run, codeBatches.wrap(err)
}
