package membership

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/id"
)

// Enrol returns the member of an identity that was proved at a sign-in, and makes one
// where there is none.
func (s *Membership) Enrol(ctx context.Context, kind string, value member.Secret) (id.ID, error) {
	ids, err := s.Ensure(ctx, access.System("sign-in"), []EnsureInput{{Key: s.Vault.Key(kind, value), Sealed: s.Vault.Seal(kind, value)}})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}
