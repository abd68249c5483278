package membership

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Membership holds the use cases.
type Membership struct{ *app.App }

// Card is a member with its identities (their values sealed).
type Card struct {
	Member     member.Member
	Identities []member.Identity // in the order of their making
	Replayed   bool              // the answer to a key that is known
}

// card reads a member's identities.
func card(tx store.Tx, m member.Member) (Card, error) {
	rows, err := tx.Members().Identities([]id.ID{m.ID})
	slices.SortFunc(rows, func(a, b member.Identity) int {
		if a.CreatedAt != b.CreatedAt {
			return int(a.CreatedAt - b.CreatedAt)
		}
		return slices.Compare([]byte(a.Kind+a.Hash), []byte(b.Kind+b.Hash))
	})
	return Card{Member: m, Identities: rows}, err
}

// locked locks a member and returns it, or fault member_not_found.
func locked(tx store.Tx, who id.ID) (member.Member, error) {
	rows, err := tx.Lock(store.LockSet{Members: []id.ID{who}})
	if err != nil {
		return member.Member{}, err
	}
	if rows.Members[who] == nil {
		return member.Member{}, fault.New(fault.MemberUnknown)
	}
	return *rows.Members[who], nil
}

// update writes a member's next revision with its change.
func (s *Membership) update(tx store.Tx, by access.Principal, m *member.Member, at calendar.Instant, facts string) error {
	m.Rev++
	m.UpdatedAt = at
	if err := tx.Members().Update([]member.Member{*m}); err != nil {
		return err
	}
	return tx.Changes().Append([]change.Change{changed(m, change.MemberUpdated, at, by, facts)})
}

func changed(m *member.Member, kind change.Type, at calendar.Instant, by access.Principal, facts string) change.Change {
	return change.Change{Aggregate: m.ID, Kind: id.Member, Seq: m.Rev, Type: kind, At: at, Actor: by.ID, Facts: facts}
}

// twin turns a key that a concurrent request took into another attempt, which
// finds the twin's row.
func twin(err error) error {
	if errors.Is(err, store.ErrTwin) {
		return app.Again()
	}
	return err
}

func nothing() error { return nil }

// wrap leaves a caller's fault as it is and names the layer of any other error.
func wrap(what string, err error) error {
	if err = app.Stale(err); err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("membership: %s: %w", what, err)
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
