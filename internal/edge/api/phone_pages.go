package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"quan/internal/app/catalog"
	"quan/internal/app/issuing"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/page"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Design is how a page looks.
type Design struct {
	Theme   string                `json:"theme" enum:"plain,festive,fresh,night" doc:"colours and shapes" example:"festive"`
	Colour  string                `json:"colour,omitempty" maxLength:"7" doc:"instead of the theme's: #rrggbb, in small letters" example:"#c8102e"`
	Picture string                `json:"picture,omitempty" maxLength:"64" doc:"head picture, by the name that its upload answered"`
	Texts   map[string]DesignText `json:"texts,omitempty" doc:"by language: zh-CN, zh-TW, en; a text that is missing comes from the others, else from the template"`
}

// DesignText is what a page says in one language.
type DesignText struct {
	Title    string `json:"title,omitempty" maxLength:"40" doc:"heading" example:"Spring coupons"`
	Subtitle string `json:"subtitle,omitempty" maxLength:"80" doc:"below it"`
	Button   string `json:"button,omitempty" maxLength:"16" doc:"what the member presses" example:"Get it"`
	Notes    string `json:"notes,omitempty" maxLength:"2000" doc:"below the terms; lines are kept"`
	Share    string `json:"share,omitempty" maxLength:"80" doc:"what is shared with the link"`
}

func (d *Design) design() page.Design {
	out := page.Design{Theme: page.Theme(d.Theme), Colour: d.Colour, Picture: d.Picture}
	for language, t := range d.Texts {
		if out.Texts == nil {
			out.Texts = map[string]page.Text{}
		}
		out.Texts[language] = page.Text(t)
	}
	return out
}

func showDesign(d *page.Design) *Design {
	if d == nil {
		return nil
	}
	out := &Design{Theme: string(d.Theme), Colour: d.Colour, Picture: d.Picture}
	for language, t := range d.Texts {
		if out.Texts == nil {
			out.Texts = map[string]DesignText{}
		}
		out.Texts[language] = DesignText(t)
	}
	return out
}

type pageDesignRow struct {
	Placement placementID `json:"placement" doc:"whose page"`
	Market    string      `json:"market" doc:"code of the market"`
	Draft     *Design     `json:"draft" doc:"as it is edited"`
	Published *Design     `json:"published,omitempty" doc:"as visitors see it; absent: never published, they see a plain page"`
	Stamps
}

