package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
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
	return store.Template{}, fault.New(fault.InternalError)
}

// ArchiveTemplate ends a template: nothing is issued any more; issued coupons
// live on under its use switch. ifRev is required.
func (c *Catalog) ArchiveTemplate(ctx context.Context, by access.Principal, template id.ID, ifRev int64) (store.Template, error) {
	return store.Template{}, fault.New(fault.InternalError)
}
