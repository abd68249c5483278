package api

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/i18n"
)

// findingRow is a pair of rules of a draft that don't fit.
type findingRow struct {
	Kind string `json:"kind" enum:"contradiction,gap" doc:"contradiction: nobody who gets the coupon can use it, publishing refuses it; gap: some can't"`
	Code string `json:"code" doc:"what does not fit"`
	A    string `json:"a,omitempty" doc:"pointer below draft to the rule that gives it out; absent where nothing is said"`
	B    string `json:"b" doc:"pointer below draft to the rule that limits its use"`
	Text string `json:"text" doc:"the same in the language of Accept-Language"`
}

// findingsOf tells what does not fit in a content; none of no content.
func (c *call) findingsOf(content *coupon.Doc) []findingRow {
	if content == nil {
		return nil
	}
	var out []findingRow
	for _, f := range content.Findings() {
		out = append(out, findingRow{Kind: string(f.Kind), Code: string(f.Code), A: f.A, B: f.B, Text: i18n.Finding(c.lang, string(f.Code))})
	}
	return out
}
