package api

import (
	"context"

	"quan/internal/app/helpdesk"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/desk"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
)

type DeskQuota struct {
	Agent int64 `json:"agent" minimum:"0" maximum:"1000000" doc:"acts a day of each agent" example:"20"`
	All   int64 `json:"all" minimum:"0" maximum:"1000000" doc:"acts a day of all agents together" example:"200"`
}

type DeskBody struct {
	Reissue    DeskQuota    `json:"reissue" doc:"coupons that are given again"`
	Extend     DeskQuota    `json:"extend" doc:"coupons whose end is moved"`
	Compensate DeskQuota    `json:"compensate" doc:"coupons that are given as a compensation"`
	ExtendDays int64        `json:"extend_days" minimum:"0" maximum:"366" doc:"days by which agents may move the end of one coupon, all together" example:"30"`
	Templates  []templateID `json:"templates" maxItems:"200" doc:"templates of which agents may give a coupon as a compensation" nullable:"false"`
}

type deskRow struct {
	Market string `json:"market" doc:"whose desk it is"`
	DeskBody
	Used      deskUsed         `json:"used" doc:"what was done today, by the caller and by all"`
	Rev       int64            `json:"rev" doc:"revision, also in the ETag; 0: nobody has set it, these are the defaults"`
	UpdatedAt calendar.Instant `json:"updated_at,omitzero" doc:"when it was set last"`
}

type deskUsed struct {
	Reissue    DeskQuota `json:"reissue" doc:"coupons that were given again"`
	Extend     DeskQuota `json:"extend" doc:"coupons whose end was moved"`
	Compensate DeskQuota `json:"compensate" doc:"coupons that were given as a compensation"`
}

type DeskPath struct {
	Market string `path:"market" minLength:"1" maxLength:"64" doc:"code of the market" example:"main"`
}

type putDeskInput struct {
	DeskPath
	Creating
	Body DeskBody
}

func showDesk(d helpdesk.Desk) deskRow {
	q := func(q desk.Quota) DeskQuota { return DeskQuota{q.Agent, q.All} }
	row := deskRow{Market: d.Market, DeskBody: DeskBody{q(d.Reissue), q(d.Extend), q(d.Compensate), d.ExtendDays, make([]templateID, len(d.Templates))},
		Used: deskUsed{q(d.Used[desk.Reissue]), q(d.Used[desk.Extend]), q(d.Used[desk.Compensate])}, Rev: d.Rev, UpdatedAt: d.UpdatedAt}
	for i, t := range d.Templates {
		row.Templates[i] = templateID(t)
	}
	return row
}

// endOfAct is the end that an act gave a coupon, none for ever.
func endOfAct(a *desk.Act) calendar.Instant {
	if a.To == schedule.Forever {
		return 0
	}
	return a.To
}

type reissueBody struct {
	To     calendar.Instant `json:"to,omitzero" doc:"end of the new coupon, this moment excluded; absent: as its terms say. Needed where those are over"`
	Reason string           `json:"reason" minLength:"1" maxLength:"200" doc:"why" example:"withdrawn by mistake"`
}

type reissueInput struct {
	CouponPath
	Keyed
	Body reissueBody
}

type extendBody struct {
	To     calendar.Instant `json:"to" doc:"the new end, this moment excluded"`
	Reason string           `json:"reason" minLength:"1" maxLength:"200" doc:"why" example:"the store was closed"`
}

type extendInput struct {
	CouponPath
	Keyed
	Body extendBody
}

type compensateBody struct {
	Template templateID `json:"template" doc:"one of the desk's"`
	Reason   string     `json:"reason" minLength:"1" maxLength:"200" doc:"why" example:"waited an hour"`
}

type compensateInput struct {
	IdentityPath
	Keyed
	Body compensateBody
}

type explainClaimBody struct {
	Template  templateID  `json:"template" doc:"of which a coupon would be claimed"`
	Placement placementID `json:"placement,omitzero" doc:"where it would be offered"`
	Channel   string      `json:"channel,omitempty" maxLength:"64" doc:"delivery channel" example:"app"`
	City      string      `json:"city,omitempty" maxLength:"64" doc:"city of the member" example:"shanghai"`
}

type explainClaimInput struct {
	IdentityPath
	Body explainClaimBody
}

type explainClaimAnswer struct {
	Body struct {
		OK      bool             `json:"ok" doc:"a claim would be granted now"`
		Reasons []claimReasonRow `json:"reasons" doc:"everything that stands in its way, in the order in which it is looked for" nullable:"false"`
	}
}

type claimReasonRow struct {
	Code   string         `json:"code" doc:"the refusal" example:"sold_out"`
	Title  string         `json:"title" doc:"what, in the caller's language"`
	Detail string         `json:"detail" doc:"what it means, in the caller's language"`
	Params map[string]any `json:"params,omitempty" doc:"the parameters of the code"`
}

