package membership

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// PutMemberInput is a member named by one identity, or an existing one by its id.
type PutMemberInput struct {
	Member     id.ID             // instead of an identity: it is only changed, never made
	Kind       string            // [a-z][a-z0-9_]{0,31}
	Value      member.Secret     // 1..256 bytes once normalised
	Attributes map[string]string // whole; nil leaves those of an existing member
	Tags       []string          // whole; nil leaves those of an existing member
	IfRev      int64             // 0: create only
}

// PutMember creates the member of an identity, or changes its attributes and tags.
// Faults: those of the input, member_not_found (an id), if_match_required, stale_revision.
func (s *Membership) PutMember(ctx context.Context, by access.Principal, in PutMemberInput) (out Card, created bool, err error) {
	if err := by.May(access.MemberWrite); err != nil {
		return out, false, err
	}
	var l fault.List
	if in.Member == 0 {
		checkIdentity(&l, in.Kind, in.Value, "path:kind", "path:value")
		notPerson(&l, in.Kind, "path:kind")
	}
	checkAttributes(&l, in.Attributes, "/attributes")
	checkTags(&l, in.Tags, "/tags")
	if err := l.Err(); err != nil {
		return out, false, err
	}
	if in.Member != 0 {
		err = s.Update(ctx, store.Admin, nothing, func(tx store.Tx) (err error) {
			out, err = s.change(tx, by, in.Member, in)
			return err
		})
		return out, false, wrap("change member", err)
	}
	key, sealed := s.Vault.Key(in.Kind, in.Value), s.Vault.Seal(in.Kind, in.Value)
	err = s.Update(ctx, store.Admin, nothing, func(tx store.Tx) error {
		out, created = Card{}, false
		found, err := tx.Members().Find([]member.Key{key})
		if err != nil {
			return err
		}
		if len(found) > 0 {
			out, err = s.change(tx, by, found[0].Member, in)
			return err
		}
		if in.IfRev != 0 {
			return fault.New(fault.StaleRevision)
		}
		out, created = s.newborn(key, sealed, in.Attributes), true
		out.Member.Tags = inOrder(in.Tags)
		return twin(s.insert(tx, by, []Card{out}))
	})
	return out, created, wrap("put member", err)
}

// change sets attributes and tags of an existing member, under the If-Match rules.
func (s *Membership) change(tx store.Tx, by access.Principal, who id.ID, in PutMemberInput) (Card, error) {
	m, err := locked(tx, who)
	if err != nil {
		return Card{}, err
	}
	if err := match(&m, in.IfRev, true); err != nil {
		return Card{}, err
	}
	before := m
	if in.Attributes != nil {
		m.Attributes = in.Attributes
	}
	if in.Tags != nil {
		m.Tags = inOrder(in.Tags)
	}
	if !sameFacts(&before, &m) {
		if err := s.update(tx, by, &m, s.Clock(), factsMember(&m)); err != nil {
			return Card{}, err
		}
	}
	return card(tx, m)
}

// match compares the revision that a change was made against; zero passes
// unless it is required.
func match(m *member.Member, ifRev int64, required bool) error {
	switch {
	case ifRev == 0 && required:
		return fault.New(fault.IfMatchMissing)
	case ifRev != 0 && ifRev != m.Rev:
		return fault.New(fault.StaleRevision, "rev", m.Rev)
	}
	return nil
}

// newborn is a member of one identity, whose slot it takes for life.
func (s *Membership) newborn(key member.Key, sealed string, attributes map[string]string) Card {
	slot, now := key.Slot(), s.Clock()
	m := member.Member{ID: s.IDs.New(slot), Slot: slot, Attributes: attributes, Rev: 1, CreatedAt: now, UpdatedAt: now}
	return Card{Member: m, Identities: []member.Identity{{Key: key, Member: m.ID, Sealed: sealed, KeyVersion: s.Vault.Version(), CreatedAt: now}}}
}

// insert writes new members, each with its identities and its change.
func (s *Membership) insert(tx store.Tx, by access.Principal, cards []Card) error {
	members := make([]member.Member, len(cards))
	identities := make([]member.Identity, 0, len(cards))
	changes := make([]change.Change, len(cards))
	for i := range cards {
		m := &cards[i].Member
		members[i] = *m
		identities = append(identities, cards[i].Identities...)
		changes[i] = changed(m, change.MemberCreated, m.CreatedAt, by, factsCreated(cards[i].Identities[0].Kind, len(m.Attributes)))
	}
	if err := tx.Members().InsertIdentities(identities); err != nil {
		return err
	}
	if err := tx.Members().Insert(members); err != nil {
		return err
	}
	return tx.Changes().Append(changes)
}
