package api

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"rsc.io/qr"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/link"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type LinkPath struct {
	ID linkID `path:"id" doc:"id of the link"`
}

type LinkBody struct {
	Name    string `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Poster, spring"`
	Channel string `json:"channel,omitempty" maxLength:"64" doc:"where it is spread, in a word of your own" example:"poster"`

	Sites []string `json:"sites,omitempty" maxItems:"20" uniqueItems:"true" doc:"origins of other sites whose pages may show the offer as a card; https, or http on the machine itself. Absent: none" example:"[\"https://shop.example.com\"]" nullable:"false"`
}

type createLinkBody struct {
	Placement placementID `json:"placement,omitzero" doc:"whose page it leads to, or"`
	Template  templateID  `json:"template,omitzero" doc:"what a new placement offers that is made with it, or"`
	Pack      packID      `json:"pack,omitzero" doc:"which pack that offers; none of the three can change"`
	Code      string      `json:"code,omitempty" maxLength:"32" doc:"in the address: small letters, digits and hyphens; absent: quan makes one. Can't change" example:"spring"`
	LinkBody
}

type linkRow struct {
	ID        linkID      `json:"id" doc:"its identity"`
	Code      string      `json:"code" doc:"in the address"`
	Path      string      `json:"path" doc:"of the page, on this server" example:"/p/spring"`
	Market    string      `json:"market" doc:"code of the market"`
	Placement placementID `json:"placement" doc:"whose page it leads to"`
	LinkBody
	PlacementName string         `json:"placement_name,omitempty" doc:"name of the placement; in lists"`
	Figures       *linkFunnelRow `json:"figures,omitempty" doc:"what became of it, where figures were asked for"`
	Stamps
}

func showLink(l store.Link) linkRow {
	return linkRow{ID: linkID(l.ID), Code: l.Code, Path: pathOf(l.Code), Market: l.Market, Placement: placementID(l.Placement), LinkBody: LinkBody{l.Name, l.Channel, l.Sites},
		Stamps: Stamps{l.Rev, l.CreatedAt, l.UpdatedAt, l.ArchivedAt}}
}

// linksShown shows links with the names of where they lead, and their figures where
// those are wanted.
func (s *server) linksShown(ctx context.Context, c *call, rows []store.Link, figures bool) (map[id.ID]linkRow, error) {
	names, err := s.Catalog.LinkedPlacements(ctx, c.principal, rows)
	if err != nil {
		return nil, err
	}
	var became map[id.ID]link.Figures
	if figures {
		if became, err = s.Catalog.LinkFunnels(ctx, c.principal, rows); err != nil {
			return nil, err
		}
	}
	out := make(map[id.ID]linkRow, len(rows))
	for i := range rows {
		row := showLink(rows[i])
		row.PlacementName = names[rows[i].Placement]
		if figures {
			f := linkFunnelRow(became[rows[i].ID])
			row.Figures = &f
		}
		out[rows[i].ID] = row
	}
	return out, nil
}

// pathOf is where a link's page lies on this server.
func pathOf(code string) string { return "/p/" + code }

type createLinkInput struct {
	Keyed
	Body createLinkBody
}

type createdLink struct {
	Replayed
	Revised
	Body linkRow
}

type updateLinkInput struct {
	LinkPath
	Matched
	Body LinkBody
}

type archiveLinkInput struct {
	LinkPath
	Matched
}

type listLinksInput struct {
	ListInput
	Placement placementID `query:"placement" doc:"only this placement's"`
	Template  templateID  `query:"template" doc:"only those to pages of this template's placements"`
	Figured
}

type linkFunnelAnswer struct{ Body linkFunnelRow }

type linkFunnelRow struct {
	Views   int64 `json:"views" doc:"of its page; near, as they are counted in memory and added each second"`
	SignIns int64 `json:"sign_ins" doc:"members who signed in on it; as near"`
	Claims  int64 `json:"claims" doc:"acts of claiming through it, exact"`
	Coupons int64 `json:"coupons" doc:"that they gave, exact"`
	Used    int64 `json:"used" doc:"of them, used and not given back, exact"`
}

type qrInput struct {
	LinkPath
	Format string `query:"format" enum:"svg,png" default:"svg" doc:"svg prints at any size"`
	Base   string `query:"base" maxLength:"200" doc:"address of the server as members reach it; absent: as this request reached it" example:"https://coupons.example.com"`
}

