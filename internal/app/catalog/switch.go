package catalog

import (
	"context"
	"errors"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// SetSwitchesInput turns the switches of a published template; nil leaves one as it is.
type SetSwitchesInput struct {
	Template id.ID
	Claiming *bool // new coupons are given out
	Use      *bool // issued coupons can be used
	IfRev    int64 // 0: whatever the revision (a kill never waits for a reader)
	Reason   string
}

// SetSwitches acts on claims at once and on uses within a second. Faults:
// not_found, template_not_published, template_archived (claiming can't be turned
// on again), stale_revision.
func (c *Catalog) SetSwitches(ctx context.Context, by access.Principal, in SetSwitchesInput) (store.Template, error) {
	if err := by.May(access.TemplatePublish); err != nil {
		return store.Template{}, err
	}
	if f := text.Optional(in.Reason, text.MostName, "/reason"); f != nil {
		return store.Template{}, f
	}
	return c.changeTemplate(ctx, by, templateChange{template: in.Template, ifRev: in.IfRev, force: true, action: "switch",
		reason: in.Reason, class: store.Control,
		edit: func(tx store.Tx, t *store.Template) error {
			switch {
			case t.Version == 0:
				return fault.New(fault.TemplateNotPublished)
			case t.Status == coupon.StatusArchived && in.Claiming != nil && *in.Claiming:
				return fault.New(fault.TemplateArchived).At("/claiming")
			}
			was := [2]bool{t.Claiming, t.Use}
			if in.Claiming != nil {
				t.Claiming = *in.Claiming
			}
			if in.Use != nil {
				t.Use = *in.Use
			}
			if was == [2]bool{t.Claiming, t.Use} {
				return nil
			}
			return raise(tx, t.ID, nil)
		}})
}

// ArchiveTemplate ends a template: nothing is issued any more; issued coupons
// live on under its use switch. ifRev is required.
func (c *Catalog) ArchiveTemplate(ctx context.Context, by access.Principal, template id.ID, ifRev int64) (store.Template, error) {
	if err := by.May(access.TemplatePublish); err != nil {
		return store.Template{}, err
	}
	return c.changeTemplate(ctx, by, templateChange{template: template, ifRev: ifRev, action: "archive", class: store.Admin,
		edit: func(tx store.Tx, t *store.Template) error {
			if t.Status == coupon.StatusArchived {
				return archivedTemplate()
			}
			t.Status, t.Claiming, t.Draft, t.ArchivedAt = coupon.StatusArchived, false, nil, c.Clock()
			if t.Version == 0 {
				return nil
			}
			return raise(tx, t.ID, nil)
		}})
}

// lost turns a lost race into another attempt where the caller named no revision.
func (c *Catalog) lost(err error, ifRev int64) error {
	if ifRev == 0 && errors.Is(err, store.ErrStale) {
		return app.Again()
	}
	return err
}
