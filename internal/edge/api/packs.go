package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pack"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

type PackPath struct {
	ID packID `path:"id" doc:"id of the pack"`
}

type packPart struct {
	Template templateID `json:"template" doc:"what it gives"`
	Count    int64      `json:"count" minimum:"1" maximum:"50" doc:"how many coupons of it" example:"3"`
}

// PackLimit is how many packs may be given out.
type PackLimit struct {
	Period string `json:"period" enum:"ever,day,week,month" doc:"after which it starts anew, in the market's zone and week"`
	Per    string `json:"per" enum:"pack,member" doc:"in all, or to one member"`
	Cap    int64  `json:"cap" minimum:"0" maximum:"1000000000000000" doc:"packs" example:"1"`
}

// PackContent is what may change of a pack.
type PackContent struct {
	InternalName string           `json:"internal_name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Welcome pack"`
	CustomerName coupon.Names     `json:"customer_name" doc:"as customers see it, by language tag (zh-CN, zh-TW, en)"`
	Parts        []packPart       `json:"parts" minItems:"1" maxItems:"20" doc:"templates with counts, each once; at most 50 coupons" nullable:"false"`
	Partial      bool             `json:"partial,omitempty" doc:"gives what can be had; else it is given whole or not at all"`
	Newcomer     bool             `json:"newcomer,omitempty" doc:"it is a newcomer issue, whatever its templates are"`
	From         calendar.Instant `json:"from,omitzero" doc:"when members can claim it first; absent: at once"`
	To           calendar.Instant `json:"to,omitzero" doc:"when claiming ends, this moment excluded; absent: never"`
	Limits       []PackLimit      `json:"limits,omitempty" maxItems:"8" doc:"counted in packs; those of the templates hold too" nullable:"false"`
}

func (c *PackContent) pack() pack.Pack {
	p := pack.Pack{InternalName: c.InternalName, CustomerName: c.CustomerName, Partial: c.Partial, Newcomer: c.Newcomer,
		Window: schedule.Window{From: c.From, To: c.To}}
	for _, part := range c.Parts {
		p.Parts = append(p.Parts, pack.Part{Template: id.ID(part.Template), Count: part.Count})
	}
	for _, l := range c.Limits {
		p.Limits = append(p.Limits, pack.Limit{Period: limit.Period(l.Period), Per: pack.Per(l.Per), Cap: l.Cap})
	}
	return p
}

type createPackBody struct {
	Code     string `json:"code,omitempty" maxLength:"64" doc:"own reference, unique and reserved for ever; can't change"`
	Market   string `json:"market" minLength:"1" maxLength:"64" doc:"code of the templates' market; can't change" example:"main"`
	Merchant string `json:"merchant,omitempty" maxLength:"64" doc:"whose pack it is: all templates are this merchant's then; absent: the platform's; can't change"`
	PackContent
}

type packRow struct {
	ID       packID `json:"id" doc:"its identity"`
	Code     string `json:"code,omitempty" doc:"own reference"`
	Market   string `json:"market" doc:"code of the market"`
	Merchant string `json:"merchant,omitempty" doc:"whose pack it is"`
	Status   string `json:"status" doc:"draft, published or archived"`
	Open     bool   `json:"open" doc:"of a published pack: it is given out"`
	PackContent
	Stamps
}

func showPack(p store.Pack) packRow {
	row := packRow{ID: packID(p.ID), Code: p.Code, Market: p.Market, Merchant: p.Merchant, Status: string(p.Status), Open: p.Open,
		PackContent: PackContent{InternalName: p.InternalName, CustomerName: p.CustomerName, Partial: p.Partial, Newcomer: p.Newcomer, From: p.Window.From, To: p.Window.To},
		Stamps:      Stamps{p.Rev, p.CreatedAt, p.UpdatedAt, p.ArchivedAt}}
	for _, part := range p.Parts {
		row.Parts = append(row.Parts, packPart{templateID(part.Template), part.Count})
	}
	for _, l := range p.Limits {
		row.Limits = append(row.Limits, PackLimit{string(l.Period), string(l.Per), l.Cap})
	}
	return row
}

type createPackInput struct {
	Keyed
	Body createPackBody
}

type createdPack struct {
	Replayed
	Revised
	Body packRow
}

type updatePackInput struct {
	PackPath
	Matched
	Body PackContent
}

