package catalog

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/market"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

var segments = noun[store.Segment]{
	what: "segment",
	rows: func(tx store.Tx) store.Reference[store.Segment] { return tx.Segments() },
	marks: func(s *store.Segment) marks {
		return marks{&s.Rev, &s.CreatedAt, &s.UpdatedAt, &s.ArchivedAt}
	},
	sees: func(access.Principal, *store.Segment) bool { return true },
}

// PutSegmentInput is a saved segment as it shall be.
type PutSegmentInput struct {
	Code   string // from the path
	Name   string
	Market string // by whose days; none: market.DefaultCode
	Tree   condition.Tree
	IfRev  int64 // 0: create only
}

// PutSegment saves a condition over what is stored of members. Faults: those of the
// tree at pointers below /tree, invalid_value at a leaf that only the moment of a
// claim or use can answer, not_found (market), and as PutMerchant.
func (c *Catalog) PutSegment(ctx context.Context, by access.Principal, in PutSegmentInput) (out store.Segment, created bool, err error) {
	if err := by.May(access.MemberWrite); err != nil {
		return out, false, err
	}
	var l fault.List
	l.Add(text.Code(in.Code, "path:code"))
	l.Add(text.Name(in.Name, "/name"))
	in.Tree.Validate("/tree", &l)
	in.Tree.Walk("/tree", func(pointer string, leaf condition.Leaf) {
		if _, stored := leaf.Predicate(); !stored {
			l.Add(fault.New(fault.InvalidValue, "reason", "momentary").At(pointer + "/type"))
		}
	})
	if err := l.Err(); err != nil {
		return out, false, err
	}
	if in.Market == "" {
		in.Market = market.DefaultCode
	}
	if _, err := c.Cache.Market(ctx, in.Market); err != nil {
		return out, false, segments.wrap(err)
	}
	return put(ctx, c, by, segments, in.Code, in.IfRev, func(_ store.Tx, s *store.Segment, _ bool) error {
		s.Code, s.Name, s.Market, s.Tree = in.Code, in.Name, in.Market, in.Tree
		return nil
	})
}

// GetSegment returns a saved segment, archived or not, or fault not_found.
func (c *Catalog) GetSegment(ctx context.Context, by access.Principal, code string) (store.Segment, error) {
	if err := by.May(access.MemberRead); err != nil {
		return store.Segment{}, err
	}
	return get(ctx, c, by, segments, code)
}

// ListSegments returns saved segments by code.
func (c *Catalog) ListSegments(ctx context.Context, by access.Principal, f store.Filter) ([]store.Segment, error) {
	if err := by.May(access.MemberRead); err != nil {
		return nil, err
	}
	return list(ctx, c, by, segments, f)
}

// ArchiveSegment puts a saved segment away. ifRev is required.
func (c *Catalog) ArchiveSegment(ctx context.Context, by access.Principal, code string, ifRev int64) (store.Segment, error) {
	if err := by.May(access.MemberWrite); err != nil {
		return store.Segment{}, err
	}
	return archive(ctx, c, by, segments, code, ifRev)
}
