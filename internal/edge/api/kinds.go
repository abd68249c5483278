package api

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
)

type kindsAnswer struct {
	Body struct {
		Kinds []kindRow `json:"kinds" doc:"all kinds, in the order in which people are shown them" nullable:"false"`
	}
}

type kindRow struct {
	Kind string `json:"kind" doc:"the word that stands as kind"`
	FieldsRow
	Rewards []rewardRow `json:"rewards" doc:"the choices of reward; none: it has no reward" nullable:"false"`
}

// FieldsRow names fields of the terms.
type FieldsRow struct {
	Needs [][]string `json:"needs" doc:"fields of the terms, one of each entry has to be there" nullable:"false"`
	May   []string   `json:"may" doc:"fields of the terms that may be there too; what is named nowhere here is for all kinds, or refused" nullable:"false"`
}

type rewardRow struct {
	Reward string `json:"reward" doc:"the word that stands as reward"`
	FieldsRow
}

func showFields(f coupon.Fields) FieldsRow {
	row := FieldsRow{Needs: f.Needs, May: f.May}
	if row.Needs == nil {
		row.Needs = [][]string{}
	}
	if row.May == nil {
		row.May = []string{}
	}
	return row
}

func (s *server) kindsRoute() {
	add(s, operation{id: "list-kinds", method: "GET", path: "/v1/coupon-kinds", tag: "templates", may: access.TemplateRead,
		summary: "List the kinds of coupons", about: "With the fields of the terms that each reads, from which an editor is drawn."},
		func(context.Context, *call, *struct{}) (*kindsAnswer, error) {
			out := &kindsAnswer{}
			for _, k := range coupon.Kinds {
				row := kindRow{Kind: string(k), FieldsRow: showFields(k.Fields()), Rewards: []rewardRow{}}
				for _, r := range k.Rewards() {
					row.Rewards = append(row.Rewards, rewardRow{string(r), showFields(r.Fields())})
				}
				out.Body.Kinds = append(out.Body.Kinds, row)
			}
			return out, nil
		})
}
