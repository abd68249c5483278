package packet

import (
	"fmt"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/kernel/text"
)

// Mode says what the shares of a packet are.
type Mode string

// The modes.
const (
	Lucky   Mode = "lucky"   // 拼手气: parts of one sum, of different size
	Fixed   Mode = "fixed"   // amounts of one size
	Coupons Mode = "coupons" // coupons of the template as they are
)

// Bounds of a plan.
const (
	MostShares = 200
	MostHours  = 720
)

// Per says whose packets are counted together.
type Per string

// The subjects of a plan's limits.
const (
	PerPlan   Per = "plan"
	PerMember Per = "member" // who sends
)

// Limit is how many packets may be sent in a period, in all or by one member.
type Limit struct {
	Period limit.Period `json:"period"`
	Per    Per          `json:"per"`
	Cap    int64        `json:"cap"`
}

// Status of a plan.
type Status string

// A plan goes draft → published → archived and never back.
const (
	StatusDraft     Status = "draft"
	StatusPublished Status = "published"
	StatusArchived  Status = "archived"
)

// Content is what a packet of the plan is: it never changes once the plan is published.
type Content struct {
	Template    id.ID `json:"template"` // what a share becomes
	Mode        Mode  `json:"mode"`
	Shares      int64 `json:"shares"`                 // of one packet
	TotalMinor  int64 `json:"total_minor,omitempty"`  // lucky: what a packet holds
	LeastMinor  int64 `json:"least_minor,omitempty"`  // lucky: of a share; 0 is one minor unit
	MostMinor   int64 `json:"most_minor,omitempty"`   // lucky: of a share; 0: no bound
	ShareMinor  int64 `json:"share_minor,omitempty"`  // fixed
	LifeHours   int64 `json:"life_hours"`             // until a packet ends
	SharerOpens bool  `json:"sharer_opens,omitempty"` // who sends may have a share too
	NeedsOrder  bool  `json:"needs_order,omitempty"`  // a packet is sent for an order, once for each
	OrderMinor  int64 `json:"order_minor,omitempty"`  // least that was paid for it
}

