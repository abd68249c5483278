package reporting

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/metric"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

// Step is what became of the coupons of a template, or of one placement of it
// (zero: those issued without one).
type Step struct {
	Template  id.ID
	Placement id.ID
	Placed    int64 // coupons that can be issued (cap); 0 with Unlimited
	Unlimited bool
	Issued    int64
	Used      int64 // coupons used at least once
	Redeemed  int64 // uses
	Returned  int64 // uses given back
	Expired   int64
	Withdrawn int64
	Rates     Rates
}

// Funnel is a template's steps: the whole, and by placement.
type Funnel struct {
	Total      Step
	Placements []Step // in the order of their ids; a placement that issued nothing has its step too
}

// Funnel returns the funnel of one template, or fault not_found.
func (r *Reporting) Funnel(ctx context.Context, by access.Principal, template id.ID) (Funnel, error) {
	if err := may(by); err != nil {
		return Funnel{}, err
	}
	var f Funnel
	err := r.Store.View(ctx, func(tx store.Tx) (err error) {
		f, err = funnel(tx, by, template)
		return err
	})
	return f, wrap("read funnel", err)
}

func funnel(tx store.Tx, by access.Principal, template id.ID) (Funnel, error) {
	key := id.Format(id.Template, template)
	rows, err := tx.Templates().Get([]string{key})
	if err != nil {
		return Funnel{}, err
	}
	if len(rows) == 0 || !by.Scope.Merchant(rows[0].Merchant()) {
		return Funnel{}, fault.New(fault.Absent, "what", "template")
	}
	doc, err := content(tx, &rows[0])
	if err != nil {
		return Funnel{}, err
	}
	placements, err := placementsOf(tx, key)
	if err != nil {
		return Funnel{}, err
	}
	cells, err := tx.Metrics().Read(store.MetricQuery{Market: rows[0].Market, Templates: []id.ID{template}, GroupBy: []string{"placement"}, Scope: by.Scope})
	if err != nil {
		return Funnel{}, err
	}
	sums := make(map[id.ID]metric.Values, len(cells))
	var total metric.Values
	for _, c := range cells {
		sums[c.Placement] = c.Values
		total.Add(c.Values)
	}
	f := Funnel{Total: step(template, 0, total, capOf(doc, limit.PerTemplate))}
	if v, ok := sums[0]; ok {
		f.Placements = append(f.Placements, step(template, 0, v, limit.Unlimited))
	}
	for _, p := range placements {
		most := capOf(doc, limit.PerPlacement)
		if p.Cap > 0 {
			most = min(most, p.Cap)
		}
		f.Placements = append(f.Placements, step(template, p.ID, sums[p.ID], most))
	}
	return f, nil
}

// content is the newest published content, empty for a draft.
func content(tx store.Tx, t *store.Template) (coupon.Doc, error) {
	if t.Version == 0 {
		return coupon.Doc{}, nil
	}
	rows, err := tx.Versions().Get([]store.VersionKey{{Template: t.ID, Number: t.Version}})
	if err != nil || len(rows) == 0 {
		return coupon.Doc{}, err
	}
	return rows[0].Doc, nil
}

func placementsOf(tx store.Tx, template string) ([]store.Placement, error) {
	var all []store.Placement
	f := store.Filter{Parent: template, Archived: true, Limit: page.Most}
	for {
		rows, err := tx.Placements().List(f)
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
		if len(rows) < f.Limit {
			return all, nil
		}
		f.After = id.Format(id.Placement, rows[len(rows)-1].ID)
	}
}

// capOf is how many coupons may ever be issued per template or placement.
func capOf(d coupon.Doc, per limit.Per) int64 {
	for _, l := range d.Claim.Limits {
		if l.What == limit.IssueCount && l.Period == limit.Ever && l.Per == per {
			return l.Cap
		}
	}
	return limit.Unlimited
}

func step(template, placement id.ID, v metric.Values, placed int64) Step {
	s := Step{Template: template, Placement: placement, Placed: placed, Issued: v.Issued, Used: v.CouponsUsed,
		Redeemed: v.Redeemed, Returned: v.Returned, Expired: v.Expired, Withdrawn: v.Withdrawn, Rates: ratesOf(v)}
	if placed == limit.Unlimited {
		s.Placed, s.Unlimited = 0, true
	}
	return s
}
