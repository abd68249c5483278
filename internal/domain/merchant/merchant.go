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
	Spot       Spot             `json:"spot,omitzero"` // zero: not known
	Rev        int64            `json:"-"`
	CreatedAt  calendar.Instant `json:"-"`
	UpdatedAt  calendar.Instant `json:"-"`
	ArchivedAt calendar.Instant `json:"-"`
}

// Spot is where a store lies, in millionths of a degree (a tenth of a metre) of a
// coordinate system: wgs84, gcj02 or bd09.
type Spot struct {
	LatE6  int64  `json:"lat_e6"`
	LngE6  int64  `json:"lng_e6"`
	System string `json:"system"`
}
