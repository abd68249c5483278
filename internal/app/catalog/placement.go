package catalog

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// CreatePlacementInput is a new placement.
type CreatePlacementInput struct {
	Once     app.Once
	Code     string // operator's own reference, "" for none; can't change
	Market   string // that of the template
	Name     string
	Template id.ID // can't change
	Channel  string
	From     calendar.Instant
	To       calendar.Instant // after From; zero for no end
	Cap      int64            // 0 for none of its own
	Open     bool
}

// CreatePlacement makes a placement. Faults: those of the input,
// unknown_reference (template absent, out of scope or in another market),
// name_taken, wrong_state (template archived), idempotency_key_reused.
func (c *Catalog) CreatePlacement(ctx context.Context, by access.Principal, in CreatePlacementInput) (row store.Placement, replayed bool, err error) {
	return row, false, fault.New(fault.InternalError)
}

// UpdatePlacementInput is the placement as it shall be, whole.
type UpdatePlacementInput struct {
	Placement id.ID
	IfRev     int64 // required
	Name      string
	Channel   string
	From      calendar.Instant
	To        calendar.Instant
	Cap       int64
	Open      bool
}

// UpdatePlacement changes a placement; claims see it at once.
func (c *Catalog) UpdatePlacement(ctx context.Context, by access.Principal, in UpdatePlacementInput) (store.Placement, error) {
	return store.Placement{}, fault.New(fault.InternalError)
}

// ArchivePlacement ends a placement; ifRev is required.
func (c *Catalog) ArchivePlacement(ctx context.Context, by access.Principal, placement id.ID, ifRev int64) (store.Placement, error) {
	return store.Placement{}, fault.New(fault.InternalError)
}

// GetPlacement returns a placement, archived or not, or fault not_found.
func (c *Catalog) GetPlacement(ctx context.Context, by access.Principal, placement id.ID) (store.Placement, error) {
	return store.Placement{}, fault.New(fault.InternalError)
}

// ListPlacements returns placements by id; f.Parent is a template's typed text.
func (c *Catalog) ListPlacements(ctx context.Context, by access.Principal, f store.Filter) ([]store.Placement, error) {
	return nil, fault.New(fault.InternalError)
}
