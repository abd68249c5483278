package sqlrepo

import (
	"quan/internal/kernel/calendar"
	"quan/internal/store"
)

// automatic is the parent of templates that apply by themselves; once one has
// been that it stays findable, so that those who know it learn of its end.
const automatic = "automatic"

// templateRows find the automatic ones among the templates by when they changed.
type templateRows struct{ *reference[store.Template] }

var changedTemplates = newStatement("templates.changed", changedText, changedText)

const changedText = "SELECT " + referenceRow + " FROM templates WHERE parent = 'automatic' AND market = $1 " +
	"AND (updated_at, key) > ($2, $3) ORDER BY updated_at, key LIMIT CAST($4 AS BIGINT)"

// Changed returns automatic templates by the time of their last change.
func (r templateRows) Changed(market string, since calendar.Instant, after string, limit int) ([]store.Template, error) {
	return collect(r.tx, changedTemplates, r.scan, market, int64(since), after, int64(limit))
}
