package redemption

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
)

// ResolveInput asks to end a lock without a payment. Keys for the counters:
// KeysOfLock.
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
func DecideRelease(in *ResolveInput) (ResolveDecision, *fault.Fault) {
	if in.Lock.State == LockActive && in.Now >= in.Lock.ExpiresAt {
		return ResolveDecision{}, fault.New(fault.LockExpired, "expires_at", in.Lock.ExpiresAt)
	}
	return in.end(LockReleased)
}

// DecideExpireLock ends a lock whose time has passed: lock_resolved when it is
// resolved, wrong_state while it still runs.
func DecideExpireLock(in *ResolveInput) (ResolveDecision, *fault.Fault) {
	if in.Lock.State == LockActive && in.Now < in.Lock.ExpiresAt {
		return ResolveDecision{}, fault.New(fault.WrongState, "state", in.Lock.State.String())
	}
	return in.end(LockExpired)
}

func (in *ResolveInput) end(state LockState) (ResolveDecision, *fault.Fault) {
	if in.Lock.State != LockActive {
		return ResolveDecision{}, fault.New(fault.LockResolved, "state", in.Lock.State.String())
	}
	var why refusals
	counters := newTally(in.Counters, &why)
	counters.give(in.holds(in.Market))
	if f := why.first(); f != nil {
		return ResolveDecision{}, f
	}
	counters.commit()
	return ResolveDecision{Lock: in.Lock.resolve(state, in.Now), Released: in.release(in.Held), Given: counters.gave}, nil
}
