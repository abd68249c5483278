package membership

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// SetBlockedInput blocks a member, or ends the block.
type SetBlockedInput struct {
	Member  id.ID
	Blocked bool
	IfRev   int64 // 0: whatever the revision
	Reason  string
}

// SetBlocked acts on the member's next claim and use. Setting what is set
// changes nothing. Faults: member_not_found, stale_revision.
func (s *Membership) SetBlocked(ctx context.Context, by access.Principal, in SetBlockedInput) (Card, error) {
	return Card{}, fault.New(fault.InternalError)
}
