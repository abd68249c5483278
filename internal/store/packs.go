package store

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// PackIssue is one act in which a member got a pack.
type PackIssue struct {
	Origin    id.ID // of its coupons
	Pack      id.ID
	PackRev   int64 // of the pack as it was given
	Member    id.ID
	Placement id.ID
	Day       calendar.Date // the market's
	At        calendar.Instant
	Wanted    int64  // coupons of the whole pack
	Coupons   int64  // that were issued
	Missing   string // what was not, as pack.Gaps writes it; "" for a whole pack
}

// PackDay is what was given out of a pack on one day.
type PackDay struct {
	Day     calendar.Date
	Packs   int64
	Coupons int64
}

// PackCoupons counts coupons of packs by template and state.
type PackCoupons struct {
	Template id.ID
	State    coupon.State // as stored
	Count    int64
	Uses     int64 // uses made and not returned
}

// PackIssues are the packs that were given out.
type PackIssues interface {
	Get(origins []id.ID) ([]PackIssue, error)
	Insert([]PackIssue) error
	// Add notes which coupons belong to packs; two parallel lists.
	Add(packs, coupons []id.ID) error
	// Days sums a pack's issues by day, both ends included; zero is open.
	Days(pack id.ID, from, to calendar.Date) ([]PackDay, error)
	// Coupons counts a pack's coupons by template and state. It reads each of them: use Snapshot.
	Coupons(pack id.ID) ([]PackCoupons, error)
}
