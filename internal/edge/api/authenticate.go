package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"quan/internal/kernel/fault"
)

const memberTokenHeader = "Quan-Member-Token"

func unwrap(ctx huma.Context) (*http.Request, http.ResponseWriter) { return humago.Unwrap(ctx) }

// maxSecret bounds what is hashed: keys and tokens are far shorter.
const maxSecret = 512

// authenticate finds the principal of the request's key, and for a browser key
// the member for whom it acts.
func (s *server) authenticate(c *call, r *http.Request) error {
	values := r.Header.Values("Authorization")
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
	if c.principal, err = s.Guard.WithMember(by, tokens[0]); err != nil {
		return err
	}
	c.principal.RequestID = c.id
	return nil
}
