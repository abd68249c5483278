package membership

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/member"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// MostListed is how many members one call puts into a list or takes out of it;
// they are written in pieces.
const (
	MostListed  = 10_000
	listedPiece = 1_000
)

// Who names a member by id, or by identity where the id is zero.
type Who struct {
	Member id.ID
	Key    member.Key
}

// ListWay says how members come into a list, or out of it.
type ListWay struct {
	Remove bool // they are taken out
	Dry    bool // it is told what would be done, and nothing is written
}

// ListedCount says what became of the members of a call.
type ListedCount struct {
	Changed   int64 // put in, or taken out
	Unchanged int64 // were in already, or were not; one named twice counts here once
	Unknown   []int // places in the input whose member does not exist
}

// Relist puts members into an uploaded list, where who is in it already stays, or takes
// them out of one, an archived one too. Members that don't exist are told and left out.
// Faults: not_found (list), wrong_state (archived), too_long.
func (s *Membership) Relist(ctx context.Context, by access.Principal, code string, members []Who, way ListWay) (sum ListedCount, err error) {
	if err := by.May(access.MemberWrite); err != nil {
		return sum, err
	}
	if len(members) == 0 {
		return sum, fault.New(fault.MissingValue).At("/members")
	}
	if len(members) > MostListed {
		return sum, fault.New(fault.TooLong, "max", MostListed).At("/members")
	}
	told := map[id.ID]bool{}
	for from := 0; from < len(members); from += listedPiece {
		var done ListedCount
		part := members[from:min(from+listedPiece, len(members))]
		if way.Dry {
			err = s.Store.View(ctx, func(tx store.Tx) (err error) {
				done, err = tryPiece(tx, code, part, way, told)
				return err
			})
		} else {
			err = s.Store.Update(ctx, store.Background, func(tx store.Tx) (err error) {
				done, err = listPiece(tx, code, part, way)
				return err
			})
		}
		if err != nil {
			return sum, wrap("list members", err)
		}
		sum.Changed += done.Changed
		sum.Unchanged += done.Unchanged
		for _, i := range done.Unknown {
			sum.Unknown = append(sum.Unknown, from+i)
		}
	}
	return sum, nil
}

func listPiece(tx store.Tx, code string, members []Who, way ListWay) (done ListedCount, err error) {
	ids, done, err := listable(tx, code, members, way)
	if err != nil {
		return done, err
	}
	if way.Remove {
		done.Changed, err = tx.ListMembers().Remove(code, ids)
	} else {
		done.Changed, err = tx.ListMembers().Add(code, ids)
	}
	done.Unchanged = int64(len(ids)) - done.Changed
	return done, err
}

// tryPiece says what listPiece would do, after the pieces whose members were told.
func tryPiece(tx store.Tx, code string, members []Who, way ListWay, told map[id.ID]bool) (done ListedCount, err error) {
	ids, done, err := listable(tx, code, members, way)
	if err != nil {
		return done, err
	}
	rows, err := tx.ListMembers().Among(code, ids)
	in := make(map[id.ID]bool, len(rows))
	for _, who := range rows {
		in[who] = true
	}
	for _, who := range ids {
		if in[who] == way.Remove && !told[who] {
			done.Changed++
		}
		told[who] = true
	}
	done.Unchanged = int64(len(ids)) - done.Changed
	return done, err
}

// listable are the members that exist, for a list that takes the change; of done it
// fills in who is unknown.
func listable(tx store.Tx, code string, members []Who, way ListWay) (ids []id.ID, done ListedCount, err error) {
	l, err := theList(tx, code)
	if err != nil {
		return nil, done, err
	}
	if !way.Remove && l.ArchivedAt != 0 {
		return nil, done, fault.New(fault.WrongState, "state", "archived")
	}
	found, err := resolved(tx, members)
	for i, who := range found {
		if who == 0 {
			done.Unknown = append(done.Unknown, i)
		} else {
			ids = append(ids, who)
		}
	}
	return ids, done, err
}

func theList(tx store.Tx, code string) (*store.List, error) {
	if !text.Clean(code) {
		return nil, fault.New(fault.Absent, "what", "list")
	}
	rows, err := tx.Lists().Get([]string{code})
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, fault.New(fault.Absent, "what", "list")
	}
	return &rows[0], nil
}

// resolved are the ids of members, zero for one that does not exist.
func resolved(tx store.Tx, members []Who) ([]id.ID, error) {
	var keys []member.Key
	var ids []id.ID
	for _, w := range members {
		if w.Member != 0 {
			ids = append(ids, w.Member)
		} else {
			keys = append(keys, w.Key)
		}
	}
	exists := map[id.ID]bool{}
	rows, err := tx.Members().Get(ids)
	if err != nil {
		return nil, err
	}
	for i := range rows {
		exists[rows[i].ID] = true
	}
	named := map[member.Key]id.ID{}
	found, err := tx.Members().Find(keys)
	for _, row := range found {
		named[row.Key] = row.Member
	}
	out := make([]id.ID, len(members))
	for i, w := range members {
		if w.Member == 0 {
			out[i] = named[w.Key]
		} else if exists[w.Member] {
			out[i] = w.Member
		}
	}
	return out, err
}

// ListedMembers returns who is in a list, by id, after an id.
func (s *Membership) ListedMembers(ctx context.Context, by access.Principal, code string, after id.ID, limit int) (ids []id.ID, err error) {
	if err := by.May(access.MemberRead); err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		if _, err := theList(tx, code); err != nil {
			return err
		}
		var err error
		ids, err = tx.ListMembers().Page(code, after, app.ListSize(limit))
		return err
	})
	return ids, wrap("listed members", err)
}
