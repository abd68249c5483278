package issuing

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// ClaimInput is one member's wish for one coupon of a template.
type ClaimInput struct {
	Once      app.Once
	Template  id.ID
	Member    member.Key
	MemberID  id.ID // instead of Member, when known
	Placement id.ID // zero for none
	Channel   string
	City      string

	// At and Slip are for imports: the moment of the claim where it happened, and
	// the row's identity in its source, unique for ever.
	At   calendar.Instant
	Slip store.OutsideKey
}

// Claim gives each member the coupon it asks for, or says why not. The error is
// the whole batch's (nothing was done, or the outcome is unknown); each request's
// own refusal is in its Outcome.
func (s *Issuing) Claim(ctx context.Context, by access.Principal, inputs []ClaimInput) ([]Outcome, error) {
	if err := by.May(access.CouponClaim); err != nil {
		return nil, err
	}
	acts := make([]act, len(inputs))
	for i, in := range inputs {
		form := coupon.FormClaim
		if in.At != 0 {
			form = coupon.FormImport
		}
		acts[i] = act{once: in.Once, member: in.Member, memberID: in.MemberID, templates: []id.ID{in.Template},
			placement: in.Placement, form: form, claimed: true, channel: in.Channel, city: in.City, at: in.At, slip: in.Slip}
	}
	return s.issue(ctx, by, acts)
}
