package store

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// QuoteRead asks for all that the quote of one cart reads.
type QuoteRead struct {
	Key    member.Key // whose wallet, where Member is not known; none: a guest's
	Member id.ID
	Now    calendar.Instant
	Limit  int      // coupons of the wallet, as Coupons.Live has them
	SKUs   []string // of the catalogue
}

// QuoteRows is what there is of it.
type QuoteRows struct {
	Member  id.ID // zero: none is known by the key
	Coupons []coupon.Coupon
	Items   []Item
}

// Quotes read what a quote needs in as few turns as the engine can: on PostgreSQL
// two, where one read after the other takes four.
type Quotes interface {
	Read(QuoteRead) (QuoteRows, error)
}
