package membership

import (
	"context"
	"maps"

	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
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
// member, with the last attributes given. It is for imports and the demo.
func (s *Membership) Ensure(ctx context.Context, by access.Principal, inputs []EnsureInput) ([]id.ID, error) {
	if err := by.May(access.MemberWrite); err != nil {
		return nil, err
	}
	if len(inputs) > MostEnsure {
		return nil, fault.New(fault.TooLong, "max", MostEnsure)
	}
	var l fault.List
	for i := range inputs {
		checkAttributes(&l, inputs[i].Attributes, "/attributes")
		if !isKind(inputs[i].Key.Kind) {
			l.Add(fault.New(fault.InvalidValue).At("/kind"))
		}
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	e := &ensuring{Membership: s, by: by, inputs: inputs}
	if err := s.Update(ctx, store.Background, nothing, e.run); err != nil {
		return nil, wrap("ensure", err)
	}
	return e.ids, nil
}

// ensuring is one call in one transaction.
type ensuring struct {
	*Membership
	by     access.Principal
	inputs []EnsureInput
	ids    []id.ID
}

func (e *ensuring) run(tx store.Tx) error {
	e.ids = make([]id.ID, len(e.inputs))
	keys := make([]member.Key, len(e.inputs))
	for i := range e.inputs {
		keys[i] = e.inputs[i].Key
	}
	rows, err := tx.Members().Find(keys)
	if err != nil {
		return err
	}
	known := make(map[member.Key]id.ID, len(rows))
	for _, r := range rows {
		known[r.Key] = r.Member
	}
	wanted := map[id.ID]EnsureInput{} // existing members whose attributes are given
	at := map[member.Key]int{}        // index of the new member's card
	var cards []Card
	for i, in := range e.inputs {
		if who, ok := known[in.Key]; ok {
			e.ids[i] = who
			if in.Attributes != nil {
				wanted[who] = in
			}
			continue
		}
		if n, ok := at[in.Key]; ok {
			if e.ids[i] = cards[n].Member.ID; in.Attributes != nil {
				cards[n].Member.Attributes = in.Attributes
			}
			continue
		}
		at[in.Key] = len(cards)
		born := e.newborn(in.Key, in.Sealed, in.Attributes)
		if in.At != 0 {
			born.Member.CreatedAt, born.Member.UpdatedAt, born.Identities[0].CreatedAt = in.At, in.At, in.At
		}
		e.ids[i] = born.Member.ID
		cards = append(cards, born)
	}
	if err := e.setAttributes(tx, wanted); err != nil {
		return err
	}
	if len(cards) == 0 {
		return nil
	}
	return twin(e.insert(tx, e.by, cards))
}

// setAttributes writes what differs, under the members' locks.
func (e *ensuring) setAttributes(tx store.Tx, wanted map[id.ID]EnsureInput) error {
	if len(wanted) == 0 {
		return nil
	}
	set := store.LockSet{}
	for who := range wanted {
		set.Members = append(set.Members, who)
	}
	rows, err := tx.Lock(set)
	if err != nil {
		return err
	}
	var members []member.Member
	var changes []change.Change
	for who, in := range wanted {
		m := rows.Members[who]
		if m == nil || maps.Equal(m.Attributes, in.Attributes) {
			continue
		}
		now := in.At
		if now == 0 {
			now = e.Clock()
		}
		m.Attributes, m.UpdatedAt = in.Attributes, now
		m.Rev++
		members = append(members, *m)
		changes = append(changes, changed(m, change.MemberUpdated, now, e.by, factsAttributes(len(in.Attributes))))
	}
	if len(members) == 0 {
		return nil
	}
	if err := tx.Members().Update(members); err != nil {
		return err
	}
	return tx.Changes().Append(changes)
}
