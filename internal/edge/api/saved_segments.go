package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/kernel/fault"
	"quan/internal/store"
)

type SavedSegmentBody struct {
	Name   string         `json:"name" minLength:"1" maxLength:"200" doc:"as operators know it" example:"Gold members"`
	Market string         `json:"market,omitempty" maxLength:"64" doc:"by whose days; absent: main" example:"main"`
	Tree   condition.Tree `json:"tree" doc:"a condition over what is stored of members, as GET /v1/conditions lists them; {}: every member"`
}

type savedSegmentRow struct {
	Code string `json:"code" doc:"its identity"`
	SavedSegmentBody
	Stamps
}

type putSegmentInput struct {
	CodePath
	Creating
	Body SavedSegmentBody
}

// savedSegmentRoutes are segments by name; POST /v1/segments/count counts one, saved or not.
func (s *server) savedSegmentRoutes() {
	r := reference[store.Segment, savedSegmentRow]{one: "segment", many: "segments", path: "/v1/segments/{code}",
		read: access.MemberRead, write: access.MemberWrite, get: s.Catalog.GetSegment, list: s.Catalog.ListSegments,
		archive: s.Catalog.ArchiveSegment,
		show: func(g store.Segment) savedSegmentRow {
			return savedSegmentRow{g.Code, SavedSegmentBody{g.Name, g.Market, g.Tree}, Stamps{g.Rev, g.CreatedAt, g.UpdatedAt, g.ArchivedAt}}
		},
		rev: func(g store.Segment) int64 { return g.Rev }, key: func(g store.Segment) string { return g.Code }}
	addReference(s, r)
	addList(s, r, "/v1/segments")
	add(s, operation{id: "count-saved-segment", method: "GET", path: r.path + "/count", tag: "members", may: access.MemberRead,
		summary: "Count the members of a saved segment", about: "Now, by the days of its market.", faults: []fault.Code{fault.Absent, fault.Conflicting}},
		func(ctx context.Context, c *call, in *CodePath) (*segmentAnswer, error) {
			g, err := s.Catalog.GetSegment(ctx, c.principal, in.Code)
			if err != nil {
				return nil, err
			}
			return s.counted(ctx, c, g.Tree, g.Market)
		})
	o := put("segment", r.path, r.write, SavedSegmentBody{Name: "Gold members", Market: "main", Tree: condition.Tree{Leaf: &condition.MemberTier{In: []string{"gold"}}}})
	o.faults = append(o.faults, fault.Conflicting)
	add(s, o, func(ctx context.Context, c *call, in *putSegmentInput) (*row[savedSegmentRow], error) {
		rev, err := in.rev()
		if err != nil {
			return nil, err
		}
		g, created, err := s.Catalog.PutSegment(ctx, c.principal, catalog.PutSegmentInput{Code: in.Code, Name: in.Body.Name, Market: in.Body.Market,
			Tree: in.Body.Tree, IfRev: rev})
		if err != nil {
			return nil, in.refused(err)
		}
		return rowOf(r.show(g), g.Rev, created), nil
	})
}
