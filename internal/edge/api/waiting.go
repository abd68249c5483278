package api

import (
	"context"
	"strconv"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/waiting"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// RoomBody is a waiting room.
type RoomBody struct {
	PerSecond   int64 `json:"per_second" minimum:"1" maximum:"100000" doc:"places a second, over all processes" example:"500"`
	LifeSeconds int64 `json:"life_seconds" minimum:"1" maximum:"3600" doc:"how long a place is good once its time has come" example:"60"`
}

type setRoomInput struct {
	TemplatePath
	Matched
	Body RoomBody
}

type removeRoomInput struct {
	TemplatePath
	Matched
}

type takePlaceBody struct {
	Member who `json:"member" doc:"who comes; the claim names the member in the same way"`
}

type takePlaceInput struct {
	TemplatePath
	Body takePlaceBody
}

type placeTaken struct {
	RetryAfter string `header:"Retry-After" doc:"seconds until the place's time"`
	Body       placeTakenRow
}

type placeTakenRow struct {
	Place string           `json:"place" doc:"token that the claim shows"`
	From  calendar.Instant `json:"from" doc:"when the claim may be made"`
	To    calendar.Instant `json:"to" doc:"until when, this moment excluded"`
	Wait  int64            `json:"wait_ms" doc:"milliseconds from now to from; 0: at once"`
}

func (s *server) roomRoutes(path string) {
	add(s, operation{id: "set-waiting-room", method: "PUT", path: path + "/waiting-room", tag: "templates", may: access.TemplatePublish,
		summary: "Open or change a waiting room", about: "For announced flash sales: claims then need a place, whose time they keep. Claims see it at once. Packs, codes, grants and share packets are not asked.",
		example: RoomBody{PerSecond: 500, LifeSeconds: 60}, faults: []fault.Code{fault.Absent, fault.TemplateNotPublished, fault.TemplateArchived, fault.WrongState}},
		func(ctx context.Context, c *call, in *setRoomInput) (*row[templateRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return templateAnswer(s.Catalog.SetRoom(ctx, c.principal, id.ID(in.ID), (*waiting.Room)(&in.Body), rev))
		})
	add(s, operation{id: "remove-waiting-room", method: "DELETE", path: path + "/waiting-room", tag: "templates", may: access.TemplatePublish,
		summary: "Close a waiting room", about: "Claims need no place any more.", faults: []fault.Code{fault.Absent, fault.TemplateNotPublished, fault.TemplateArchived, fault.WrongState}},
		func(ctx context.Context, c *call, in *removeRoomInput) (*row[templateRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return templateAnswer(s.Catalog.SetRoom(ctx, c.principal, id.ID(in.ID), nil, rev))
		})
	add(s, operation{id: "take-place", method: "POST", path: path + "/places", tag: "issuing", may: access.CouponClaim,
		summary: "Take a place in a waiting room", about: "In the order of arrival. It says when to come and gives the token that the claim shows then; Retry-After has the seconds. " +
			"Asked again, it is the same place while it is good (of the same process). It can be asked before the claim window opens.",
		example: takePlaceBody{who{Kind: "phone", Value: "+8613800000000"}}, faults: []fault.Code{fault.Absent, fault.WrongState, fault.ClaimEnded, fault.ClaimingStopped, fault.Conflicting}},
		func(ctx context.Context, c *call, in *takePlaceInput) (*placeTaken, error) {
			one := issuing.TakePlaceInput{Template: id.ID(in.ID)}
			var err error
			if one.Member, one.MemberID, err = in.Body.Member.resolve(s.Vault, "/member"); err != nil {
				return nil, err
			}
			p, err := s.Issuing.TakePlace(ctx, c.principal, one)
			if err != nil {
				return nil, err
			}
			wait := max(0, int64(p.From-s.Issuing.Clock()))
			return &placeTaken{strconv.FormatInt((wait+999)/1000, 10), placeTakenRow{p.Token, p.From, p.To, wait}}, nil
		})
}
