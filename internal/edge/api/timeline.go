package api

import (
	"context"
	"encoding/json"
	"strings"

	"quan/internal/app/helpdesk"
	"quan/internal/domain/access"
	"quan/internal/domain/desk"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

type findBody struct {
	Text   string `json:"text" minLength:"1" maxLength:"300" doc:"what the caller says: an identity, a coupon number, an order as source and number with a space or slash between them, or one of quan's ids" example:"+8613800000000"`
	Kind   string `json:"kind,omitempty" maxLength:"32" doc:"the text is an identity of this kind; absent: every way is tried" example:"phone"`
	Source string `json:"source,omitempty" maxLength:"64" doc:"the text is the number of an order of this source" example:"shop"`
}

type findInput struct{ Body findBody }

type foundAnswer struct {
	Body struct {
		Items []hitRow `json:"items" doc:"who was found, and how" nullable:"false"`
	}
}

type hitRow struct {
	By     string   `json:"by" enum:"identity,member,coupon,order" doc:"how the text was read"`
	Kind   string   `json:"kind,omitempty" doc:"kind of the identity"`
	Member memberID `json:"member,omitzero" doc:"who; absent: a guest's order"`
	Coupon couponID `json:"coupon,omitzero" doc:"the coupon that the text names"`
	Order  orderID  `json:"order,omitzero" doc:"the order that the text names"`
}

type timelineInput struct {
	IdentityPath
	Paged
	Parts string `query:"parts" maxLength:"100" doc:"only these, divided by commas: member, coupon, order, note, refused, desk" example:"coupon,note"`
}

type timelineAnswer struct {
	Body struct {
		Items      []entryRow `json:"items" doc:"what happened, newest first" nullable:"false"`
		NextCursor string     `json:"next_cursor,omitempty" doc:"asks for the next page; absent on the last"`
		Cut        bool       `json:"cut,omitempty" doc:"of coupons and orders only the newest 5,000 each were looked at"`
	}
}

// entryRow is one thing that happened; which fields it has follows from its part.
type entryRow struct {
	At       calendar.Instant `json:"at" doc:"when"`
	Part     string           `json:"part" enum:"member,coupon,order,note,refused,desk" doc:"what kind of thing"`
	Type     string           `json:"type" doc:"what happened: type of the change, code of the refusal, kind of the agent's act, or note" example:"coupon.redeemed.v1"`
	Actor    string           `json:"actor,omitempty" doc:"who did it"`
	Facts    map[string]any   `json:"facts,omitempty" doc:"what is known of it"`
	Text     string           `json:"text,omitempty" doc:"of a note, the reason of an agent's act, or what a refusal means"`
	Count    int64            `json:"count,omitempty" doc:"how often the member was refused so; the moment is the newest"`
	Since    calendar.Instant `json:"since,omitzero" doc:"when the member was refused so first"`
	Coupon   *couponRow       `json:"coupon,omitempty" doc:"the coupon, as it is now"`
	Template templateID       `json:"template,omitzero" doc:"of the coupon, or of which one was asked for"`
	Order    *timelineOrder   `json:"order,omitempty" doc:"the order, as it is now"`
	Note     noteID           `json:"note,omitzero" doc:"identity of the note"`
	Act      deskActID        `json:"act,omitzero" doc:"identity of the agent's act"`
	Issued   couponID         `json:"issued,omitzero" doc:"the coupon that an agent gave"`
}

type timelineOrder struct {
	ID            orderID `json:"id" doc:"its identity"`
	Source        string  `json:"source" doc:"the system that it is of"`
	Ref           string  `json:"ref" doc:"its number there"`
	Store         string  `json:"store,omitempty" doc:"where"`
	Currency      string  `json:"currency,omitempty" doc:"of the amounts; absent: the market's own"`
	Market        string  `json:"market" doc:"its market"`
	DiscountMinor int64   `json:"discount_minor" doc:"what coupons took off"`
	PaidMinor     int64   `json:"paid_minor" doc:"what was paid"`
	RefundedMinor int64   `json:"refunded_minor" doc:"what was given back of it"`
}

func showTimelineOrder(o *order.Order) *timelineOrder {
	if o == nil {
		return nil
	}
	return &timelineOrder{orderID(o.ID), o.Key.Source, o.Key.Ref, o.Store, o.Currency, o.Market, o.DiscountMinor, o.PaidMinor, o.RefundedMinor}
}

func (s *server) showEntry(lang i18n.Lang, e helpdesk.Entry) entryRow {
	row := entryRow{At: e.At().At, Part: string(e.Part), Order: showTimelineOrder(e.Order)}
	if e.Coupon != nil {
		k := s.showCoupon(*e.Coupon)
		row.Coupon, row.Template = &k, k.Template
	}
	switch {
	case e.Change != nil:
		row.Type, row.Actor, row.Facts = string(e.Change.Type), e.Change.Actor, showChange(store.StoredChange{Change: *e.Change}).Facts
	case e.Note != nil:
		row.Type, row.Actor, row.Text, row.Note = "note", e.Note.Author, e.Note.Text.Reveal(), noteID(e.Note.ID)
	case e.Refused != nil:
		row.showRefused(lang, e.Refused)
	default:
		row.showAct(e.Act)
	}
	return row
}

func (row *entryRow) showRefused(lang i18n.Lang, r *member.Refused) {
	f := &fault.Fault{Code: fault.Code(r.Code)}
	row.Facts = map[string]any{}
	d := json.NewDecoder(strings.NewReader(r.Facts))
	d.UseNumber()
	_ = d.Decode(&row.Facts) // facts that are no object are shown empty
	for name, value := range row.Facts {
		if n, ok := value.(json.Number); ok {
			if i, err := n.Int64(); err == nil {
				value = i
			}
		}
		f.Params = append(f.Params, fault.Param{Name: name, Value: value})
	}
	_, row.Text = i18n.Fault(lang, f, "")
	row.Type, row.Count, row.Since, row.Template = r.Code, r.Count, r.FirstAt, templateID(r.Template)
	if r.Channel != "" {
		row.Facts["channel"] = r.Channel
	}
}

func (row *entryRow) showAct(a *desk.Act) {
	row.Type, row.Actor, row.Text, row.Act, row.Issued = string(a.Kind), a.Agent, a.Reason, deskActID(a.ID), couponID(a.Issued)
	row.Facts = map[string]any{}
	if a.From != 0 {
		row.Facts["from"] = a.From
	}
	if a.To != 0 && endOfAct(a) != 0 {
		row.Facts["to"] = a.To
	}
}

type noteBody struct {
	Text   string   `json:"text" minLength:"1" maxLength:"2000" doc:"what shall be remembered" example:"Coupon was refused at the counter; the store had no network."`
	Coupon couponID `json:"coupon,omitzero" doc:"a coupon of the member that it is about"`
	Order  orderID  `json:"order,omitzero" doc:"an order of the member that it is about"`
}

type addNoteInput struct {
	IdentityPath
	Keyed
	Body noteBody
}

type noteAnswer struct {
	Replayed
	Body noteRow
}

type noteRow struct {
	ID     noteID           `json:"id" doc:"its identity"`
	Member memberID         `json:"member" doc:"about whom"`
	At     calendar.Instant `json:"at" doc:"when it was written"`
	Author string           `json:"author" doc:"who wrote it"`
	Text   string           `json:"text" doc:"what is remembered"`
	Coupon couponID         `json:"coupon,omitzero" doc:"the coupon that it is about"`
	Order  orderID          `json:"order,omitzero" doc:"the order that it is about"`
}

func (s *server) timelineRoutes() {
	const path = "/v1/members/{kind}/{value}"
	add(s, operation{id: "find-members", method: "POST", path: "/v1/members/find", tag: "members", may: access.MemberRead,
		summary: "Find whom a caller means", about: "By identity, coupon number, order or id. Writes nothing; the text stands in no address and no log. Who is not found is no error: no items.",
		example: findBody{Text: "+8613800000000"}, faults: []fault.Code{fault.MissingValue}}, s.findMembers)
	add(s, operation{id: "get-timeline", method: "GET", path: path + "/timeline", tag: "members", may: access.MemberRead,
		summary: "List what happened to a member", about: "One list, newest first: the member's row, coupons, orders and refunds, notes, refusals, and what agents did. Who may not read coupons or orders gets it without them.",
		faults: []fault.Code{fault.MemberUnknown, fault.InvalidCursor, fault.TooLong}}, s.timeline)
	add(s, operation{id: "add-note", method: "POST", path: path + "/notes", tag: "members", may: access.MemberNote, status: 201,
		summary: "Write a note about a member", about: "Its text is stored sealed. Notes stay.", example: noteBody{Text: "Called about the spring coupon."},
		faults: []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.MemberUnknown, fault.CouponUnknown, fault.OrderUnknown}},
		func(ctx context.Context, c *call, in *addNoteInput) (*noteAnswer, error) {
			card, err := s.card(ctx, c, in.IdentityPath)
			if err != nil {
				return nil, err
			}
			n, again, err := s.Helpdesk.AddNote(ctx, c.principal, helpdesk.AddNoteInput{Once: c.once(in.IdempotencyKey, in.Body), Member: card.Member.ID,
				Text: member.Secret(in.Body.Text), Coupon: id.ID(in.Body.Coupon), Order: id.ID(in.Body.Order)})
			if err != nil {
				return nil, err
			}
			return &noteAnswer{replay(again), noteRow{noteID(n.ID), memberID(n.Member), n.At, n.Author, n.Text.Reveal(), couponID(n.Coupon), orderID(n.Order)}}, nil
		})
}

