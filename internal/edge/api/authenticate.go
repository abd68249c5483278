package api

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"quan/internal/kernel/fault"
)

const memberTokenHeader = "Quan-Member-Token"

func unwrap(ctx huma.Context) (*http.Request, http.ResponseWriter) { return humago.Unwrap(ctx) }

// maxSecret bounds what is hashed: keys and tokens are far shorter.
const maxSecret = 512

// sessionCookie holds the token of a person's session.
const sessionCookie = "quan_session"

// authenticateSession finds the person whose session a page of our own brings. A
// page of anybody else is refused even where its origin may use browser keys: a
// cookie travels without being asked for.
func (s *server) authenticateSession(c *call, r *http.Request) error {
	cookies := r.CookiesNamed(sessionCookie)
	if len(cookies) != 1 || len(cookies[0].Value) > maxSecret || foreign(r) || len(r.Header.Values(memberTokenHeader)) > 0 {
		return fault.New(fault.Unauthenticated)
	}
	by, err := s.Guard.Session(r.Context(), cookies[0].Value)
	if err != nil {
		return err
	}
	by.RequestID = c.id
	c.principal = by
	return nil
}

// foreign reports whether a browser says that a page of another origin asks.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "same-origin", "none":
		return false
	case "":
	default:
		return true
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return false
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}

// authenticate finds the principal of the request's key, and for a browser key
// the member for whom it acts.
func (s *server) authenticate(c *call, r *http.Request) error {
	values := r.Header.Values("Authorization")
	if visiting(r) {
		return s.authenticateVisit(c, r)
	}
	if len(values) == 0 {
		return s.authenticateSession(c, r)
	}
	if len(values) != 1 {
		return fault.New(fault.Unauthenticated)
	}
	scheme, secret, ok := strings.Cut(values[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || secret == "" || len(secret) > maxSecret {
		return fault.New(fault.Unauthenticated)
	}
	by, err := s.Guard.Authenticate(r.Context(), secret)
	if err != nil {
		return err
	}
	by.RequestID = c.id
	c.principal = by
	tokens := r.Header.Values(memberTokenHeader)
	if len(tokens) == 0 {
		return nil
	}
	if len(tokens) > 1 || len(tokens[0]) > maxSecret {
		return fault.New(fault.Unauthenticated)
	}
	if c.principal, err = s.Guard.WithMember(r.Context(), by, tokens[0]); err != nil {
		return err
	}
	c.principal.RequestID = c.id
	return nil
}
