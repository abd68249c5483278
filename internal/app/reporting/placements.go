package reporting

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/metric"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Placed is what became of all coupons of one placement, whatever it offers.
type Placed struct {
	Values   metric.Values
	Rates    Rates
	Currency string // of the amounts: the market's own
}

// Placements returns the figures of placements, in their order: one look at the
// rollups for each of their markets. Faults: permission_denied.
func (r *Reporting) Placements(ctx context.Context, by access.Principal, rows []store.Placement) ([]Placed, error) {
	if err := may(by); err != nil {
		return nil, err
	}
	currencies := map[string]string{}
	for i := range rows {
		m, err := r.Cache.Market(ctx, rows[i].Market)
		if err != nil {
			return nil, wrap("read placements", err)
		}
		currencies[m.Code] = m.Currency
	}
	sums := make(map[id.ID]metric.Values, len(rows))
	err := r.Store.View(ctx, func(tx store.Tx) error {
		clear(sums)
		for code := range currencies {
			q := store.MetricQuery{Market: code, GroupBy: []string{"placement"}, Scope: by.Scope}
			if len(rows) == 1 {
				q.Placement = rows[0].ID
			}
			cells, err := tx.Metrics().Read(q)
			if err != nil {
				return err
			}
			for _, c := range cells {
				if c.Placement != 0 {
					sums[c.Placement] = c.Values
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, wrap("read placements", err)
	}
	out := make([]Placed, len(rows))
	for i := range rows {
		v := sums[rows[i].ID]
		out[i] = Placed{v, ratesOf(v), currencies[rows[i].Market]}
	}
	return out, nil
}
