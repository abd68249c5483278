package pricing

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Order is the order in which refusals of use are looked for: the first that
// holds is given. It is the order of the constants in kernel/fault, with channel
// and city where a place is asked.
var Order = []fault.Code{
	fault.CouponWithdrawn, fault.CouponUsedUp, fault.CouponExpired, fault.CouponNotYetValid, fault.UsedTooRecently, fault.CouponLocked,
	fault.UsePaused, fault.ChannelNotAllowed, fault.CityNotAllowed, fault.StoreNotAllowed, fault.NothingInScope,
	fault.MustContain, fault.StackingConflict, fault.ThresholdNotMet, fault.NoEffect, fault.TooManyCoupons,
}

// Usable returns the refusals that need no cart (state, dates, interval, lock, switch), in
// Order: what lock and redeem ask again under their locks. forLock is the lock
// whose hold on the coupon does not count.
func Usable(c *coupon.Coupon, t *coupon.Terms, use bool, forLock id.ID, now calendar.Instant) []*fault.Fault {
	var found []*fault.Fault
	switch {
	case c.State == coupon.Withdrawn:
		found = append(found, fault.New(fault.CouponWithdrawn))
	case c.State == coupon.Used || c.Used >= c.Uses:
		found = append(found, fault.New(fault.CouponUsedUp))
	case c.State == coupon.Expired || now >= c.ValidTo:
		found = append(found, fault.New(fault.CouponExpired, "to", c.ValidTo))
	case now < c.ValidFrom:
		found = append(found, fault.New(fault.CouponNotYetValid, "from", c.ValidFrom))
	}
	if f := tooRecent(c, t, now); f != nil {
		found = append(found, f)
	}
	if c.State == coupon.Locked && (forLock == 0 || c.Lock != forLock) {
		found = append(found, fault.New(fault.CouponLocked))
	}
	if !use {
		found = append(found, fault.New(fault.UsePaused))
	}
	return found
}

// Judge judges one candidate alone: its discount, or the reasons against it -
// the first only, or all of them. Verdict is Skipped where it is legal.
func Judge(cart *Cart, c Candidate, rules Rules, all bool) Judged {
	e := assess(cart, c, rules)
	j := e.judged(e.alone(cart, rules))
	if !all && len(j.Reasons) > 1 {
		j.Reasons = j.Reasons[:1]
	}
	return j
}

// effect is a candidate with what does not depend on the coupons beside it.
type effect struct {
	Candidate
	reasons []*fault.Fault // whatever stands beside it
	lines   []int32        // lines in scope that cost something
	list    int64          // list amount of the lines in scope
}

// judged is the verdict on a coupon that stands alone.
func (e *effect) judged(off int64, reasons []*fault.Fault) Judged {
	j := Judged{Coupon: e.Coupon.ID, Template: e.Coupon.Template, Version: e.Coupon.Version, Verdict: Skipped, DiscountMinor: off}
	if len(reasons) > 0 {
		j.Verdict, j.DiscountMinor, j.Reasons = Inapplicable, 0, reasons
	}
	return j
}

// alone is what the effect brings as the only coupon of the order, and all
// reasons against that, in Order.
func (e *effect) alone(cart *Cart, rules Rules) (off int64, reasons []*fault.Fault) {
	off = e.off(e.list, cart.ListMinor(), rules.FloorMinor)
	return off, append(slices.Clip(e.reasons), e.refusals(e.list, off)...)
}

func (e *effect) refuse(code fault.Code, params ...any) {
	e.reasons = append(e.reasons, fault.New(code, params...))
}

// assess asks what needs no look at other coupons, in Order.
func assess(cart *Cart, c Candidate, rules Rules) *effect {
	e := &effect{Candidate: c, reasons: Usable(c.Coupon, c.Terms, c.Use, c.ForLock, rules.Now)}
	e.place(cart)
	if !e.scope(cart) {
		e.refuse(fault.NothingInScope)
	}
	e.contains(cart)
	return e
}

func (e *effect) place(cart *Cart) {
	if list := e.Terms.Use.Channels; len(list) > 0 && !slices.Contains(list, cart.Channel) {
		e.refuse(fault.ChannelNotAllowed, "channel", cart.Channel)
	}
	if list := e.Terms.Use.Cities; len(list) > 0 && !slices.Contains(list, cart.City) {
		e.refuse(fault.CityNotAllowed, "city", cart.City)
	}
	in, out := e.Terms.Scope.Include.Stores, e.Terms.Scope.Exclude.Stores
	if len(in) > 0 && !slices.Contains(in, cart.Store) || cart.Store != "" && slices.Contains(out, cart.Store) {
		e.refuse(fault.StoreNotAllowed, "store", cart.Store)
	}
}

// scope finds the lines and reports whether any is in scope. A gift for
// everything needs no line: it may be handed over at the counter.
func (e *effect) scope(cart *Cart) bool {
	everything := e.Terms.Scope.Everything()
	any := len(cart.Lines) == 0 && e.Terms.Kind == coupon.KindGift && everything
	for i := range cart.Lines {
		if !everything && !e.Terms.Scope.Matches(cart.Scoped(i)) {
			continue
		}
		any = true
		if amount := cart.Lines[i].ListMinor(); amount > 0 {
			e.lines = append(e.lines, int32(i))
			e.list += amount
		}
	}
	return any
}

func (e *effect) contains(cart *Cart) {
	if i, minor, quantity := missing(e.Terms.Contains, len(cart.Lines), func(i int) (rule.Line, int64, int64) {
		return cart.Scoped(i), cart.Lines[i].ListMinor(), cart.Lines[i].Quantity
	}); i >= 0 {
		params := []any{"index", int64(i)}
		if minor > 0 {
			params = append(params, "missing_minor", minor)
		}
		if quantity > 0 {
			params = append(params, "missing_quantity", quantity)
		}
		e.refuse(fault.MustContain, params...)
	}
}

// missing returns the first must-contain condition that n lines don't meet and
// what lacks, or -1.
func missing(conditions []rule.Contain, n int, line func(int) (rule.Line, int64, int64)) (index int, minor, quantity int64) {
	for c, condition := range conditions {
		minor, quantity = condition.MinMinor, condition.MinQuantity
		for i := range n {
			l, amount, units := line(i)
			if units > 0 && condition.Scope.Matches(l) {
				minor, quantity = minor-amount, quantity-units
			}
		}
		if minor > 0 || quantity > 0 {
			return c, max(minor, 0), max(quantity, 0)
		}
	}
	return -1, 0, 0
}
