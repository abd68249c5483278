package guard

import (
	"context"
	"time"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Guard holds the use cases; it is safe for concurrent use.
type Guard struct {
	*app.App
	tokenKey []byte
	wall     func() time.Time
}

// New makes a guard. tokenKey (≥ 32 bytes) signs member tokens, wall is the wall clock.
func New(a *app.App, tokenKey []byte, wall func() time.Time) *Guard {
	return &Guard{App: a, tokenKey: tokenKey, wall: wall}
}

// Authenticate returns the principal of a secret, or fault unauthenticated.
func (g *Guard) Authenticate(ctx context.Context, secret string) (access.Principal, error) {
	return access.Principal{}, fault.New(fault.Unauthenticated)
}

// MostTokenTTL is the longest life of a member token.
const MostTokenTTL = 24 * time.Hour

// MemberToken lets a browser key act for one member.
type MemberToken struct {
	Token     string
	ExpiresAt calendar.Instant
}

// MintMemberToken makes a token for a member that exists. Permission:
// member.write, never a browser key. Faults: member_not_found, out_of_range at /ttl_seconds.
func (g *Guard) MintMemberToken(ctx context.Context, by access.Principal, member id.ID, ttl time.Duration) (MemberToken, error) {
	return MemberToken{}, fault.New(fault.InternalError)
}

// WithMember returns a browser principal that acts for the token's member, or
// fault unauthenticated for a token that is forged, expired or brought by a key
// of another kind.
func (g *Guard) WithMember(by access.Principal, token string) (access.Principal, error) {
	return access.Principal{}, fault.New(fault.Unauthenticated)
}
