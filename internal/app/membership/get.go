package membership

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// GetMember returns a member by id, or fault member_not_found. A browser
// principal gets its own member only.
func (s *Membership) GetMember(ctx context.Context, by access.Principal, who id.ID) (out Card, err error) {
	if err := by.May(access.MemberRead); err != nil {
		return out, err
	}
	if err := by.ActsFor(who); err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		out, err = read(tx, who)
		return err
	})
	return out, wrap("get member", err)
}

func read(tx store.Tx, who id.ID) (Card, error) {
	rows, err := tx.Members().Get([]id.ID{who})
	if err != nil {
		return Card{}, err
	}
	if len(rows) == 0 {
		return Card{}, fault.New(fault.MemberUnknown)
	}
	return card(tx, rows[0])
}

// FindMember returns the member of an identity, or fault member_not_found.
func (s *Membership) FindMember(ctx context.Context, by access.Principal, kind string, value member.Secret) (out Card, err error) {
	if err := by.May(access.MemberRead); err != nil {
		return out, err
	}
	var l fault.List
	checkIdentity(&l, kind, value, "path:kind", "path:value")
	if l.Err() != nil { // what can't be stored does not exist
		return out, fault.New(fault.MemberUnknown)
	}
	key := s.Vault.Key(kind, value)
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err := tx.Members().Find([]member.Key{key})
		if err != nil {
			return err
		}
		if len(found) == 0 || by.ActsFor(found[0].Member) != nil {
			return fault.New(fault.MemberUnknown)
		}
		out, err = read(tx, found[0].Member)
		return err
	})
	return out, wrap("find member", err)
}

// ListMembers returns at most limit members (50 when zero, at most page.Most+1)
// by id, after an id.
func (s *Membership) ListMembers(ctx context.Context, by access.Principal, after id.ID, limit int) (rows []member.Member, err error) {
	if err := by.May(access.MemberRead); err != nil {
		return nil, err
	}
	if by.Kind == access.KindBrowser {
		return nil, fault.New(fault.PermissionDeny, "permission", string(access.MemberRead))
	}
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		rows, err = tx.Members().List(after, app.ListSize(limit))
		return err
	})
	return rows, wrap("list members", err)
}
