package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type openingsInput struct {
	TemplatePath
	Count int64 `query:"count" minimum:"1" maximum:"50" default:"5" doc:"how many openings"`
}

type openingsAnswer struct {
	Body openingsRow
}

type openingsRow struct {
	Now      calendar.Instant `json:"now" doc:"the server's clock: count down from it, not from the device's"`
	Open     bool             `json:"open" doc:"the first opening holds now"`
	Claiming bool             `json:"claiming" doc:"the template's switch: off, nothing is given out in any opening"`
	Openings []openingRow     `json:"openings" doc:"the one that holds now, if any, and those that follow" nullable:"false"`
}

type openingRow struct {
	From calendar.Instant `json:"from,omitzero" doc:"first moment; absent: open since ever"`
	To   calendar.Instant `json:"to,omitzero" doc:"end, this moment excluded; absent: without end"`
}

func showOpenings(o catalog.Openings) openingsRow {
	row := openingsRow{Now: o.Now, Open: o.Open, Claiming: o.Claiming, Openings: make([]openingRow, len(o.Items))}
	for i, span := range o.Items {
		row.Openings[i] = openingRow{From: span.From}
		if span.To != schedule.Forever {
			row.Openings[i].To = span.To
		}
	}
	return row
}

func (s *server) openingsRoute(path string) {
	add(s, operation{id: "list-openings", method: "GET", path: path + "/openings", tag: "templates", may: access.TemplateRead,
		summary: "When a template can be claimed next",
		about:   "For countdowns: the sessions of the newest published version, cut to its claim window; without sessions the window itself.",
		faults:  []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *openingsInput) (*openingsAnswer, error) {
			o, err := s.Catalog.Openings(ctx, c.principal, id.ID(in.ID), int(in.Count))
			if err != nil {
				return nil, err
			}
			return &openingsAnswer{showOpenings(o)}, nil
		})
}
