package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"time"

	"quan/internal/app/guard"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

const (
	// visitCookie holds the token of a member's session.
	visitCookie = "quan_member"
	// ownVisit in the header of member tokens asks for the member of visitCookie: a page
	// says as whom it asks, as a browser may hold a person's session too.
	ownVisit = "session"
)

// asMember stands for a permission where a member asks for themselves.
const asMember access.Permission = "member"

type visitCodeBody struct {
	Phone string `json:"phone" minLength:"1" maxLength:"64" doc:"with its country, or a mobile number of the mainland or Taiwan" example:"13800000000"`
}

type visitCodeInput struct{ Body visitCodeBody }

type visitCodeAnswer struct{ Body visitCodeRow }

type visitCodeRow struct {
	ExpiresIn  int64  `json:"expires_in_seconds" doc:"how long the code is good"`
	RetryAfter int64  `json:"retry_after_seconds" doc:"when another one may be asked for"`
	Code       string `json:"code,omitempty" doc:"the code itself: only where the program runs as a demonstration"`
}

type visitBody struct {
	Phone  string `json:"phone,omitempty" maxLength:"64" doc:"to which the code was sent" example:"13800000000"`
	Code   string `json:"code,omitempty" maxLength:"16" doc:"six digits" example:"123456"`
	Token  string `json:"token,omitempty" maxLength:"512" doc:"a signed member token (mint-token) instead of phone and code"`
	Bearer bool   `json:"bearer,omitempty" doc:"answer the session's token instead of setting a cookie: for pages within another site's, whose cookies browsers drop"`
	Link   string `json:"link,omitempty" maxLength:"32" doc:"code of the link on whose page it is, for its funnel" example:"spring"`
}

type visitInput struct{ Body visitBody }

type visitAnswer struct {
	SetCookie string `header:"Set-Cookie" doc:"the session; scripts can't read it. Not with bearer"`
	Body      visitRow
}

type visitRow struct {
	Member memberID         `json:"member" doc:"who"`
	EndsAt calendar.Instant `json:"ends_at" doc:"end of the session"`
	New    bool             `json:"new,omitempty" doc:"the phone had no account before"`
	Token  string           `json:"token,omitempty" doc:"of the session, only with bearer: goes where a cookie's session says session"`
}

type visitorAnswer struct {
	Body struct {
		Member memberID `json:"member" doc:"who asks"`
	}
}

// authenticateVisit finds the member whose session a page of our own brings.
func (s *server) authenticateVisit(c *call, r *http.Request) error {
	token := visitToken(r)
	if token == "" || len(token) > maxSecret || foreign(r) {
		return fault.New(fault.Unauthenticated)
	}
	by, err := s.Guard.Visitor(r.Context(), token)
	if err != nil {
		return err
	}
	by.RequestID = c.id
	c.principal = by
	return nil
}

// visiting reports whether a request asks as the member of our own pages: that of its
// cookie, or of the session or the member token that it names.
func visiting(r *http.Request) bool {
	said := r.Header.Values(memberTokenHeader)
	return len(r.Header.Values("Authorization")) == 0 && len(said) == 1 && (said[0] == ownVisit || guard.ForVisitors(said[0]))
}

// visitToken is the token as whose member a request asks, "" for none.
func visitToken(r *http.Request) string {
	if said := r.Header.Get(memberTokenHeader); said != ownVisit && guard.ForVisitors(said) {
		return said
	}
	if cookies := r.CookiesNamed(visitCookie); len(cookies) == 1 {
		return cookies[0].Value
	}
	return ""
}

// address is who stands behind the connection, "" where that is not known.
func (c *call) address() string {
	host, _, _ := net.SplitHostPort(c.request.RemoteAddr)
	if a, err := netip.ParseAddr(host); err == nil {
		return subscriber(a)
	}
	return ""
}

