package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/packet"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type PlanPath struct {
	ID planID `path:"id" doc:"id of the plan"`
}

// PacketContent is what a packet holds.
type PacketContent struct {
	Template    templateID `json:"template" doc:"what a share becomes: for amounts a template of kind amount_off or no_threshold, whose amount is the most that a share may be"`
	Mode        string     `json:"mode" enum:"lucky,fixed,coupons" doc:"parts of one sum, amounts of one size, or coupons as the template has them"`
	Shares      int64      `json:"shares" minimum:"1" maximum:"200" doc:"of one packet" example:"10"`
	TotalMinor  int64      `json:"total_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"lucky: what a packet holds, minor units" example:"5000"`
	LeastMinor  int64      `json:"least_minor,omitempty" minimum:"0" maximum:"5000000000000" doc:"lucky: least share; 0: one minor unit"`
	MostMinor   int64      `json:"most_minor,omitempty" minimum:"0" maximum:"5000000000000" doc:"lucky: largest share; 0: no bound"`
	ShareMinor  int64      `json:"share_minor,omitempty" minimum:"0" maximum:"5000000000000" doc:"fixed: each share"`
	LifeHours   int64      `json:"life_hours" minimum:"1" maximum:"720" doc:"until a packet ends and its rest comes back" example:"24"`
	SharerOpens bool       `json:"sharer_opens,omitempty" doc:"who sends may have a share too"`
	NeedsOrder  bool       `json:"needs_order,omitempty" doc:"a packet is sent for an order of the sender's, one for each"`
	OrderMinor  int64      `json:"order_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"least that was paid for it"`
}

// PacketLimit is how many packets may be sent.
type PacketLimit struct {
	Period string `json:"period" enum:"ever,day,week,month" doc:"after which it starts anew, in the market's zone and week"`
	Per    string `json:"per" enum:"plan,member" doc:"in all, or by one member"`
	Cap    int64  `json:"cap" minimum:"0" maximum:"1000000000000000" doc:"packets" example:"3"`
}

// PlanBody is what may change of a plan; its content only while it is a draft.
type PlanBody struct {
	InternalName string           `json:"internal_name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Packets after dinner"`
	CustomerName coupon.Names     `json:"customer_name" doc:"as customers see it, by language tag (zh-CN, zh-TW, en)"`
	Content      PacketContent    `json:"content" doc:"what a packet holds"`
	From         calendar.Instant `json:"from,omitzero" doc:"when packets can be sent first; absent: at once"`
	To           calendar.Instant `json:"to,omitzero" doc:"when sending ends, this moment excluded; absent: never"`
	Limits       []PacketLimit    `json:"limits,omitempty" maxItems:"8" doc:"counted in packets" nullable:"false"`
	BudgetMinor  int64            `json:"budget_minor,omitempty" minimum:"0" maximum:"1000000000000000" doc:"of all packets, less what came back; 0: no bound"`
}

func (b *PlanBody) plan() packet.Plan {
	c := b.Content
	p := packet.Plan{InternalName: b.InternalName, CustomerName: b.CustomerName, BudgetMinor: b.BudgetMinor, Window: schedule.Window{From: b.From, To: b.To},
		Content: packet.Content{Template: id.ID(c.Template), Mode: packet.Mode(c.Mode), Shares: c.Shares, TotalMinor: c.TotalMinor, LeastMinor: c.LeastMinor,
			MostMinor: c.MostMinor, ShareMinor: c.ShareMinor, LifeHours: c.LifeHours, SharerOpens: c.SharerOpens, NeedsOrder: c.NeedsOrder, OrderMinor: c.OrderMinor}}
	for _, l := range b.Limits {
		p.Limits = append(p.Limits, packet.Limit{Period: limit.Period(l.Period), Per: packet.Per(l.Per), Cap: l.Cap})
	}
	return p
}

