package api

import (
	"cmp"
	"context"

	"quan/internal/app/catalog"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type PlacementPath struct {
	ID placementID `path:"id" doc:"id of the placement"`
}

type PlacementBody struct {
	Name    string           `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Front page"`
	Channel string           `json:"channel" minLength:"1" maxLength:"64" doc:"delivery channel through which it is shown" example:"app"`
	From    calendar.Instant `json:"from,omitzero" doc:"when it opens; absent: at once"`
	To      calendar.Instant `json:"to,omitzero" doc:"when it closes, this moment excluded; absent: never"`
	Cap     int64            `json:"cap,omitempty" minimum:"0" maximum:"1000000000000" doc:"coupons, or packs, it may give out; 0: no cap of its own"`
	Open    bool             `json:"open" doc:"gives out coupons" example:"true"`
}

type createPlacementBody struct {
	Code     string     `json:"code,omitempty" maxLength:"64" doc:"own reference, unique and reserved for ever"`
	Market   string     `json:"market" minLength:"1" maxLength:"64" doc:"code of the template's market" example:"main"`
	Template templateID `json:"template,omitzero" doc:"what it offers, or"`
	Pack     packID     `json:"pack,omitzero" doc:"which pack it offers; neither can change"`
	PlacementBody
}

type placementRow struct {
	ID       placementID `json:"id" doc:"its identity"`
	Code     string      `json:"code,omitempty" doc:"own reference"`
	Market   string      `json:"market" doc:"code of the market"`
	Template templateID  `json:"template,omitzero" doc:"what it offers"`
	Pack     packID      `json:"pack,omitzero" doc:"which pack it offers"`
	PlacementBody
	Offers   *offerRow  `json:"offers,omitempty" doc:"names of what it offers; absent in answers to changes"`
	Figures  *valuesRow `json:"figures,omitempty" doc:"what became of its coupons, where figures were asked for"`
	Currency string     `json:"currency,omitempty" doc:"of the amounts of figures: the market's own"`
	Stamps
}

type offerRow struct {
	InternalName string       `json:"internal_name" doc:"as operators know it"`
	CustomerName coupon.Names `json:"customer_name" doc:"as customers see it, by language tag"`
}

func showPlacement(p store.Placement) placementRow {
	return placementRow{ID: placementID(p.ID), Code: p.Code, Market: p.Market, Template: templateID(p.Template), Pack: packID(p.Pack),
		PlacementBody: PlacementBody{p.Name, p.Channel, p.From, p.To, p.Cap, p.Open}, Stamps: Stamps{p.Rev, p.CreatedAt, p.UpdatedAt, p.ArchivedAt}}
}

// placementsShown shows placements with the names of what they offer, and their
// figures where those are wanted.
func (s *server) placementsShown(ctx context.Context, c *call, rows []store.Placement, figures bool) (map[id.ID]placementRow, error) {
	offers, err := s.Catalog.Offers(ctx, c.principal, rows)
	if err != nil {
		return nil, err
	}
	var placed []reporting.Placed
	if figures {
		if placed, err = s.Reporting.Placements(ctx, c.principal, rows); err != nil {
			return nil, err
		}
	}
	out := make(map[id.ID]placementRow, len(rows))
	for i := range rows {
		row := showPlacement(rows[i])
		row.Offers = (*offerRow)(&offers[i])
		if figures {
			row.Figures, row.Currency = &valuesRow{placed[i].Values, RatesRow(placed[i].Rates)}, placed[i].Currency
		}
		out[rows[i].ID] = row
	}
	return out, nil
}

type createPlacementInput struct {
	Keyed
	Body createPlacementBody
}

type createdPlacement struct {
	Replayed
	Revised
	Body placementRow
}

type updatePlacementInput struct {
	PlacementPath
	Matched
	Body PlacementBody
}

type archivePlacementInput struct {
	PlacementPath
	Matched
}

type listPlacementsInput struct {
	ListInput
	Template templateID `query:"template" doc:"only this template's"`
	Pack     packID     `query:"pack" doc:"only this pack's"`
	Figured
}

// Figured asks for the figures of what is shown.
type Figured struct {
	Figures bool `query:"figures" doc:"with figures; needs statistics.read too"`
}

type getPlacementInput struct {
	PlacementPath
	Figured
}

func (s *server) placementRoutes() {
	const path = "/v1/placements/{id}"
	add(s, operation{id: "create-placement", method: "POST", path: "/v1/placements", tag: "templates", may: access.ReferenceWrite,
		status: 201, summary: "Create a placement",
		example: createPlacementBody{Market: "main", Template: templateID(exampleID), PlacementBody: PlacementBody{Name: "Front page", Channel: "app", Open: true}},
		faults:  []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.UnknownReference, fault.NameTaken, fault.WrongState}},
		func(ctx context.Context, c *call, in *createPlacementInput) (*createdPlacement, error) {
			b := in.Body
			p, again, err := s.Catalog.CreatePlacement(ctx, c.principal, catalog.CreatePlacementInput{Once: c.once(in.IdempotencyKey, b),
				Code: b.Code, Market: b.Market, Name: b.Name, Template: id.ID(b.Template), Pack: id.ID(b.Pack), Channel: b.Channel, From: b.From, To: b.To,
				Cap: b.Cap, Open: b.Open})
			if err != nil {
				return nil, err
			}
			return &createdPlacement{replay(again), Revised{tag(p.Rev)}, showPlacement(p)}, nil
		})
	add(s, operation{id: "list-placements", method: "GET", path: "/v1/placements", tag: "templates", may: access.ReferenceRead,
		summary: "List placements", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listPlacementsInput) (*list[placementRow], error) {
			f, err := in.filter("placements")
			if err != nil {
				return nil, err
			}
			f.Parent = cmp.Or(in.Template.String(), in.Pack.String())
			rows, err := s.Catalog.ListPlacements(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			shown, err := s.placementsShown(ctx, c, rows, in.Figures)
			if err != nil {
				return nil, err
			}
			return &list[placementRow]{pageOf("placements", f.Limit, rows,
				func(p store.Placement) string { return id.Format(id.Placement, p.ID) },
				func(p store.Placement) placementRow { return shown[p.ID] })}, nil
		})
	add(s, operation{id: "get-placement", method: "GET", path: path, tag: "templates", may: access.ReferenceRead,
		summary: "Get a placement", about: "Archived ones too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *getPlacementInput) (*row[placementRow], error) {
			p, err := s.Catalog.GetPlacement(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			shown, err := s.placementsShown(ctx, c, []store.Placement{p}, in.Figures)
			if err != nil {
				return nil, err
			}
			return rowOf(shown[p.ID], p.Rev, false), nil
		})
	add(s, operation{id: "update-placement", method: "PUT", path: path, tag: "templates", may: access.ReferenceWrite,
		summary: "Change a placement", about: "The body is the whole. Claims see it at once.",
		example: PlacementBody{Name: "Front page", Channel: "app", Open: false},
		faults:  []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *updatePlacementInput) (*row[placementRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			b := in.Body
			return placementAnswer(s.Catalog.UpdatePlacement(ctx, c.principal, catalog.UpdatePlacementInput{Placement: id.ID(in.ID),
				IfRev: rev, Name: b.Name, Channel: b.Channel, From: b.From, To: b.To, Cap: b.Cap, Open: b.Open}))
		})
	add(s, operation{id: "archive-placement", method: "DELETE", path: path, tag: "templates", may: access.ReferenceWrite,
		summary: "Archive a placement", about: "It gives out nothing any more.", faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *archivePlacementInput) (*row[placementRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return placementAnswer(s.Catalog.ArchivePlacement(ctx, c.principal, id.ID(in.ID), rev))
		})
}

func placementAnswer(p store.Placement, err error) (*row[placementRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showPlacement(p), p.Rev, false), nil
}
