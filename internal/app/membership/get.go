package membership

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// GetMember returns a member by id, or fault member_not_found. A browser
// principal gets its own member only.
func (s *Membership) GetMember(ctx context.Context, by access.Principal, who id.ID) (Card, error) {
	return Card{}, fault.New(fault.InternalError)
}

// FindMember returns the member of an identity, or fault member_not_found.
func (s *Membership) FindMember(ctx context.Context, by access.Principal, kind string, value member.Secret) (Card, error) {
	return Card{}, fault.New(fault.InternalError)
}

// ListMembers returns at most limit members (50 when zero, at most page.Most+1)
// by id, after an id.
func (s *Membership) ListMembers(ctx context.Context, by access.Principal, after id.ID, limit int) ([]member.Member, error) {
	return nil, fault.New(fault.InternalError)
}