type createPlanBody struct {
	Code     string `json:"code,omitempty" maxLength:"64" doc:"own reference, unique and reserved for ever; can't change"`
	Market   string `json:"market" minLength:"1" maxLength:"64" doc:"code of the template's market; can't change" example:"main"`
	Merchant string `json:"merchant,omitempty" maxLength:"64" doc:"whose plan it is; absent: the platform's; can't change"`
	PlanBody
}

type planRow struct {
	ID       planID `json:"id" doc:"its identity"`
	Code     string `json:"code,omitempty" doc:"own reference"`
	Market   string `json:"market" doc:"code of the market"`
	Merchant string `json:"merchant,omitempty" doc:"whose plan it is"`
	Status   string `json:"status" doc:"draft, published or archived"`
	Open     bool   `json:"open" doc:"of a published plan: packets can be sent"`
	PlanBody
	Sent *sentRow `json:"sent,omitempty" doc:"what was sent; of a single plan only"`
	Stamps
}

type sentRow struct {
	Packets   int64 `json:"packets" doc:"packets, ever"`
	HeldMinor int64 `json:"held_minor" doc:"what they hold, less what came back: this counts for the budget"`
}

func showPlan(p store.Plan) planRow {
	c := p.Content
	row := planRow{ID: planID(p.ID), Code: p.Code, Market: p.Market, Merchant: p.Merchant, Status: string(p.Status), Open: p.Open,
		PlanBody: PlanBody{InternalName: p.InternalName, CustomerName: p.CustomerName, From: p.Window.From, To: p.Window.To, BudgetMinor: p.BudgetMinor,
			Content: PacketContent{templateID(c.Template), string(c.Mode), c.Shares, c.TotalMinor, c.LeastMinor, c.MostMinor, c.ShareMinor, c.LifeHours, c.SharerOpens, c.NeedsOrder, c.OrderMinor}},
		Stamps: Stamps{p.Rev, p.CreatedAt, p.UpdatedAt, p.ArchivedAt}}
	for _, l := range p.Limits {
		row.Limits = append(row.Limits, PacketLimit{string(l.Period), string(l.Per), l.Cap})
	}
	return row
}

type createPlanInput struct {
	Keyed
	Body createPlanBody
}

type createdPlan struct {
	Replayed
	Revised
	Body planRow
}

type updatePlanInput struct {
	PlanPath
	Matched
	Body PlanBody
}

type changePlanInput struct {
	PlanPath
	Matched
}

type planSwitchInput struct {
	PlanPath
	IfMatch string `header:"If-Match" maxLength:"64" doc:"optional here: a kill never waits for a reader" example:"\"3\""`
	Body    packSwitchBody
}

