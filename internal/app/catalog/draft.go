package catalog

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
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
	return row, false, fault.New(fault.InternalError)
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
	return store.Template{}, fault.New(fault.InternalError)
}