// Plan is what operators make of packets.
type Plan struct {
	ID           id.ID           `json:"-"`
	Code         string          `json:"code,omitempty"` // operator's own reference, unique
	Market       string          `json:"market"`
	Merchant     string          `json:"merchant,omitempty"` // in whose scope it lies; "" the platform's
	InternalName string          `json:"internal_name"`
	CustomerName coupon.Names    `json:"customer_name"`
	Content      Content         `json:"content"`
	Window       schedule.Window `json:"window,omitzero"` // when packets can be sent
	Limits       []Limit         `json:"limits,omitempty"`
	BudgetMinor  int64           `json:"budget_minor,omitempty"` // of all packets, less what came back; 0: no bound
	Status       Status          `json:"status"`
	Open         bool            `json:"open"` // of a published plan: packets can be sent

	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// Sum is what one packet holds in minor units; zero for packets of coupons.
func (c *Content) Sum() int64 {
	switch c.Mode {
	case Lucky:
		return c.TotalMinor
	case Fixed:
		return c.ShareMinor * c.Shares
	}
	return 0
}

// Largest is the most that one share can be.
func (c *Content) Largest() int64 {
	if c.Mode != Lucky {
		return c.ShareMinor
	}
	most := c.TotalMinor - (c.Shares-1)*c.least()
	if c.MostMinor > 0 {
		most = min(most, c.MostMinor)
	}
	return most
}

func (c *Content) least() int64 { return max(c.LeastMinor, 1) }

// Amounts are the shares of a packet that a seed makes, in the order in which they are
// opened; zero where a share is the template's coupon.
func (c *Content) Amounts(seed string) []int64 {
	if c.Mode == Lucky {
		return Draw{c.Shares, c.TotalMinor, c.least(), c.MostMinor}.Amounts(seed)
	}
	return slices.Repeat([]int64{c.ShareMinor}, int(c.Shares))
}

// Validate returns every fault of a plan. What it names is the catalogue's to look up.
func (p *Plan) Validate() error {
	var l fault.List
	if p.Code != "" {
		l.Add(text.Code(p.Code, "/code"))
	}
	l.Add(text.Code(p.Market, "/market"))
	if p.Merchant != "" {
		l.Add(text.Code(p.Merchant, "/merchant"))
	}
	l.Add(text.Name(p.InternalName, "/internal_name"))
	p.CustomerName.Validate("/customer_name", &l)
	p.Content.validate("/content", &l)
	p.Window.Validate("/window", &l)
	p.limits(&l)
	l.Add(text.Range(p.BudgetMinor, 0, money.MaxMinor, "/budget_minor"))
	if p.BudgetMinor > 0 && p.Content.Mode == Coupons {
		l.Add(fault.New(fault.Conflicting, "a", "mode", "b", "budget_minor").At("/budget_minor"))
	}
	return l.Err()
}

func (c *Content) validate(at string, l *fault.List) {
	if c.Template == 0 {
		l.Add(fault.New(fault.MissingValue).At(at + "/template"))
	}
	l.Add(text.Range(c.LifeHours, 1, MostHours, at+"/life_hours"))
	l.Add(text.Range(c.OrderMinor, 0, money.MaxMinor, at+"/order_minor"))
	if c.OrderMinor > 0 && !c.NeedsOrder {
		l.Add(fault.New(fault.Conflicting, "a", "needs_order", "b", "order_minor").At(at + "/order_minor"))
	}
	if f := text.Range(c.Shares, 1, MostShares, at+"/shares"); f != nil {
		l.Add(f)
		return
	}
	switch c.Mode {
	case Lucky:
		c.validateLucky(at, l)
	case Fixed:
		l.Add(text.Range(c.ShareMinor, 1, money.MaxMinor/MostShares, at+"/share_minor"))
	case Coupons:
		c.absent(c.ShareMinor, at, "share_minor", l)
	default:
		l.Add(fault.New(fault.InvalidValue).At(at + "/mode"))
		return
	}
	if c.Mode == Lucky {
		c.absent(c.ShareMinor, at, "share_minor", l)
		return
	}
	c.absent(c.TotalMinor, at, "total_minor", l)
	c.absent(c.LeastMinor, at, "least_minor", l)
	c.absent(c.MostMinor, at, "most_minor", l)
}

func (c *Content) validateLucky(at string, l *fault.List) {
	for name, minor := range map[string]int64{"least_minor": c.LeastMinor, "most_minor": c.MostMinor} {
		if f := text.Range(minor, 0, money.MaxMinor/MostShares, at+"/"+name); f != nil {
			l.Add(f)
			return
		}
	}
	low, high := c.Shares*c.least(), int64(money.MaxMinor)
	if c.MostMinor > 0 {
		if c.MostMinor < c.least() {
			l.Add(fault.New(fault.Conflicting, "a", "least_minor", "b", "most_minor").At(at + "/most_minor"))
			return
		}
		high = c.Shares * c.MostMinor
	}
	l.Add(text.Range(c.TotalMinor, low, high, at+"/total_minor"))
}

func (c *Content) absent(minor int64, at, name string, l *fault.List) {
	if minor != 0 {
		l.Add(fault.New(fault.Conflicting, "a", "mode", "b", name).At(at + "/" + name))
	}
}

var periods = []limit.Period{limit.Ever, limit.Day, limit.Week, limit.Month}

// limits: one for each (period, per); a cap of zero is legal and stops all.
func (p *Plan) limits(l *fault.List) {
	for i, m := range p.Limits {
		at := fmt.Sprintf("/limits/%d", i)
		if !slices.Contains(periods, m.Period) {
			l.Add(fault.New(fault.InvalidValue).At(at + "/period"))
		}
		if m.Per != PerPlan && m.Per != PerMember {
			l.Add(fault.New(fault.InvalidValue).At(at + "/per"))
		}
		l.Add(text.Range(m.Cap, 0, money.MaxMinor, at+"/cap"))
		if slices.ContainsFunc(p.Limits[:i], func(q Limit) bool { return q.Period == m.Period && q.Per == m.Per }) {
			l.Add(fault.New(fault.DuplicateValue).At(at))
		}
	}
}
