package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type TemplatePath struct {
	ID templateID `path:"id" doc:"id of the template"`
}

// TemplateNames are what an update may change besides the draft.
type TemplateNames struct {
	InternalName string        `json:"internal_name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Spring 20-5"`
	CustomerName coupon.Names  `json:"customer_name" doc:"as customers see it, by language tag (zh-CN, zh-TW, en)"`
	Line         string        `json:"line,omitempty" maxLength:"64" doc:"line of business"`
	Issuer       coupon.Issuer `json:"issuer" doc:"in whose name it is issued; can't change once published"`
	Draft        coupon.Doc    `json:"draft" doc:"the content that the next publication makes a version"`
}

type createTemplateBody struct {
	Code   string `json:"code,omitempty" maxLength:"64" doc:"own reference, unique and reserved for ever" example:"spring-20-5"`
	Market string `json:"market" minLength:"1" maxLength:"64" doc:"code of the market; can't change" example:"main"`
	TemplateNames
}

type templateRow struct {
	ID           templateID    `json:"id" doc:"its identity"`
	Code         string        `json:"code,omitempty" doc:"own reference"`
	Market       string        `json:"market" doc:"code of the market"`
	InternalName string        `json:"internal_name" doc:"as operators know it"`
	CustomerName coupon.Names  `json:"customer_name" doc:"as customers see it, by language tag"`
	Line         string        `json:"line,omitempty" doc:"line of business"`
	Issuer       coupon.Issuer `json:"issuer" doc:"in whose name it is issued"`
	Status       string        `json:"status" enum:"draft,published,archived" doc:"draft → published → archived"`
	Claiming     bool          `json:"claiming" doc:"new coupons are given out"`
	Use          bool          `json:"use" doc:"issued coupons can be used"`
	Room         *RoomBody     `json:"waiting_room,omitempty" doc:"claims need a place in it"`
	Version      int64         `json:"version" doc:"newest published version, 0 for none"`
	Draft        *coupon.Doc   `json:"draft,omitempty" doc:"content not yet published"`
	Complexity   *complexity   `json:"complexity,omitempty" doc:"how hard the draft is to understand, or what was just published"`
	Findings     []findingRow  `json:"findings,omitempty" doc:"rules of the draft, or of what was just published, that don't fit: who can claim it against who can use it" nullable:"false"`
	Stamps
}

func showTemplate(t store.Template) templateRow {
	return templateRow{ID: templateID(t.ID), Code: t.Code, Market: t.Market, InternalName: t.InternalName,
		CustomerName: t.CustomerName, Line: t.Line, Issuer: t.Issuer, Status: string(t.Status), Claiming: t.Claiming,
		Use: t.Use, Room: (*RoomBody)(t.Room), Version: t.Version, Draft: t.Draft, Stamps: Stamps{t.Rev, t.CreatedAt, t.UpdatedAt, t.ArchivedAt}}
}

type versionRow struct {
	Number      int64            `json:"number" doc:"counts from 1"`
	Hash        string           `json:"hash" doc:"SHA-256 of the canonical content"`
	Content     coupon.Doc       `json:"content" doc:"what was published"`
	PublishedAt calendar.Instant `json:"published_at" doc:"when"`
	PublishedBy string           `json:"published_by" doc:"principal who published it"`
}

func showVersion(v coupon.Version) versionRow {
	return versionRow{v.Number, v.Hash, v.Doc, v.PublishedAt, v.PublishedBy}
}

type createTemplateInput struct {
	Keyed
	Body createTemplateBody
}

type updateTemplateInput struct {
	TemplatePath
	Matched
	Body TemplateNames
}

type changeTemplateInput struct {
	TemplatePath
	Matched
}

type listTemplatesInput struct {
	ListInput
	Market string `query:"market" maxLength:"64" doc:"only this market's"`
	Status string `query:"status" enum:"draft,published,archived" doc:"only with this status"`
}

type switchesBody struct {
	Claiming *bool  `json:"claiming,omitempty" doc:"give out new coupons; absent: as it is"`
	Use      *bool  `json:"use,omitempty" doc:"let issued coupons be used; absent: as it is"`
	Reason   string `json:"reason,omitempty" maxLength:"500" doc:"why, for the audit log"`
}

type switchesInput struct {
	TemplatePath
	IfMatch string `header:"If-Match" maxLength:"64" doc:"optional here: a kill never waits for a reader" example:"\"3\""`
	Body    switchesBody
}

type createdTemplate struct {
	Replayed
	Revised
	Body templateRow
}

type published struct {
	Revised
	Body publishedBody
}

type publishedBody struct {
	Template templateRow `json:"template" doc:"as it is now"`
	Version  versionRow  `json:"version" doc:"the version that was made"`
}

type listVersionsInput struct {
	TemplatePath
	Filed
}

type versionList struct {
	Body struct {
		Items []versionRow `json:"items" doc:"versions, oldest first" nullable:"false"`
	}
}

