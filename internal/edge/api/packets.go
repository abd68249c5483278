package api

import (
	"context"
	"slices"

	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/packet"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type PacketPath struct {
	ID packetID `path:"id" doc:"id of the packet"`
}

type sendPacketBody struct {
	Plan   planID        `json:"plan" doc:"under which it is sent"`
	Member who           `json:"member" doc:"who sends it"`
	Order  *orderKeyBody `json:"order,omitempty" doc:"for which it is sent"`
}

type sendPacketInput struct {
	Keyed
	Body sendPacketBody
}

type openPacketBody struct {
	Link    string `json:"link" minLength:"1" maxLength:"64" doc:"as the sender shared it" example:"7K2M-9QXA-4T0B-C1"`
	Member  who    `json:"member" doc:"who opens it"`
	Channel string `json:"channel,omitempty" maxLength:"64" doc:"delivery channel" example:"app"`
	City    string `json:"city,omitempty" maxLength:"64" doc:"city of the member" example:"shanghai"`
}

type openPacketInput struct {
	Keyed
	Body openPacketBody
}

type packetAnswer struct {
	Replayed
	Body packetRow
}

type packetRow struct {
	ID            packetID         `json:"id" doc:"its identity"`
	Link          string           `json:"link" doc:"opens it; the sender shares it"`
	Plan          planID           `json:"plan" doc:"under which it was sent"`
	Member        memberID         `json:"member" doc:"who sent it"`
	Order         *orderKeyBody    `json:"order,omitempty" doc:"for which it was sent"`
	State         string           `json:"state" doc:"open, empty (all shares are opened) or over (its time is)"`
	Shares        int64            `json:"shares" doc:"shares in all"`
	Currency      string           `json:"currency,omitempty" doc:"ISO 4217 code of the amounts"`
	Zone          string           `json:"zone,omitempty" doc:"the market's time zone, an IANA name: tell the times in it" example:"Asia/Shanghai"`
	TotalMinor    int64            `json:"total_minor" doc:"what it holds; 0: coupons"`
	ReturnedMinor int64            `json:"returned_minor,omitempty" doc:"what came back to the budget"`
	CreatedAt     calendar.Instant `json:"created_at" doc:"when it was sent"`
	ExpiresAt     calendar.Instant `json:"expires_at" doc:"when it ends, this moment excluded"`
	Opened        []openedShare    `json:"opened" doc:"shares that were opened, in that order; absent in lists" nullable:"false"`
}

type openedShare struct {
	Number      int64            `json:"number" doc:"from 1"`
	Member      memberID         `json:"member" doc:"who has it"`
	AmountMinor int64            `json:"amount_minor" doc:"minor units; 0: a coupon as its template has it"`
	At          calendar.Instant `json:"at" doc:"when it was opened"`
	Best        bool             `json:"best,omitempty" doc:"best luck: the largest; known once all are opened"`
}

// marketOf tells the currency of a plan's amounts and the zone of its times, both ""
// where the plan can't be read.
func (s *server) marketOf(ctx context.Context, plan id.ID) (currency, zone string) {
	o, err := s.Issuing.Cache.Plan(ctx, plan)
	if err != nil || o == nil {
		return "", ""
	}
	m, err := s.Issuing.Cache.Market(ctx, o.Row.Market)
	if err != nil {
		return "", ""
	}
	return m.Currency, m.Zone
}

func (s *server) showPacket(ctx context.Context, p issuing.SentPacket) packetRow {
	currency, zone := s.marketOf(ctx, p.Plan)
	row := packetRow{Currency: currency, Zone: zone, ID: packetID(p.ID), Link: s.number(p.ID), Plan: planID(p.Plan), Member: memberID(p.Member), Shares: p.Shares, TotalMinor: p.TotalMinor,
		ReturnedMinor: p.ReturnedMinor, CreatedAt: p.CreatedAt, ExpiresAt: p.ExpiresAt, State: "open", Opened: make([]openedShare, len(p.Opened))}
	switch {
	case int64(len(p.Opened)) >= p.Shares:
		row.State = "empty"
	case p.Over(s.Issuing.Clock()):
		row.State = "over"
	}
	if p.Ref != "" {
		row.Order = &orderKeyBody{p.Source, p.Ref}
	}
	best := p.Best(p.Opened)
	for i, o := range p.Opened {
		row.Opened[i] = openedShare{o.Number, memberID(o.Member), o.AmountMinor, o.At, o.Number == best}
	}
	return row
}

type openedAnswer struct {
	Replayed
	Body openedRow
}

type openedRow struct {
	Share  openedShare `json:"share" doc:"the member's"`
	Coupon issuedRow   `json:"coupon" doc:"what it became"`
	Packet packetRow   `json:"packet" doc:"the packet, with who got what"`
}