func (s *server) findMembers(ctx context.Context, c *call, in *findInput) (*foundAnswer, error) {
	hits, err := s.Helpdesk.Find(ctx, c.principal, helpdesk.FindInput{Text: member.Secret(in.Body.Text), Kind: in.Body.Kind, Source: in.Body.Source})
	if err != nil {
		return nil, err
	}
	out := &foundAnswer{}
	out.Body.Items = make([]hitRow, len(hits))
	for i, h := range hits {
		out.Body.Items[i] = hitRow{string(h.By), h.Kind, memberID(h.Member), couponID(h.Coupon), orderID(h.Order)}
	}
	return out, nil
}

func (s *server) timeline(ctx context.Context, c *call, in *timelineInput) (*timelineAnswer, error) {
	behind, ask, err := in.behind("timeline")
	if err != nil {
		return nil, err
	}
	parts, err := partsOf(in.Parts)
	if err != nil {
		return nil, err
	}
	card, err := s.card(ctx, c, in.IdentityPath)
	if err != nil {
		return nil, err
	}
	found, err := s.Helpdesk.Timeline(ctx, c.principal, helpdesk.TimelineInput{Member: card.Member.ID, Parts: parts, Behind: behind, Limit: ask})
	if err != nil {
		return nil, err
	}
	out := &timelineAnswer{}
	out.Body.Cut = found.Cut
	out.Body.Items = make([]entryRow, 0, len(found.Entries))
	for i, e := range found.Entries {
		if i == ask-1 {
			out.Body.NextCursor = page.Encode("timeline", placeText(found.Entries[i-1].At()))
			break
		}
		out.Body.Items = append(out.Body.Items, s.showEntry(c.lang, e))
	}
	return out, nil
}

func partsOf(text string) (parts []helpdesk.Part, err error) {
	if text == "" {
		return nil, nil
	}
next:
	for word := range strings.SplitSeq(text, ",") {
		for _, p := range helpdesk.Parts {
			if word == string(p) {
				parts = append(parts, p)
				continue next
			}
		}
		return nil, fault.New(fault.InvalidValue).At("query:parts")
	}
	return parts, nil
}
