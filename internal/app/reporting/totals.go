package reporting

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// Totals are the sizes of an installation.
type Totals struct {
	Members   int64 `json:"members"`
	Merchants int64 `json:"merchants"`
	Templates int64 `json:"templates"`
	Issued    int64 `json:"issued"`   // coupons, whatever became of them
	Redeemed  int64 `json:"redeemed"` // uses, returned ones included
}

// Totals counts rows on one snapshot: for principals that are not limited to a scope.
func (r *Reporting) Totals(ctx context.Context, by access.Principal) (t Totals, err error) {
	if err := by.May(access.StatisticsRead); err != nil {
		return t, err
	}
	if !by.Scope.Everything() {
		return t, denied()
	}
	err = r.Store.Snapshot(ctx, func(tx store.Tx) (err error) {
		t = Totals{}
		if t.Members, err = tx.Members().Count(); err != nil {
			return err
		}
		if t.Redeemed, err = tx.Redemptions().Count(); err != nil {
			return err
		}
		states, err := tx.Coupons().CountByState()
		if err != nil {
			return err
		}
		for _, n := range states {
			t.Issued += n
		}
		if t.Merchants, err = countRows(tx.Merchants(), func(m store.Merchant) string { return m.Code }); err != nil {
			return err
		}
		t.Templates, err = countRows(tx.Templates(), func(t store.Template) string { return id.Format(id.Template, t.ID) })
		return err
	})
	if err != nil {
		return t, fmt.Errorf("reporting: totals: %w", err)
	}
	return t, nil
}

// countRows counts a reference noun by paging through it.
func countRows[T any](rows store.Reference[T], key func(T) string) (n int64, err error) {
	const size = 500
	f := store.Filter{Archived: true, Limit: size}
	for {
		list, err := rows.List(f)
		if err != nil {
			return 0, err
		}
		n += int64(len(list))
		if len(list) < size {
			return n, nil
		}
		f.After = key(list[len(list)-1])
	}
}
