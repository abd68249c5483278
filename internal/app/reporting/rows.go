package reporting

import (
	"context"

	"quan/internal/domain/access"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/page"
	"quan/internal/store"
)

// RedemptionQuery selects the rows behind figures of uses: the same filters select the
// same uses. Returned asks for uses that came back, by the day on which they did.
// GroupBy, AllOrders and Currency of the query are not looked at.
type RedemptionQuery struct {
	Query
	Operator  string // who redeemed; of Returned, who gave it back
	Returned  bool
	BeforeDay calendar.Date // with Before, where the page before ended
	Before    id.ID
	Limit     int // page.Default when zero, at most page.Most+1
}

// Used is a page of uses, with the names of what they name.
type Used struct {
	Currency string                  // the market's own, of rows that name none
	Rows     []redemption.Redemption // without cells
	Names    Names
}

// Redemptions lists uses, the latest day first, in the scope of the principal as
// Statistics counts them. Faults: those of Statistics.
func (r *Reporting) Redemptions(ctx context.Context, by access.Principal, q RedemptionQuery) (out Used, err error) {
	f, currency, err := r.rowsOfUse(ctx, by, &q)
	if err != nil {
		return out, err
	}
	if f.Limit = page.Default; q.Limit > 0 {
		f.Limit = min(q.Limit, page.Most+1)
	}
	err = r.Store.View(ctx, func(tx store.Tx) error {
		out, err = used(tx, f)
		return err
	})
	out.Currency = currency
	return out, wrap("list redemptions", err)
}

// EachRedemption calls do for all pages of Redemptions, each of a moment of its own.
func (r *Reporting) EachRedemption(ctx context.Context, by access.Principal, q RedemptionQuery, do func(Used) error) error {
	f, currency, err := r.rowsOfUse(ctx, by, &q)
	if err != nil {
		return err
	}
	for f.Limit = page.Most; ; {
		var out Used
		err := r.Store.View(ctx, func(tx store.Tx) error {
			out, err = used(tx, f)
			return err
		})
		if err != nil {
			return wrap("list redemptions", err)
		}
		out.Currency = currency
		if err := do(out); err != nil || len(out.Rows) < f.Limit {
			return err
		}
		last := &out.Rows[len(out.Rows)-1]
		f.Before, f.BeforeDay = last.ID, DayOf(last, f.Returned)
	}
}

// DayOf is the day by which a use is listed.
func DayOf(r *redemption.Redemption, returned bool) calendar.Date {
	if returned {
		return r.ReturnedDay
	}
	return r.Day
}

func (r *Reporting) rowsOfUse(ctx context.Context, by access.Principal, q *RedemptionQuery) (f store.RedemptionFilter, currency string, err error) {
	if err := by.May(access.OrderRead); err != nil {
		return f, "", err
	}
	reader := by
	reader.Permissions = []access.Permission{access.StatisticsRead}
	q.GroupBy, q.Currency = nil, ""
	m, err := r.check(ctx, reader, &q.Query)
	if err != nil {
		return f, "", err
	}
	if len(q.Templates) > 1 {
		return f, "", fault.New(fault.TooLong, "max", 1).At("query:template")
	}
	f = store.RedemptionFilter{Market: q.Market, From: q.From, To: q.To, Returned: q.Returned, Operator: q.Operator, Placement: q.Placement, Form: q.Form, Channel: q.Channel,
		City: q.City, Merchant: q.Merchant, Store: q.Store, Scope: by.Scope, BeforeDay: q.BeforeDay, Before: q.Before}
	if len(q.Templates) == 1 {
		f.Template = q.Templates[0]
	}
	return f, m.Currency, nil
}

func used(tx store.Tx, f store.RedemptionFilter) (out Used, err error) {
	if out.Rows, err = tx.Redemptions().Find(f); err != nil {
		return out, err
	}
	var n naming
	for i := range out.Rows {
		u := &out.Rows[i]
		n.template(u.Template)
		n.placement(u.Placement)
		note(&n.merchants, u.Merchant)
		note(&n.stores, u.Store)
	}
	out.Names, err = n.read(tx)
	return out, err
}