func (s *server) linkRoutes() {
	const path = "/v1/links/{id}"
	add(s, operation{id: "create-link", method: "POST", path: "/v1/links", tag: "pages", may: access.ReferenceWrite, status: 201,
		summary: "Create a short link to a placement's page", about: "A placement has as many as it has ways to be spread, each with its own funnel. What is claimed through it is offered under the placement's rules. " +
			"With a template or a pack instead of a placement, a placement of the link's name is made with it: open, without a cap, in the channel h5.",
		example: createLinkBody{Placement: placementID(exampleID), Code: "spring", LinkBody: LinkBody{"Poster, spring", "poster", []string{"https://shop.example.com"}}},
		faults:  []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.UnknownReference, fault.NameTaken, fault.WrongState}},
		func(ctx context.Context, c *call, in *createLinkInput) (*createdLink, error) {
			b := in.Body
			l, again, err := s.Catalog.CreateLink(ctx, c.principal, catalog.CreateLinkInput{Once: c.once(in.IdempotencyKey, b),
				Placement: id.ID(b.Placement), Template: id.ID(b.Template), Pack: id.ID(b.Pack), Code: b.Code, Name: b.Name, Channel: b.Channel, Sites: b.Sites})
			if err != nil {
				return nil, err
			}
			return &createdLink{replay(again), Revised{tag(l.Rev)}, showLink(l)}, nil
		})
	add(s, operation{id: "list-links", method: "GET", path: "/v1/links", tag: "pages", may: access.ReferenceRead,
		summary: "List links", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listLinksInput) (*list[linkRow], error) {
			f, err := in.filter("links")
			if err != nil {
				return nil, err
			}
			f.Parent = cmp.Or(in.Placement.String(), in.Template.String())
			rows, err := s.Catalog.ListLinks(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			shown, err := s.linksShown(ctx, c, rows, in.Figures)
			if err != nil {
				return nil, err
			}
			return &list[linkRow]{pageOf("links", f.Limit, rows,
				func(l store.Link) string { return id.Format(id.Link, l.ID) },
				func(l store.Link) linkRow { return shown[l.ID] })}, nil
		})
	add(s, operation{id: "get-link", method: "GET", path: path, tag: "pages", may: access.ReferenceRead, summary: "Get a link", about: "Archived ones too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *LinkPath) (*row[linkRow], error) {
			return linkAnswer(s.Catalog.GetLink(ctx, c.principal, id.ID(in.ID)))
		})
	add(s, operation{id: "update-link", method: "PUT", path: path, tag: "pages", may: access.ReferenceWrite, summary: "Change a link", about: "The body is the whole of what can change. Its code is in print and stays.",
		example: LinkBody{"Poster, summer", "poster", nil}, faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *updateLinkInput) (*row[linkRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return linkAnswer(s.Catalog.UpdateLink(ctx, c.principal, catalog.UpdateLinkInput{Link: id.ID(in.ID), IfRev: rev, Name: in.Body.Name, Channel: in.Body.Channel, Sites: in.Body.Sites}))
		})
	add(s, operation{id: "archive-link", method: "DELETE", path: path, tag: "pages", may: access.ReferenceWrite, summary: "Archive a link", about: "It leads nowhere any more.", faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *archiveLinkInput) (*row[linkRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return linkAnswer(s.Catalog.ArchiveLink(ctx, c.principal, id.ID(in.ID), rev))
		})
	add(s, operation{id: "get-link-funnel", method: "GET", path: path + "/funnel", tag: "pages", may: access.StatisticsRead, summary: "Get what became of a link",
		about: "Views, sign-ins, claims, uses. Claims and uses are counted from the coupons themselves.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *LinkPath) (*linkFunnelAnswer, error) {
			f, err := s.Catalog.LinkFunnel(ctx, c.principal, id.ID(in.ID))
			return &linkFunnelAnswer{linkFunnelRow(f)}, err
		})
	s.linkQR(path)
}

func linkAnswer(l store.Link, err error) (*row[linkRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showLink(l), l.Rev, false), nil
}

func (s *server) linkQR(path string) {
	o := operation{id: "get-link-qr", method: "GET", path: path + "/qr", tag: "pages", may: access.ReferenceRead, summary: "Get the QR code of a link",
		about: "A picture of the page's whole address.", faults: []fault.Code{fault.Absent}}
	add(s, o, func(ctx context.Context, c *call, in *qrInput) (*huma.StreamResponse, error) {
		l, err := s.Catalog.GetLink(ctx, c.principal, id.ID(in.ID))
		if err != nil {
			return nil, err
		}
		base := in.Base
		if base == "" {
			base = c.base()
		}
		code, err := qr.Encode(base+pathOf(l.Code), qr.M)
		if err != nil {
			return nil, fault.New(fault.TooLong, "max", 200).At("query:base")
		}
		return &huma.StreamResponse{Body: func(h huma.Context) {
			_, w := unwrap(h)
			kind, picture := "image/svg+xml", drawn(code)
			if in.Format == "png" {
				kind, picture = "image/png", code.PNG()
			}
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(http.StatusOK)
			_, _ = w.Write(picture) // the client is gone: nothing to do
		}}, nil
	})
	done := s.registered(o.method, o.path).Responses["200"]
	done.Description = "the picture"
	done.Content = map[string]*huma.MediaType{"image/svg+xml": {Schema: &huma.Schema{Type: huma.TypeString}}, "image/png": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}

// base is the address of this server as the request reached it.
func (c *call) base() string {
	if c.request.TLS != nil || c.request.Header.Get("X-Forwarded-Proto") == "https" {
		return "https://" + c.request.Host
	}
	return "http://" + c.request.Host
}

// drawn is a QR code as SVG: a path of its dark squares, four of white around.
func drawn(code *qr.Code) []byte {
	const quiet = 4
	var b bytes.Buffer
	side := code.Size + 2*quiet
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`, side, side, side, side)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.Bytes()
}
