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
	for _, t := range templates {
		o, err := s.gathered(ctx, act{by: access.System("automatic"), memberID: who, templates: []id.ID{t}, form: coupon.FormAutomatic, channel: channel, city: city})
		if err != nil {
			return err
		}
		if o.Err != nil && fault.From(o.Err) == nil {
			return o.Err
		}
	}
	return nil
}
