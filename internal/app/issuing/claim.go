package issuing

import (
	"context"

	"quan/internal/app"
	"quan/internal/app/gather"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
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
	Link      id.ID // through which it is claimed; zero for none
	Batch     id.ID // of stock, zero: as the placement and the order of batches say
	Channel   string
	City      string
	Actor     limit.Actor // by whom and through what, as far as it is known
	Place     string      // token of a waiting room; "" for none

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
	for i := range inputs {
		acts[i] = inputs[i].act(by)
	}
	return s.issue(ctx, acts)
}

// ClaimGathered is Claim for one request among many: it shares a transaction with
// those that want the same template at the same time (package gather).
func (s *Issuing) ClaimGathered(ctx context.Context, by access.Principal, in ClaimInput) (Outcome, error) {
	if err := by.May(access.CouponClaim); err != nil {
		return Outcome{}, err
	}
	a := in.act(by)
	if err := s.early(ctx, &a); err != nil {
		return Outcome{}, err
	}
	return s.gathered(ctx, a)
}

func (in *ClaimInput) act(by access.Principal) act {
	form := coupon.FormClaim
	if in.At != 0 {
		form = coupon.FormImport
	}
	return act{by: by, once: in.Once, member: in.Member, memberID: in.MemberID, templates: []id.ID{in.Template},
		placement: in.Placement, link: in.Link, batch: in.Batch, form: form, claimed: true, channel: in.Channel, city: in.City, place: in.Place, at: in.At, slip: in.Slip, actor: in.Actor}
}

// gathered issues one act together with those that arrive at the same time for the
// same template, pack or packet. Several templates wait in the lane of the first one.
func (s *Issuing) gathered(ctx context.Context, a act) (Outcome, error) {
	lane := a.pack + a.packet // one of them is zero
	if lane == 0 && len(a.templates) > 0 {
		lane = a.templates[0]
	}
	return s.gather.Do(ctx, lane, a, gather.Way[act, Outcome]{Run: s.issueAndLeave, Meter: s.Issues})
}
