package merchant

import "quan/internal/kernel/calendar"

// Merchant sells goods, issues coupons or bears their cost. Its code is its
// identity and never changes.
type Merchant struct {
	Code       string           `json:"code"`
	Name       string           `json:"name"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// Store is a place of a merchant where coupons are redeemed.
type Store struct {
	Code       string           `json:"code"`
	Name       string           `json:"name"`
	Merchant   string           `json:"merchant"`
	City       string           `json:"city,omitempty"`
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}