func (s *server) visitRoutes() {
	add(s, operation{id: "send-sign-in-code", method: "POST", path: "/v1/visits/codes", tag: "visits", may: anyone,
		summary: "Send a sign-in code to a phone", about: "The answer is the same whether or not a member has the phone. Once a minute, five times an hour and ten times a day to a phone; addresses are limited too (429 with Retry-After).",
		example: visitCodeBody{"13800000000"}, faults: []fault.Code{fault.SMSUnavailable}},
		func(ctx context.Context, c *call, in *visitCodeInput) (*visitCodeAnswer, error) {
			if foreign(c.request) {
				return nil, fault.New(fault.Unauthenticated)
			}
			sent, err := s.Guard.SendCode(ctx, guard.CodeInput{Phone: in.Body.Phone, Lang: c.lang, Address: c.address()})
			if err != nil {
				return nil, err
			}
			return &visitCodeAnswer{visitCodeRow{int64(sent.Life / time.Second), int64(sent.Again / time.Second), sent.Code}}, nil
		})
	add(s, operation{id: "begin-visit", method: "POST", path: "/v1/visits", tag: "visits", may: anyone, status: 201,
		summary: "Sign a member in",
		about: "With the code that was sent to the phone, or with a signed member token. A phone that has no account gets one. The session is a cookie that scripts can't read; " +
			"requests that use it say so with the header `" + memberTokenHeader + ": " + ownVisit + "`. With `bearer` the session is in the answer, and the header takes its token. A wrong, an old and a code that was never sent answer alike; guesses are slowed down.",
		example: visitBody{Phone: "13800000000", Code: "123456"}, faults: []fault.Code{fault.CodeWrong, fault.Conflicting, fault.MissingValue}},
		func(ctx context.Context, c *call, in *visitInput) (*visitAnswer, error) {
			b := in.Body
			switch {
			case foreign(c.request):
				return nil, fault.New(fault.Unauthenticated)
			case b.Token == "" && b.Phone == "":
				return nil, fault.New(fault.MissingValue).At("/phone")
			case b.Token == "" && b.Code == "":
				return nil, fault.New(fault.MissingValue).At("/code")
			case b.Token != "" && b.Phone+b.Code != "":
				return nil, fault.New(fault.Conflicting, "a", "token", "b", "phone").At("/token")
			}
			v, err := s.Guard.Visit(ctx, guard.VisitInput{Phone: b.Phone, Code: b.Code, Token: b.Token, Address: c.address()})
			if err != nil {
				return nil, err
			}
			if shown, err := s.Catalog.Show(ctx, b.Link, c.lang); b.Link != "" && err == nil {
				s.Catalog.Traffic.SignIn(shown.Link.ID, shown.Day)
			}
			life := time.Until(v.EndsAt.Time())
			out := &visitAnswer{Body: visitRow{Member: memberID(v.Member), EndsAt: v.EndsAt, New: v.New}}
			if b.Bearer {
				out.Body.Token = v.Token
			} else {
				out.SetCookie = c.cookie(visitCookie, v.Token, max(life, time.Second))
			}
			return out, nil
		})
	add(s, operation{id: "get-visitor", method: "GET", path: "/v1/visits/current", tag: "visits", may: asMember, summary: "Say which member asks"},
		func(_ context.Context, c *call, _ *struct{}) (*visitorAnswer, error) {
			out := &visitorAnswer{}
			out.Body.Member = memberID(c.principal.Member)
			return out, nil
		})
	add(s, operation{id: "end-visit", method: "POST", path: "/v1/visits/end", tag: "visits", may: anyone, summary: "Sign a member out", about: "Also where the session has ended already."},
		func(ctx context.Context, c *call, _ *struct{}) (*signedOut, error) {
			out := &signedOut{SetCookie: c.cookie(visitCookie, "", -time.Second)}
			if err := s.authenticateVisit(c, c.request); err != nil {
				if fault.Has(err, fault.Unauthenticated) {
					err = nil
				}
				return out, err
			}
			out.Body.Ended = true
			return out, s.Guard.Leave(ctx, visitToken(c.request))
		})
}