func (s *server) planOfPacketRoutes() {
	const path = "/v1/packet-plans/{id}"
	body := PlanBody{InternalName: "Packets after dinner", CustomerName: coupon.Names{"en": "Lucky packet", "zh-CN": "拼手气红包", "zh-TW": "拼手氣紅包"},
		Content: PacketContent{Template: templateID(exampleID), Mode: "lucky", Shares: 10, TotalMinor: 5000, LeastMinor: 100, LifeHours: 24, NeedsOrder: true},
		Limits:  []PacketLimit{{"day", "member", 3}}, BudgetMinor: 10_000_000}
	add(s, operation{id: "create-packet-plan", method: "POST", path: "/v1/packet-plans", tag: "packets", may: access.TemplateWrite, status: 201,
		summary: "Create a plan of share packets", about: "A draft: publish it.", example: createPlanBody{Market: "main", PlanBody: body},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.KeyRunning, fault.UnknownReference, fault.NameTaken, fault.WrongState, fault.Conflicting, fault.Absent}},
		func(ctx context.Context, c *call, in *createPlanInput) (*createdPlan, error) {
			made := in.Body.plan()
			made.Code, made.Market, made.Merchant = in.Body.Code, in.Body.Market, in.Body.Merchant
			p, again, err := s.Catalog.CreatePlan(ctx, c.principal, catalog.CreatePlanInput{Once: c.once(in.IdempotencyKey, in.Body), Plan: made})
			if err != nil {
				return nil, err
			}
			return &createdPlan{replay(again), Revised{tag(p.Rev)}, showPlan(p)}, nil
		})
	add(s, operation{id: "list-packet-plans", method: "GET", path: "/v1/packet-plans", tag: "packets", may: access.TemplateRead,
		summary: "List plans of share packets", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listPacksInput) (*list[planRow], error) {
			f, err := in.filter("packet-plans")
			if err != nil {
				return nil, err
			}
			f.Parent, f.Status = in.Template.String(), in.Status
			rows, err := s.Catalog.ListPlans(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[planRow]{pageOf("packet-plans", f.Limit, rows, func(p store.Plan) string { return id.Format(id.PacketPlan, p.ID) }, showPlan)}, nil
		})
	add(s, operation{id: "get-packet-plan", method: "GET", path: path, tag: "packets", may: access.TemplateRead,
		summary: "Get a plan of share packets", about: "With what was sent under it. Archived ones too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *PlanPath) (*row[planRow], error) {
			p, err := s.Catalog.GetPlan(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			shown := showPlan(p.Plan)
			shown.Sent = &sentRow{p.Packets, p.HeldMinor}
			return rowOf(shown, p.Rev, false), nil
		})
	add(s, operation{id: "update-packet-plan", method: "PUT", path: path, tag: "packets", may: access.TemplateWrite,
		summary: "Change a plan of share packets", about: "The body is the whole. The content of a published plan can't change; packets that were sent stay as they are.", example: body,
		faults: []fault.Code{fault.Absent, fault.WrongState, fault.UnknownReference, fault.Conflicting}},
		func(ctx context.Context, c *call, in *updatePlanInput) (*row[planRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			p := in.Body.plan()
			p.ID = id.ID(in.ID)
			return planAnswer(s.Catalog.UpdatePlan(ctx, c.principal, catalog.UpdatePlanInput{Plan: p, IfRev: rev}))
		})
	change := func(name, summary, about string, do func(context.Context, access.Principal, id.ID, int64) (store.Plan, error)) {
		add(s, operation{id: name + "-packet-plan", method: "POST", path: path + "/" + name, tag: "packets", may: access.TemplatePublish, summary: summary, about: about,
			faults: []fault.Code{fault.Absent, fault.WrongState, fault.IfMatchMissing, fault.StaleRevision, fault.UnknownReference, fault.Conflicting}},
			func(ctx context.Context, c *call, in *changePlanInput) (*row[planRow], error) {
				rev, err := in.rev()
				if err != nil {
					return nil, err
				}
				return planAnswer(do(ctx, c.principal, id.ID(in.ID), rev))
			})
	}
	change("publish", "Publish a plan of share packets", "Packets can be sent from then on. Needs If-Match.", s.Catalog.PublishPlan)
	change("archive", "Archive a plan of share packets", "No packets are sent any more; those that were live on. Needs If-Match.", s.Catalog.ArchivePlan)
	add(s, operation{id: "set-packet-plan-open", method: "PUT", path: path + "/open", tag: "packets", may: access.TemplatePublish,
		summary: "Stop that packets are sent, or go on with it", about: "Seen at once. Packets that were sent can be opened all the same: to end that, stop claiming of the template. If-Match may be left out.",
		example: packSwitchBody{Reason: "budget"}, faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *planSwitchInput) (*row[planRow], error) {
			rev := int64(0)
			if in.IfMatch != "" {
				var err error
				if rev, err = revOf(in.IfMatch); err != nil {
					return nil, err
				}
			}
			return planAnswer(s.Catalog.OpenPlan(ctx, c.principal, catalog.OpenPlanInput{Plan: id.ID(in.ID), Open: in.Body.Open, IfRev: rev, Reason: in.Body.Reason}))
		})
}

func planAnswer(p store.Plan, err error) (*row[planRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showPlan(p), p.Rev, false), nil
}
