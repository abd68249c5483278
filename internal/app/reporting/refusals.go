package reporting

import (
	"cmp"
	"context"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// RefusalCount is how often a reason was given; the dimensions that a query does not
// group by are zero.
type RefusalCount struct {
	Code     string
	Day      calendar.Date
	Template id.ID // a pack's id where a pack was refused
	Channel  string
	Count    int64
}

// Refusals are counts by reason, with the names of their templates.
type Refusals struct {
	Rows  []RefusalCount
	Names Names
}

// refusalGroups are the dimensions of a refusal beside its reason.
var refusalGroups = []string{"day", "template", "channel"}

// Refusals counts refused requests by reason, most frequent first: claims and uses
// alike, told apart by their reasons. The query's market, days, templates and channel
// select; day, template and channel group. A refusal has no row behind it: only what
// takes effect is kept.
func (r *Reporting) Refusals(ctx context.Context, by access.Principal, q Query) (out Refusals, err error) {
	if err := may(by); err != nil {
		return out, err
	}
	if _, err := r.check(ctx, by, &q); err != nil {
		return out, err
	}
	if slices.ContainsFunc(q.GroupBy, func(g string) bool { return !slices.Contains(refusalGroups, g) }) {
		return out, fault.New(fault.InvalidValue).At("query:group_by")
	}
	if len(by.Scope.Cities) > 0 { // a refusal knows no city
		return out, denied()
	}
	counts := map[RefusalCount]int64{}
	err = r.Store.View(ctx, func(tx store.Tx) error {
		clear(counts)
		rows, err := tx.Metrics().Refusals(q.Market, q.From, q.To)
		if err != nil {
			return err
		}
		own, err := ownTemplates(tx, by, rows)
		if err != nil {
			return err
		}
		var n naming
		for _, row := range rows {
			wanted := (len(q.Templates) == 0 || slices.Contains(q.Templates, row.Template)) && (q.Channel == "" || q.Channel == row.Channel)
			if !wanted || own != nil && !own[row.Template] {
				continue
			}
			counts[refusalCell(&row, q.GroupBy)] += row.Count
			if slices.Contains(q.GroupBy, "template") {
				n.template(row.Template)
			}
		}
		out.Names, err = n.read(tx)
		return err
	})
	if err != nil {
		return out, wrap("read refusals", err)
	}
	out.Rows = make([]RefusalCount, 0, len(counts))
	for row, n := range counts {
		row.Count = n
		out.Rows = append(out.Rows, row)
	}
	slices.SortFunc(out.Rows, func(a, b RefusalCount) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Template, b.Template), cmp.Compare(a.Channel, b.Channel))
	})
	return out, nil
}

// refusalCell is a refusal without what is not grouped by.
func refusalCell(row *store.Refusal, groupBy []string) RefusalCount {
	c := RefusalCount{Code: row.Code}
	for _, g := range groupBy {
		switch g {
		case "day":
			c.Day = row.Day
		case "template":
			c.Template = row.Template
		case "channel":
			c.Channel = row.Channel
		}
	}
	return c
}

// ownTemplates says which templates of the rows lie in a limited principal's
// scope; nil where it is not limited.
func ownTemplates(tx store.Tx, by access.Principal, rows []store.Refusal) (map[id.ID]bool, error) {
	if len(by.Scope.Merchants) == 0 {
		return nil, nil
	}
	seen := map[id.ID]bool{}
	var keys []string
	for _, row := range rows {
		if !seen[row.Template] && row.Template != 0 {
			seen[row.Template] = true
			keys = append(keys, id.Format(id.Template, row.Template))
		}
	}
	found, err := tx.Templates().Get(keys)
	own := map[id.ID]bool{}
	for i := range found {
		own[found[i].ID] = by.Scope.Merchant(found[i].Merchant())
	}
	return own, err
}
