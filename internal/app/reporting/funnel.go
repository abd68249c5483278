package reporting

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Step is what became of the coupons of a template, or of one placement of it
// (zero: those issued without one).
type Step struct {
	Template  id.ID
	Placement id.ID
	Placed    int64 // coupons that can be issued (cap); 0 with Unlimited
	Unlimited bool
	Issued    int64
	Used      int64 // coupons used at least once
	Redeemed  int64 // uses
	Returned  int64 // uses given back
	Expired   int64
	Withdrawn int64
	Rates     Rates
}

// Funnel is a template's steps: the whole, and by placement.
type Funnel struct {
	Total      Step
	Placements []Step
}

// Funnel returns the funnel of one template, or fault not_found.
func (r *Reporting) Funnel(ctx context.Context, by access.Principal, template id.ID) (Funnel, error) {
	return Funnel{}, fault.New(fault.InternalError)
}
