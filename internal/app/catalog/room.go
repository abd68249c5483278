package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/waiting"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// SetRoom opens a waiting room before a published template, changes it, or with nil
// takes it away: claims see it at once. ifRev is required. Faults: those of the room,
// not_found, template_not_published, template_archived, stale_revision.
func (c *Catalog) SetRoom(ctx context.Context, by access.Principal, template id.ID, r *waiting.Room, ifRev int64) (store.Template, error) {
	if err := by.May(access.TemplatePublish); err != nil {
		return store.Template{}, err
	}
	if r != nil {
		if err := r.Validate(); err != nil {
			return store.Template{}, err
		}
	}
	return c.changeTemplate(ctx, by, templateChange{template: template, ifRev: ifRev, action: "room", class: store.Admin,
		edit: func(tx store.Tx, t *store.Template) error {
			switch {
			case t.Version == 0:
				return fault.New(fault.TemplateNotPublished)
			case t.Status == coupon.StatusArchived:
				return archivedTemplate()
			}
			t.Room = r
			return raise(tx, t.ID, nil)
		}})
}
