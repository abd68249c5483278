package issuing

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// GrantInput gives one member a coupon of each template: several are a pack
// (one origin id), given whole or not at all.
type GrantInput struct {
	Once      app.Once
	Templates []id.ID
	Member    member.Key
	MemberID  id.ID // instead of Member, when known
	Placement id.ID
	Batch     id.ID // of stock, of one of the templates; zero: as placement and order say
	Channel   string
	City      string
	Actor     limit.Actor // by whom and through what, as far as it is known

	At   calendar.Instant // imports: their own moment
	Slip store.OutsideKey // imports: the row's identity; one template only
}

// Grant gives coupons without the member's act. Errors as Claim.
func (s *Issuing) Grant(ctx context.Context, by access.Principal, inputs []GrantInput) ([]Outcome, error) {
	if err := by.May(access.CouponGrant); err != nil {
		return nil, err
	}
	acts := make([]act, len(inputs))
	for i := range inputs {
		acts[i] = inputs[i].act(by)
	}
	return s.issue(ctx, acts)
}

// GrantGathered is Grant for one request among many (package gather).
func (s *Issuing) GrantGathered(ctx context.Context, by access.Principal, in GrantInput) (Outcome, error) {
	if err := by.May(access.CouponGrant); err != nil {
		return Outcome{}, err
	}
	return s.gathered(ctx, in.act(by))
}

func (in *GrantInput) act(by access.Principal) act {
	form := coupon.FormGrant
	if in.At != 0 {
		form = coupon.FormImport
	}
	return act{by: by, once: in.Once, member: in.Member, memberID: in.MemberID, templates: in.Templates,
		placement: in.Placement, batch: in.Batch, form: form, channel: in.Channel, city: in.City, at: in.At, slip: in.Slip, actor: in.Actor}
}
