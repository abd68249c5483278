package membership

import (
	"context"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

// mostCounting is how long a count may take.
const mostCounting = 30 * time.Second

// Segment is how many of all members satisfy a condition.
type Segment struct {
	Count   int64
	Members int64
}

// CountSegment counts the members who satisfy a condition now, by the days of a
// market. Only what is stored of members can be counted: faults invalid_value at
// a leaf that asks for something else, those of the tree at pointers below /tree,
// not_found (market).
func (s *Membership) CountSegment(ctx context.Context, by access.Principal, tree condition.Tree, market string) (out Segment, err error) {
	if err := by.May(access.MemberRead); err != nil {
		return out, err
	}
	if !by.Scope.Everything() { // it would tell of orders elsewhere
		return out, fault.New(fault.PermissionDeny, "permission", string(access.MemberRead))
	}
	var l fault.List
	tree.Validate("/tree", &l)
	if err := l.Err(); err != nil {
		return out, err
	}
	predicate, ok := tree.Predicate()
	if !ok {
		tree.Walk("/tree", func(pointer string, leaf condition.Leaf) {
			if _, stored := leaf.Predicate(); !stored {
				l.Add(fault.New(fault.InvalidValue, "reason", "momentary").At(pointer + "/type"))
			}
		})
		return out, l.Err()
	}
	m, err := s.Cache.Market(ctx, market)
	if err != nil {
		return out, wrap("count segment", err)
	}
	at := condition.MomentOf(s.Clock(), m.Location())
	ctx, cancel := context.WithTimeout(ctx, mostCounting)
	defer cancel()
	err = s.Store.Snapshot(ctx, func(tx store.Tx) error {
		if out.Count, err = tx.Facts().Count(predicate, at); err != nil {
			return err
		}
		out.Members, err = tx.Facts().Count(condition.Predicate{Op: condition.OpAlways}, at)
		return err
	})
	return out, wrap("count segment", err)
}
