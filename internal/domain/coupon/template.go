package coupon

import (
	"quan/internal/domain/condition"
	"quan/internal/domain/limit"
	"quan/internal/domain/rule"
	"quan/internal/domain/schedule"
	"quan/internal/domain/waiting"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Base names the amount that a threshold or percentage is taken of.
type Base string

// The bases of semantics 9. For the first coupon of an order, before equals list.
const (
	BaseList   Base = "list"
	BaseBefore Base = "before" // before this coupon (default)
	BaseAfter  Base = "after"  // after this coupon
)

// Gift is what a gift coupon gives.
type Gift struct {
	SKU        string   `json:"sku"`
	Quantity   int64    `json:"quantity"`
	ValueMinor int64    `json:"value_minor,omitempty"` // price of one, charged when it is not sent back
	Mode       GiftMode `json:"mode,omitempty"`
}

// GiftMode says how a gift meets the cart.
type GiftMode string

// The modes.
const (
	GiftAddNew     GiftMode = ""            // handed over beside what is in the cart (default)
	GiftAddMissing GiftMode = "add_missing" // units in the cart are free, only missing ones are handed over
)

// FunderKind says who bears a share of the cost.
type FunderKind string

// The kinds of funder.
const (
	FunderPlatform FunderKind = "platform"
	FunderMerchant FunderKind = "merchant"
	FunderBrand    FunderKind = "brand"
)

// Funder bears ShareBps of every discount; the shares of a template sum to 10,000.
type Funder struct {
	Kind     FunderKind `json:"kind"`
	Code     string     `json:"code"` // merchant code, brand or fund name; "platform" for the platform
	ShareBps int64      `json:"share_bps"`
}

// Name is how limits name the funder: kind:code.
func (f Funder) Name() string { return string(f.Kind) + ":" + f.Code }

// Terms are what an issued coupon keeps for its life: they are read from the
// version it was issued under.
type Terms struct {
	Kind         Kind               `json:"kind"`
	Reward       Reward             `json:"reward,omitempty"` // of kinds that have a choice
	AmountMinor  int64              `json:"amount_minor,omitempty"`
	DiscountBps  int64              `json:"discount_bps,omitempty"`   // what is taken off: 8.5折 is 1500
	CapMinor     int64              `json:"cap_minor,omitempty"`      // most that one use takes off; 0: no cap
	ItemCapMinor int64              `json:"item_cap_minor,omitempty"` // most that it takes off one unit; 0: no cap
	PriceMinor   int64              `json:"price_minor,omitempty"`
	TotalMinor   int64              `json:"total_minor,omitempty"`
	Prices       []SKUPrice         `json:"prices,omitempty"`
	Steps        []Step             `json:"steps,omitempty"` // instead of threshold and amount, rising
	Gift         *Gift              `json:"gift,omitempty"`
	External     *External          `json:"external,omitempty"`
	Split        Split              `json:"split,omitempty"`
	Select       Select             `json:"select,omitempty"`
	UnitsMax     int64              `json:"units_max,omitempty"`      // units that one use discounts; 0: all
	LineUnitsMax int64              `json:"line_units_max,omitempty"` // of one line; 0: all
	Nth          int64              `json:"nth,omitempty"`            // 2: every second unit
	Buy          []Part             `json:"buy,omitempty"`
	Get          []Part             `json:"get,omitempty"`
	Methods      []string           `json:"methods,omitempty"`    // shipping methods; none: all
	Currencies   map[string]Amounts `json:"currencies,omitempty"` // amounts in other currencies than the market's

	ThresholdMinor    int64          `json:"threshold_minor,omitempty"`
	ThresholdQuantity int64          `json:"threshold_quantity,omitempty"` // units in scope
	ThresholdBase     Base           `json:"threshold_base,omitempty"`
	Repeat            bool           `json:"repeat,omitempty"` // 每满减: AmountMinor for every full threshold
	Times             int64          `json:"times,omitempty"`  // of a repetition or pattern; 0: no bound
	Scope             rule.Scope     `json:"scope,omitzero"`
	Contains          []rule.Contain `json:"contains,omitempty"`

	UsesPerCoupon int64             `json:"uses_per_coupon"`
	IntervalHours int64             `json:"interval_hours,omitempty"` // least time between two uses
	Chain         []int64           `json:"chain,omitempty"`          // AmountMinor by the number of the use
	Validity      schedule.Validity `json:"validity"`
	Funders       []Funder          `json:"funders"`
	AllowZero     bool              `json:"allow_zero,omitempty"` // payable may be zero instead of the market's floor
	Priority      int64             `json:"priority,omitempty"`   // higher goes first inside a level of the stack
	Stacking      Stacking          `json:"stacking,omitzero"`    // what it can stand beside on an order
	Use           rule.Place        `json:"use,omitzero"`         // cities and channels where it can be used
	When          condition.Tree    `json:"when,omitzero"`        // who may use it, and under which conditions
}

// ClaimRules say who may get the coupon, when and how many; a claim reads them
// from the newest published version.
type ClaimRules struct {
	Window   schedule.Window    `json:"window,omitzero"`
	Sessions *schedule.Sessions `json:"sessions,omitempty"` // when the window is open within its ends; nil: always
	Place    rule.Place         `json:"place,omitzero"`
	Newcomer bool               `json:"newcomer,omitempty"` // at most one live newcomer issue a member (semantics 8)
	// Alternative 替代券 is the template (tpl_…) that is issued instead to a member
	// who holds a newcomer issue; "" for none: the claim is refused.
	Alternative string        `json:"alternative,omitempty"`
	Limits      []limit.Limit `json:"limits,omitempty"`
	// Budgets are those that its coupons draw on, for life.
	Budgets []string `json:"budgets,omitempty"`
	// When are further conditions on who may get it.
	When condition.Tree `json:"when,omitzero"`
	// Automatic coupons need not be claimed: a quote looks at them by itself, and a
	// lock or redemption issues what it uses.
	Automatic bool `json:"automatic,omitempty"`
}

// Instead is the id of the alternative template, zero for none.
func (c *ClaimRules) Instead() id.ID {
	t, err := id.Parse(id.Template, c.Alternative)
	if err != nil {
		return 0
	}
	return t
}

// Draws are the ids of Budgets, as far as they are any.
func (c *ClaimRules) Draws() (ids []id.ID) {
	for _, text := range c.Budgets {
		if b, err := id.Parse(id.Budget, text); err == nil {
			ids = append(ids, b)
		}
	}
	return ids
}

// Doc is the content of a template version: immutable once published.
type Doc struct {
	Terms Terms      `json:"terms"`
	Claim ClaimRules `json:"claim"`
}

// Status of a template.
type Status string

// A template goes draft → published → archived and never back.
const (
	StatusDraft     Status = "draft"
	StatusPublished Status = "published"
	StatusArchived  Status = "archived"
)

// IssuerKind says in whose name a coupon is issued.
type IssuerKind string

// The issuers.
const (
	IssuerPlatform IssuerKind = "platform"
	IssuerSelf     IssuerKind = "self_run"
	IssuerMerchant IssuerKind = "merchant"
	IssuerStore    IssuerKind = "store"
)

// Issuer is in whose name a coupon is issued; Code is the merchant's or store's.
type Issuer struct {
	Kind IssuerKind `json:"kind"`
	Code string     `json:"code,omitempty"`
}

// Names are texts by language tag (zh-CN, zh-TW, en).
type Names map[string]string

// In returns the name in a language, or in the first of zh-CN, zh-TW and en that has one.
func (n Names) In(lang string) string {
	for _, l := range []string{lang, "zh-CN", "zh-TW", "en"} {
		if n[l] != "" {
			return n[l]
		}
	}
	return ""
}

// Template is a coupon as operators make it. Content lies in versions; the
// switches are live: they act on coupons already issued.
type Template struct {
	ID           id.ID            `json:"-"`
	Code         string           `json:"code,omitempty"` // operator's own reference; unique, reserved for ever
	Market       string           `json:"market"`
	InternalName string           `json:"internal_name"`
	CustomerName Names            `json:"customer_name"`
	Line         string           `json:"line,omitempty"` // line of business
	Issuer       Issuer           `json:"issuer"`
	Status       Status           `json:"status"`
	Claiming     bool             `json:"claiming"`       // published templates: new coupons are given out
	Use          bool             `json:"use"`            // published templates: issued coupons can be used
	Room         *waiting.Room    `json:"room,omitempty"` // claims need a place in it; nil: none
	Draft        *Doc             `json:"draft,omitempty"`
	Version      int64            `json:"version"`             // newest published version, 0 for none
	Automatic    bool             `json:"automatic,omitempty"` // a version of it was ClaimRules.Automatic
	Budgets      []id.ID          `json:"budgets,omitempty"`   // those that versions of it draw on
	Entries      bool             `json:"entries,omitempty"`   // what coupons of a version hold of counters is kept in entries
	Rev          int64            `json:"-"`
	CreatedAt    calendar.Instant `json:"-"`
	UpdatedAt    calendar.Instant `json:"-"`
	ArchivedAt   calendar.Instant `json:"-"`
}

// Merchant is the merchant in whose scope the template lies, "" for the platform's own.
func (t *Template) Merchant() string {
	if t.Issuer.Kind == IssuerMerchant {
		return t.Issuer.Code
	}
	return ""
}

// Version is published content; (Template, Number) names it.
type Version struct {
	Template    id.ID
	Number      int64
	Hash        string // SHA-256 of the canonical JSON of Doc, hex
	Doc         Doc
	PublishedAt calendar.Instant
	PublishedBy string
}
