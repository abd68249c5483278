package api

import (
	"context"

	"quan/internal/app/helpdesk"
	"quan/internal/domain/access"
	"quan/internal/domain/desk"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
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

func (s *server) deskRoutes() {
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
