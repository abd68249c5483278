package redemption

// CounterTotal is what somebody at a store redeemed and gave back in some days, in one
// currency. A return counts on its own day, for whoever made it.
type CounterTotal struct {
	Store    string
	Clerk    string // principal
	Currency string // "": the market's own

	Redeemed      int64 // uses
	DiscountMinor int64
	Away          int64 // of the uses: scanned without network
	Returned      int64
	ReturnedMinor int64 // their discounts
}
