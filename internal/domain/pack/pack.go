package pack

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Part is a template with how many coupons of it the pack gives.
type Part struct {
	Template id.ID `json:"template"`
	Count    int64 `json:"count"`
}

// Per says whose packs are counted together.
type Per string

// The subjects of a pack's limits.
const (
	PerPack   Per = "pack"
	PerMember Per = "member"
)

// Limit is how many packs may be given out in a period, in all or to one member.
type Limit struct {
	Period limit.Period `json:"period"`
	Per    Per          `json:"per"`
	Cap    int64        `json:"cap"`
}

// Status of a pack.
type Status string

// A pack goes draft → published → archived and never back.
const (
	StatusDraft     Status = "draft"
	StatusPublished Status = "published"
	StatusArchived  Status = "archived"
)

// Pack is a pack as operators make it.
type Pack struct {
	ID           id.ID            `json:"-"`
	Code         string           `json:"code,omitempty"` // operator's own reference, unique
	Market       string           `json:"market"`
	Merchant     string           `json:"merchant,omitempty"` // in whose scope it lies; "" the platform's
	InternalName string           `json:"internal_name"`
	CustomerName coupon.Names     `json:"customer_name"`
	Parts        []Part           `json:"parts"`
	Partial      bool             `json:"partial,omitempty"`  // what can be had, instead of all or nothing
	Newcomer     bool             `json:"newcomer,omitempty"` // it is a newcomer issue, whatever its templates are
	Window       schedule.Window  `json:"window,omitzero"`
	Limits       []Limit          `json:"limits,omitempty"`
	Status       Status           `json:"status"`
	Open         bool             `json:"open"` // of a published pack: it is given out
	Rev          int64            `json:"-"`
	CreatedAt    calendar.Instant `json:"-"`
	UpdatedAt    calendar.Instant `json:"-"`
	ArchivedAt   calendar.Instant `json:"-"`
}

// Coupons is how many coupons the pack gives when it is whole.
func (p *Pack) Coupons() (n int64) {
	for _, part := range p.Parts {
		n += part.Count
	}
	return n
}

// Templates are those of the coupons, one for each, in the order of the parts.
func (p *Pack) Templates() []id.ID {
	all := make([]id.ID, 0, p.Coupons())
	for _, part := range p.Parts {
		for range part.Count {
			all = append(all, part.Template)
		}
	}
	return all
}

// PartOf is the part to which the n-th coupon belongs.
func (p *Pack) PartOf(n int) int {
	for i, part := range p.Parts {
		if n -= int(part.Count); n < 0 {
			return i
		}
	}
	return len(p.Parts) - 1
}

// StockKey is the counter of packs ever given out. Its row carries the generation
// of the pack, as a template's does.
func StockKey(p id.ID) limit.Key {
	return limit.Key{Template: p, Per: limit.PerTemplate, What: limit.PackCount, Period: limit.Ever}
}
