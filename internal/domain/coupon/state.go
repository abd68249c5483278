package coupon

import (
	"slices"

	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// transitions is the table of invariant coupon-3: from → to. A state that maps
// to itself changes its lock or its uses only.
var transitions = map[State][]State{
	Usable:    {Usable, Locked, Used, Expired, Withdrawn},
	Locked:    {Usable, Locked, Used},
	Used:      {Used, Usable, Expired}, // a return only
	Expired:   {Expired},               // a return gives a use back to the count, not to life
	Withdrawn: {Withdrawn},
}

// Allowed reports whether a coupon may go from one state to another (both as stored).
func Allowed(from, to State) bool { return slices.Contains(transitions[from], to) }

// refuse is the fault of a verb in the coupon's state.
func (c *Coupon) refuse() error {
	switch c.State {
	case Locked:
		return fault.New(fault.CouponLocked)
	case Used:
		return fault.New(fault.CouponUsedUp)
	case Expired:
		return fault.New(fault.CouponExpired)
	case Withdrawn:
		return fault.New(fault.CouponWithdrawn)
	}
	return fault.New(fault.WrongState, "state", c.State.String())
}

func (c *Coupon) become(to State) {
	c.State = to
	c.Rev++
}

// LockBy gives the coupon to an order's lock. from is the lock that held it
// before (a lock that is replaced), zero when none did.
func (c *Coupon) LockBy(lock, from id.ID) error {
	if c.State != Usable && (c.State != Locked || from == 0 || c.Lock != from) {
		return c.refuse()
	}
	c.Lock = lock
	c.become(Locked)
	return nil
}

// Release ends the hold of a lock; the coupon is usable again, or expired when
// its end has passed (as At says; the row follows by the job).
func (c *Coupon) Release(lock id.ID) error {
	if c.State != Locked || c.Lock != lock {
		return c.refuse()
	}
	c.Lock = 0
	c.become(Usable)
	return nil
}

// Redeem makes one use and returns its number. lock is the lock that is paid,
// zero when there is none. A coupon with uses left is usable again.
func (c *Coupon) Redeem(lock id.ID, day calendar.Date) (use int64, err error) {
	if c.State != Usable && (c.State != Locked || lock == 0 || c.Lock != lock) {
		return 0, c.refuse()
	}
	if c.Used >= c.Uses {
		return 0, fault.New(fault.CouponUsedUp)
	}
	use = c.NextUse
	c.NextUse++
	c.Used++
	c.Lock = 0
	if c.Used < c.Uses {
		c.become(Usable)
		return use, nil
	}
	c.EndedDay = day
	c.become(Used)
	return use, nil
}

// ReturnUse gives one use back with the coupon's own expiry. A used or usable
// coupon past its end is expired at once, or lives until graceTo when that is
// later than now. Expired and withdrawn coupons stay so: only the count changes.
func (c *Coupon) ReturnUse(now, graceTo calendar.Instant, day calendar.Date) error {
	if c.Used <= 0 {
		return fault.New(fault.ReturnedAlready)
	}
	c.Used--
	if c.State != Used && c.State != Usable {
		c.Rev++
		return nil
	}
	c.EndedDay = 0
	if now >= c.ValidTo && graceTo > now {
		c.ValidTo = graceTo
	}
	if now >= c.ValidTo {
		c.EndedDay = day
		c.become(Expired)
		return nil
	}
	c.become(Usable)
	return nil
}

// Expire ends a usable coupon whose end has passed.
func (c *Coupon) Expire(now calendar.Instant, day calendar.Date) error {
	if c.State != Usable {
		return c.refuse()
	}
	if now < c.ValidTo {
		return fault.New(fault.WrongState, "state", c.State.String())
	}
	c.EndedDay = day
	c.become(Expired)
	return nil
}

// Extend moves the end of a coupon that is not over, held by a lock or not, to a later
// moment; changed is false where its end is not before that.
func (c *Coupon) Extend(now, to calendar.Instant) (changed bool, err error) {
	if c.State != Usable && c.State != Locked {
		return false, c.refuse()
	}
	if now >= c.ValidTo {
		return false, fault.New(fault.CouponExpired)
	}
	if to <= c.ValidTo {
		return false, nil
	}
	c.ValidTo = to
	c.become(c.State)
	return true, nil
}

// Withdraw takes a usable coupon back from its member. A locked one is refused:
// its lock has to be resolved first.
func (c *Coupon) Withdraw(now calendar.Instant, day calendar.Date) error {
	if c.State != Usable {
		return c.refuse()
	}
	if now >= c.ValidTo {
		return fault.New(fault.CouponExpired)
	}
	c.EndedDay = day
	c.become(Withdrawn)
	return nil
}
