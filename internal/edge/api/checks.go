package api

import (
	"context"

	"quan/internal/app/catalog"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/explanation"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

type checkBody struct {
	Template templateID    `json:"template,omitzero" doc:"whose draft it shall be; absent: of a new template"`
	Market   string        `json:"market" minLength:"1" maxLength:"64" doc:"code of the market" example:"main"`
	Issuer   coupon.Issuer `json:"issuer" doc:"in whose name it is issued"`
	Draft    coupon.Doc    `json:"draft" doc:"the content; it may be unfinished"`
}

type checkInput struct{ Body checkBody }

type checkAnswer struct {
	Language string `header:"Content-Language" doc:"language of the sentences"`
	Body     checkRow
}

type checkRow struct {
	Card       string         `json:"card" doc:"the short text of the coupon's face"`
	Sentences  []sentenceRow  `json:"sentences" doc:"one for every rule" nullable:"false"`
	Complexity complexity     `json:"complexity" doc:"how hard it is to understand"`
	Findings   []findingRow   `json:"findings" doc:"rules that don't fit: who can claim it against who can use it" nullable:"false"`
	Refusals   []ProblemError `json:"refusals" doc:"why it can't be published, with pointers from /draft; none: it can" nullable:"false"`
}

func (s *server) checkRoute() {
	e := templateExample()
	add(s, operation{id: "check-content", method: "POST", path: "/v1/templates/check", tag: "templates", may: access.TemplateWrite,
		summary: "Tell what a content that is not saved would do",
		about: "What an editor shows beside its fields: the sentences that customers would read, what does not fit, how hard it is, and what publishing would refuse. " +
			"Writes nothing, so it takes no Idempotency-Key.",
		example: checkBody{Market: e.Market, Issuer: e.Issuer, Draft: e.Draft},
		faults:  []fault.Code{fault.Absent, fault.UnknownReference}},
		func(ctx context.Context, c *call, in *checkInput) (*checkAnswer, error) {
			b := in.Body
			told, err := s.Catalog.Check(ctx, c.principal, catalog.CheckInput{Template: id.ID(b.Template), Market: b.Market, Issuer: b.Issuer, Doc: b.Draft}, c.lang)
			if err != nil {
				return nil, err
			}
			found := b.Draft.Complexity()
			out := checkRow{Card: told.Card, Sentences: sentences(told.Sentences), Findings: c.findingsOf(&b.Draft), Refusals: make([]ProblemError, len(told.Refusals)),
				Complexity: complexity{found.Score, string(found.Level), explanation.Warnings(c.lang, found)}}
			for i, f := range told.Refusals {
				out.Refusals[i] = c.problemError(f)
			}
			return &checkAnswer{string(c.lang), out}, nil
		})
}
