package market

import (
	"sync"
	"time"

	"quan/internal/kernel/calendar"
)

// DefaultCode is the market that a fresh installation has.
const DefaultCode = "main"

// Market is where prices, days and policies are one: currency, zone, week start
// and the choices of Policies. Every template belongs to one. Its code is its
// identity and never changes.
type Market struct {
	Code      string       `json:"code"`
	Name      string       `json:"name"`
	Currency  string       `json:"currency"`
	Zone      string       `json:"zone"`       // IANA name
	WeekStart time.Weekday `json:"week_start"` // 0 Sunday … 6 Saturday
	Policies  Policies     `json:"policies"`
	// Currencies are those beside its own in which orders may be paid.
	Currencies map[string]Further `json:"currencies,omitempty"`
	Rev        int64              `json:"-"` // also the policy version that decisions store
	CreatedAt  calendar.Instant   `json:"-"`
	UpdatedAt  calendar.Instant   `json:"-"`
	ArchivedAt calendar.Instant   `json:"-"`
}

// BrokenThreshold says what a partial refund does when what is kept no longer
// reaches the coupon's threshold.
type BrokenThreshold string

// The choices for a broken threshold.
const (
	BrokenKeep      BrokenThreshold = "keep"      // the discount of the kept units stays (default)
	BrokenRecompute BrokenThreshold = "recompute" // the discount of the kept units is taken off the refund
	BrokenRefuse    BrokenThreshold = "refuse"    // the refund is refused
)

// CouponReturn says whether the coupon goes back to the member after a refund.
type CouponReturn string

// The choices for the coupon's return.
const (
	ReturnOnFull CouponReturn = "on_full" // once, when the whole order is refunded (default)
	ReturnNever  CouponReturn = "never"
)

// LatePayment says what happens to a payment that arrives after its lock expired.
type LatePayment string

// The choices for late payments.
const (
	LateHonour LatePayment = "honour" // if the coupon is unused and unlocked; recorded as late (default)
	LateRefuse LatePayment = "refuse"
)

// Policies are the choices where the trade differs; defaults by Defaults.
type Policies struct {
	FloorMinor       int64           `json:"floor_minor"`       // least payable, unless the template allows zero
	LockTTLSeconds   int64           `json:"lock_ttl_seconds"`  // 60..86400
	MaxCouponsOrder  int64           `json:"max_coupons_order"` // 1..20
	BrokenThreshold  BrokenThreshold `json:"broken_threshold"`
	CouponReturn     CouponReturn    `json:"coupon_return"`
	ReturnGraceHours int64           `json:"return_grace_hours"` // life given to a coupon returned after its expiry; 0: expired at once
	LatePayment      LatePayment     `json:"late_payment"`
	MaxDiscountMinor int64           `json:"max_discount_minor,omitempty"` // most that all coupons of an order take off; 0: no cap
	MaxDiscountBps   int64           `json:"max_discount_bps,omitempty"`   // the same, of the list amount; 0: no cap
	Pricing          Pricing         `json:"pricing,omitzero"`
}

// Defaults are the policies of a market that chooses nothing.
func Defaults() Policies {
	return Policies{
		FloorMinor: 1, LockTTLSeconds: 1800, MaxCouponsOrder: 5,
		BrokenThreshold: BrokenKeep, CouponReturn: ReturnOnFull, LatePayment: LateHonour,
	}
}

// zones keeps loaded zones by name: loading one reads the zone database.
var zones sync.Map

// Location returns the market's zone. A stored market has a zone that loads, so
// an error here falls back to UTC. It is safe for concurrent use.
func (m *Market) Location() *time.Location {
	if zone, ok := zones.Load(m.Zone); ok {
		return zone.(*time.Location)
	}
	zone, err := time.LoadLocation(m.Zone)
	if err != nil {
		return time.UTC
	}
	zones.Store(m.Zone, zone)
	return zone
}

// Day returns the market's local day of an instant.
func (m *Market) Day(i calendar.Instant) calendar.Date { return calendar.DateOf(i, m.Location()) }
