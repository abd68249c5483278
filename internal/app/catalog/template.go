package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

var templates = noun[store.Template]{
	what: "template",
	rows: func(tx store.Tx) store.Reference[store.Template] { return tx.Templates() },
	marks: func(t *store.Template) marks {
		return marks{&t.Rev, &t.CreatedAt, &t.UpdatedAt, &t.ArchivedAt}
	},
	sees: func(by access.Principal, t *store.Template) bool {
		return by.Scope.Merchant(t.Merchant()) && (by.Kind != access.KindBrowser || t.Status == coupon.StatusPublished)
	},
}

func templateKey(template id.ID) string { return id.Format(id.Template, template) }

// GetTemplate returns a template in any status, or fault not_found.
func (c *Catalog) GetTemplate(ctx context.Context, by access.Principal, template id.ID) (store.Template, error) {
	if err := by.May(access.TemplateRead); err != nil {
		return store.Template{}, err
	}
	row, err := get(ctx, c, by, templates, templateKey(template))
	return face(by, row), err
}

// face is what a principal sees of a template: pages in a browser get what
// customers may know, not the operator's own name and the draft.
func face(by access.Principal, t store.Template) store.Template {
	if by.Kind == access.KindBrowser {
		t.InternalName, t.Code, t.Draft = "", "", nil
	}
	return t
}

// ListTemplates returns templates by id; f.After is the typed text of one.
func (c *Catalog) ListTemplates(ctx context.Context, by access.Principal, f store.Filter) ([]store.Template, error) {
	if err := by.May(access.TemplateRead); err != nil {
		return nil, err
	}
	f.Scope = access.Scope{Merchants: by.Scope.Merchants}
	if by.Kind == access.KindBrowser {
		f.Status = string(coupon.StatusPublished)
	}
	rows, err := list(ctx, c, by, templates, f)
	for i := range rows {
		rows[i] = face(by, rows[i])
	}
	return rows, err
}

// Versions returns the published versions of a template, oldest first.
func (c *Catalog) Versions(ctx context.Context, by access.Principal, template id.ID) (rows []coupon.Version, err error) {
	if err := by.May(access.TemplateRead); err != nil {
		return nil, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		_, err := templates.must(tx, by, templateKey(template))
		if err == nil {
			rows, err = tx.Versions().List(template)
		}
		return err
	})
	return rows, templates.wrap(err)
}

// Version returns one published version, or fault not_found.
func (c *Catalog) Version(ctx context.Context, by access.Principal, template id.ID, number int64) (row coupon.Version, err error) {
	if err := by.May(access.TemplateRead); err != nil {
		return row, err
	}
	err = c.Store.View(ctx, func(tx store.Tx) error {
		if _, err := templates.must(tx, by, templateKey(template)); err != nil {
			return err
		}
		rows, err := tx.Versions().Get([]store.VersionKey{{Template: template, Number: number}})
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return absent("version")
		}
		row = rows[0]
		return nil
	})
	return row, templates.wrap(err)
}

// raise makes a new generation of a template: claims under way compare it with
// the one they decided by. Only a template that was published has a stock row.
// adjust, if any, changes the row further. It returns with the row locked, so
// it is the last lock of its transaction.
func raise(tx store.Tx, template id.ID, adjust func(*limit.Counter)) error {
	return raiseRow(tx, limit.StockKey(template), adjust)
}

// raiseRow is raise of any row that carries a generation: a pack has one too.
func raiseRow(tx store.Tx, key limit.Key, adjust func(*limit.Counter)) error {
	locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{key}})
	if err != nil {
		return err
	}
	stock := *locked.Counters[key]
	stock.Rev++
	if adjust != nil {
		adjust(&stock)
	}
	return tx.Counters().Write([]limit.Counter{stock})
}

// templateChange is one administrative act on an existing template.
type templateChange struct {
	template id.ID
	ifRev    int64 // 0 with force: any
	force    bool
	action   string
	reason   string
	class    store.Class
	edit     func(tx store.Tx, t *store.Template) error
}

// changeTemplate runs an act. The row's own revision orders twins; without a
// revision to match, a lost race is run again.
func (c *Catalog) changeTemplate(ctx context.Context, by access.Principal, change templateChange) (row store.Template, err error) {
	key := templateKey(change.template)
	again := func() error { return nil }
	err = c.Update(ctx, change.class, again, func(tx store.Tx) error {
		old, err := templates.must(tx, by, key)
		if err != nil {
			return err
		}
		if change.ifRev != 0 || !change.force {
			if err := templates.match(old, change.ifRev); err != nil {
				return err
			}
		}
		row = *old
		if err := change.edit(tx, &row); err != nil {
			return err
		}
		_, err = templates.save(c, tx, by, key, old, &row, change.action, change.reason)
		return c.lost(err, change.ifRev)
	})
	c.Cache.Forget(change.template)
	return row, templates.wrap(err)
}

// archivedTemplate is the fault of an act on an archived template.
func archivedTemplate() error { return fault.New(fault.WrongState, "state", "archived") }
