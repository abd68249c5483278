package reporting

import (
	"context"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/page"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// SettlementInput asks what funders bore in a market and a currency ("" for the
// market's own). From and To are local days, both included, at most 400 days; without
// From the month of To, without To up to today.
type SettlementInput struct {
	store.SettlementQuery
	GroupBy []string // day, funder, merchant, store, template; funder and merchant when empty
}

// Settlement is what each funder bore of discounts, what refunds gave back of it, and
// the difference, from the stored cells of uses: Total is the sum of Rows, to the cent.
type Settlement struct {
	Currency string
	From, To calendar.Date
	Rows     []metric.Bearing
	Total    metric.Bearing
	Names    Names
}

const (
	mostSettled    = 400 // days
	mostSettlement = 2   // at once in a process
)

var settlementGroups = []string{"day", "funder", "merchant", "store", "template"}

// Settle adds up a period. A principal limited to merchants, stores or cities sees what
// was sold there, whoever issued the coupons. Faults: invalid_value and duplicate_value
// at query:group_by, out_of_range at query:to, not_found (market), currency_mismatch,
// overloaded (two are being added up).
func (r *Reporting) Settle(ctx context.Context, by access.Principal, in SettlementInput) (out Settlement, err error) {
	m, err := r.settling(ctx, by, access.StatisticsRead, &in)
	if err != nil {
		return out, err
	}
	if r.heavy.Add(1) > mostSettlement {
		r.heavy.Add(-1)
		return out, fault.New(fault.Overloaded)
	}
	defer r.heavy.Add(-1)
	out.Currency, out.From, out.To = m.Paying(in.Currency), in.From, in.To
	err = r.Store.Snapshot(ctx, func(tx store.Tx) (err error) {
		if out.Rows, err = tx.Settlements().Sum(in.SettlementQuery, in.GroupBy); err != nil {
			return err
		}
		if len(out.Rows) > mostRows {
			return fault.New(fault.TooLong, "max", mostRows).At("query:group_by")
		}
		var n naming
		for i := range out.Rows {
			n.bearing(&out.Rows[i])
		}
		out.Names, err = n.read(tx)
		return err
	})
	for i := range out.Rows {
		out.Total.BorneMinor += out.Rows[i].BorneMinor
		out.Total.ReturnedMinor += out.Rows[i].ReturnedMinor
	}
	return out, wrap("settle", err)
}

func (n *naming) bearing(b *metric.Bearing) {
	n.template(b.Template)
	note(&n.merchants, b.Merchant)
	note(&n.stores, b.Store)
	if b.FunderKind == "merchant" {
		note(&n.merchants, b.FunderCode)
	}
}

// Shares are rows of a settlement, with the currency of their amounts.
type Shares struct {
	Currency string
	Rows     []metric.Share
	Names    Names
}

// SettlementShares lists the rows behind a settlement, the latest first, behind a key:
// what each use made its funders bear, and what each refund gave back.
func (r *Reporting) SettlementShares(ctx context.Context, by access.Principal, in SettlementInput, behind store.ShareKey, limit int) (Shares, error) {
	m, err := r.settling(ctx, by, access.OrderRead, &in)
	if err != nil {
		return Shares{}, err
	}
	if limit <= 0 {
		limit = page.Default
	}
	return r.shares(ctx, m, in, behind, min(limit, page.Most+1))
}

// EachShare calls do for all pages of SettlementShares, each of a moment of its own.
func (r *Reporting) EachShare(ctx context.Context, by access.Principal, in SettlementInput, do func(Shares) error) error {
	m, err := r.settling(ctx, by, access.OrderRead, &in)
	if err != nil {
		return err
	}
	for behind := (store.ShareKey{}); ; {
		out, err := r.shares(ctx, m, in, behind, page.Most)
		if err != nil {
			return err
		}
		if err := do(out); err != nil || len(out.Rows) < page.Most {
			return err
		}
		behind = KeyOfShare(&out.Rows[len(out.Rows)-1])
	}
}

// KeyOfShare is where a page that ends with the share goes on.
func KeyOfShare(v *metric.Share) store.ShareKey {
	return store.ShareKey{Day: v.Day, Redemption: v.Redemption, Refund: v.Refund, Cell: v.Cell}
}

func (r *Reporting) shares(ctx context.Context, m *market.Market, in SettlementInput, behind store.ShareKey, limit int) (out Shares, err error) {
	err = r.Store.View(ctx, func(tx store.Tx) (err error) {
		out = Shares{Currency: m.Paying(in.Currency)}
		if out.Rows, err = tx.Settlements().Shares(in.SettlementQuery, behind, limit); err != nil {
			return err
		}
		var n naming
		for i := range out.Rows {
			v := &out.Rows[i]
			n.bearing(&metric.Bearing{Template: v.Template, Merchant: v.Merchant, Store: v.Store, FunderKind: v.FunderKind, FunderCode: v.FunderCode})
		}
		out.Names, err = n.read(tx)
		return err
	})
	return out, wrap("list shares", err)
}

// settling completes what is asked for.
func (r *Reporting) settling(ctx context.Context, by access.Principal, want access.Permission, in *SettlementInput) (*market.Market, error) {
	if err := by.May(want); err != nil {
		return nil, err
	}
	var l fault.List
	for i, g := range in.GroupBy {
		if !slices.Contains(settlementGroups, g) {
			l.Add(fault.New(fault.InvalidValue).At("query:group_by"))
		} else if slices.Contains(in.GroupBy[:i], g) {
			l.Add(fault.New(fault.DuplicateValue).At("query:group_by"))
		}
	}
	for name, value := range map[string]string{"funder_kind": in.FunderKind, "funder": in.FunderCode, "merchant": in.Merchant, "store": in.Store} {
		if !text.Clean(value) {
			l.Add(fault.New(fault.InvalidValue).At("query:" + name))
		}
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	m, err := r.market(ctx, &in.Market, &in.Currency)
	if err != nil {
		return nil, err
	}
	if in.To == 0 {
		in.To = max(m.Day(r.Clock()), in.From)
	}
	if in.From == 0 {
		in.From = calendar.MonthOf(in.To)
	}
	if in.To < in.From || in.From.AddDays(mostSettled) <= in.To {
		return nil, fault.New(fault.OutOfRange, "min", in.From.String(), "max", in.From.AddDays(mostSettled-1).String()).At("query:to")
	}
	if len(in.GroupBy) == 0 {
		in.GroupBy = []string{"funder", "merchant"}
	}
	in.Scope = by.Scope
	return m, nil
}
