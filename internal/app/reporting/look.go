package reporting

import (
	"context"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// rowsOf asks the next rows of a subject, all its checks on one snapshot.
func (v *Round) rowsOf(ctx context.Context, s leg) (n int, err error) {
	var ids []id.ID
	found := map[string][]store.Finding{}
	now := v.Clock()
	err = v.Store.Snapshot(ctx, func(tx store.Tx) (err error) {
		if ids, err = tx.Checks().Page(s.subject, v.after, v.piece); err != nil {
			return err
		}
		return v.ask(tx.Checks(), s.checks, now, ids, found)
	})
	if err == nil {
		err = v.askAgain(ctx, ids, found)
	}
	if err == nil && len(ids) > 0 {
		v.after = ids[len(ids)-1]
	}
	return len(ids), err
}

// changed asks what was changed after it was made: coupons, orders, and the
// redemptions of those.
func (v *Round) changed(ctx context.Context) (int, error) {
	var rows []store.Later
	var coupons, orders, uses []id.ID
	found := map[store.Subject]map[string][]store.Finding{store.SubjectCoupons: {}, store.SubjectOrders: {}, store.SubjectRedemptions: {}}
	now := v.Clock()
	err := v.Store.Snapshot(ctx, func(tx store.Tx) (err error) {
		checks := tx.Checks()
		if rows, err = checks.Later(v.time, v.after, v.piece); err != nil {
			return err
		}
		coupons, orders = nil, nil
		for _, row := range rows {
			switch row.Kind {
			case id.Coupon:
				coupons = append(coupons, row.Aggregate)
			case id.Order:
				orders = append(orders, row.Aggregate)
			}
		}
		if uses, err = checks.RedemptionsOf(orders); err != nil {
			return err
		}
		for subject, ids := range map[store.Subject][]id.ID{store.SubjectCoupons: coupons, store.SubjectOrders: orders, store.SubjectRedemptions: uses} {
			if err := v.ask(checks, checks.Of(subject), now, ids, found[subject]); err != nil {
				return err
			}
		}
		return nil
	})
	for subject, ids := range map[store.Subject][]id.ID{store.SubjectCoupons: coupons, store.SubjectOrders: orders, store.SubjectRedemptions: uses} {
		if err == nil {
			err = v.askAgain(ctx, ids, found[subject])
		}
	}
	if err == nil && len(rows) > 0 {
		v.time, v.after = rows[len(rows)-1].At, rows[len(rows)-1].Aggregate
	}
	return len(rows), err
}

func (v *Round) ask(checks store.Checks, names []string, now calendar.Instant, ids []id.ID, found map[string][]store.Finding) error {
	for _, name := range names {
		rows, err := checks.RunOn(name, now, ids, MostFindings)
		if err != nil {
			return err
		}
		delete(found, name)
		if len(rows) > 0 {
			found[name] = rows
		}
	}
	return nil
}

// askAgain keeps what a second look finds too: of the same subject, whatever its
// figures are by now. What a first look over a moving database may catch in
// passing is gone by then.
func (v *Round) askAgain(ctx context.Context, ids []id.ID, found map[string][]store.Finding) error {
	if len(found) == 0 {
		return nil
	}
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	second := map[string][]store.Finding{}
	now := v.Clock()
	err := v.Store.Snapshot(ctx, func(tx store.Tx) error { return v.ask(tx.Checks(), names, now, ids, second) })
	if err != nil {
		return err
	}
	for name, first := range found {
		v.keep(first, second[name])
	}
	return nil
}

// everything runs a check of everything, and again where it finds something.
func (v *Round) everything(ctx context.Context, name string) error {
	look := func() (found []store.Finding, err error) {
		now := v.Clock()
		err = v.Store.Snapshot(ctx, func(tx store.Tx) (err error) {
			found, err = tx.Checks().Run(name, now, MostFindings)
			return err
		})
		return found, err
	}
	first, err := look()
	if err != nil || len(first) == 0 {
		return err
	}
	second, err := look()
	if err == nil {
		v.keep(first, second)
	}
	return err
}

// keep adds the second look's findings about subjects that the first had too. A row
// can be met twice, as new and as changed: it is told once.
func (v *Round) keep(first, second []store.Finding) {
	type subject struct{ invariant, subject string }
	seen := make(map[subject]bool, len(first))
	for _, f := range first {
		seen[subject{f.Invariant, f.Subject}] = true
	}
	told := make(map[store.Finding]bool, len(v.out.Findings))
	for _, f := range v.out.Findings {
		told[f] = true
	}
	for _, f := range second {
		if seen[subject{f.Invariant, f.Subject}] && !told[f] {
			v.out.Findings = append(v.out.Findings, f)
		}
	}
}