type changePackInput struct {
	PackPath
	Matched
}

type packSwitchBody struct {
	Open   bool   `json:"open" doc:"it is given out" example:"false"`
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"why, for the audit log"`
}

type packSwitchInput struct {
	PackPath
	IfMatch string `header:"If-Match" maxLength:"64" doc:"optional here: a kill never waits for a reader" example:"\"3\""`
	Body    packSwitchBody
}

type listPacksInput struct {
	ListInput
	Template templateID `query:"template" doc:"only those that give coupons of this template"`
	Status   string     `query:"status" enum:"draft,published,archived" doc:"only these"`
}

type packDays struct {
	PackPath
	From day `query:"from" doc:"first local day"`
	To   day `query:"to" doc:"last local day, included"`
}

type packFigures struct {
	Body struct {
		Packs   int64            `json:"packs" doc:"given out, ever"`
		Days    []packDayRow     `json:"days" doc:"given out on each day" nullable:"false"`
		Coupons []packCouponsRow `json:"coupons" doc:"its coupons as they are now" nullable:"false"`
	}
}

type packDayRow struct {
	Day     calendar.Date `json:"day" doc:"local day"`
	Packs   int64         `json:"packs" doc:"packs"`
	Coupons int64         `json:"coupons" doc:"coupons in them"`
}

type packCouponsRow struct {
	Template templateID `json:"template" doc:"of which template"`
	State    string     `json:"state" doc:"usable, locked, used, expired or withdrawn, as stored"`
	Count    int64      `json:"count" doc:"coupons"`
	Uses     int64      `json:"uses" doc:"uses made and not given back"`
}

func (s *server) packRoutes() {
	const path = "/v1/packs/{id}"
	content := PackContent{InternalName: "Welcome pack", CustomerName: coupon.Names{"en": "Welcome pack", "zh-CN": "新人礼包", "zh-TW": "新客禮包"},
		Parts: []packPart{{templateID(exampleID), 3}}, Newcomer: true, Limits: []PackLimit{{"ever", "member", 1}}}
	add(s, operation{id: "create-pack", method: "POST", path: "/v1/packs", tag: "packs", may: access.TemplateWrite, status: 201,
		summary: "Create a pack", about: "A draft: publish it.", example: createPackBody{Market: "main", PackContent: content},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.KeyRunning, fault.UnknownReference, fault.NameTaken, fault.WrongState, fault.Conflicting, fault.Absent}},
		func(ctx context.Context, c *call, in *createPackInput) (*createdPack, error) {
			made := in.Body.pack()
			made.Code, made.Market, made.Merchant = in.Body.Code, in.Body.Market, in.Body.Merchant
			p, again, err := s.Catalog.CreatePack(ctx, c.principal, catalog.CreatePackInput{Once: c.once(in.IdempotencyKey, in.Body), Pack: made})
			if err != nil {
				return nil, err
			}
			return &createdPack{replay(again), Revised{tag(p.Rev)}, showPack(p)}, nil
		})
	add(s, operation{id: "list-packs", method: "GET", path: "/v1/packs", tag: "packs", may: access.TemplateRead,
		summary: "List packs", about: "By id: older first.", faults: []fault.Code{fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *listPacksInput) (*list[packRow], error) {
			f, err := in.filter("packs")
			if err != nil {
				return nil, err
			}
			f.Parent, f.Status = in.Template.String(), in.Status
			rows, err := s.Catalog.ListPacks(ctx, c.principal, f)
			if err != nil {
				return nil, err
			}
			return &list[packRow]{pageOf("packs", f.Limit, rows, func(p store.Pack) string { return id.Format(id.Pack, p.ID) }, showPack)}, nil
		})
	add(s, operation{id: "get-pack", method: "GET", path: path, tag: "packs", may: access.TemplateRead,
		summary: "Get a pack", about: "Archived ones too.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *PackPath) (*row[packRow], error) {
			return packAnswer(s.Catalog.GetPack(ctx, c.principal, id.ID(in.ID)))
		})
	add(s, operation{id: "update-pack", method: "PUT", path: path, tag: "packs", may: access.TemplateWrite,
		summary: "Change a pack", about: "The body is the whole. Claims see it at once; what was given out stays as it is.", example: content,
		faults: []fault.Code{fault.Absent, fault.WrongState, fault.UnknownReference, fault.Conflicting}},
		func(ctx context.Context, c *call, in *updatePackInput) (*row[packRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			p := in.Body.pack()
			p.ID = id.ID(in.ID)
			return packAnswer(s.Catalog.UpdatePack(ctx, c.principal, catalog.UpdatePackInput{Pack: p, IfRev: rev}))
		})
	change := func(name, summary, about string, do func(context.Context, access.Principal, id.ID, int64) (store.Pack, error)) {
		add(s, operation{id: name + "-pack", method: "POST", path: path + "/" + name, tag: "packs", may: access.TemplatePublish, summary: summary, about: about,
			faults: []fault.Code{fault.Absent, fault.WrongState, fault.IfMatchMissing, fault.StaleRevision, fault.UnknownReference}},
			func(ctx context.Context, c *call, in *changePackInput) (*row[packRow], error) {
				rev, err := in.rev()
				if err != nil {
					return nil, err
				}
				return packAnswer(do(ctx, c.principal, id.ID(in.ID), rev))
			})
	}
	change("publish", "Publish a pack", "It is given out from then on. Needs If-Match.", s.Catalog.PublishPack)
	change("archive", "Archive a pack", "It is not given out any more; its coupons live on. Needs If-Match.", s.Catalog.ArchivePack)
	add(s, operation{id: "set-pack-open", method: "PUT", path: path + "/open", tag: "packs", may: access.TemplatePublish,
		summary: "Pause a pack or go on with it", about: "Claims see it at once. If-Match may be left out: a kill never waits.", example: packSwitchBody{Reason: "wrong count"},
		faults: []fault.Code{fault.Absent, fault.WrongState}},
		func(ctx context.Context, c *call, in *packSwitchInput) (*row[packRow], error) {
			rev := int64(0)
			if in.IfMatch != "" {
				var err error
				if rev, err = revOf(in.IfMatch); err != nil {
					return nil, err
				}
			}
			return packAnswer(s.Catalog.OpenPack(ctx, c.principal, catalog.OpenPackInput{Pack: id.ID(in.ID), Open: in.Body.Open, IfRev: rev, Reason: in.Body.Reason}))
		})
	add(s, operation{id: "explain-pack", method: "GET", path: path + "/explanation", tag: "packs", may: access.TemplateRead,
		summary: "Explain a pack to customers", about: "Sentences made from its rules, in the language of Accept-Language.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *PackPath) (*packExplanation, error) {
			told, err := s.Catalog.ExplainPack(ctx, c.principal, id.ID(in.ID), c.lang)
			if err != nil {
				return nil, err
			}
			out := &packExplanation{Language: string(c.lang)}
			out.Body.Sentences = make([]sentenceRow, len(told))
			for i, one := range told {
				out.Body.Sentences[i] = sentenceRow(one)
			}
			return out, nil
		})
	add(s, operation{id: "get-pack-statistics", method: "GET", path: path + "/statistics", tag: "packs", may: access.StatisticsRead,
		summary: "Count what was given out of a pack", about: "Exact: it looks at each of the pack's coupons. By placement, use GET /v1/statistics of a placement that offers the pack.",
		faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *packDays) (*packFigures, error) {
			f, err := s.Catalog.PackStatistics(ctx, c.principal, id.ID(in.ID), calendar.Date(in.From), calendar.Date(in.To))
			if err != nil {
				return nil, err
			}
			return showPackFigures(f), nil
		})
	s.packIssueRoutes(path)
}

type packExplanation struct {
	Language string `header:"Content-Language" doc:"language of the sentences"`
	Body     struct {
		Sentences []sentenceRow `json:"sentences" doc:"one for every rule, the content first" nullable:"false"`
	}
}

func showPackFigures(f catalog.PackFigures) *packFigures {
	var out packFigures
	out.Body.Packs, out.Body.Days, out.Body.Coupons = f.Packs, make([]packDayRow, len(f.Days)), make([]packCouponsRow, len(f.Coupons))
	for i, d := range f.Days {
		out.Body.Days[i] = packDayRow(d)
	}
	for i, k := range f.Coupons {
		out.Body.Coupons[i] = packCouponsRow{templateID(k.Template), k.State.String(), k.Count, k.Uses}
	}
	return &out
}

func packAnswer(p store.Pack, err error) (*row[packRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showPack(p), p.Rev, false), nil
}
