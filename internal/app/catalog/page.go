package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/page"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

var pages = noun[store.Page]{
	what: "page",
	rows: func(tx store.Tx) store.Reference[store.Page] { return tx.Pages() },
	marks: func(p *store.Page) marks {
		return marks{&p.Rev, &p.CreatedAt, &p.UpdatedAt, &p.ArchivedAt}
	},
	sees: func(by access.Principal, p *store.Page) bool { return by.Scope.Merchant(p.Merchant) },
}

// PutPageInput is the draft of a placement's page as it shall be, whole.
type PutPageInput struct {
	Placement id.ID
	IfRev     int64 // 0: create only
	Draft     page.Design
}

// PutPage writes the draft of a page; visitors see it when it is published. Faults:
// those of the design, not_found (placement), unknown_reference at /picture.
func (c *Catalog) PutPage(ctx context.Context, by access.Principal, in PutPageInput) (row store.Page, created bool, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return row, false, err
	}
	if err := in.Draft.Validate(); err != nil {
		return row, false, err
	}
	return put(ctx, c, by, pages, placementKey(in.Placement), in.IfRev, func(tx store.Tx, p *store.Page, isNew bool) error {
		if isNew {
			at, merchant, err := offeredBy(tx, by, in.Placement)
			if err != nil {
				return err
			}
			p.Placement, p.Market, p.Merchant = at.ID, at.Market, merchant
		}
		if in.Draft.Picture != "" && in.Draft.Picture != p.Draft.Picture {
			rows, err := tx.Pictures().Get([]string{in.Draft.Picture})
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				return fault.New(fault.UnknownReference, "what", "picture").At("/picture")
			}
		}
		p.Draft = in.Draft
		return nil
	})
}

// PublishPage shows visitors the draft. ifRev is required.
func (c *Catalog) PublishPage(ctx context.Context, by access.Principal, placement id.ID, ifRev int64) (row store.Page, err error) {
	if err := by.May(access.ReferenceWrite); err != nil {
		return row, err
	}
	key := placementKey(placement)
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		old, err := pages.must(tx, by, key)
		if err != nil {
			return err
		}
		if err := pages.match(old, ifRev); err != nil {
			return err
		}
		row = *old
		draft := old.Draft
		row.Published = &draft
		_, err = pages.save(c, tx, by, key, old, &row, "publish", "")
		return err
	})
	c.shown.forget()
	return row, pages.wrap(err)
}

// GetPage returns the page of a placement, or fault not_found where nobody designed one.
func (c *Catalog) GetPage(ctx context.Context, by access.Principal, placement id.ID) (store.Page, error) {
	if err := by.May(access.ReferenceRead); err != nil {
		return store.Page{}, err
	}
	return get(ctx, c, by, pages, placementKey(placement))
}
