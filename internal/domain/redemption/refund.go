package redemption

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Redeemed is a redemption of an order with its coupon.
type Redeemed struct {
	Redemption *Redemption // with cells
	Held
}

// RefundLine asks for units of one line.
type RefundLine struct {
	Line     int64
	Quantity int64
}

// RefundInput asks for money back on an order. Keys for the counters: of each
// redemption's coupon on the redemption's Day.
type RefundInput struct {
	ID          id.ID // of the refund
	Ref         string
	BodyHash    string
	Lines       []RefundLine
	Full        bool         // everything that is left; Lines is then empty
	GiftsKept   bool         // gifts that should come back do not
	Order       *order.Order // with lines
	Redemptions []Redeemed   // all of the order
	Previous    []order.Refund
	Market      *market.Market
	Counters    map[limit.Key]*limit.Counter
	Now         calendar.Instant
}

// RefundDecision is what a refund writes.
type RefundDecision struct {
	Refund        order.Refund
	Order         order.Order
	Redemptions   []Redemption    // changed ones, with cells
	Coupons       []coupon.Coupon // given back
	Given         []limit.Taking
	ReturnedMinor []int64 // discount shares given back, parallel to Redemptions
}

// DecideRefund refunds or returns the first refusal. The counters are changed on
// success only.
func DecideRefund(in *RefundInput) (RefundDecision, *fault.Fault) { return RefundDecision{}, nil }

// ReturnInput asks to give a coupon's use back by itself: a redemption that
// brought no discount (a gift handed over by mistake), or one whose order is
// refunded in full.
type ReturnInput struct {
	Redeemed
	Market   *market.Market
	Counters map[limit.Key]*limit.Counter
	Now      calendar.Instant
}

// ReturnDecision is what a return writes.
type ReturnDecision struct {
	Redemption Redemption
	Coupon     coupon.Coupon
	Given      []limit.Taking
}

// DecideReturn gives the use back: coupon_already_returned when it was, wrong_state
// while a discount of it stands (refund the order instead).
func DecideReturn(in *ReturnInput) (ReturnDecision, *fault.Fault) { return ReturnDecision{}, nil }
