package metric

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Bearing is what a funder bore of discounts, by where they were given. A dimension
// that a query does not group by is zero.
type Bearing struct {
	Day        calendar.Date // of the use, or of the refund
	FunderKind coupon.FunderKind
	FunderCode string
	Merchant   string // who sold
	Store      string
	Template   id.ID
	// BorneMinor is the sum of the cells of uses, ReturnedMinor of what refunds gave
	// back of cells. What is settled is their difference, which may be negative in a
	// period that gives back more than it uses.
	BorneMinor    int64
	ReturnedMinor int64
}

// NetMinor is what the funder owes for the period.
func (b *Bearing) NetMinor() int64 { return b.BorneMinor - b.ReturnedMinor }

// Share is one row of a settlement: a cell that a use made its funder bear, or with
// Refund what a refund gave back of it.
type Share struct {
	Day        calendar.Date
	Redemption id.ID
	Refund     id.ID // zero: borne
	Cell       int64
	FunderKind coupon.FunderKind
	FunderCode string
	Merchant   string
	Store      string
	Template   id.ID
	Coupon     id.ID
	Source     string // of the order
	Ref        string
	Line       int64
	Minor      int64
}
