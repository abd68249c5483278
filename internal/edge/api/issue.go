package api

import (
	"context"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Circumstances of an issue.
type Circumstances struct {
	Placement placementID `json:"placement,omitzero" doc:"where it was offered"`
	Channel   string      `json:"channel,omitempty" maxLength:"64" doc:"delivery channel" example:"app"`
	City      string      `json:"city,omitempty" maxLength:"64" doc:"city of the member" example:"shanghai"`
}

type claimBody struct {
	Template templateID `json:"template" doc:"what is claimed"`
	Member   who        `json:"member" doc:"who claims"`
	Batch    batchID    `json:"batch,omitzero" doc:"batch of stock to draw from; absent: as the placement and the order of batches say. Browser keys can't name one"`
	Place    string     `json:"place,omitempty" maxLength:"128" doc:"token of the template's waiting room, where it has one"`
	Circumstances
	Acting
}

type grantBody struct {
	Templates []templateID `json:"templates" minItems:"1" maxItems:"50" doc:"what is granted: several are a pack, all or nothing" nullable:"false"`
	Member    who          `json:"member" doc:"who gets it"`
	Batch     batchID      `json:"batch,omitzero" doc:"batch of stock to draw from, of one of the templates; absent: as the placement and the order of batches say. Browser keys can't name one"`
	Circumstances
}

type receiptRow struct {
	Origin  originID    `json:"origin" doc:"names this act; the coupons of a pack share it"`
	Member  memberID    `json:"member" doc:"who holds them"`
	Coupons []issuedRow `json:"coupons" doc:"the coupons, in the order of the templates" nullable:"false"`
}

type issuedRow struct {
	ID        couponID         `json:"id" doc:"its identity"`
	Number    string           `json:"number" doc:"coupon number, shown at the counter"`
	Template  templateID       `json:"template" doc:"of which template"`
	Version   int64            `json:"version" doc:"of which version of it"`
	ValidFrom calendar.Instant `json:"valid_from" doc:"usable from"`
	ValidTo   calendar.Instant `json:"valid_to,omitzero" doc:"usable until, this moment excluded; absent: for ever"`
	Uses      int64            `json:"uses" doc:"uses it has in all"`
	IssuedAt  calendar.Instant `json:"issued_at" doc:"when it was issued"`
	FaceMinor int64            `json:"face_minor,omitempty" doc:"its own amount instead of the template's"`
}

func (s *server) showReceipt(r *issuing.Receipt) receiptRow {
	out := receiptRow{Origin: originID(r.Origin), Member: memberID(r.Member), Coupons: make([]issuedRow, len(r.Coupons))}
	for i, k := range r.Coupons {
		out.Coupons[i] = issuedRow{couponID(k.ID), s.number(k.ID), templateID(k.Template), k.Version, k.ValidFrom, endOf(k), k.Uses, k.IssuedAt, k.FaceMinor}
	}
	return out
}

// number is the coupon number of an id.
func (s *server) number(i id.ID) string { return s.Issuing.Numbers.Of(i) }

// endOf is the end of a coupon's life, none for ever.
func endOf(k coupon.Coupon) calendar.Instant {
	if k.ValidTo == schedule.Forever {
		return 0
	}
	return k.ValidTo
}

type claimInput struct {
	Keyed
	Body claimBody
}

type grantInput struct {
	Keyed
	Body grantBody
}

type receiptAnswer struct {
	Replayed
	Body receiptRow
}

type claimsBody struct {
	Claims []claimBody `json:"claims" minItems:"1" maxItems:"256" doc:"decided in this order, each with its own fate" nullable:"false"`
}

type grantsBody struct {
	Grants []grantBody `json:"grants" minItems:"1" maxItems:"256" doc:"decided in this order, each with its own fate" nullable:"false"`
}

type claimsInput struct {
	Keyed
	Body claimsBody
}

type grantsInput struct {
	Keyed
	Body grantsBody
}

// fateRow is what became of one element of a batch.
type fateRow struct {
	Receipt  *receiptRow `json:"receipt,omitempty" doc:"what was issued; absent when refused"`
	Problem  *Problem    `json:"problem,omitempty" doc:"why not"`
	Replayed bool        `json:"replayed,omitempty" doc:"known from before"`
}

type fates struct {
	Body struct {
		Items  []fateRow `json:"items" doc:"parallel to the request" nullable:"false"`
		Issued int64     `json:"issued" doc:"elements that were not refused"`
	}
}

var claimFaults = []fault.Code{fault.Conflicting, fault.MissingKey, fault.KeyReusedBody, fault.KeyRunning, fault.MemberUnknown, fault.Absent, fault.UnknownReference,
	fault.TemplateNotPublished, fault.TemplateArchived, fault.ClaimingStopped, fault.ClaimNotStarted, fault.ClaimEnded,
	fault.PlaceMissing, fault.PlaceForged, fault.PlaceForeign, fault.PlaceEarly, fault.PlaceLate,
	fault.PlacementClosed, fault.BatchClosed, fault.BudgetClosed, fault.ChannelNotAllowed, fault.CityNotAllowed, fault.MemberBlocked, fault.NewcomerHeld,
	fault.MemberLimit, fault.PersonLimit, fault.DeviceLimit, fault.PayerLimit, fault.PlacementLimit, fault.PeriodLimit, fault.SoldOut, fault.BudgetExhausted}

func (s *server) claimOf(once func(any) issuing.ClaimInput, b *claimBody, at string) (issuing.ClaimInput, error) {
	in := once(b)
	var err error
	in.Member, in.MemberID, err = b.Member.resolve(s.Vault, at+"/member")
	in.Template, in.Placement, in.Batch, in.Channel, in.City, in.Actor, in.Place = id.ID(b.Template), id.ID(b.Placement), id.ID(b.Batch), b.Channel, b.City, s.actor(b.Acting), b.Place
	return in, err
}

func (s *server) grantOf(in issuing.GrantInput, b *grantBody, at string) (issuing.GrantInput, error) {
	var err error
	in.Member, in.MemberID, err = b.Member.resolve(s.Vault, at+"/member")
	for _, t := range b.Templates {
		in.Templates = append(in.Templates, id.ID(t))
	}
	in.Placement, in.Batch, in.Channel, in.City = id.ID(b.Placement), id.ID(b.Batch), b.Channel, b.City
	return in, err
}

func (s *server) issueRoutes() {
	example := claimBody{Template: templateID(exampleID), Member: who{Kind: "phone", Value: "+8613800000000"}, Circumstances: Circumstances{Channel: "app", City: "shanghai"}}
	add(s, operation{id: "claim-coupon", method: "POST", path: "/v1/claims", tag: "issuing", may: access.CouponClaim, status: 201,
		summary: "Claim a coupon for a member", example: example, faults: claimFaults,
		about: "The member acts. Reasons are looked for in a fixed order; the first that holds is given. An unknown member is 404: PUT it first."},
		func(ctx context.Context, c *call, in *claimInput) (*receiptAnswer, error) {
			one, err := s.claimOf(func(b any) issuing.ClaimInput { return issuing.ClaimInput{Once: c.once(in.IdempotencyKey, b)} }, &in.Body, "")
			if err != nil {
				return nil, err
			}
			return s.one(s.Issuing.ClaimGathered(ctx, c.principal, one))
		})
	grant := grantBody{Templates: []templateID{templateID(exampleID)}, Member: example.Member, Circumstances: Circumstances{Channel: "service"}}
	add(s, operation{id: "grant-coupons", method: "POST", path: "/v1/grants", tag: "issuing", may: access.CouponGrant, status: 201,
		summary: "Grant one coupon or a pack to a member", example: grant, faults: claimFaults,
		about: "The system or an operator acts. Several templates are given whole or not at all, under one origin."},
		func(ctx context.Context, c *call, in *grantInput) (*receiptAnswer, error) {
			one, err := s.grantOf(issuing.GrantInput{Once: c.once(in.IdempotencyKey, &in.Body)}, &in.Body, "")
			if err != nil {
				return nil, err
			}
			return s.one(s.Issuing.GrantGathered(ctx, c.principal, one))
		})
	s.issueBatchRoutes(example, grant)
}

func (s *server) one(o issuing.Outcome, err error) (*receiptAnswer, error) {
	if err == nil {
		err = o.Err
	}
	if err != nil {
		return nil, err
	}
	return &receiptAnswer{replay(o.Replayed), s.showReceipt(o.Receipt)}, nil
}
