package catalog

import (
	"context"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// noun is what the use cases of one kind of row have in common.
type noun[T any] struct {
	what  string // name in audit actions and faults
	rows  func(store.Tx) store.Reference[T]
	marks func(*T) marks
	sees  func(access.Principal, *T) bool
}

// marks are the fields of a row that the catalogue itself keeps.
type marks struct {
	rev                        *int64
	created, updated, archived *calendar.Instant
}

func absent(what string) error { return fault.New(fault.Absent, "what", what) }

// find returns a row that the principal may see, nil when there is none.
func (n noun[T]) find(tx store.Tx, by access.Principal, key string) (*T, error) {
	if !text.Clean(key) {
		return nil, nil
	}
	rows, err := n.rows(tx).Get([]string{key})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	if !n.sees(by, &rows[0]) {
		return nil, absent(n.what)
	}
	return &rows[0], nil
}

// must is find, with fault not_found for a row that isn't there.
func (n noun[T]) must(tx store.Tx, by access.Principal, key string) (*T, error) {
	row, err := n.find(tx, by, key)
	if err == nil && row == nil {
		err = absent(n.what)
	}
	return row, err
}

// match compares the revision that a change was made against.
func (n noun[T]) match(row *T, ifRev int64) error {
	if ifRev == 0 {
		return fault.New(fault.IfMatchMissing)
	}
	if rev := *n.marks(row).rev; rev != ifRev {
		return fault.New(fault.StaleRevision, "rev", rev)
	}
	return nil
}

// live refuses a change of an archived row.
func (n noun[T]) live(row *T) error {
	if *n.marks(row).archived != 0 {
		return fault.New(fault.WrongState, "state", "archived")
	}
	return nil
}

// save writes a row and its audit entry; old is nil for a new one. A row whose
// content is that of old is not written. It reports whether anything was.
func (n noun[T]) save(c *Catalog, tx store.Tx, by access.Principal, key string, old, row *T, action, reason string) (bool, error) {
	now, m := c.Clock(), n.marks(row)
	before, after := "", app.JSON(row)
	if old == nil {
		*m.rev, *m.created, *m.updated = 1, now, now
		if err := n.rows(tx).Insert([]T{*row}); err != nil {
			return false, err
		}
		return true, c.Audit(tx, by, n.what+"."+action, key, before, after, reason)
	}
	before = app.JSON(old)
	if before == after && *n.marks(old).archived == *m.archived {
		*row = *old
		return false, nil
	}
	*m.rev, *m.updated = *n.marks(old).rev+1, now
	if err := n.rows(tx).Update([]T{*row}); err != nil {
		return false, err
	}
	return true, c.Audit(tx, by, n.what+"."+action, key, before, after, reason)
}

// put creates or changes a row: fill makes it as it shall be.
func put[T any](ctx context.Context, c *Catalog, by access.Principal, n noun[T], key string, ifRev int64,
	fill func(tx store.Tx, row *T, isNew bool) error) (row T, created bool, err error) {
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		old, err := n.find(tx, by, key)
		if err != nil {
			return err
		}
		row, created = *new(T), old == nil
		if created && ifRev != 0 {
			return fault.New(fault.StaleRevision)
		}
		action := "create"
		if old != nil {
			action, row = "update", *old
			if err := n.match(old, ifRev); err != nil {
				return err
			}
			if err := n.live(old); err != nil {
				return err
			}
		}
		if err := fill(tx, &row, created); err != nil {
			return err
		}
		if !n.sees(by, &row) {
			return absent(n.what)
		}
		_, err = n.save(c, tx, by, key, old, &row, action, "")
		return err
	})
	if fault.Has(err, fault.NameTaken) { // a twin created it first
		err = fault.New(fault.IfMatchMissing)
	}
	return row, created, n.wrap(err)
}

// archive ends a row.
func archive[T any](ctx context.Context, c *Catalog, by access.Principal, n noun[T], key string, ifRev int64) (row T, err error) {
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		old, err := n.must(tx, by, key)
		if err != nil {
			return err
		}
		if err := n.match(old, ifRev); err != nil {
			return err
		}
		if err := n.live(old); err != nil {
			return err
		}
		row = *old
		*n.marks(&row).archived = c.Clock()
		_, err = n.save(c, tx, by, key, old, &row, "archive", "")
		return err
	})
	return row, n.wrap(err)
}

func get[T any](ctx context.Context, c *Catalog, by access.Principal, n noun[T], key string) (row T, err error) {
	err = c.Store.View(ctx, func(tx store.Tx) error {
		found, err := n.must(tx, by, key)
		if err == nil {
			row = *found
		}
		return err
	})
	return row, n.wrap(err)
}

func list[T any](ctx context.Context, c *Catalog, by access.Principal, n noun[T], f store.Filter) (rows []T, err error) {
	for name, value := range map[string]string{"market": f.Market, "parent": f.Parent, "status": f.Status, "search": f.Search, "cursor": f.After} {
		if !text.Clean(value) {
			return nil, fault.New(fault.InvalidValue).At("query:" + name)
		}
	}
	f.Limit = app.ListSize(f.Limit)
	err = c.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = n.rows(tx).List(f)
		return err
	})
	return rows, n.wrap(err)
}

// wrap leaves a caller's fault as it is and names the layer of any other error.
func (n noun[T]) wrap(err error) error {
	if err = app.Stale(err); err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("catalog: %s: %w", n.what, err)
}

// kept and restore carry the marks of a created row through its stored answer.
func (n noun[T]) kept(row *T) [3]int64 {
	m := n.marks(row)
	return [3]int64{*m.rev, int64(*m.created), int64(*m.updated)}
}

func (n noun[T]) restore(row *T, kept [3]int64) {
	m := n.marks(row)
	*m.rev, *m.created, *m.updated = kept[0], calendar.Instant(kept[1]), calendar.Instant(kept[2])
}
