package api

import (
	"cmp"
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/condition"
	"quan/internal/domain/explanation"
	"quan/internal/domain/market"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/i18n"
)

type segmentBody struct {
	Market string         `json:"market,omitempty" maxLength:"64" doc:"by whose days; absent: main" example:"main"`
	Tree   condition.Tree `json:"tree" doc:"a condition, as GET /v1/conditions lists them; {}: every member"`
}

type segmentInput struct{ Body segmentBody }

type segmentAnswer struct {
	Body struct {
		Count   int64 `json:"count" doc:"members who satisfy the condition now"`
		Members int64 `json:"members" doc:"all members"`
	}
}

type conditionsAnswer struct {
	Language string `header:"Content-Language" doc:"language of labels and help"`
	Body     conditionsBody
}

type conditionsBody struct {
	Conditions []conditionRow `json:"conditions" doc:"every type, in the order of an editor" nullable:"false"`
	Variables  []variableRow  `json:"variables" doc:"what expressions see" nullable:"false"`
}

type conditionRow struct {
	Type    string           `json:"type" doc:"the word that stands as type"`
	Label   string           `json:"label" doc:"its name"`
	Help    string           `json:"help" doc:"what it asks for"`
	Segment bool             `json:"segment" doc:"it asks for what is stored of members, so that a segment can be counted by it"`
	Fields  []conditionField `json:"fields" doc:"its fields" nullable:"false"`
}

type conditionField struct {
	Name     string              `json:"name" doc:"the field's name in JSON"`
	Kind     condition.FieldKind `json:"kind" doc:"which control an editor shows"`
	Label    string              `json:"label" doc:"its label"`
	Help     string              `json:"help,omitempty" doc:"more about it"`
	Required bool                `json:"required,omitempty" doc:"it has to be there"`
	Min      *int64              `json:"min,omitempty" doc:"least number"`
	Max      *int64              `json:"max,omitempty" doc:"greatest number"`
	Most     int64               `json:"most,omitempty" doc:"entries of a list, or bytes of a text, at most"`
	Names    condition.Named     `json:"names,omitempty" doc:"what the words of a list name"`
	Options  []optionRow         `json:"options,omitempty" doc:"the choices" nullable:"false"`
}

type optionRow struct {
	Value string `json:"value" doc:"the value"`
	Label string `json:"label" doc:"its label"`
}

type variableRow struct {
	Name string `json:"name" doc:"the variable"`
	Type string `json:"type" doc:"its type, in CEL's words"`
}

func (s *server) conditionRoutes() {
	add(s, operation{id: "list-conditions", method: "GET", path: "/v1/conditions", tag: "templates", may: access.TemplateRead,
		summary: "List the types of conditions", about: "With the form of each, from which an editor is drawn, in the language of Accept-Language."},
		func(_ context.Context, c *call, _ *struct{}) (*conditionsAnswer, error) {
			return &conditionsAnswer{string(c.lang), showConditions(c.lang)}, nil
		})
	add(s, operation{id: "count-segment", method: "POST", path: "/v1/segments/count", tag: "members", may: access.MemberRead,
		summary: "Count the members who satisfy a condition",
		about:   "Over what is stored of members: a leaf that only the moment of a claim or use can answer is refused. Writes nothing.",
		example: segmentBody{"main", condition.Tree{All: []condition.Tree{{Leaf: &condition.MemberTier{In: []string{"gold"}}}, {Leaf: &condition.MemberNew{}}}}},
		faults:  []fault.Code{fault.Conflicting, fault.Absent}},
		func(ctx context.Context, c *call, in *segmentInput) (*segmentAnswer, error) {
			return s.counted(ctx, c, in.Body.Tree, in.Body.Market)
		})
}

// counted counts who satisfies a tree by the days of a market, main where none is named.
func (s *server) counted(ctx context.Context, c *call, tree condition.Tree, code string) (*segmentAnswer, error) {
	found, err := s.Membership.CountSegment(ctx, c.principal, tree, cmp.Or(code, market.DefaultCode))
	if err != nil {
		return nil, err
	}
	out := &segmentAnswer{}
	out.Body.Count, out.Body.Members = found.Count, found.Members
	return out, nil
}

func showConditions(lang i18n.Lang) conditionsBody {
	say := func(key string) string { return explanation.ConditionLabel(lang, key) }
	var out conditionsBody
	for _, f := range condition.Forms() {
		_, stored := condition.New(f.Type).Predicate()
		row := conditionRow{Type: f.Type, Label: say(f.Label), Help: say(f.Help), Segment: stored, Fields: []conditionField{}}
		for _, field := range f.Fields {
			one := conditionField{Name: field.Name, Kind: field.Kind, Label: say(field.Label), Required: field.Required,
				Min: field.Min, Max: field.Max, Most: field.Most, Names: field.Names}
			if field.Help != "" {
				one.Help = say(field.Help)
			}
			for _, o := range field.Options {
				one.Options = append(one.Options, optionRow{o.Value, say(o.Label)})
			}
			row.Fields = append(row.Fields, one)
		}
		out.Conditions = append(out.Conditions, row)
	}
	for _, v := range condition.Environment() {
		out.Variables = append(out.Variables, variableRow{v.Name, v.Type})
	}
	return out
}
