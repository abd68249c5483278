package reporting

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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
type Reporting struct{ *app.App }

// Query asks for statistics. An empty Market is the default one.
type Query struct {
	Market    string
	Currency  string        // of the amounts; "": the market's own. Counts are over all currencies
	From, To  calendar.Date // inclusive, zero for open
	Templates []id.ID       // empty: all coupons
	AllOrders bool          // all orders, with or without a coupon, instead of coupons
	Placement id.ID
	GroupBy   []string // day, template, placement, form, channel, city; each at most once
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
}

// groups are the dimensions by which a query may group.
var groups = []string{"day", "template", "placement", "form", "channel", "city"}

// mostTemplates bounds the templates that one query names.
const mostTemplates = 500

// Statistics sums rollups. Faults: invalid_value and duplicate_value at
// query:group_by, out_of_range at query:to, not_found (market),
// permission_denied (all orders, by a limited principal).
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
			AllOrders: q.AllOrders, Placement: q.Placement, GroupBy: q.GroupBy, Scope: scopeOf(by)})
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

// may demands the permission, of a principal that is not limited to stores: no
// figure knows its store.
func may(by access.Principal) error {
	if err := by.May(access.StatisticsRead); err != nil {
		return err
	}
	if len(by.Scope.Stores) > 0 {
		return denied()
	}
	return nil
}

// scopeOf is what of a principal's scope selects figures.
func scopeOf(by access.Principal) access.Scope {
	return access.Scope{Merchants: by.Scope.Merchants, Cities: by.Scope.Cities}
}

// check completes a query and returns its market, or says what is wrong with it.
func (r *Reporting) check(ctx context.Context, by access.Principal, q *Query) (*market.Market, error) {
	if err := may(by); err != nil {
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
	if err := l.Err(); err != nil {
		return nil, err
	}
	q.Market = cmp.Or(q.Market, market.DefaultCode)
	if !text.Clean(q.Market) {
		return nil, fault.New(fault.Absent, "what", "market")
	}
	m, err := r.Cache.Market(ctx, q.Market)
	if err != nil {
		return nil, err
	}
	if q.Currency == m.Currency {
		q.Currency = ""
	}
	if !m.Takes(q.Currency) {
		return nil, fault.New(fault.CurrencyMismatch, "currency", q.Currency).At("query:currency")
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

// RefusalCount is how often a reason was given.
type RefusalCount struct {
	Code  string
	Count int64
}

// Refusals counts refused requests by reason, most frequent first. The query's
// market, days and templates select.
func (r *Reporting) Refusals(ctx context.Context, by access.Principal, q Query) ([]RefusalCount, error) {
	if _, err := r.check(ctx, by, &q); err != nil {
		return nil, err
	}
	if len(by.Scope.Cities) > 0 { // a refusal knows no city
		return nil, denied()
	}
	counts := map[string]int64{}
	err := r.Store.View(ctx, func(tx store.Tx) error {
		clear(counts)
		rows, err := tx.Metrics().Refusals(q.Market, q.From, q.To)
		if err != nil {
			return err
		}
		own, err := ownTemplates(tx, by, rows)
		if err != nil {
			return err
		}
		for _, row := range rows {
			wanted := len(q.Templates) == 0 || slices.Contains(q.Templates, row.Template)
			if wanted && (own == nil || own[row.Template]) {
				counts[row.Code] += row.Count
			}
		}
		return nil
	})
	if err != nil {
		return nil, wrap("read refusals", err)
	}
	out := make([]RefusalCount, 0, len(counts))
	for code, n := range counts {
		out = append(out, RefusalCount{code, n})
	}
	slices.SortFunc(out, func(a, b RefusalCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Code, b.Code))
	})
	return out, nil
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

// wrap leaves a caller's fault as it is and names the layer of any other error.
func wrap(what string, err error) error {
	if err == nil || fault.From(err) != nil {
		return err
	}
	return fmt.Errorf("reporting: %s: %w", what, err)
}
