package membership

import (
	"cmp"
	"context"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/market"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// MostLooked is how many members one page of a segment looks at: of a rare segment a
// page may hold few, or none, and yet not be the last.
const MostLooked = 20_000

// FilterInput asks for members, newest first.
type FilterInput struct {
	Tag      string        // who has it
	Segment  string        // code of a saved one; who satisfies it now
	From, To calendar.Date // local days of the market on which they were made, To included; zero is open
	Market   string        // by whose days; none: market.DefaultCode
	Behind   store.Behind
	Limit    int
}

// Filtered is a page of members. Next is where it goes on, the zero Behind for the end.
type Filtered struct {
	Members []member.Member
	Next    store.Behind
}

// FilterMembers lists members by what an index serves: a tag, or when they were made;
// a segment is looked for along the members, MostLooked a page. Faults: not_found
// (segment), permission_denied (a segment to who is limited to a scope).
func (s *Membership) FilterMembers(ctx context.Context, by access.Principal, in FilterInput) (out Filtered, err error) {
	if err := by.May(access.MemberRead); err != nil {
		return out, err
	}
	if by.Kind == access.KindBrowser || in.Segment != "" && !by.Scope.Everything() {
		return out, fault.New(fault.PermissionDeny, "permission", string(access.MemberRead))
	}
	in.Limit = app.ListSize(in.Limit)
	f := filtering{in: in}
	if err := s.learn(ctx, &f); err != nil {
		return out, err
	}
	read := s.Store.View
	if f.tree {
		read = s.Store.Snapshot
	}
	err = read(ctx, func(tx store.Tx) error {
		f.tx, f.out = tx, Filtered{}
		return f.run()
	})
	return f.out, wrap("filter members", err)
}

// filtering is one page in one view.
type filtering struct {
	in        FilterInput
	from, to  calendar.Instant // [from, to), zero is open
	tree      bool
	predicate condition.Predicate
	at        condition.Moment
	tx        store.Tx
	out       Filtered
}

// learn reads the segment and compiles it.
func (s *Membership) learn(ctx context.Context, f *filtering) error {
	if f.in.From != 0 || f.in.To != 0 {
		m, err := s.Cache.Market(ctx, cmp.Or(f.in.Market, market.DefaultCode))
		if err != nil {
			return wrap("read market", err)
		}
		if f.in.From != 0 {
			f.from = f.in.From.Start(m.Location())
		}
		if f.in.To != 0 {
			f.to = f.in.To.AddDays(1).Start(m.Location())
		}
	}
	if f.in.Segment == "" {
		return nil
	}
	var rows []store.Segment
	if text.Clean(f.in.Segment) {
		err := s.Store.View(ctx, func(tx store.Tx) (err error) {
			rows, err = tx.Segments().Get([]string{f.in.Segment})
			return err
		})
		if err != nil {
			return wrap("read segment", err)
		}
	}
	if len(rows) == 0 {
		return fault.New(fault.Absent, "what", "segment")
	}
	m, err := s.Cache.Market(ctx, rows[0].Market)
	if err != nil {
		return wrap("read market", err)
	}
	f.at = condition.MomentOf(s.Clock(), m.Location())
	f.predicate, f.tree = rows[0].Tree.Predicate()
	if !f.tree {
		return fault.New(fault.Absent, "what", "segment")
	}
	return nil
}

func (f *filtering) run() error {
	switch {
	case f.tree:
		return f.bySegment()
	case f.in.Tag != "":
		return f.byTag()
	}
	rows, err := f.tx.Members().Made(f.from, f.to, f.in.Behind, f.in.Limit+1)
	if len(rows) > f.in.Limit {
		rows = rows[:f.in.Limit]
		last := rows[len(rows)-1]
		f.out.Next = store.Behind{At: last.CreatedAt, ID: last.ID}
	}
	f.out.Members = rows
	return err
}

// byTag goes along the members who have the tag; those of other times are left out.
func (f *filtering) byTag() error {
	before := f.in.Behind.ID
	for looked := 0; looked < MostLooked; {
		ids, err := f.tx.Members().Tagged(f.in.Tag, before, f.in.Limit+1)
		if err != nil || len(ids) == 0 {
			return err
		}
		looked += len(ids)
		if done, err := f.take(ids); done || err != nil {
			return err
		}
		before = ids[len(ids)-1]
	}
	f.out.Next = store.Behind{ID: before}
	return nil
}

// bySegment goes along all members in windows.
func (f *filtering) bySegment() error {
	top := f.in.Behind.ID
	ids, err := f.tx.Members().Before(top, MostLooked)
	if err != nil || len(ids) == 0 {
		return err
	}
	const window = 2_000
	for from := 0; from < len(ids); from += window {
		part := ids[from:min(from+window, len(ids))]
		found, err := f.tx.Facts().Page(f.predicate, f.at, part[len(part)-1]-1, part[0], window)
		if err != nil {
			return err
		}
		slices.Reverse(found) // they come by id, upwards
		if done, err := f.take(found); done || err != nil {
			return err
		}
	}
	if len(ids) == MostLooked {
		f.out.Next = store.Behind{ID: ids[len(ids)-1]}
	}
	return nil
}

// take adds those of the ids, which come downwards, that satisfy the rest of the
// filter; done says that the page is full, and there is more.
func (f *filtering) take(ids []id.ID) (done bool, err error) {
	rows, err := f.tx.Members().Get(ids)
	if err != nil {
		return false, err
	}
	slices.SortFunc(rows, func(a, b member.Member) int { return int(min(max(b.ID-a.ID, -1), 1)) })
	for _, m := range rows {
		tagged := f.in.Tag == "" || slices.Contains(m.Tags, f.in.Tag)
		if !tagged || m.CreatedAt < f.from || f.to != 0 && m.CreatedAt >= f.to {
			continue
		}
		if len(f.out.Members) == f.in.Limit {
			f.out.Next = store.Behind{ID: f.out.Members[len(f.out.Members)-1].ID}
			return true, nil
		}
		f.out.Members = append(f.out.Members, m)
	}
	return false, nil
}
