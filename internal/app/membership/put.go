package membership

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
)

// PutMemberInput is a member named by one identity.
type PutMemberInput struct {
	Kind       string            // [a-z][a-z0-9_]{0,31}
	Value      member.Secret     // 1..256 bytes once normalised
	Attributes map[string]string // whole; nil leaves those of an existing member
	IfRev      int64             // 0: create only
}

// PutMember creates the member of an identity, or changes its attributes.
// Faults: those of the input, if_match_required, stale_revision.
func (s *Membership) PutMember(ctx context.Context, by access.Principal, in PutMemberInput) (card Card, created bool, err error) {
	return card, false, fault.New(fault.InternalError)
}
