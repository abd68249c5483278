package catalog

import (
	"context"
	"strconv"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// MostItems is how many items one PutItems takes; they are written in pieces.
const (
	MostItems = 500
	piece     = 250
)

// ItemsPut counts what PutItems did.
type ItemsPut struct {
	Created   int64
	Updated   int64
	Unchanged int64
}

// PutItems creates or changes up to MostItems items, whatever their revisions: a
// catalogue feed. Bad input of one (pointers /items/3/name) refuses all before
// anything is written. It is done in pieces; repeating it after an error
// completes it and changes nothing twice.
func (c *Catalog) PutItems(ctx context.Context, by access.Principal, inputs []PutItemInput) (ItemsPut, error) {
	var sum ItemsPut
	if err := by.May(access.ReferenceWrite); err != nil {
		return sum, err
	}
	if err := validateFeed(inputs); err != nil {
		return sum, err
	}
	whole := &feed{Catalog: c, by: by, inputs: inputs}
	if err := c.Store.View(ctx, whole.plan); err != nil {
		return sum, items.wrap(err)
	}
	for from := 0; from < len(inputs); from += piece {
		f := &feed{Catalog: c, by: by, inputs: inputs[from:min(from+piece, len(inputs))], from: from}
		if err := c.Store.Update(ctx, store.Background, f.run); err != nil {
			return sum, items.wrap(err)
		}
		sum.Created += f.done.Created
		sum.Updated += f.done.Updated
		sum.Unchanged += f.done.Unchanged
	}
	return sum, nil
}

func validateFeed(inputs []PutItemInput) error {
	if len(inputs) == 0 {
		return fault.New(fault.MissingValue).At("/items")
	}
	if len(inputs) > MostItems {
		return fault.New(fault.TooLong, "max", MostItems).At("/items")
	}
	var l fault.List
	seen := make(map[string]bool, len(inputs))
	for i := range inputs {
		at := itemPointer(i)
		inputs[i].validate(&l, at, at+"/sku")
		if seen[inputs[i].SKU] {
			l.Add(fault.New(fault.DuplicateValue).At(at + "/sku"))
		}
		seen[inputs[i].SKU] = true
	}
	return l.Err()
}

func itemPointer(i int) string { return "/items/" + strconv.Itoa(i) }

// feed is one piece in one transaction.
type feed struct {
	*Catalog
	by     access.Principal
	inputs []PutItemInput
	from   int // index of the first input in the caller's slice
	done   ItemsPut

	inserts, updates []store.Item
	entries          []store.AuditEntry
}

func (f *feed) run(tx store.Tx) error {
	if err := f.plan(tx); err != nil {
		return err
	}
	return f.write(tx)
}

// plan finds what is to be written, or every fault.
func (f *feed) plan(tx store.Tx) error {
	f.inserts, f.updates, f.entries = nil, nil, nil
	var l fault.List
	var refs references
	keys := make([]string, len(f.inputs))
	for i := range f.inputs {
		keys[i] = f.inputs[i].SKU
		f.inputs[i].refer(&refs, itemPointer(f.from+i))
	}
	if err := refs.check(tx, &l); err != nil {
		return err
	}
	rows, err := tx.Items().Get(keys)
	if err != nil {
		return err
	}
	known := make(map[string]*store.Item, len(rows))
	for i := range rows {
		known[rows[i].SKU] = &rows[i]
	}
	for i := range f.inputs {
		old := known[f.inputs[i].SKU]
		row, refusal := f.judge(&f.inputs[i], old, itemPointer(f.from+i))
		switch {
		case refusal != nil:
			l.Add(refusal)
		case old == nil:
			f.inserts = append(f.inserts, row)
			f.entries = append(f.entries, f.entry("item.create", "", &row))
		case !row.Equal(old):
			f.updates = append(f.updates, row)
			f.entries = append(f.entries, f.entry("item.update", app.JSON(old), &row))
		}
	}
	inserts, updates := int64(len(f.inserts)), int64(len(f.updates))
	f.done = ItemsPut{inserts, updates, int64(len(f.inputs)) - inserts - updates}
	return l.Err()
}

// judge makes the row of one input, or says why not. An unchanged row is *old.
func (f *feed) judge(in *PutItemInput, old *store.Item, at string) (store.Item, *fault.Fault) {
	var row store.Item
	if old != nil {
		row = *old
	}
	if old != nil && !items.sees(f.by, old) {
		return row, fault.New(fault.Absent, "what", "item").At(at + "/sku")
	}
	if old != nil && old.ArchivedAt != 0 {
		return row, fault.New(fault.WrongState, "state", "archived").At(at + "/sku")
	}
	if refusal := in.fill(&row, old == nil, at); refusal != nil {
		return row, refusal
	}
	if !items.sees(f.by, &row) {
		return row, fault.New(fault.Absent, "what", "merchant").At(at + "/merchant")
	}
	now := f.Clock()
	switch {
	case old == nil:
		row.Rev, row.CreatedAt, row.UpdatedAt = 1, now, now
	case !row.Equal(old):
		row.Rev, row.UpdatedAt = old.Rev+1, now
	}
	return row, nil
}

func (f *feed) entry(action, before string, row *store.Item) store.AuditEntry {
	return store.AuditEntry{ID: f.IDs.New(id.SlotOf(row.SKU)), At: f.Clock(), Actor: f.by.ID, Action: action,
		Object: row.SKU, Before: before, After: app.JSON(row), RequestID: f.by.RequestID}
}

func (f *feed) write(tx store.Tx) error {
	if len(f.entries) == 0 {
		return nil
	}
	if len(f.inserts) > 0 {
		if err := tx.Items().Insert(f.inserts); err != nil {
			return err
		}
	}
	if len(f.updates) > 0 {
		if err := tx.Items().Update(f.updates); err != nil {
			return err
		}
	}
	return tx.Audit().Append(f.entries)
}
