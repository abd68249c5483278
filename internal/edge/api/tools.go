package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type templateToolsInput struct {
	ID    templateID `path:"id" doc:"id of the template"`
	Limit int        `query:"limit" minimum:"1" maximum:"50" default:"10" doc:"tools of each kind, the newest first"`
}

type templateToolsAnswer struct {
	Body struct {
		Template templateID     `json:"template" doc:"which template"`
		Currency string         `json:"currency" doc:"of the amounts: the market's"`
		Kinds    []toolCountRow `json:"kinds" doc:"how many tools of each kind there are; those that the caller may not read are left out" nullable:"false"`
		Tools    []toolRow      `json:"tools" doc:"in the order of the kinds, of each the newest first; archived ones aside" nullable:"false"`
		Forms    []formRow      `json:"forms,omitempty" doc:"what came of the template, by how its coupons were delivered: exact, and together all of it. With statistics.read" nullable:"false"`
	}
}

type toolCountRow struct {
	Kind  string `json:"kind" enum:"placement,link,codes,batch,pack,packet_plan,grant,desk,automatic" doc:"what gives coupons out"`
	Total int64  `json:"total" doc:"how many there are, shown or not"`
	Path  string `json:"path,omitempty" doc:"where the API lists them all" example:"/v1/packs?template=tpl_0cysw6cn00100"`
}

type toolRow struct {
	Kind      string           `json:"kind" enum:"placement,link,codes,batch,pack,packet_plan,grant,desk,automatic" doc:"placement; link to one's page; batch of exchange codes; batch of stock; pack; plan of share packets; bulk grant; the service desk, which compensates with it; the template itself, where it applies by itself"`
	ID        string           `json:"id,omitempty" doc:"typed id; absent: desk and automatic"`
	Path      string           `json:"path" doc:"where the API has it" example:"/v1/placements/plc_0cysw6cn00100"`
	Name      string           `json:"name,omitempty" doc:"as operators know it"`
	Code      string           `json:"code,omitempty" doc:"own reference; of a link what is in its address, of codes the word"`
	State     string           `json:"state" enum:"draft,scheduled,open,paused,ended,revoked" doc:"how it stands now"`
	Placement placementID      `json:"placement,omitzero" doc:"of a link: to whose page it leads"`
	Sites     int              `json:"sites,omitempty" doc:"of a link: how many other sites show it as a card"`
	CreatedAt calendar.Instant `json:"created_at,omitzero" doc:"when it was made"`
	From      calendar.Instant `json:"from,omitzero" doc:"when it begins; absent: at once"`
	To        calendar.Instant `json:"to,omitzero" doc:"when it ends; absent: never"`
	Figures   *toolFiguresRow  `json:"figures,omitempty" doc:"with statistics.read"`
}

type toolFiguresRow struct {
	Issued    *int64 `json:"issued,omitempty" doc:"coupons of the template that came through it; absent: too many to look at each of them here"`
	Used      *int64 `json:"used,omitempty" doc:"of them, used and not given back; absent as above"`
	Given     *int64 `json:"given,omitempty" doc:"packs, packets, or members of a grant of several templates"`
	Left      *int64 `json:"left,omitempty" doc:"what it can still give: coupons, codes, packs or packets; absent: no bound of its own"`
	Views     *int64 `json:"views,omitempty" doc:"of a link's page"`
	CostMinor *int64 `json:"cost_minor,omitempty" doc:"discounts less what was given back"`
	HeldMinor *int64 `json:"held_minor,omitempty" doc:"of a batch: worst case that its budget bears; of a plan: what its packets hold"`
}

type formRow struct {
	Form   string `json:"form" doc:"claim, grant, code, packet, automatic, import or reissue"`
	Placed bool   `json:"placed" doc:"through placements"`

	Issued    int64 `json:"issued" doc:"coupons"`
	Used      int64 `json:"used" doc:"coupons used for the first time"`
	Expired   int64 `json:"expired" doc:"coupons"`
	Withdrawn int64 `json:"withdrawn" doc:"coupons"`
	CostMinor int64 `json:"cost_minor" doc:"discounts less what was given back"`
	PaidMinor int64 `json:"paid_minor" doc:"on the orders of their uses"`
}

func showForm(f *catalog.FormFigures) formRow {
	v := &f.Values
	return formRow{string(f.Form), f.Placed, v.Issued, v.CouponsUsed, v.Expired, v.Withdrawn, v.DiscountMinor - v.ReturnedMinor, v.PaidMinor}
}

// toolPlace is where the API has the tools of a kind: a list that can be asked for those
// of a template, and the prefix of their ids.
type toolPlace struct{ list, prefix string }

var toolPlaces = map[catalog.ToolKind]toolPlace{
	catalog.ToolPlacement: {"/v1/placements", id.Placement},
	catalog.ToolLink:      {"/v1/links", id.Link},
	catalog.ToolCodes:     {"/v1/code-batches", id.CodeBatch},
	catalog.ToolBatch:     {"/v1/batches", id.Batch},
	catalog.ToolPack:      {"/v1/packs", id.Pack},
	catalog.ToolPlan:      {"/v1/packet-plans", id.PacketPlan},
	catalog.ToolGrant:     {"/v1/bulk-grants", id.Job},
}

func showTool(template id.ID, t *catalog.Tool) toolRow {
	row := toolRow{Kind: string(t.Kind), Name: t.Name, Code: t.Code, State: string(t.State), Placement: placementID(t.Placement), Sites: t.Sites,
		CreatedAt: t.CreatedAt, From: t.From, To: t.To, Figures: (*toolFiguresRow)(t.Figures)}
	switch place, ok := toolPlaces[t.Kind]; {
	case ok:
		row.ID = id.Format(place.prefix, t.ID)
		row.Path = place.list + "/" + row.ID
	case t.Kind == catalog.ToolDesk:
		row.Path = "/v1/desks/" + t.Code
	default:
		row.Path = "/v1/templates/" + id.Format(id.Template, template)
	}
	return row
}

func (s *server) toolRoutes() {
	add(s, operation{id: "list-template-tools", method: "GET", path: "/v1/templates/{id}/tools", tag: "templates", may: access.TemplateRead,
		summary: "List what gives a template's coupons out", about: "Placements, links to their pages, exchange codes, batches of stock, packs, share packets, bulk grants, the service desk and " +
			"the template that applies by itself: each with its state, and its figures for who has statistics.read. Of each kind the newest, and how many there are. " +
			"Coupons that no sum knows are looked at one by one, 50,000 for all tools together: larger ones have no such figure here.",
		faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *templateToolsInput) (*templateToolsAnswer, error) {
			found, err := s.Catalog.Tools(ctx, c.principal, catalog.ToolsInput{Template: id.ID(in.ID), Limit: in.Limit})
			if err != nil {
				return nil, err
			}
			out := &templateToolsAnswer{}
			b := &out.Body
			b.Template, b.Currency, b.Kinds, b.Tools = in.ID, found.Currency, make([]toolCountRow, len(found.Kinds)), make([]toolRow, len(found.Tools))
			for i, k := range found.Kinds {
				b.Kinds[i] = toolCountRow{Kind: string(k.Kind), Total: k.Total}
				if place, ok := toolPlaces[k.Kind]; ok {
					b.Kinds[i].Path = place.list + "?template=" + in.ID.String()
				}
			}
			for i := range found.Tools {
				b.Tools[i] = showTool(id.ID(in.ID), &found.Tools[i])
			}
			for i := range found.Forms {
				b.Forms = append(b.Forms, showForm(&found.Forms[i]))
			}
			return out, nil
		})
}
