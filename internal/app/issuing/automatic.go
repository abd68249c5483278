package issuing

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Automatic issues coupons of templates that apply by themselves, each by its own
// rules, limits and conditions; what is refused is left out. It is quan's own act,
// for a lock that is about to use them.
func (s *Issuing) Automatic(ctx context.Context, who id.ID, templates []id.ID, channel, city string) error {
	acts := make([]act, len(templates))
	for i, t := range templates {
		acts[i] = act{memberID: who, templates: []id.ID{t}, form: coupon.FormAutomatic, channel: channel, city: city}
	}
	outcomes, err := s.issue(ctx, access.System("automatic"), acts)
	if err != nil {
		return err
	}
	for _, o := range outcomes {
		if o.Err != nil && fault.From(o.Err) == nil {
			return o.Err
		}
	}
	return nil
}
