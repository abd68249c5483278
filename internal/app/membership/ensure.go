package membership

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// MostEnsure is how many members one Ensure takes.
const MostEnsure = 256

// EnsureInput is a member that shall exist. Key and Sealed come from the vault.
type EnsureInput struct {
	Key        member.Key
	Sealed     string
	Attributes map[string]string // nil: leave
	At         calendar.Instant  // zero: now
}

// Ensure returns the id of each member, creating those that don't exist and
// setting attributes where given and different; the same key twice is one
// member. It is for imports and the demo.
func (s *Membership) Ensure(ctx context.Context, by access.Principal, inputs []EnsureInput) ([]id.ID, error) {
	return nil, fault.New(fault.InternalError)
}
