package store

import "quan/internal/kernel/id"

// Way is how coupons of a template come to members, where rows of their own say which
// coupons those are.
type Way string

// The ways, by what gives the coupons out.
const (
	WayLink  Way = "link"
	WayCodes Way = "codes" // a batch of exchange codes
	WayBatch Way = "batch" // of stock
	WayPack  Way = "pack"
	WayPlan  Way = "plan"  // of share packets
	WayGrant Way = "grant" // a bulk grant's job
)

// Came is how many coupons came a way, and how many of them were used and not given back.
type Came struct{ Coupons, Used int64 }

// Ways count coupons by what gave them out.
type Ways interface {
	// Came counts the coupons of a template that one of these gave out, at most limit of
	// them, each of which it reads.
	Came(way Way, of, template id.ID, limit int64) (Came, error)
}
