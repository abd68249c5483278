package membership

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
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
func (s *Membership) SetBlocked(ctx context.Context, by access.Principal, in SetBlockedInput) (out Card, err error) {
	if err := by.May(access.MemberWrite); err != nil {
		return out, err
	}
	if by.Kind == access.KindBrowser {
		return out, fault.New(fault.PermissionDeny, "permission", string(access.MemberWrite))
	}
	if f := text.Optional(in.Reason, text.MostName, "/reason"); f != nil {
		return out, f
	}
	err = s.Store.Update(ctx, store.Control, func(tx store.Tx) error {
		m, err := locked(tx, in.Member)
		if err != nil {
			return err
		}
		if err := match(&m, in.IfRev, false); err != nil {
			return err
		}
		if m.Blocked != in.Blocked {
			before := factsBlocked(m.Blocked)
			m.Blocked = in.Blocked
			if err := s.update(tx, by, &m, s.Clock(), factsBlocked(m.Blocked)); err != nil {
				return err
			}
			err := s.Audit(tx, by, "member.block", id.Format(id.Member, m.ID), before, factsBlocked(m.Blocked), in.Reason)
			if err != nil {
				return err
			}
		}
		out, err = card(tx, m)
		return err
	})
	return out, wrap("block member", err)
}
