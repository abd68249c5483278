package api

import (
	"context"
	"time"

	"quan/internal/app/membership"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

type IdentityPath struct {
	Kind  string `path:"kind" minLength:"1" maxLength:"32" doc:"kind of identity: phone, wechat, email, device, external …; or the word id, then value is mem_…" example:"phone"`
	Value string `path:"value" minLength:"1" maxLength:"256" doc:"the identity's value, URL-encoded" example:"+8613800000000"`
}

type memberRow struct {
	ID         memberID          `json:"id" doc:"its identity"`
	Blocked    bool              `json:"blocked" doc:"can neither claim nor use coupons"`
	Attributes map[string]string `json:"attributes,omitempty" doc:"free attributes"`
	Tags       []string          `json:"tags,omitempty" doc:"its tags" nullable:"false"`
	Identities []identityRow     `json:"identities,omitempty" doc:"what names the member; values are never shown" nullable:"false"`
	Rev        int64             `json:"rev" doc:"revision, also in the ETag"`
	CreatedAt  calendar.Instant  `json:"created_at" doc:"when it was made"`
	UpdatedAt  calendar.Instant  `json:"updated_at" doc:"when it was changed last"`
}

type identityRow struct {
	Kind      string           `json:"kind" doc:"kind of identity"`
	CreatedAt calendar.Instant `json:"created_at" doc:"since when it names the member"`
}

func showMember(m member.Member) memberRow {
	return memberRow{ID: memberID(m.ID), Blocked: m.Blocked, Attributes: m.Attributes, Tags: m.Tags, Rev: m.Rev, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt}
}

func showCard(c membership.Card) memberRow {
	row := showMember(c.Member)
	for _, i := range c.Identities {
		row.Identities = append(row.Identities, identityRow{i.Kind, i.CreatedAt})
	}
	return row
}

type memberBody struct {
	Attributes map[string]string `json:"attributes,omitempty" maxProperties:"64" doc:"free attributes, whole; absent: as they are"`
	Tags       []string          `json:"tags,omitempty" maxItems:"64" doc:"tags, whole; absent: as they are" nullable:"false"`
}

type putMemberInput struct {
	IdentityPath
	Creating
	Body memberBody
}

type listMembersInput struct {
	Paged
	Order       string `query:"order" enum:"oldest,newest" doc:"by id, oldest first, also when absent; newest first where one of the filters is given"`
	Tag         string `query:"tag" maxLength:"64" doc:"only who has this tag"`
	Segment     string `query:"segment" maxLength:"64" doc:"only who satisfies this saved segment now. A page of a rare segment may hold few rows, or none, and yet have a next_cursor"`
	CreatedFrom day    `query:"created_from" doc:"only those made on this day of market main or later"`
	CreatedTo   day    `query:"created_to" doc:"only those made on this day of market main or before"`
}

func (in *listMembersInput) filtered() bool {
	return in.Order == "newest" || in.Tag != "" || in.Segment != "" || in.CreatedFrom != 0 || in.CreatedTo != 0
}

type identityBody struct {
	Kind  string `json:"kind" minLength:"1" maxLength:"32" doc:"kind of identity" example:"wechat"`
	Value string `json:"value" minLength:"1" maxLength:"256" doc:"its value" example:"oX1a2b3c"`
}

type addIdentityInput struct {
	IdentityPath
	Keyed
	Body identityBody
}

type blockBody struct {
	Blocked bool   `json:"blocked" doc:"can neither claim nor use coupons" example:"true"`
	Reason  string `json:"reason,omitempty" maxLength:"500" doc:"why, for the audit log"`
}

type blockInput struct {
	IdentityPath
	IfMatch string `header:"If-Match" maxLength:"64" doc:"optional here" example:"\"3\""`
	Body    blockBody
}

type tokenBody struct {
	TTLSeconds int64 `json:"ttl_seconds,omitempty" minimum:"60" maximum:"86400" doc:"life of the token; 3600 when absent" example:"3600"`
}

type tokenInput struct {
	IdentityPath
	Body tokenBody
}

type tokenAnswer struct {
	Body struct {
		Token     string           `json:"token" doc:"for the header Quan-Member-Token"`
		ExpiresAt calendar.Instant `json:"expires_at" doc:"when it ends"`
	}
}

type walletInput struct {
	IdentityPath
	Paged
}

// card finds the member of a path.
func (s *server) card(ctx context.Context, c *call, p IdentityPath) (membership.Card, error) {
	if p.Kind != "id" {
		return s.Membership.FindMember(ctx, c.principal, p.Kind, member.Secret(p.Value))
	}
	who, err := id.Parse(id.Member, p.Value)
	if err != nil {
		return membership.Card{}, fault.New(fault.InvalidValue).At("path:value")
	}
	return s.Membership.GetMember(ctx, c.principal, who)
}

type identityAnswer struct {
	Revised
	Replayed
	Body memberRow
}

func cardAnswer(card membership.Card, created bool, err error) (*row[memberRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(showCard(card), card.Member.Rev, created), nil
}

func (s *server) memberRoutes() {
	const path = "/v1/members/{kind}/{value}"
	add(s, operation{id: "put-member", method: "PUT", path: path, tag: "members", may: access.MemberWrite,
		summary: "Create a member, or set its attributes and tags", example: memberBody{map[string]string{"city": "shanghai"}, []string{"student"}},
		about:  "Without If-Match it creates (201), and answers 428 where the member exists. A member named by id is only changed.",
		faults: []fault.Code{fault.DuplicateValue, fault.MemberUnknown}},
		func(ctx context.Context, c *call, in *putMemberInput) (*row[memberRow], error) {
			rev, err := in.rev()
			if err != nil {
				return nil, err
			}
			put := membership.PutMemberInput{Kind: in.Kind, Value: member.Secret(in.Value), Attributes: in.Body.Attributes, Tags: in.Body.Tags, IfRev: rev}
			if in.Kind == "id" {
				if put.Member, err = id.Parse(id.Member, in.Value); err != nil {
					return nil, fault.New(fault.InvalidValue).At("path:value")
				}
			}
			card, created, err := s.Membership.PutMember(ctx, c.principal, put)
			return cardAnswer(card, created, in.refused(err))
		})
	add(s, operation{id: "get-member", method: "GET", path: path, tag: "members", may: access.MemberRead,
		summary: "Get a member", faults: []fault.Code{fault.MemberUnknown}},
		func(ctx context.Context, c *call, in *IdentityPath) (*row[memberRow], error) {
			card, err := s.card(ctx, c, *in)
			return cardAnswer(card, false, err)
		})
	add(s, operation{id: "list-members", method: "GET", path: "/v1/members", tag: "members", may: access.MemberRead,
		summary: "List members", about: "Without identities.", faults: []fault.Code{fault.InvalidCursor, fault.Conflicting, fault.Absent}},
		func(ctx context.Context, c *call, in *listMembersInput) (*list[memberRow], error) {
			if in.filtered() {
				return s.filterMembers(ctx, c, in)
			}
			after, ask, err := in.afterID("members", id.Member)
			if err != nil {
				return nil, err
			}
			rows, err := s.Membership.ListMembers(ctx, c.principal, after, ask)
			if err != nil {
				return nil, err
			}
			return &list[memberRow]{pageOf("members", ask, rows,
				func(m member.Member) string { return id.Format(id.Member, m.ID) }, showMember)}, nil
		})
	s.memberPartRoutes(path)
}

// filterMembers lists members newest first.
func (s *server) filterMembers(ctx context.Context, c *call, in *listMembersInput) (*list[memberRow], error) {
	if in.Order == "oldest" {
		return nil, fault.New(fault.Conflicting, "a", "order", "b", "filter").At("query:order")
	}
	behind, ask, err := in.behind("members by filter")
	if err != nil {
		return nil, err
	}
	found, err := s.Membership.FilterMembers(ctx, c.principal, membership.FilterInput{Tag: in.Tag, Segment: in.Segment,
		From: calendar.Date(in.CreatedFrom), To: calendar.Date(in.CreatedTo), Behind: behind, Limit: ask - 1})
	if err != nil {
		return nil, err
	}
	out := &list[memberRow]{listing[memberRow]{Items: make([]memberRow, len(found.Members))}}
	for i, m := range found.Members {
		out.Body.Items[i] = showMember(m)
	}
	if found.Next != (store.Behind{}) {
		out.Body.NextCursor = page.Encode("members by filter", placeText(found.Next))
	}
	return out, nil
}

func (s *server) memberPartRoutes(path string) {
	add(s, operation{id: "add-identity", method: "POST", path: path + "/identities", tag: "members", may: access.MemberWrite,
		summary: "Give a member a further identity", about: "One that it has already changes nothing.",
		example: identityBody{"wechat", "oX1a2b3c"},
		faults:  []fault.Code{fault.MissingKey, fault.KeyReusedBody, fault.MemberUnknown, fault.IdentityTaken}},
		func(ctx context.Context, c *call, in *addIdentityInput) (*identityAnswer, error) {
			card, err := s.card(ctx, c, in.IdentityPath)
			if err != nil {
				return nil, err
			}
			card, err = s.Membership.AddIdentity(ctx, c.principal, membership.AddIdentityInput{Member: card.Member.ID,
				Once: c.once(in.IdempotencyKey, in.Body), Kind: in.Body.Kind, Value: member.Secret(in.Body.Value)})
			if err != nil {
				return nil, err
			}
			return &identityAnswer{Revised{tag(card.Member.Rev)}, replay(card.Replayed), showCard(card)}, nil
		})
	add(s, operation{id: "set-blocked", method: "PUT", path: path + "/block", tag: "members", may: access.MemberWrite,
		summary: "Block a member, or end the block", about: "Acts on the next claim and use. If-Match may be left out.",
		example: blockBody{true, "reported"}, faults: []fault.Code{fault.MemberUnknown}},
		func(ctx context.Context, c *call, in *blockInput) (*row[memberRow], error) {
			rev := int64(0)
			var err error
			if in.IfMatch != "" {
				if rev, err = revOf(in.IfMatch); err != nil {
					return nil, err
				}
			}
			card, err := s.card(ctx, c, in.IdentityPath)
			if err != nil {
				return nil, err
			}
			card, err = s.Membership.SetBlocked(ctx, c.principal, membership.SetBlockedInput{Member: card.Member.ID,
				Blocked: in.Body.Blocked, IfRev: rev, Reason: in.Body.Reason})
			return cardAnswer(card, false, err)
		})
	add(s, operation{id: "mint-token", method: "POST", path: path + "/tokens", tag: "members", may: access.MemberWrite,
		status: 201, summary: "Make a member token for a browser key", example: tokenBody{3600},
		about:  "Nothing is stored, so no Idempotency-Key is needed: each request makes its own token. It is worth what the key is that asks for it: limited to its scope, and nothing once the key is revoked.",
		faults: []fault.Code{fault.MemberUnknown}},
		func(ctx context.Context, c *call, in *tokenInput) (*tokenAnswer, error) {
			card, err := s.card(ctx, c, in.IdentityPath)
			if err != nil {
				return nil, err
			}
			ttl := in.Body.TTLSeconds
			if ttl == 0 {
				ttl = 3600
			}
			t, err := s.Guard.MintMemberToken(ctx, c.principal, card.Member.ID, time.Duration(ttl)*time.Second)
			if err != nil {
				return nil, err
			}
			out := &tokenAnswer{}
			out.Body.Token, out.Body.ExpiresAt = t.Token, t.ExpiresAt
			return out, nil
		})
	add(s, operation{id: "get-wallet", method: "GET", path: path + "/coupons", tag: "members", may: access.CouponRead,
		summary: "List a member's coupons", about: "Newest first, with their state as of now. A browser key names its member by id.",
		faults: []fault.Code{fault.MemberUnknown, fault.InvalidCursor}},
		func(ctx context.Context, c *call, in *walletInput) (*list[couponRow], error) {
			who, err := s.walletOwner(ctx, c, in.IdentityPath)
			if err != nil {
				return nil, err
			}
			before, ask, err := in.afterID("wallet", id.Coupon)
			if err != nil {
				return nil, err
			}
			rows, err := s.Issuing.Wallet(ctx, c.principal, who, before, ask)
			if err != nil {
				return nil, err
			}
			return &list[couponRow]{pageOf("wallet", ask, rows,
				func(k coupon.Coupon) string { return id.Format(id.Coupon, k.ID) }, s.showCoupon)}, nil
		})
}

// walletOwner is the member of a path; a browser key needs no permission to read
// members to see its own wallet.
func (s *server) walletOwner(ctx context.Context, c *call, p IdentityPath) (id.ID, error) {
	if p.Kind == "id" {
		who, err := id.Parse(id.Member, p.Value)
		if err != nil {
			return 0, fault.New(fault.InvalidValue).At("path:value")
		}
		if c.principal.Kind == access.KindBrowser {
			return who, c.principal.ActsFor(who)
		}
	}
	card, err := s.card(ctx, c, p)
	return card.Member.ID, err
}
