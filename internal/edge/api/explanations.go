package api

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/explanation"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type explanationInput struct {
	TemplatePath
	Version int64 `query:"version" minimum:"1" maximum:"1000000" doc:"a published version; absent: the newest, or the draft of a template that has none"`
}

type explanationAnswer struct {
	Language string `header:"Content-Language" doc:"language of the sentences"`
	Body     explanationRow
}

type explanationRow struct {
	Version   int64         `json:"version" doc:"of which version; 0: the draft"`
	Card      string        `json:"card" doc:"the short text of the coupon's face"`
	Sentences []sentenceRow `json:"sentences" doc:"one for every rule" nullable:"false"`
}

type sentenceRow struct {
	Rule string `json:"rule" doc:"which rule"`
	Text string `json:"text" doc:"in the language of Accept-Language"`
}

func (s *server) explanationRoute(path string) {
	add(s, operation{id: "explain-template", method: "GET", path: path + "/explanation", tag: "templates", may: access.TemplateRead,
		summary: "Explain a template to customers", about: "Sentences made from the rules, in the language of Accept-Language.",
		faults: []fault.Code{fault.Absent}},
		func(ctx context.Context, c *call, in *explanationInput) (*explanationAnswer, error) {
			e, err := s.Catalog.Explain(ctx, c.principal, id.ID(in.ID), in.Version, c.lang)
			if err != nil {
				return nil, err
			}
			return &explanationAnswer{string(c.lang), explanationRow{e.Version, e.Card, sentences(e.Sentences)}}, nil
		})
}

func sentences(list []explanation.Sentence) []sentenceRow {
	rows := make([]sentenceRow, len(list))
	for i, one := range list {
		rows[i] = sentenceRow(one)
	}
	return rows
}
