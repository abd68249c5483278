package pricing

import (
	"time"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Cart is what is bought, where. All amounts are in one currency.
type Cart struct {
	Lines    []Line `json:"lines"`
	Currency string `json:"currency,omitempty"` // "": the market's
	Store    string `json:"store,omitempty"`
	City     string `json:"city,omitempty"`
	Channel  string `json:"channel,omitempty"` // use channel
	Mode     string `json:"mode,omitempty"`    // business mode: self_run, agent …
	Payment  string `json:"payment,omitempty"` // payment method
	// Latitude and Longitude are where the buyer is, WGS-84 in millionths of a
	// degree; both zero: not known.
	Latitude  int64             `json:"latitude,omitempty"`
	Longitude int64             `json:"longitude,omitempty"`
	Facts     map[string]string `json:"facts,omitempty"` // outer facts: weather, holiday and the caller's own
}

// Line is one line of a cart; UnitMinor is its list price.
type Line struct {
	SKU       string `json:"sku,omitempty"`
	Category  string `json:"category,omitempty"`
	Brand     string `json:"brand,omitempty"`
	Merchant  string `json:"merchant,omitempty"`
	Quantity  int64  `json:"quantity"`
	UnitMinor int64  `json:"unit_minor"`

	MemberMinor int64  `json:"member_minor,omitempty"` // unit price for members; 0: it has none
	MinMinor    int64  `json:"min_minor,omitempty"`    // least unit price that coupons may leave
	NoCoupons   bool   `json:"no_coupons,omitempty"`   // 不与优惠同享: no coupon sees the line
	Shipping    string `json:"shipping,omitempty"`     // method of a shipping line: only shipping coupons see it
	TaxBps      int64  `json:"tax_bps,omitempty"`      // rate of the line's tax
}

// ListMinor is the line's list amount.
func (l Line) ListMinor() int64 { return l.Quantity * l.UnitMinor }

// Scoped returns what a scope asks of the line in this cart.
func (c *Cart) Scoped(i int) rule.Line {
	l := c.Lines[i]
	return rule.Line{SKU: l.SKU, Category: l.Category, Brand: l.Brand, Merchant: l.Merchant, Store: c.Store}
}

// Candidate is a coupon that might be used on the cart, with its terms and the
// live switch of its template.
type Candidate struct {
	Coupon  *coupon.Coupon
	Terms   *coupon.Terms
	Use     bool  // template's switch: issued coupons can be used
	ForLock id.ID // lock of this very order, whose hold on the coupon does not stand in the way

	Home         string  // currency of the template's market; "": the cart's
	BalanceMinor int64   // stored value: what the caller says is left on it
	Budget       *Budget // nil: none
	// When is Terms.When compiled; nil: pricing compiles it, at the cost of each quote.
	When  *condition.Program
	Place int // in the request, for profiles that keep its order
}

// Verdict on one candidate.
type Verdict string

// The verdicts of semantics 11.
const (
	Applied      Verdict = "applied"      // in the best set
	Skipped      Verdict = "skipped"      // legal, not in the best set
	Inapplicable Verdict = "inapplicable" // with a reason
)

// Judged is a candidate with its verdict.
type Judged struct {
	Coupon        id.ID
	Template      id.ID
	Version       int64
	Verdict       Verdict
	DiscountMinor int64          // alone on this cart
	Reasons       []*fault.Fault // in refusal order; the first is the reason
}

// Use is a coupon of the chosen set with what it brings.
type Use struct {
	Coupon        id.ID        `json:"coupon"`
	Template      id.ID        `json:"template"`
	Version       int64        `json:"version"`
	DiscountMinor int64        `json:"discount_minor"`
	Gift          *coupon.Gift `json:"gift,omitempty"` // what is handed over, its Quantity what is missing in the cart
	Benefit       *Benefit     `json:"benefit,omitempty"`
	Units         []Units      `json:"units,omitempty"` // kinds by units: what was discounted
	Cells         []Cell       `json:"cells,omitempty"`
}

// Benefit is a value that the caller applies.
type Benefit struct {
	Unit  string  `json:"unit"`
	Value int64   `json:"value"`
	Lines []int64 `json:"lines,omitempty"` // share of each line of the cart
}

// Units are units of a line.
type Units struct {
	Line     int64 `json:"line"`
	Quantity int64 `json:"quantity"`
}

// Cell is the part of a use's discount on one line that one funder bears.
type Cell struct {
	Line   int64         `json:"line"`
	Funder coupon.Funder `json:"funder"`
	Minor  int64         `json:"minor"`
}

// Result of pricing a cart. Lines holds the discount of each line.
type Result struct {
	ListMinor     int64
	DiscountMinor int64
	PayableMinor  int64
	Lines         []int64
	Uses          []Use    // the chosen set, in stack order
	Coupons       []Judged // every candidate, in request order
	Optimal       bool     // the search finished: no legal set pays less
	BoundMinor    int64    // least payable that could still exist (PayableMinor when Optimal)
}

// Rules are the choices of the market that pricing needs.
type Rules struct {
	FloorMinor int64
	MaxCoupons int64 // 0: SetDefault
	Sets       int64 // most sets that the search looks at; 0: SetsMax, fewer on long carts
	Now        calendar.Instant

	SetCapMinor int64 // most that all coupons of an order take off; 0: no cap
	SetCapBps   int64 // the same, of the list amount; 0: no cap
	Profile     Profile

	// Facts are what conditions may ask beside the cart: the member, what the
	// calendar calls the day, outer facts, the coupons held. Pricing fills in what
	// the cart says. Nil: nothing is known.
	Facts *condition.Facts
	Zone  *time.Location // of the market; nil: UTC
}
