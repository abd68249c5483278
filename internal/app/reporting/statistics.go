package reporting

import (
	"context"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Reporting holds the use cases.
type Reporting struct{ *app.App }

// Query asks for statistics. An empty Market is the default one.
type Query struct {
	Market    string
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
	Rows   []Row
	Totals metric.Values
	Rates  Rates
}

// Statistics sums rollups. Faults: invalid_value and duplicate_value at
// query:group_by, out_of_range at query:to, not_found (market),
// permission_denied (all orders, by a limited principal).
func (r *Reporting) Statistics(ctx context.Context, by access.Principal, q Query) (Report, error) {
	return Report{}, fault.New(fault.InternalError)
}

// RefusalCount is how often a reason was given.
type RefusalCount struct {
	Code  string
	Count int64
}

// Refusals counts refused requests by reason, most frequent first. The query's
// market, days and templates select.
func (r *Reporting) Refusals(ctx context.Context, by access.Principal, q Query) ([]RefusalCount, error) {
	return nil, fault.New(fault.InternalError)
}
