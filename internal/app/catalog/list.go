package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var memberLists = noun[store.List]{
	what: "list",
	rows: func(tx store.Tx) store.Reference[store.List] { return tx.Lists() },
	marks: func(l *store.List) marks {
		return marks{&l.Rev, &l.CreatedAt, &l.UpdatedAt, &l.ArchivedAt}
	},
	sees: func(access.Principal, *store.List) bool { return true },
}

// PutListInput is an uploaded list as it shall be; who is in it is membership's.
type PutListInput struct {
	Code  string // from the path
	Name  string
	IfRev int64 // 0: create only
}

// SizedList is a list with how many members it has.
type SizedList struct {
	store.List
	Members int64
}

// PutList creates a list or renames it. Faults as PutMerchant.
func (c *Catalog) PutList(ctx context.Context, by access.Principal, in PutListInput) (out SizedList, created bool, err error) {
	if err := by.May(access.MemberWrite); err != nil {
		return out, false, err
	}
	var l fault.List
	l.Add(text.Code(in.Code, "path:code"))
	l.Add(text.Name(in.Name, "/name"))
	if err := l.Err(); err != nil {
		return out, false, err
	}
	row, created, err := put(ctx, c, by, memberLists, in.Code, in.IfRev, func(_ store.Tx, l *store.List, _ bool) error {
		l.Code, l.Name = in.Code, in.Name
		return nil
	})
	if err != nil {
		return out, false, err
	}
	out, err = c.sized(ctx, row)
	return out, created, err
}

// GetList returns a list, archived or not, or fault not_found.
func (c *Catalog) GetList(ctx context.Context, by access.Principal, code string) (SizedList, error) {
	if err := by.May(access.MemberRead); err != nil {
		return SizedList{}, err
	}
	row, err := get(ctx, c, by, memberLists, code)
	if err != nil {
		return SizedList{}, err
	}
	return c.sized(ctx, row)
}

// ListLists returns lists by code.
func (c *Catalog) ListLists(ctx context.Context, by access.Principal, f store.Filter) ([]SizedList, error) {
	if err := by.May(access.MemberRead); err != nil {
		return nil, err
	}
	rows, err := list(ctx, c, by, memberLists, f)
	if err != nil {
		return nil, err
	}
	return c.sizes(ctx, rows)
}

// ArchiveList archives a list: it takes nobody in any more, and rules that name it
// go on reading it. ifRev is required.
func (c *Catalog) ArchiveList(ctx context.Context, by access.Principal, code string, ifRev int64) (SizedList, error) {
	if err := by.May(access.MemberWrite); err != nil {
		return SizedList{}, err
	}
	row, err := archive(ctx, c, by, memberLists, code, ifRev)
	if err != nil {
		return SizedList{}, err
	}
	return c.sized(ctx, row)
}

func (c *Catalog) sized(ctx context.Context, row store.List) (SizedList, error) {
	rows, err := c.sizes(ctx, []store.List{row})
	if err != nil {
		return SizedList{}, err
	}
	return rows[0], nil
}

func (c *Catalog) sizes(ctx context.Context, rows []store.List) ([]SizedList, error) {
	codes := make([]string, len(rows))
	for i := range rows {
		codes[i] = rows[i].Code
	}
	out := make([]SizedList, len(rows))
	err := c.Store.View(ctx, func(tx store.Tx) error {
		sizes, err := tx.ListMembers().Sizes(codes)
		for i := range rows {
			out[i] = SizedList{rows[i], sizes[rows[i].Code]}
		}
		return err
	})
	return out, memberLists.wrap(err)
}
