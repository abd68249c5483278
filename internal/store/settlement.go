package store

import (
	"quan/internal/domain/access"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// SettlementQuery selects what funders bore and got back in a market, in one currency
// ("" for the market's own). Scope is by who sold: merchants, stores, cities. Zero
// fields select nothing away.
type SettlementQuery struct {
	Market     string
	Currency   string
	From, To   calendar.Date // inclusive
	FunderKind string
	FunderCode string
	Merchant   string
	Store      string
	Template   id.ID
	Scope      access.Scope
}

// ShareKey is the place of a share in the order of a settlement's rows.
type ShareKey struct {
	Day        calendar.Date
	Redemption id.ID
	Refund     id.ID
	Cell       int64
}

// Settlements read the stored cells of discounts: a day's sums take as long as the day
// has rows, so ask them under Snapshot.
type Settlements interface {
	// Sum groups by names of metric.Bearing: day, funder, merchant, store, template.
	Sum(q SettlementQuery, groupBy []string) ([]metric.Bearing, error)
	// Shares are the rows behind a sum, the latest first, behind a key (zero: from the
	// start).
	Shares(q SettlementQuery, behind ShareKey, limit int) ([]metric.Share, error)
}
