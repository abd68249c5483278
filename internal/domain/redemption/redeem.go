package redemption

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// RedeemInput asks to use coupons on an order. Keys for the counters: of Held on
// the day of Now, and with a lock on the day of its creation too.
type RedeemInput struct {
	OrderID  id.ID // for the order to be made; ignored when Order is given
	Key      order.Key
	Member   id.ID
	Market   *market.Market
	Cart     *pricing.Cart // as paid
	CartHash string
	Merchant string
	Operator string
	Product  string
	Priced   *Priced      // without a lock: pricing.Apply at the coupons' present revs; with one: its stored pricing
	Held     []Held       // with a lock: its coupons
	Lock     *Lock        // lock that is paid; nil for none
	Order    *order.Order // known order of the key, with lines; nil for none
	Counters map[limit.Key]*limit.Counter
	Now      calendar.Instant
}

// RedeemDecision is what a redemption writes.
type RedeemDecision struct {
	Coupons     []coupon.Coupon
	Redemptions []Redemption // ID is zero, parallel to Coupons
	Order       order.Order
	NewOrder    bool
	Lock        *Lock // resolved; nil when there is none to resolve
	Late        bool
	Taken       []limit.Taking
	Given       []limit.Taking
}

// DecideRedeem uses the coupons or returns the first refusal in Order. The
// counters are changed on success only.
func DecideRedeem(in *RedeemInput) (RedeemDecision, *fault.Fault) { return RedeemDecision{}, nil }
