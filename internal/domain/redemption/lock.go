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

// Standing is a lock as stored with everything it holds.
type Standing struct {
	Lock   *Lock
	Priced *Priced // decoded Lock.Priced
	Held   []Held  // the lock's coupons, as they are now
}

// LockInput asks to hold coupons for an order. Keys for the counters: of Held on
// the day of Now, and of Old.Held on the day of Old's creation.
type LockInput struct {
	ID       id.ID // of the lock to be made
	Key      order.Key
	Member   id.ID
	Market   *market.Market
	Priced   *Priced      // pricing.Apply of the cart, made before the transaction at the coupons' present revs
	Held     []Held       // chosen coupons, as many as Priced.Uses
	Old      *Standing    // newest lock of the same key; nil for none
	Order    *order.Order // known order of the key; nil for none
	CartHash string
	Encoded  string // Priced.Encode, made before the transaction
	Counters map[limit.Key]*limit.Counter
	Now      calendar.Instant
}

// LockDecision is what a lock writes.
type LockDecision struct {
	Lock     Lock
	Replaced *Lock           // the old lock, resolved; nil when there was none to resolve
	Locked   []coupon.Coupon // newly held, or moved from the old lock
	Released []coupon.Coupon // held by the old lock only
	Taken    []limit.Taking
	Given    []limit.Taking
}

// DecideLock holds the coupons or returns the first refusal. The counters are
// changed on success only.
func DecideLock(in *LockInput) (LockDecision, *fault.Fault) { return LockDecision{}, nil }

// ResolveInput asks to end a lock without a payment. Keys for the counters: of
// Standing.Held on the day of the lock's creation.
type ResolveInput struct {
	Standing
	Market   *market.Market
	Counters map[limit.Key]*limit.Counter
	Now      calendar.Instant
}

// ResolveDecision is what the end of a lock writes.
type ResolveDecision struct {
	Lock     Lock
	Released []coupon.Coupon
	Given    []limit.Taking
}

// DecideRelease ends an active lock on request: lock_resolved or lock_expired otherwise.
func DecideRelease(in *ResolveInput) (ResolveDecision, *fault.Fault) { return ResolveDecision{}, nil }

// DecideExpireLock ends a lock whose time has passed: lock_resolved when it is
// resolved, wrong_state while it still runs.
func DecideExpireLock(in *ResolveInput) (ResolveDecision, *fault.Fault) {
	return ResolveDecision{}, nil
}
