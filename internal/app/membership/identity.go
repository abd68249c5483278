package membership

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// AddIdentityInput is a further identity of a member.
type AddIdentityInput struct {
	Once   app.Once
	Member id.ID
	Kind   string
	Value  member.Secret
}

// AddIdentity gives a member a further identity; one that it has already changes
// nothing. Faults: those of the input, member_not_found, name_taken (it is
// another member's), idempotency_key_reused.
func (s *Membership) AddIdentity(ctx context.Context, by access.Principal, in AddIdentityInput) (Card, error) {
	return Card{}, fault.New(fault.InternalError)
}
