package redemption

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// LockState of an order lock; every lock leaves Active exactly once.
type LockState int64

// The states of a lock.
const (
	LockActive   LockState = 1
	LockRedeemed LockState = 2
	LockReleased LockState = 3
	LockExpired  LockState = 4
)

var lockStateNames = [...]string{"", "active", "redeemed", "released", "expired"}

// String is the state's name in JSON.
func (s LockState) String() string { return lockStateNames[s] }

// Lock holds coupons for one order until it is paid. Its identity is the order's
// key: locking again replaces it, never adds.
type Lock struct {
	ID            id.ID
	Key           order.Key
	Member        id.ID
	Coupons       []id.ID
	State         LockState
	CreatedAt     calendar.Instant
	ExpiresAt     calendar.Instant
	ResolvedAt    calendar.Instant
	CartHash      string
	ListMinor     int64
	DiscountMinor int64
	PayableMinor  int64
	Priced        string // JSON of Priced: the cart and its pricing, as promised to the customer
	Rev           int64
}

// At returns the state as it is at an instant.
func (l *Lock) At(now calendar.Instant) LockState {
	if l.State == LockActive && now >= l.ExpiresAt {
		return LockExpired
	}
	return l.State
}

// Redemption is one use of one coupon on one order.
type Redemption struct {
	ID            id.ID
	Key           order.Key
	Order         id.ID
	Member        id.ID
	Coupon        id.ID
	Use           int64 // number of the use; unique per coupon for ever
	Template      id.ID
	Version       int64
	Placement     id.ID
	Form          coupon.Form
	Merchant      string
	Store         string
	Channel       string // use channel
	City          string
	Operator      string // principal who redeemed
	Product       string // product code handed over or bought, where a use names one
	At            calendar.Instant
	ScannedAt     calendar.Instant // at a counter without network, as it counted; 0: it was in touch
	Day           calendar.Date
	Currency      string // of the order; "": the market's own
	ListMinor     int64  // of the order
	DiscountMinor int64  // of this coupon
	PaidMinor     int64  // of the order
	Late          bool   // paid after its lock had expired
	FirstUse      bool   // the coupon's first use
	ReturnedAt    calendar.Instant
	ReturnedDay   calendar.Date
	ReturnedBy    string // principal who returned or refunded it
	CouponBack    bool   // the return gave the coupon's use back
	GiftQuantity  int64  // units handed over; fewer than the terms say where some were in the cart
	BenefitUnit   string // of what the caller applies: bps, points …
	BenefitValue  int64  // as promised, in that unit
	Cells         []Cell
	Rev           int64
}

// Slot is the member's.
func (r *Redemption) Slot() int64 { return r.ID.Slot() }

// Cell is the part of a discount that one funder bears on one line. Cells are
// stored with the redemption; returns use them and never reckon anew.
type Cell struct {
	Line          int64
	FunderKind    coupon.FunderKind
	FunderCode    string
	Minor         int64
	ReturnedMinor int64
}
