package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Published is a template with the version that was made.
type Published struct {
	Template store.Template
	Version  coupon.Version
}

// Publish makes the draft the next version. The first publication turns both
// switches on; a further one leaves them. ifRev is required, so a repetition is
// refused as stale. Faults: every fault of the content (pointers from /draft),
// unknown_reference, wrong_state (archived, or no draft), stale_revision.
func (c *Catalog) Publish(ctx context.Context, by access.Principal, template id.ID, ifRev int64) (Published, error) {
	return Published{}, fault.New(fault.InternalError)
}
