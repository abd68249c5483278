package catalog

import (
	"context"
	"encoding/json"
	"fmt"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// CreateTemplateInput is a new template. Its content may be unfinished: Publish
// demands that it is whole.
type CreateTemplateInput struct {
	Once         app.Once
	Code         string // operator's own reference, "" for none; can't change
	Market       string // exists; can't change
	InternalName string
	CustomerName coupon.Names
	Line         string
	Issuer       coupon.Issuer // its merchant or store exists
	Doc          coupon.Doc
}

// CreateTemplate makes a draft. Faults: those of the input, unknown_reference,
// name_taken (code), idempotency_key_reused. A replay answers with the row as it
// was created.
func (c *Catalog) CreateTemplate(ctx context.Context, by access.Principal, in CreateTemplateInput) (row store.Template, replayed bool, err error) {
	if err := by.May(access.TemplateWrite); err != nil {
		return row, false, err
	}
	made := store.Template{
		ID: c.IDs.New(id.SlotOf(in.Market, in.Code, in.InternalName)), Code: in.Code, Market: in.Market,
		InternalName: in.InternalName, CustomerName: in.CustomerName, Line: in.Line, Issuer: in.Issuer,
		Status: coupon.StatusDraft, Draft: &in.Doc,
	}
	if err := validateTemplate(&made); err != nil {
		return row, false, err
	}
	row, replayed, err = create(ctx, c, by, templates, in.Once, func(tx store.Tx) (store.Template, string, error) {
		return made, templateKey(made.ID), templateReferences(tx, &made)
	}, func(t *store.Template) *id.ID { return &t.ID })
	if fault.Has(err, fault.NameTaken) {
		err = fault.Under("/code", err)
	}
	return row, replayed, templates.wrap(err)
}

// validateTemplate checks a template's own fields, not its draft's content.
func validateTemplate(t *store.Template) error {
	var l fault.List
	if t.Code != "" {
		l.Add(text.Code(t.Code, "/code"))
	}
	l.Add(text.Code(t.Market, "/market"))
	if err := t.Validate(); err != nil {
		if l.Err() == nil {
			return err
		}
		if f := fault.From(err); f != nil {
			l.Add(f)
		}
	}
	return l.Err()
}

// templateReferences looks up the market and the issuer.
func templateReferences(tx store.Tx, t *store.Template) error {
	var l fault.List
	var refs references
	refer(&refs.markets, t.Market, "/market")
	switch t.Issuer.Kind {
	case coupon.IssuerMerchant:
		refer(&refs.merchants, t.Issuer.Code, "/issuer/code")
	case coupon.IssuerStore:
		refer(&refs.stores, t.Issuer.Code, "/issuer/code")
	}
	if err := refs.check(tx, &l); err != nil {
		return err
	}
	return l.Err()
}

// UpdateDraftInput is the template as it shall be, whole.
type UpdateDraftInput struct {
	Template     id.ID
	IfRev        int64 // required
	InternalName string
	CustomerName coupon.Names
	Line         string
	Issuer       coupon.Issuer // can't change once published
	Doc          coupon.Doc
}

// UpdateDraft changes a template's names and its draft. On a published template
// the draft is that of the next version; what is published stays as it is.
// Faults: those of the input, if_match_required, stale_revision, wrong_state.
func (c *Catalog) UpdateDraft(ctx context.Context, by access.Principal, in UpdateDraftInput) (store.Template, error) {
	if err := by.May(access.TemplateWrite); err != nil {
		return store.Template{}, err
	}
	return c.changeTemplate(ctx, by, templateChange{template: in.Template, ifRev: in.IfRev, action: "update", class: store.Admin,
		edit: func(tx store.Tx, t *store.Template) error {
			if t.Status == coupon.StatusArchived {
				return archivedTemplate()
			}
			if t.Version > 0 && t.Issuer != in.Issuer {
				return fault.New(fault.WrongState, "state", "published").At("/issuer")
			}
			t.InternalName, t.CustomerName, t.Line, t.Issuer, t.Draft = in.InternalName, in.CustomerName, in.Line, in.Issuer, &in.Doc
			if err := validateTemplate(t); err != nil {
				return err
			}
			if !templates.sees(by, t) {
				return fault.New(fault.Absent, "what", "merchant").At("/issuer/code")
			}
			return templateReferences(tx, t)
		}})
}

// answer is what is kept of a created row, to answer its replay.
type answer[T any] struct {
	ID    id.ID `json:"id"`
	Row   T     `json:"row"`
	Marks [3]int64
}

// create inserts a row that an idempotency key protects. prepare runs in the
// transaction, after the look-up of the key.
func create[T any](ctx context.Context, c *Catalog, by access.Principal, n noun[T], once app.Once,
	prepare func(store.Tx) (row T, key string, err error), idOf func(*T) *id.ID) (row T, replayed bool, err error) {
	err = c.Store.Update(ctx, store.Admin, func(tx store.Tx) error {
		row, replayed = *new(T), false
		kept, hit, err := app.Remembered(tx, by, once)
		if err != nil {
			return err
		}
		if hit {
			var a answer[T]
			if err := json.Unmarshal([]byte(kept), &a); err != nil {
				return fmt.Errorf("read kept answer: %w", err)
			}
			row, replayed = a.Row, true
			*idOf(&row) = a.ID
			n.restore(&row, a.Marks)
			return nil
		}
		made, key, err := prepare(tx)
		if err != nil {
			return err
		}
		if !n.sees(by, &made) {
			return absent("merchant")
		}
		if _, err := n.save(c, tx, by, key, nil, &made, "create", ""); err != nil {
			return err
		}
		row = made
		return app.Remember(tx, by, once, app.JSON(answer[T]{*idOf(&row), row, n.kept(&row)}))
	})
	return row, replayed, err
}