type listPacketsInput struct {
	Paged
	Plan planID `query:"plan" required:"true" doc:"whose packets"`
}

// openFaults are those of opening, and of the share's coupon.
var openFaults = append(slices.Concat(packet.OpenOrder, []fault.Code{fault.PacketClosed, fault.ConditionNotMet}), claimFaults...)

func (s *server) packetRoutes() {
	buyer := who{Kind: "phone", Value: "+8613800000000"}
	add(s, operation{id: "send-packet", method: "POST", path: "/v1/packets", tag: "packets", may: access.CouponClaim, status: 201,
		summary: "Send a share packet", about: "Its shares are drawn now. Asked again for the same order, the answer is the packet that was sent for it.",
		example: sendPacketBody{Plan: planID(exampleID), Member: buyer, Order: &orderKeyBody{"shop", "O-1001"}},
		faults:  append([]fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.KeyRunning, fault.MemberUnknown, fault.Absent}, packet.SendOrder...)},
		func(ctx context.Context, c *call, in *sendPacketInput) (*packetAnswer, error) {
			b := in.Body
			one := issuing.SendInput{Once: c.once(in.IdempotencyKey, b), Plan: id.ID(b.Plan)}
			if b.Order != nil {
				one.Order = b.Order.key()
			}
			var err error
			if one.Member, one.MemberID, err = b.Member.resolve(s.Vault, "/member"); err != nil {
				return nil, err
			}
			p, again, err := s.Issuing.SendPacket(ctx, c.principal, one)
			if err != nil {
				return nil, err
			}
			return &packetAnswer{replay(again), s.showPacket(ctx, p)}, nil
		})
	add(s, operation{id: "open-packet", method: "POST", path: "/v1/packets/openings", tag: "packets", may: access.CouponClaim, status: 201,
		summary: "Open a share packet", example: openPacketBody{Link: "7K2M-9QXA-4T0B-C1", Member: buyer, Channel: "app", City: "shanghai"}, faults: openFaults,
		about: "First come, first served, one share a member: opened again it answers the same. The share becomes a coupon by the decision of a claim; one that is refused leaves the share in the packet."},
		func(ctx context.Context, c *call, in *openPacketInput) (*openedAnswer, error) {
			return s.openPacket(ctx, c, in)
		})
	add(s, operation{id: "get-packet", method: "GET", path: "/v1/packets/{id}", tag: "packets", may: access.CouponRead,
		summary: "Get a share packet", about: "With who got what. A member sees its own packets and those of which it has a share.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *PacketPath) (*packetAnswer, error) {
			p, err := s.Issuing.Packet(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			return &packetAnswer{replay(false), s.showPacket(ctx, p)}, nil
		})
	add(s, operation{id: "list-packets", method: "GET", path: "/v1/packets", tag: "packets", may: access.CouponRead,
		summary: "List the share packets of a plan", about: "Newest first, without their shares.", faults: []fault.Code{fault.InvalidCursor, fault.Absent}},
		func(ctx context.Context, c *call, in *listPacketsInput) (*list[packetRow], error) {
			before, ask, err := in.afterID("packets", id.Packet)
			if err != nil {
				return nil, err
			}
			rows, err := s.Issuing.Packets(ctx, c.principal, store.PacketFilter{Plan: id.ID(in.Plan), Before: before, Limit: ask})
			if err != nil {
				return nil, err
			}
			return &list[packetRow]{pageOf("packets", ask, rows, func(p packet.Packet) string { return id.Format(id.Packet, p.ID) },
				func(p packet.Packet) packetRow { return s.showPacket(ctx, issuing.SentPacket{Packet: p}) })}, nil
		})
}

func (s *server) openPacket(ctx context.Context, c *call, in *openPacketInput) (*openedAnswer, error) {
	b := in.Body
	p, ok := s.Issuing.Numbers.Parse(b.Link)
	if !ok {
		return nil, fault.New(fault.Absent, "what", "packet").At("/link")
	}
	one := issuing.OpenInput{Once: c.once(in.IdempotencyKey, b), Packet: p, Channel: b.Channel, City: b.City}
	var err error
	if one.Member, one.MemberID, err = b.Member.resolve(s.Vault, "/member"); err != nil {
		return nil, err
	}
	got, err := s.Issuing.OpenPacket(ctx, c.principal, one)
	if err == nil {
		err = got.Err
	}
	if err != nil {
		return nil, err
	}
	shown := openedRow{Coupon: s.showReceipt(got.Receipt).Coupons[0]}
	sent, err := s.Issuing.Packet(ctx, access.System("packets"), p)
	if err != nil {
		return nil, err
	}
	shown.Packet = s.showPacket(ctx, sent)
	for _, o := range shown.Packet.Opened {
		if o.Number == got.Receipt.Share.Number {
			shown.Share = o
		}
	}
	return &openedAnswer{replay(got.Replayed), shown}, nil
}
