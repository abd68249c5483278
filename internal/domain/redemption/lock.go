package redemption

import (
	"fmt"
	"slices"
	"time"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
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

// LockInput asks to hold coupons for an order. Keys for the counters: of Held in
// the scene of Now, and KeysOfLock of Old.
type LockInput struct {
	ID       id.ID // of the lock to be made
	Key      order.Key
	Member   id.ID
	Market   *market.Market
	Priced   *Priced      // pricing.Apply of the cart, made before the transaction at the coupons' present revs
	Held     []Held       // chosen coupons, as many as Priced.Uses
	Old      *Standing    // newest lock of the same key; nil for none
	Order    *order.Order // known order of the key; nil for none
	Redeemed bool         // the known order already has redemptions
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
func DecideLock(in *LockInput) (LockDecision, *fault.Fault) {
	var why refusals
	counters := newTally(in.Counters, &why)
	old := in.standing()
	if old != nil {
		counters.give(old.holds(in.Market))
	}
	for i, h := range in.Held {
		why = append(why, at(i, usable(h, lockID(old), in.Now))...)
	}
	counters.take(in.Priced.takings(in.Priced.scene(in.Market, in.Now), in.Held))
	if in.Old != nil && in.Old.Lock.State == LockRedeemed {
		why.add(fault.LockResolved, "state", in.Old.Lock.State.String())
	}
	// What is paid needs no hold, and another member's hold is not theirs to replace.
	if in.Redeemed && !refunded(in.Order) || old != nil && old.Lock.Member != in.Member && old.Lock.At(in.Now) == LockActive {
		why.add(fault.OrderDiffers)
	}
	fits(&why, in.Order, in.CartHash, in.Member)
	if f := why.first(); f != nil {
		return LockDecision{}, f
	}
	d := LockDecision{Lock: in.lock()}
	if f := in.move(&d, old); f != nil {
		return LockDecision{}, f
	}
	counters.commit()
	d.Taken, d.Given = counters.took, counters.gave
	return d, nil
}

// standing is the old lock where it still holds coupons.
func (in *LockInput) standing() *Standing {
	if in.Old != nil && in.Old.Lock.State == LockActive {
		return in.Old
	}
	return nil
}

func (in *LockInput) lock() Lock {
	l := Lock{
		ID: in.ID, Key: in.Key, Member: in.Member, State: LockActive, CreatedAt: in.Now,
		ExpiresAt: in.Now.Add(time.Duration(in.Market.Policies.LockTTLSeconds) * time.Second),
		CartHash:  in.CartHash, ListMinor: in.Priced.ListMinor, DiscountMinor: in.Priced.DiscountMinor,
		PayableMinor: in.Priced.PayableMinor, Priced: in.Encoded, Rev: 1,
	}
	for _, h := range in.Held {
		l.Coupons = append(l.Coupons, h.Coupon.ID)
		l.ExpiresAt = min(l.ExpiresAt, h.Coupon.ValidTo)
	}
	return l
}

// move puts the coupons under the new lock and frees those of the old one only.
func (in *LockInput) move(d *LockDecision, old *Standing) *fault.Fault {
	for _, h := range in.Held {
		c := *h.Coupon
		if err := c.LockBy(in.ID, lockID(old)); err != nil {
			return fault.From(err)
		}
		d.Locked = append(d.Locked, c)
	}
	if old == nil {
		return nil
	}
	stays := func(h Held) bool { return slices.Contains(d.Lock.Coupons, h.Coupon.ID) }
	d.Released = old.release(slices.DeleteFunc(slices.Clone(old.Held), stays))
	state := LockReleased
	if old.Lock.At(in.Now) == LockExpired {
		state = LockExpired
	}
	resolved := old.Lock.resolve(state, in.Now)
	d.Replaced = &resolved
	return nil
}

func lockID(s *Standing) id.ID {
	if s == nil {
		return 0
	}
	return s.Lock.ID
}

// usable asks a coupon again under its lock.
func usable(h Held, forLock id.ID, now calendar.Instant) []*fault.Fault {
	return pricing.Usable(h.Coupon, h.Terms, h.Use, forLock, now)
}

// at points the faults to the i-th coupon of the request.
func at(i int, faults []*fault.Fault) []*fault.Fault {
	for _, f := range faults {
		f.Pointer = fmt.Sprintf("/coupons/%d", i)
	}
	return faults
}

// fits asks whether a known order is the one of this cart.
func fits(why *refusals, o *order.Order, cartHash string, member id.ID) {
	if o == nil {
		return
	}
	if o.CartHash != cartHash || o.Member != 0 && o.Member != member {
		why.add(fault.OrderDiffers)
	}
	if refunded(o) {
		why.add(fault.OrderRefunded)
	}
}

// refunded reports whether anything of an order was given back.
func refunded(o *order.Order) bool {
	return o.RefundedMinor > 0 || slices.ContainsFunc(o.Lines, func(l order.Line) bool { return l.RefundedQuantity > 0 })
}

// resolve ends a lock.
func (l Lock) resolve(state LockState, now calendar.Instant) Lock {
	l.State, l.ResolvedAt = state, now
	l.Rev++
	return l
}

// release frees those of the coupons that the lock holds.
func (s *Standing) release(held []Held) []coupon.Coupon {
	var free []coupon.Coupon
	for _, h := range held {
		c := *h.Coupon
		if c.Release(s.Lock.ID) == nil {
			free = append(free, c)
		}
	}
	return free
}