func (s *server) templateRoutes() {
	const path = "/v1/templates/{id}"
	add(s, operation{id: "create-template", method: "POST", path: "/v1/templates", tag: "templates", may: access.TemplateWrite,
		status: 201, summary: "Create a template", example: templateExample(),
		about:  "It begins as a draft; its content may be unfinished: publishing demands that it is whole.",
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.UnknownReference, fault.NameTaken, fault.Conflicting}},
		func(ctx context.Context, c *call, in *createTemplateInput) (*createdTemplate, error) {
			b := in.Body
			t, again, err := s.Catalog.CreateTemplate(ctx, c.principal, catalog.CreateTemplateInput{Once: c.once(in.IdempotencyKey, b),
				Code: b.Code, Market: b.Market, InternalName: b.InternalName, CustomerName: b.CustomerName, Line: b.Line,
				Issuer: b.Issuer, Doc: b.Draft})
			if err != nil {
				return nil, err
			}
			return &createdTemplate{replay(again), Revised{tag(t.Rev)}, c.metered(showTemplate(t), t.Draft)}, nil
		})
	add(s, operation{id: "list-templates", method: "GET", path: "/v1/templates", tag: "templates", may: access.TemplateRead,
		summary: "List templates", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listTemplatesInput) (*list[templateRow], error) {
			f, err := in.filter("templates")
			if err != nil {
				return nil, err
			}
			f.Market, f.Status = in.Market, in.Status
			rows, err := s.Catalog.ListTemplates(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[templateRow]{pageOf("templates", f.Limit, rows,
				func(t store.Template) string { return id.Format(id.Template, t.ID) }, showTemplate)}, nil
		})
	add(s, operation{id: "get-template", method: "GET", path: path, tag: "templates", may: access.TemplateRead,
		summary: "Get a template", about: "In any status.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *TemplatePath) (*row[templateRow], error) {
			return c.drafted(s.Catalog.GetTemplate(ctx, c.principal, id.ID(in.ID)))
		})
	add(s, operation{id: "update-template", method: "PUT", path: path, tag: "templates", may: access.TemplateWrite,
		summary: "Change a template's names and draft", example: templateExample().TemplateNames,
		about:  "The body is the whole. On a published template the draft is that of the next version; what is published stays.",
		faults: []fault.Code{fault.Absent, fault.WrongState, fault.UnknownReference, fault.Conflicting}},
		func(ctx context.Context, c *call, in *updateTemplateInput) (*row[templateRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			b := in.Body
			return c.drafted(s.Catalog.UpdateDraft(ctx, c.principal, catalog.UpdateDraftInput{Template: id.ID(in.ID), IfRev: rev,
				InternalName: b.InternalName, CustomerName: b.CustomerName, Line: b.Line, Issuer: b.Issuer, Doc: b.Draft}))
		})
	s.publishRoutes(path)
	s.explanationRoute(path)
	s.checkRoute()
	s.kindsRoute()
	s.openingsRoute(path)
	s.placementRoutes()
	s.batchRoutes()
}

func templateAnswer(t store.Template, err error) (*row[templateRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showTemplate(t), t.Rev, false), nil
}

func (s *server) publishRoutes(path string) {
	add(s, operation{id: "publish-template", method: "POST", path: path + "/publish", tag: "templates", may: access.TemplatePublish,
		summary: "Publish the draft as the next version",
		about:   "Needs If-Match, which also makes a repetition harmless. The first publication turns both switches on.",
		faults: []fault.Code{fault.Absent, fault.WrongState, fault.IfMatchMissing, fault.StaleRevision, fault.Conflicting,
			fault.UnboundedAmount, fault.UnknownReference}},
		func(ctx context.Context, c *call, in *changeTemplateInput) (*published, error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			p, err := s.Catalog.Publish(ctx, c.principal, id.ID(in.ID), rev)
			if err != nil {
				return nil, err
			}
			return &published{Revised{tag(p.Template.Rev)}, publishedBody{c.metered(showTemplate(p.Template), &p.Version.Doc), showVersion(p.Version)}}, nil
		})
	add(s, operation{id: "set-switches", method: "PUT", path: path + "/switches", tag: "templates", may: access.TemplatePublish,
		summary: "Turn claiming and use on or off", example: switchesBody{Claiming: new(bool), Reason: "wrong threshold"},
		about:  "Claims see it at once, uses within a second. If-Match may be left out: a kill never waits.",
		faults: []fault.Code{fault.Absent, fault.TemplateNotPublished, fault.TemplateArchived}},
		func(ctx context.Context, c *call, in *switchesInput) (*row[templateRow], error) {
			rev := int64(0)
			if in.IfMatch != "" {
				var err error
				if rev, err = revOf(in.IfMatch); err != nil {
					return nil, err
				}
			}
			return templateAnswer(s.Catalog.SetSwitches(ctx, c.principal, catalog.SetSwitchesInput{Template: id.ID(in.ID),
				Claiming: in.Body.Claiming, Use: in.Body.Use, IfRev: rev, Reason: in.Body.Reason}))
		})
	s.roomRoutes(path)
	add(s, operation{id: "archive-template", method: "POST", path: path + "/archive", tag: "templates", may: access.TemplatePublish,
		summary: "Archive a template", about: "Nothing is issued any more; issued coupons live on under its use switch. Needs If-Match.",
		faults: []fault.Code{fault.Absent, fault.WrongState, fault.TemplateArchived, fault.IfMatchMissing, fault.StaleRevision}},
		func(ctx context.Context, c *call, in *changeTemplateInput) (*row[templateRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			return templateAnswer(s.Catalog.ArchiveTemplate(ctx, c.principal, id.ID(in.ID), rev))
		})
	add(s, operation{id: "list-versions", method: "GET", path: path + "/versions", tag: "templates", may: access.TemplateRead,
		summary: "List a template's published versions", about: "Oldest first; they never change.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *listVersionsInput) (*versionList, error) {
			rows, err := s.Catalog.Versions(ctx, c.principal, id.ID(in.ID))
			if err != nil {
				return nil, err
			}
			out := &versionList{}
			out.Body.Items = make([]versionRow, len(rows))
			for i, v := range rows {
				out.Body.Items[i] = showVersion(v)
			}
			return out, nil
		})
}
