package placement

import (
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// Placement 资源位/投放位 is a place where a template is offered to members.
type Placement struct {
	ID         id.ID            `json:"-"`
	Code       string           `json:"code,omitempty"` // operator's own reference, unique
	Market     string           `json:"market"`
	Name       string           `json:"name"`
	Template   id.ID            `json:"template,omitempty"` // what it offers, or
	Pack       id.ID            `json:"pack,omitempty"`     // which pack; one of the two
	Channel    string           `json:"channel"`            // delivery channel through which it is shown
	From       calendar.Instant `json:"from,omitzero"`
	To         calendar.Instant `json:"to,omitzero"`
	Cap        int64            `json:"cap,omitempty"` // coupons, or packs, it may give out; 0 for no cap of its own
	Open       bool             `json:"open"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// OpenAt reports whether the placement gives out coupons at an instant.
func (p *Placement) OpenAt(now calendar.Instant) bool {
	return p.Open && p.ArchivedAt == 0 && now >= p.From && (p.To == 0 || now < p.To)
}
