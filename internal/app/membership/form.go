package membership

import (
	"context"

	"quan/internal/domain/member"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// formPiece is how many identities one transaction of FormPhones brings into the form.
const formPiece = 500

// Formed says what FormPhones did.
type Formed struct {
	Done  int64 // phone numbers that are in the form now
	Twins int64 // of them those that name another member too, under the other form
	Shut  int64 // those that these keys don't open: they stay as they are
}

// FormPhones brings phone numbers that an older version hashed as they were written into
// the form of member.Normalise, so that they are found by it. Where two members have one
// number, under two forms, it goes on naming the member that has it in the form; the
// other one keeps the identity, which names nobody any more. It is done at each start and
// does nothing where there is nothing to do.
func (s *Membership) FormPhones(ctx context.Context) (sum Formed, err error) {
	after := ""
	for {
		var done Formed
		var next string
		err := s.Update(ctx, store.Background, nothing, func(tx store.Tx) error {
			done, next = Formed{}, ""
			rows, err := tx.Members().Unformed(after, formPiece)
			if err != nil || len(rows) == 0 {
				return err
			}
			next = rows[len(rows)-1].Hash
			done, err = s.form(tx, rows)
			return err
		})
		if err != nil {
			return sum, wrap("form phones", err)
		}
		sum.Done, sum.Twins, sum.Shut = sum.Done+done.Done, sum.Twins+done.Twins, sum.Shut+done.Shut
		if next == "" {
			return sum, nil
		}
		after = next
	}
}

func (s *Membership) form(tx store.Tx, old []member.Identity) (done Formed, err error) {
	values := make(map[member.Key]member.Secret, len(old))
	keys := make([]member.Key, 0, len(old))
	for i := range old {
		value, err := s.Vault.Open(old[i].Kind, old[i].Sealed)
		if err != nil {
			done.Shut++
			continue
		}
		values[old[i].Key] = value
		keys = append(keys, s.Vault.Key(old[i].Kind, value))
	}
	found, err := tx.Members().Find(keys)
	if err != nil {
		return done, err
	}
	owners := make(map[member.Key]id.ID, len(found))
	for _, row := range found {
		owners[row.Key] = row.Member
	}
	var gone []member.Key
	var rows []member.Identity
	for _, row := range old {
		value, opens := values[row.Key]
		if !opens {
			continue
		}
		before := row.Key
		gone = append(gone, before)
		done.Done++
		row.Key, row.KeyVersion = s.Vault.Key(row.Kind, value), s.Vault.Version()
		row.Sealed = s.Vault.Seal(row.Kind, value)
		switch owner := owners[row.Key]; {
		case row.Key == before || owner == 0:
			owners[row.Key] = row.Member
		case owner == row.Member:
			continue // it has the number in the form already
		default:
			row.Key = before
			done.Twins++
		}
		rows = append(rows, row)
	}
	if err := tx.Members().RemoveIdentities(gone); err != nil {
		return done, err
	}
	return done, twin(tx.Members().InsertIdentities(rows))
}
