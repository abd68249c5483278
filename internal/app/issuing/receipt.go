package issuing

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/pack"
	"quan/internal/domain/packet"
	"quan/internal/kernel/id"
)

// Receipt is the answer to a claim or grant: the coupons of one act. It holds
// only what never changes afterwards, so a replay answers the same.
type Receipt struct {
	Origin  id.ID
	Member  id.ID
	Coupons []coupon.Coupon
	Pack    id.ID         // zero for none
	Missing []pack.Gap    // what a partial pack did not give
	Share   *packet.Share // of a share packet; nil for none
}

// Outcome is the fate of one request of a slice: Receipt, or Err (a fault).
type Outcome struct {
	Receipt  *Receipt
	Err      error
	Replayed bool
}
