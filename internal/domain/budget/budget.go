package budget

import (
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/text"
)

// LimitsMax bounds the limits of a budget.
const LimitsMax = 20

// Budget is what templates spend together.
type Budget struct {
	ID         id.ID            `json:"-"`
	Code       string           `json:"code,omitempty"` // operator's own reference, unique
	Market     string           `json:"market"`
	Merchant   string           `json:"merchant,omitempty"` // whose it is; "" for the platform's
	Name       string           `json:"name"`
	From       calendar.Instant `json:"from,omitzero"`
	To         calendar.Instant `json:"to,omitzero"`
	Limits     []limit.Limit    `json:"limits,omitempty"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// OpenAt reports whether coupons that draw on it are issued at an instant.
func (b *Budget) OpenAt(now calendar.Instant) bool {
	return b.ArchivedAt == 0 && now >= b.From && (b.To == 0 || now < b.To)
}

// Holder is the budget as what its limits lie on.
func (b *Budget) Holder(m *market.Market) limit.Holder {
	h := limit.Holder{ID: b.ID, Budget: true, Limits: b.Limits}
	if b.From != 0 {
		h.From = m.Day(b.From)
	}
	return h
}

// Amounts reports whether a limit of it is on an amount: what draws on it must
// have a cost that something bounds.
func (b *Budget) Amounts() bool {
	for _, l := range b.Limits {
		if l.What.Amount() {
			return true
		}
	}
	return false
}

// Validate returns nil, or every fault of the budget, with pointers into it.
func (b *Budget) Validate() error {
	var l fault.List
	l.Add(text.Name(b.Name, "/name"))
	if b.To != 0 && b.To <= b.From {
		l.Add(fault.New(fault.Conflicting, "a", "from", "b", "to").At("/to"))
	}
	switch {
	case len(b.Limits) == 0:
		l.Add(fault.New(fault.MissingValue).At("/limits"))
	case len(b.Limits) > LimitsMax:
		l.Add(fault.New(fault.TooLong, "max", LimitsMax).At("/limits"))
	default:
		limit.ValidateBudget(b.Limits, "/limits", &l)
	}
	return l.Err()
}

// Changed refuses what may not change of a budget: its From, once it has begun.
func (b *Budget) Changed(to *Budget, now calendar.Instant) *fault.Fault {
	if b.From != to.From && now >= b.From {
		return fault.New(fault.WrongState, "state", "begun").At("/from")
	}
	return nil
}
