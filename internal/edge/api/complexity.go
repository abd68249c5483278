package api

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/explanation"
	"quan/internal/store"
)

// complexity warns operators of a coupon that nobody will understand.
type complexity struct {
	Score    int64    `json:"score" doc:"what a holder has to keep in mind, in points"`
	Level    string   `json:"level" enum:"easy,fair,hard" doc:"up to 4 points easy, from 10 on hard"`
	Warnings []string `json:"warnings,omitempty" doc:"what makes a hard one hard, in the language of Accept-Language"`
}

// metered adds the complexity of a content to a template's row; content may be nil.
func (c *call) metered(row templateRow, content *coupon.Doc) templateRow {
	if content != nil {
		found := content.Complexity()
		row.Findings = c.findingsOf(content)
		row.Complexity = &complexity{found.Score, string(found.Level), explanation.Warnings(c.lang, found)}
	}
	return row
}

// drafted answers with a template and the complexity of its draft.
func (c *call) drafted(t store.Template, err error) (*row[templateRow], error) {
	if err != nil {
		return nil, err
	}
	return rowOf(c.metered(showTemplate(t), t.Draft), t.Rev, false), nil
}
