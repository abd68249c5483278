package condition

import (
	"time"

	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Facts are everything that a check may ask. Each fact has a value that means
// "not known": the empty text, a nil list, map or pointer, a zero struct. An
// empty list that is not nil is known to be empty.
type Facts struct {
	Moment  Moment
	Member  Member
	Cart    *Cart // nil where there is none, as at a claim
	Place   Place
	Channel string            // delivery channel at a claim, use channel at use
	Mode    string            // business mode: self_run, agent …
	Payment string            // payment method
	Days    []string          // what the calendar calls the market's day: statutory, makeup_workday, lunar_new_year …; nil: not known
	Outer   map[string]string // outer facts by name: weather …
	Held    *Held             // live coupons of the member; nil: not known
}

// Member is what is known of a member.
type Member struct {
	ID         id.ID             // zero for a guest
	Attributes map[string]string // an absent or empty one is not known
	Tags       []string
	Lists      []string // names of the lists that hold the member
	Orders     *Orders
	Purchases  map[Purchase]bool // the purchases that Needs names
}

// Orders are a member's orders in figures; what is refunded as a whole is left out.
type Orders struct {
	Count          int64
	First, Last    calendar.Instant // zero while Count is zero
	LastCategories []string         // category paths of the lines of the last order; nil: not known
	Recent         map[int64]int64  // count in the last N days, by N; an absent N is not known
}

// Goods says what a code of a purchase names.
type Goods string

// The kinds of goods.
const (
	GoodsCategory Goods = "category" // holds what lies below it
	GoodsBrand    Goods = "brand"
	GoodsSKU      Goods = "sku"
)

// Purchase is a question about a member's history: bought in the last Days days
// (0: ever)?
type Purchase struct {
	Kind Goods
	Code string
	Days int64
}

// Amount is an amount in minor units; the zero Amount is not known.
type Amount struct {
	Minor int64
	Known bool
}

// Known is an amount that is known.
func Known(minor int64) Amount { return Amount{minor, true} }

// Cart is what is bought.
type Cart struct {
	Foreign bool // amounts are in another currency than the conditions', which then are not known
	Lines   []Line
	List    Amount // of all lines at list prices
	Before  Amount // before this coupon
	After   Amount // after this coupon
}

// Line of a cart; UnitMinor is its list price.
type Line struct {
	rule.Line
	Quantity  int64
	UnitMinor int64
}

// Place is where the member is, or the order is made.
type Place struct {
	City, Store string
	Position    Position
	Stores      map[string]Position // of the stores that Needs names
}

// Held are the live coupons that a member has.
type Held struct {
	Templates []id.ID
	Groups    []string // stacking groups
}

// Moment is an instant with its local calendar; the zero Moment is not known.
type Moment struct {
	At      calendar.Instant
	Zone    *time.Location
	Date    calendar.Date
	Weekday time.Weekday
	Minute  int64 // of the local day, by the clock on the wall
}

// MomentOf is an instant in the market's zone.
func MomentOf(at calendar.Instant, zone *time.Location) Moment {
	local := at.Time().In(zone)
	return Moment{
		At: at, Zone: zone, Date: calendar.DateOf(at, zone), Weekday: local.Weekday(),
		Minute: int64(local.Hour()*60 + local.Minute()),
	}
}

// Since is where "the last n days" begin: the start of the local day n-1 days
// ago. What Recent and Purchases count lies at or after it.
func (m Moment) Since(days int64) calendar.Instant {
	return m.Date.AddDays(int(1 - days)).Start(m.Zone)
}

// Standard attributes of members: member.Attributes under these names are what
// the standard conditions read. Bands are words, figures are whole numbers.
const (
	AttributeTier        = "tier"
	AttributeLifecycle   = "lifecycle"        // tag of the life cycle: new, active, sleeping, lost …
	AttributeValue       = "value"            // the operator's own score
	AttributeSensitivity = "sensitivity"      // discount-sensitivity band, see Sensitivities
	AttributeChurn       = "churn"            // churn band, see Churns
	AttributeSubsidy     = "subsidy_rate_bps" // discounts borne for the member per order value
)

// Sensitivities are the bands of discount sensitivity 优惠敏感度, most sensitive first.
var Sensitivities = []string{"highest", "high", "medium", "low"}

// Churns are the bands of churn probability, likeliest first.
var Churns = []string{"high", "medium", "low"}
