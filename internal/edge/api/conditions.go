package api

import (
	"github.com/danielgtaylor/huma/v2"

	"quan/internal/domain/condition"
	"quan/internal/edge/api/strict"
)

// treeMark is the extension of a schema whose values are condition trees: package
// condition reads them, and says what is wrong where.
const treeMark = "x-condition-tree"

// conditionTree stands for condition.Tree in the document.
type conditionTree struct{}

// Schema describes a tree by its forms; the fields of each type are those of
// GET /v1/conditions.
func (conditionTree) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type:                 huma.TypeObject,
		AdditionalProperties: true,
		Extensions:           map[string]any{treeMark: true},
		Examples: []any{map[string]any{"all": []any{
			map[string]any{"type": "member_tier", "in": []string{"gold", "silver"}},
			map[string]any{"none": []any{map[string]any{"type": "channel", "in": []string{"web"}}}},
		}}},
		Description: "conditions: {} for none, or exactly one of all, any and none (lists of conditions), or a type with its fields, as GET /v1/conditions lists them",
	}
}

// tree reads a value that the schema calls a condition tree.
func (v *validation) tree(n *strict.Node, at string) {
	condition.Parse(n.JSON(nil), at, &v.faults)
}
