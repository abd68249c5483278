package reporting

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/kernel/text"
	"quan/internal/store"
)

// Reporting holds the use cases.
type Reporting struct {
	*app.App
	heavy atomic.Int32 // settlements that are being added up
}

// Query asks for statistics. An empty Market is the default one; other empty fields
// select nothing away.
type Query struct {
	Market    string
	Currency  string        // of the amounts; "": the market's own. Counts are over all currencies
	From, To  calendar.Date // inclusive, zero for open
	Templates []id.ID       // empty: all coupons
	AllOrders bool          // all orders, with or without a coupon, instead of coupons
	Placement id.ID
	Form      string
	Channel   string
	City      string
	Merchant  string   // who sold: of uses and orders, an issue has none
	Store     string   // where they were made
	GroupBy   []string // day, template, placement, form, channel, city, merchant, store; each at most once
}

// Rates are derived from Values.
type Rates struct {
	RedemptionBps int64 // coupons used / issued 核销率
	SubsidyBps    int64 // discount / list amount of the orders
}

// Row is one cell: Dims holds the grouped dimensions, the others are zero.
type Row struct {
	Dims   metric.Dims
	Values metric.Values
	Rates  Rates
}

// Report is the answer; Rows lie in the order of their dimensions.
type Report struct {
	Currency string // of the amounts
	Rows     []Row
	Totals   metric.Values
	Rates    Rates
	Names    Names
}

// groups are the dimensions by which a query may group.
var groups = []string{"day", "template", "placement", "form", "channel", "city", "merchant", "store"}

// What one query names, and answers, at most.
const (
	mostTemplates = 500
	mostRows      = 50_000
)

// Statistics sums rollups. A principal limited to stores sees the uses that were made
// there. Faults: invalid_value, duplicate_value and too_long (rows) at query:group_by,
// out_of_range at query:to, not_found (market), permission_denied (all orders, by a
// limited principal).
func (r *Reporting) Statistics(ctx context.Context, by access.Principal, q Query) (Report, error) {
	var report Report
	m, err := r.check(ctx, by, &q)
	if err != nil {
		return report, err
	}
	report.Currency = m.Paying(q.Currency)
	if q.AllOrders && !by.Scope.Everything() {
		return report, denied()
	}
	var cells []metric.Delta
	err = r.Store.View(ctx, func(tx store.Tx) (err error) {
		cells, err = tx.Metrics().Read(store.MetricQuery{Market: q.Market, Currency: q.Currency, From: q.From, To: q.To, Templates: q.Templates,
			AllOrders: q.AllOrders, Placement: q.Placement, Form: q.Form, Channel: q.Channel, City: q.City, Merchant: q.Merchant, Store: q.Store,
			GroupBy: q.GroupBy, Scope: by.Scope})
		if err != nil {
			return err
		}
		if len(cells) > mostRows {
			return fault.New(fault.TooLong, "max", mostRows).At("query:group_by")
		}
		var n naming
		for i := range cells {
			n.cell(&cells[i].Dims)
		}
		report.Names, err = n.read(tx)
		return err
	})
	if err != nil {
		return report, wrap("read statistics", err)
	}
	for _, c := range cells {
		report.Rows = append(report.Rows, Row{c.Dims, c.Values, ratesOf(c.Values)})
		report.Totals.Add(c.Values)
	}
	report.Rates = ratesOf(report.Totals)
	return report, nil
}

func denied() error {
	return fault.New(fault.PermissionDeny, "permission", string(access.StatisticsRead))
}

// may demands the permission, of a principal that is not limited to stores: what is
// issued, and what is refused, knows no store.
func may(by access.Principal) error {
	if err := by.May(access.StatisticsRead); err != nil {
		return err
	}
	if len(by.Scope.Stores) > 0 {
		return denied()
	}
	return nil
}

// check completes a query and returns its market, or says what is wrong with it.
func (r *Reporting) check(ctx context.Context, by access.Principal, q *Query) (*market.Market, error) {
	if err := by.May(access.StatisticsRead); err != nil {
		return nil, err
	}
	var l fault.List
	for i, g := range q.GroupBy {
		if !slices.Contains(groups, g) {
			l.Add(fault.New(fault.InvalidValue).At("query:group_by"))
		} else if slices.Contains(q.GroupBy[:i], g) {
			l.Add(fault.New(fault.DuplicateValue).At("query:group_by"))
		}
	}
	if q.From != 0 && q.To != 0 && q.To < q.From {
		l.Add(fault.New(fault.OutOfRange, "min", q.From.String()).At("query:to"))
	}
	if len(q.Templates) > mostTemplates {
		l.Add(fault.New(fault.TooLong, "max", mostTemplates).At("query:template"))
	}
	for name, value := range map[string]string{"form": q.Form, "channel": q.Channel, "city": q.City, "merchant": q.Merchant, "store": q.Store} {
		if !text.Clean(value) {
			l.Add(fault.New(fault.InvalidValue).At("query:" + name))
		}
	}
	if err := l.Err(); err != nil {
		return nil, err
	}
	return r.market(ctx, &q.Market, &q.Currency)
}

// market finds a market, the default one where none is named, and writes a currency
// that is the market's own as "".
func (r *Reporting) market(ctx context.Context, code, currency *string) (*market.Market, error) {
	*code = cmp.Or(*code, market.DefaultCode)
	if !text.Clean(*code) {
		return nil, fault.New(fault.Absent, "what", "market")
	}
	m, err := r.Cache.Market(ctx, *code)
	if err != nil {
		return nil, err
	}
	if *currency == m.Currency {
		*currency = ""
	}
	if !m.Takes(*currency) {
		return nil, fault.New(fault.CurrencyMismatch, "currency", *currency).At("query:currency")
	}
	return m, nil
}

func ratesOf(v metric.Values) Rates {
	return Rates{RedemptionBps: bps(v.CouponsUsed, v.Issued), SubsidyBps: bps(v.DiscountMinor, v.ListMinor)}
}

// bps is part / whole in basis points, half up; zero where nothing is there to
// divide by. Coupons used in a range may have been issued before it, so a rate
// can be above one whole; it stops where an int64 does.
func bps(part, whole int64) int64 {
	if part <= 0 || whole <= 0 {
		return 0
	}
	if part/whole >= 1<<62/money.BpsWhole {
		return 1<<62 - 1
	}
	return money.MulDivHalfUp(part, money.BpsWhole, whole)
}

// wrap leaves a caller's fault as it is and names the layer of any other error.
func wrap(what string, err error) error {
	if err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("reporting: %s: %w", what, err)
}
