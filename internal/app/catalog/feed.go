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

// MostFed is how many rows one feed takes; they are written in pieces.
const (
	MostFed = 500
	piece   = 250
)

// Fed counts what a feed did, or would do.
type Fed struct {
	Created   int64
	Updated   int64
	Unchanged int64
}

// feed is a slice of rows as they shall be, whatever their revisions: a file that
// somebody brings, or another system's word.
type feed[T any] struct {
	*Catalog
	by    access.Principal
	noun  noun[T]
	many  string   // as the input calls them: "items"
	field string   // the input's field with the key: "sku"
	owner string   // the input's field that may lie outside the scope: "merchant"
	keys  []string // of the inputs, in their order
	key   func(*T) string
	check func(l *fault.List, i int, at string)
	refer func(refs *references, i int, at string)
	fill  func(row *T, i int, isNew bool, at string) *fault.Fault
}

func (f *feed[T]) at(i int) string { return "/" + f.many + "/" + strconv.Itoa(i) }

// put creates or changes up to MostFed rows. Bad input of one (pointers
// /items/3/name) refuses all before anything is written. It is done in pieces;
// repeating it after an error completes it and changes nothing twice. A dry one
// says what it would do, and every fault, and writes nothing.
func (f *feed[T]) put(ctx context.Context, dry bool) (Fed, error) {
	var sum Fed
	if err := f.by.May(access.ReferenceWrite); err != nil {
		return sum, err
	}
	if err := f.validate(); err != nil {
		return sum, err
	}
	whole := &fedPiece[T]{feed: f, to: len(f.keys)}
	if err := f.Store.View(ctx, whole.plan); err != nil {
		return sum, f.noun.wrap(err)
	}
	if dry {
		return whole.done, nil
	}
	for from := 0; from < len(f.keys); from += piece {
		p := &fedPiece[T]{feed: f, from: from, to: min(from+piece, len(f.keys))}
		if err := f.Store.Update(ctx, store.Background, p.run); err != nil {
			return sum, f.noun.wrap(err)
		}
		sum.Created += p.done.Created
		sum.Updated += p.done.Updated
		sum.Unchanged += p.done.Unchanged
	}
	return sum, nil
}

func (f *feed[T]) validate() error {
	if len(f.keys) == 0 {
		return fault.New(fault.MissingValue).At("/" + f.many)
	}
	if len(f.keys) > MostFed {
		return fault.New(fault.TooLong, "max", MostFed).At("/" + f.many)
	}
	var l fault.List
	seen := make(map[string]bool, len(f.keys))
	for i, key := range f.keys {
		at := f.at(i)
		f.check(&l, i, at)
		if seen[key] {
			l.Add(fault.New(fault.DuplicateValue).At(at + "/" + f.field))
		}
		seen[key] = true
	}
	return l.Err()
}

// fedPiece is one piece in one transaction.
type fedPiece[T any] struct {
	*feed[T]
	from, to int // of the inputs
	done     Fed

	inserts, updates []T
	entries          []store.AuditEntry
}

func (p *fedPiece[T]) run(tx store.Tx) error {
	if err := p.plan(tx); err != nil {
		return err
	}
	return p.write(tx)
}

// plan finds what is to be written, or every fault.
func (p *fedPiece[T]) plan(tx store.Tx) error {
	p.inserts, p.updates, p.entries = nil, nil, nil
	var l fault.List
	var refs references
	for i := p.from; i < p.to; i++ {
		p.refer(&refs, i, p.at(i))
	}
	if err := refs.check(tx, &l); err != nil {
		return err
	}
	known, err := p.known(tx)
	if err != nil {
		return err
	}
	for i := p.from; i < p.to; i++ {
		old := known[p.keys[i]]
		row, refusal := p.judge(i, old)
		switch {
		case refusal != nil:
			l.Add(refusal)
		case old == nil:
			p.inserts = append(p.inserts, row)
			p.entries = append(p.entries, p.entry(i, ".create", "", &row))
		case *p.noun.marks(&row).rev != *p.noun.marks(old).rev:
			p.updates = append(p.updates, row)
			p.entries = append(p.entries, p.entry(i, ".update", app.JSON(old), &row))
		}
	}
	inserts, updates := int64(len(p.inserts)), int64(len(p.updates))
	p.done = Fed{inserts, updates, int64(p.to-p.from) - inserts - updates}
	return l.Err()
}

// known are the rows that exist, by key.
func (p *fedPiece[T]) known(tx store.Tx) (map[string]*T, error) {
	known := make(map[string]*T, p.to-p.from)
	rows, err := p.noun.rows(tx).Get(p.keys[p.from:p.to])
	for i := range rows {
		known[p.key(&rows[i])] = &rows[i]
	}
	return known, err
}

// judge makes the row of one input, or says why not. An unchanged row is *old.
func (p *fedPiece[T]) judge(i int, old *T) (row T, refusal *fault.Fault) {
	at := p.at(i)
	if old != nil {
		row = *old
		if !p.noun.sees(p.by, old) {
			return row, fault.New(fault.Absent, "what", p.noun.what).At(at + "/" + p.field)
		}
		if *p.noun.marks(old).archived != 0 {
			return row, fault.New(fault.WrongState, "state", "archived").At(at + "/" + p.field)
		}
	}
	if refusal := p.fill(&row, i, old == nil, at); refusal != nil {
		return row, refusal
	}
	if !p.noun.sees(p.by, &row) {
		return row, fault.New(fault.Absent, "what", "merchant").At(at + "/" + p.owner)
	}
	now, m := p.Clock(), p.noun.marks(&row)
	switch {
	case old == nil:
		*m.rev, *m.created, *m.updated = 1, now, now
	case app.JSON(old) != app.JSON(&row):
		*m.rev, *m.updated = *m.rev+1, now
	}
	return row, nil
}

func (p *fedPiece[T]) entry(i int, action, before string, row *T) store.AuditEntry {
	key := p.keys[i]
	return store.AuditEntry{ID: p.IDs.New(id.SlotOf(key)), At: p.Clock(), Actor: p.by.ID, Action: p.noun.what + action,
		Object: key, Before: before, After: app.JSON(row), RequestID: p.by.RequestID}
}

func (p *fedPiece[T]) write(tx store.Tx) error {
	if len(p.entries) == 0 {
		return nil
	}
	rows := p.noun.rows(tx)
	if len(p.inserts) > 0 {
		if err := rows.Insert(p.inserts); err != nil {
			return err
		}
	}
	if len(p.updates) > 0 {
		if err := rows.Update(p.updates); err != nil {
			return err
		}
	}
	return tx.Audit().Append(p.entries)
}
