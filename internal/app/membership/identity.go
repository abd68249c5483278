package membership

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// AddIdentityInput is a further identity of a member.
type AddIdentityInput struct {
	Once   app.Once
	Member id.ID
	Kind   string
	Value  member.Secret
}

// AddIdentity gives a member a further identity; one that it has already changes
// nothing. One of the kind person ties it to a natural person, whose other accounts
// may have it too; it is kept as a keyed hash only. Faults: those of the input, member_not_found, identity_taken (it is
// another member's), idempotency_key_reused.
func (s *Membership) AddIdentity(ctx context.Context, by access.Principal, in AddIdentityInput) (out Card, err error) {
	if err := by.May(access.MemberWrite); err != nil {
		return out, err
	}
	if err := by.ActsFor(in.Member); err != nil {
		return out, err
	}
	var l fault.List
	checkIdentity(&l, in.Kind, in.Value, "/kind", "/value")
	if err := l.Err(); err != nil {
		return out, err
	}
	key, sealed := s.Vault.Key(in.Kind, in.Value), s.Vault.Seal(in.Kind, in.Value)
	err = s.Update(ctx, store.Admin, nothing, func(tx store.Tx) error {
		m, err := locked(tx, in.Member)
		if err != nil {
			return err
		}
		reply := in.Once.Reply(by, m.ID, "")
		kept, err := app.FindReplies(tx, []store.Reply{reply})
		if err != nil {
			return err
		}
		_, hit, err := app.Replayed(kept, reply)
		if err != nil {
			return err
		}
		if !hit {
			if err := s.add(tx, by, &m, key, sealed); err != nil {
				return twin(err)
			}
			if err := remember(tx, reply); err != nil {
				return err
			}
		}
		out, err = card(tx, m)
		out.Replayed = hit
		return err
	})
	return out, wrap("add identity", err)
}

func (s *Membership) add(tx store.Tx, by access.Principal, m *member.Member, key member.Key, sealed string) error {
	if key.Kind == member.KindPerson {
		return s.tie(tx, by, m, limit.Numbered(key.Hash))
	}
	found, err := tx.Members().Find([]member.Key{key})
	if err != nil {
		return err
	}
	if len(found) > 0 {
		if found[0].Member != m.ID {
			return fault.New(fault.IdentityTaken).At("/value")
		}
		return nil
	}
	now := s.Clock()
	row := member.Identity{Key: key, Member: m.ID, Sealed: sealed, KeyVersion: s.Vault.Version(), CreatedAt: now}
	if err := tx.Members().InsertIdentities([]member.Identity{row}); err != nil {
		return err
	}
	return s.update(tx, by, m, now, factsIdentity(key.Kind))
}

// tie says of which natural person the member is an account. A person may have many;
// an account is one person's: another one is refused as wrong_state.
func (s *Membership) tie(tx store.Tx, by access.Principal, m *member.Member, person id.ID) error {
	switch m.Person {
	case person:
		return nil
	case 0:
		m.Person = person
		return s.update(tx, by, m, s.Clock(), factsIdentity(member.KindPerson))
	}
	return fault.New(fault.WrongState, "state", "another_person").At("/value")
}

func remember(tx store.Tx, reply store.Reply) error {
	if reply.Key == "" {
		return nil
	}
	return tx.Replies().Insert([]store.Reply{reply})
}