func pageDesign(p store.Page, created bool, err error) (*row[pageDesignRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(pageDesignRow{placementID(p.Placement), p.Market, showDesign(&p.Draft), showDesign(p.Published), Stamps{p.Rev, p.CreatedAt, p.UpdatedAt, p.ArchivedAt}}, p.Rev, created), nil
}

type putPageInput struct {
	PlacementPath
	Creating
	Body Design
}

type publishPageInput struct {
	PlacementPath
	Matched
}

type pictureBody struct {
	Data string `json:"data" minLength:"1" maxLength:"5700000" doc:"base 64 of a JPEG or PNG of at most 4 MiB and 24 million pixels"`
}

// picturePixel is a PNG of one pixel, for the document.
const picturePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

type pictureInput struct{ Body pictureBody }

type pictureAnswer struct{ Body pictureRow }

type pictureRow struct {
	Name   string `json:"name" doc:"for designs; the same file has the same name"`
	Path   string `json:"path" doc:"where it is shown, on this server"`
	Width  int64  `json:"width" doc:"pixels, of what was written anew"`
	Height int64  `json:"height" doc:"pixels"`
}

type picturePath struct {
	Name string `path:"name" minLength:"1" maxLength:"64" doc:"name of the picture"`
}

type PageCode struct {
	Code string `path:"code" minLength:"1" maxLength:"32" doc:"code of the link" example:"spring"`
}

type showPageInput struct {
	PageCode
	View bool   `query:"view" doc:"a visitor sees the page: it counts"`
	City string `query:"city" maxLength:"64" doc:"city of the visitor, where it is known" example:"shanghai"`
}

type shownPageAnswer struct {
	Language string `header:"Content-Language" doc:"language of the texts"`
	Body     shownPageRow
}

type shownPageRow struct {
	Code      string           `json:"code" doc:"of the link"`
	Placement placementID      `json:"placement" doc:"what the link leads to"`
	Template  templateID       `json:"template,omitzero" doc:"what is offered, or"`
	Pack      packID           `json:"pack,omitzero" doc:"which pack"`
	Theme     string           `json:"theme" doc:"colours and shapes"`
	Colour    string           `json:"colour,omitempty" doc:"instead of the theme's"`
	Picture   string           `json:"picture,omitempty" doc:"path of the head picture"`
	Text      DesignText       `json:"text" doc:"what the operator wrote, in the visitor's language"`
	Name      string           `json:"name" doc:"customer name of the offer"`
	Card      string           `json:"card,omitempty" doc:"what it gives, in a line; packs have parts instead"`
	Parts     []pagePart       `json:"parts,omitempty" doc:"of a pack" nullable:"false"`
	Sentences []sentenceRow    `json:"sentences" doc:"the terms in words" nullable:"false"`
	Now       calendar.Instant `json:"now" doc:"the server's clock: count down from it"`
	Zone      string           `json:"zone" doc:"the market's time zone, an IANA name: tell the times in it" example:"Asia/Shanghai"`
	State     string           `json:"state" enum:"open,before,sold_out,ended,paused,claimed,refused" doc:"for this visitor; claimed and refused only of a member"`
	OpensAt   calendar.Instant `json:"opens_at,omitzero" doc:"next opening, while it is before"`
	ClosesAt  calendar.Instant `json:"closes_at,omitzero" doc:"end of the opening that holds now"`
	Reason    *Problem         `json:"reason,omitempty" doc:"why not, where the state is not open"`
	Member    memberID         `json:"member,omitzero" doc:"who asks; absent for a stranger"`
	Claimed   []heldRow        `json:"claimed,omitempty" doc:"what the member claimed here, newest first" nullable:"false"`
	SignIn    []string         `json:"sign_in" doc:"how members can sign in: sms" nullable:"false"`
}

type pagePart struct {
	Name  string `json:"name" doc:"customer name"`
	Card  string `json:"card" doc:"what it gives, in a line"`
	Count int64  `json:"count" doc:"how many"`
}

type heldRow struct {
	ID        couponID         `json:"id" doc:"its identity"`
	Number    string           `json:"number" doc:"coupon number"`
	State     string           `json:"state" doc:"as of now"`
	ValidFrom calendar.Instant `json:"valid_from" doc:"usable from"`
	ValidTo   calendar.Instant `json:"valid_to,omitzero" doc:"usable until, this moment excluded"`
}

type claimPageBody struct {
	City  string `json:"city,omitempty" maxLength:"64" doc:"city of the member" example:"shanghai"`
	Place string `json:"place,omitempty" maxLength:"128" doc:"token of the template's waiting room, where it has one"`
}

type claimPageInput struct {
	PageCode
	Keyed
	Body claimPageBody
}

func (s *server) phonePageRoutes() {
	const path = "/v1/placements/{id}/page"
	add(s, operation{id: "get-page-design", method: "GET", path: path, tag: "pages", may: access.ReferenceRead, summary: "Get the design of a placement's page",
		about: "404 where nobody designed one: visitors see a plain page.", faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *PlacementPath) (*row[pageDesignRow], error) {
			p, err := s.Catalog.GetPage(ctx, c.principal, id.ID(in.ID))
			return pageDesign(p, false, err)
		})
	add(s, operation{id: "put-page-design", method: "PUT", path: path, tag: "pages", may: access.ReferenceWrite, summary: "Design a placement's page",
		about: "The body is the whole draft. Visitors see it when it is published.", example: Design{Theme: "festive", Colour: "#c8102e", Texts: map[string]DesignText{"en": {Title: "Spring coupons", Button: "Get it"}}},
		faults: []fault.Code{fault.Absent, fault.UnknownReference}},
		func(ctx context.Context, c *call, in *putPageInput) (*row[pageDesignRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			p, created, err := s.Catalog.PutPage(ctx, c.principal, catalog.PutPageInput{Placement: id.ID(in.ID), IfRev: rev, Draft: in.Body.design()})
			return pageDesign(p, created, in.refused(err))
		})
	add(s, operation{id: "publish-page-design", method: "POST", path: path + "/publish", tag: "pages", may: access.ReferenceWrite, summary: "Publish the design of a page",
		about: "Visitors see the draft, within a second everywhere.", faults: []fault.Code{fault.Absent, fault.IfMatchMissing, fault.StaleRevision}},
		func(ctx context.Context, c *call, in *publishPageInput) (*row[pageDesignRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			p, err := s.Catalog.PublishPage(ctx, c.principal, id.ID(in.ID), rev)
			return pageDesign(p, false, err)
		})
	add(s, operation{id: "upload-picture", method: "POST", path: "/v1/pictures", tag: "pages", may: access.ReferenceWrite, most: 6 << 20, summary: "Upload a head picture",
		about:   "It is written anew as a JPEG of at most 1080 by 1080 pixels, without whatever else the file held. The same file again is the same picture.",
		example: pictureBody{Data: picturePixel}},
		func(ctx context.Context, c *call, in *pictureInput) (*pictureAnswer, error) {
			file, err := base64.StdEncoding.DecodeString(in.Body.Data)
			if err != nil {
				return nil, fault.New(fault.InvalidValue).At("/data")
			}
			p, err := s.Catalog.PutPicture(ctx, c.principal, file)
			if err != nil {
				return nil, err
			}
			return &pictureAnswer{pictureRow{p.Name, picturesAt + p.Name, p.Width, p.Height}}, nil
		})
	s.pictureRoute()
	add(s, operation{id: "show-page", method: "GET", path: "/v1/pages/{code}", tag: "pages", may: anyone, summary: "Show the page of a link",
		about:  "To anybody: the offer in words and the state in which it is. To a member who signed in (or a browser key with a member's token) also whether they can claim, or why not, and what they have claimed.",
		faults: []fault.Code{fault.Absent}}, s.showPage)
	add(s, operation{id: "claim-on-page", method: "POST", path: "/v1/pages/{code}/claims", tag: "pages", may: asMember, status: 201, summary: "Claim what a page offers",
		about: "For the member who asks. The coupon remembers the link. Decided as any claim.", example: claimPageBody{City: "shanghai"}, faults: claimFaults},
		func(ctx context.Context, c *call, in *claimPageInput) (*receiptAnswer, error) {
			shown, err := s.Catalog.Show(ctx, in.Code, c.lang)
			if err != nil {
				return nil, err
			}
			p, once := &shown.Placement, c.once(in.IdempotencyKey, in.Body)
			if p.Pack == 0 {
				return s.one(s.Issuing.ClaimGathered(ctx, c.principal, issuing.ClaimInput{Once: once, Template: p.Template, MemberID: c.principal.Member, Placement: p.ID, Link: shown.Link.ID, City: in.Body.City, Place: in.Body.Place}))
			}
			out, err := s.Issuing.ClaimPack(ctx, c.principal, []issuing.PackInput{{Once: once, Pack: p.Pack, MemberID: c.principal.Member, Placement: p.ID, Link: shown.Link.ID, City: in.Body.City}})
			if err != nil {
				return nil, err
			}
			return s.one(out[0], nil)
		})
}

// picturesAt is where pictures are shown.
const picturesAt = "/v1/pictures/"

func (s *server) pictureRoute() {
	o := operation{id: "get-picture", method: "GET", path: picturesAt + "{name}", tag: "pages", may: anyone, summary: "Get a head picture", about: "A JPEG, which never changes under its name.", faults: []fault.Code{fault.Absent}}
	add(s, o, func(ctx context.Context, c *call, in *picturePath) (*huma.StreamResponse, error) {
		data, err := s.Catalog.Picture(ctx, in.Name)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(h huma.Context) {
			_, w := unwrap(h)
			w.Header().Set("Content-Type", "image/jpeg")
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
			w.Header().Set("Content-Length", strconv.Itoa(len(data)))
			w.WriteHeader(http.StatusOK)
			_, _ = w.Write(data) // the client is gone: nothing to do
		}}, nil
	})
	done := s.registered(o.method, o.path).Responses["200"]
	done.Description = "the picture"
	done.Content = map[string]*huma.MediaType{"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
}

// stranger finds the member who asks where one says so; whoever says nothing is a
// stranger, and so is who came with a session that has ended.
func (s *server) stranger(c *call, r *http.Request) error {
	if !visiting(r) && len(r.Header.Values("Authorization")) == 0 {
		return nil
	}
	err := s.authenticate(c, r)
	if visiting(r) && fault.Has(err, fault.Unauthenticated) {
		return nil
	}
	return err
}

func (s *server) showPage(ctx context.Context, c *call, in *showPageInput) (*shownPageAnswer, error) {
	if err := s.stranger(c, c.request); err != nil {
		return nil, err
	}
	shown, err := s.Catalog.Show(ctx, in.Code, c.lang)
	if err != nil {
		return nil, err
	}
	if in.View {
		s.Catalog.Traffic.View(shown.Link.ID, shown.Day)
	}
	p, now := &shown.Placement, s.Clock()
	row := shownPageRow{Code: shown.Link.Code, Placement: placementID(p.ID), Template: templateID(p.Template), Pack: packID(p.Pack), Theme: string(shown.Design.Theme), Colour: shown.Design.Colour,
		Text: DesignText(shown.Design.In(string(c.lang))), Name: shown.Name, Card: shown.Card, Sentences: sentences(shown.Sentences), Now: now, Zone: shown.Zone, SignIn: []string{}}
	if shown.Design.Picture != "" {
		row.Picture = picturesAt + shown.Design.Picture
	}
	for _, part := range shown.Parts {
		row.Parts = append(row.Parts, pagePart(part))
	}
	if s.Guard.Visitors.Texter != nil {
		row.SignIn = append(row.SignIn, "sms")
	}
	var why *fault.Fault
	var held []coupon.Coupon
	if member := c.principal.Member; member != 0 {
		why, held, err = s.Issuing.OwnStanding(ctx, c.principal, p, in.City)
		row.Member, row.State = memberID(member), string(page.Own(why, len(held) > 0))
	}
	// Whose token sees nothing of this merchant is a stranger here.
	if row.Member == 0 || err == nil && why != nil && why.Code == fault.Absent {
		held, row.Member = nil, 0
		why, err = s.Issuing.Standing(ctx, p)
		row.State = string(page.StateOf(why))
	}
	if err != nil {
		return nil, err
	}
	if why != nil {
		row.Reason = c.problem(why)
	}
	for _, k := range held {
		row.Claimed = append(row.Claimed, heldRow{couponID(k.ID), s.number(k.ID), k.At(now).String(), k.ValidFrom, endOf(k)})
	}
	s.when(&row, &shown, now)
	return &shownPageAnswer{string(c.lang), row}, nil
}

// when tells the next opening, or the end of the one that holds. A placement that has
// not begun is closed in the claim's words; on its page it has not begun.
func (s *server) when(row *shownPageRow, shown *catalog.Shown, now calendar.Instant) {
	span, p := shown.Opening(now), &shown.Placement
	if row.State == string(page.Paused) && p.Open && p.ArchivedAt == 0 {
		switch {
		case now < p.From:
			row.State = string(page.Before)
		case p.To != 0 && now >= p.To:
			row.State = string(page.Ended)
		}
	}
	switch {
	case row.State == string(page.Before) && span.From > now:
		row.OpensAt = span.From
	case span.From <= now && span.To != schedule.Forever && span.To > now:
		row.ClosesAt = span.To
	}
}