func (s *server) deskRoutes() {
	s.deskActRoutes()
	const path = "/v1/desks/{market}"
	add(s, operation{id: "get-desk", method: "GET", path: path, tag: "desk", may: access.MemberRead,
		summary: "Get the service desk of a market", about: "What agents may do a day, and what was done today. Every market has one, whether or not it was set.",
		faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *DeskPath) (*row[deskRow], error) {
			d, err := s.Helpdesk.GetDesk(ctx, c.principal, in.Market)
			if err != nil {
				return nil, err
			}
			return rowOf(showDesk(d), d.Rev, false), nil
		})
	quota := DeskQuota{20, 200}
	add(s, operation{id: "put-desk", method: "PUT", path: path, tag: "desk", may: access.DeskWrite,
		summary: "Set what the service desk of a market may do", about: "Without If-Match it sets it for the first time (201), and answers 428 where it was set. It acts at once; what was done today counts.",
		example: DeskBody{quota, quota, quota, 30, []templateID{templateID(exampleID)}}, faults: []fault.Code{fault.Absent, fault.UnknownReference}},
		func(ctx context.Context, c *call, in *putDeskInput) (*row[deskRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			q := func(q DeskQuota) desk.Quota { return desk.Quota{Agent: q.Agent, All: q.All} }
			b := in.Body
			d := desk.Desk{Market: in.Market, Reissue: q(b.Reissue), Extend: q(b.Extend), Compensate: q(b.Compensate), ExtendDays: b.ExtendDays}
			for _, t := range b.Templates {
				d.Templates = append(d.Templates, id.ID(t))
			}
			set, created, err := s.Helpdesk.PutDesk(ctx, c.principal, d, rev)
			if err != nil {
				return nil, in.refused(err)
			}
			return rowOf(showDesk(set), set.Rev, created), nil
		})
}

func (s *server) deskActRoutes() {
	keyed := []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.CouponUnknown, fault.QuotaReached}
	add(s, operation{id: "reissue-coupon", method: "POST", path: "/v1/coupons/{id}/reissue", tag: "desk", may: access.DeskWork, status: 201,
		summary: "Give a coupon again", about: "One that was withdrawn or has expired, unused, once only. The new one has its terms and takes its place in all limits on issuing; what limits on liability hold is reserved anew. Counts in the desk's quota.",
		example: reissueBody{Reason: "withdrawn by mistake"},
		faults:  append([]fault.Code{fault.WrongState, fault.CouponReplaced, fault.MemberBlocked, fault.NewcomerHeld, fault.ClaimEnded, fault.BudgetExhausted}, keyed...)},
		func(ctx context.Context, c *call, in *reissueInput) (*couponAnswer, error) {
			return s.deskCoupon(s.Issuing.Reissue(ctx, c.principal, issuing.DeskInput{Once: c.once(in.IdempotencyKey, in.Body), Coupon: id.ID(in.ID), To: in.Body.To, Reason: in.Body.Reason}))
		})
	add(s, operation{id: "extend-coupon", method: "POST", path: "/v1/coupons/{id}/extend", tag: "desk", may: access.DeskWork,
		summary: "Move the end of a coupon", about: "Of one that is alive, by as many days as the desk may, all its extensions together. Counts in the desk's quota.",
		example: extendBody{To: 1_790_000_000_000, Reason: "the store was closed"},
		faults:  append([]fault.Code{fault.WrongState, fault.CouponExpired, fault.CouponUsedUp, fault.CouponWithdrawn}, keyed...)},
		func(ctx context.Context, c *call, in *extendInput) (*couponAnswer, error) {
			return s.deskCoupon(s.Issuing.Extend(ctx, c.principal, issuing.DeskInput{Once: c.once(in.IdempotencyKey, in.Body), Coupon: id.ID(in.ID), To: in.Body.To, Reason: in.Body.Reason}))
		})
	add(s, operation{id: "compensate-member", method: "POST", path: "/v1/members/{kind}/{value}/compensations", tag: "desk", may: access.DeskWork, status: 201,
		summary: "Give a member a coupon to make up for something", about: "Of a template that the desk of its market names, under that template's own limits and budgets. Counts in the desk's quota.",
		example: compensateBody{Template: templateID(exampleID), Reason: "waited an hour"},
		faults:  append([]fault.Code{fault.NotCompensating, fault.QuotaReached}, claimFaults...)},
		func(ctx context.Context, c *call, in *compensateInput) (*receiptAnswer, error) {
			card, err := s.card(ctx, c, in.IdentityPath)
			if err != nil {
				return nil, err
			}
			return s.one(s.Issuing.Compensate(ctx, c.principal, issuing.CompensateInput{Once: c.once(in.IdempotencyKey, in.Body), Member: card.Member.ID,
				Template: id.ID(in.Body.Template), Reason: in.Body.Reason}))
		})
	add(s, operation{id: "explain-claim", method: "POST", path: "/v1/members/{kind}/{value}/why", tag: "desk", may: access.MemberRead,
		summary: "Why a member would get no coupon now", about: "Asks the decision of a claim again, and tells everything that stands in its way. Writes nothing. Why a coupon can't be used on a cart is told by a quote.",
		example: explainClaimBody{Template: templateID(exampleID), Channel: "app"}, faults: []fault.Code{fault.MemberUnknown, fault.Absent, fault.UnknownReference}},
		func(ctx context.Context, c *call, in *explainClaimInput) (*explainClaimAnswer, error) {
			card, err := s.card(ctx, c, in.IdentityPath)
			if err != nil {
				return nil, err
			}
			b := in.Body
			why, err := s.Issuing.Why(ctx, c.principal, issuing.WhyInput{Member: card.Member.ID, Template: id.ID(b.Template), Placement: id.ID(b.Placement), Channel: b.Channel, City: b.City})
			if err != nil {
				return nil, err
			}
			out := &explainClaimAnswer{}
			out.Body.OK, out.Body.Reasons = len(why) == 0, make([]claimReasonRow, len(why))
			for i, f := range why {
				title, detail := i18n.Fault(c.lang, f, "")
				out.Body.Reasons[i] = claimReasonRow{string(f.Code), title, detail, params(f)}
			}
			return out, nil
		})
}

func (s *server) deskCoupon(out issuing.DeskOutcome, err error) (*couponAnswer, error) {
	if err != nil {
		return nil, err
	}
	return &couponAnswer{replay(out.Replayed), s.showCoupon(out.Coupon)}, nil
}
