package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// GetTemplate returns a template in any status, or fault not_found.
func (c *Catalog) GetTemplate(ctx context.Context, by access.Principal, template id.ID) (store.Template, error) {
	return store.Template{}, fault.New(fault.InternalError)
}

// ListTemplates returns templates by id; f.After is the typed text of one.
func (c *Catalog) ListTemplates(ctx context.Context, by access.Principal, f store.Filter) ([]store.Template, error) {
	return nil, fault.New(fault.InternalError)
}

// Versions returns the published versions of a template, oldest first.
func (c *Catalog) Versions(ctx context.Context, by access.Principal, template id.ID) ([]coupon.Version, error) {
	return nil, fault.New(fault.InternalError)
}

// Version returns one published version, or fault not_found.
func (c *Catalog) Version(ctx context.Context, by access.Principal, template id.ID, number int64) (coupon.Version, error) {
	return coupon.Version{}, fault.New(fault.InternalError)
}
