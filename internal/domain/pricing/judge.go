package pricing

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
)

// Order is the order in which refusals of use are looked for: the first that
// holds is given. It is the order of the constants in kernel/fault, with channel
// and city where a place is asked.
var Order = []fault.Code{
	fault.CouponWithdrawn, fault.CouponUsedUp, fault.CouponExpired, fault.CouponNotYetValid, fault.CouponLocked,
	fault.UsePaused, fault.ChannelNotAllowed, fault.CityNotAllowed, fault.StoreNotAllowed, fault.NothingInScope,
	fault.MustContain, fault.ThresholdNotMet, fault.NoEffect, fault.TooManyCoupons,
}

// Usable returns the refusals that need no cart (state, dates, lock, switch), in
// Order: what lock and redeem ask again under their locks. forLock is the lock
// whose hold on the coupon does not count.
func Usable(c *coupon.Coupon, use bool, forLock id.ID, now calendar.Instant) []*fault.Fault {
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
	if !all && len(e.reasons) > 1 {
		e.reasons = e.reasons[:1]
	}
	return e.judged()
}

// effect is what one candidate brings alone on a cart.
type effect struct {
	Candidate
	reasons  []*fault.Fault
	weights  []int64 // list amount of each line in scope, zero elsewhere
	subtotal int64   // their sum
	discount int64
}

func (e *effect) judged() Judged {
	j := Judged{
		Coupon: e.Coupon.ID, Template: e.Coupon.Template, Version: e.Coupon.Version,
		Verdict: Skipped, DiscountMinor: e.discount, Reasons: e.reasons,
	}
	if len(e.reasons) > 0 {
		j.Verdict, j.DiscountMinor = Inapplicable, 0
	}
	return j
}

func (e *effect) refuse(code fault.Code, params ...any) {
	e.reasons = append(e.reasons, fault.New(code, params...))
}

// assess asks every rule in Order.
func assess(cart *Cart, c Candidate, rules Rules) *effect {
	e := &effect{Candidate: c, reasons: Usable(c.Coupon, c.Use, c.ForLock, rules.Now)}
	e.place(cart)
	if e.scope(cart) {
		e.discount = e.amount(cart, rules)
	} else {
		e.refuse(fault.NothingInScope)
	}
	e.contains(cart)
	e.threshold()
	if e.discount == 0 && e.Terms.Kind != coupon.KindGift {
		e.refuse(fault.NoEffect)
	}
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

// scope weighs the lines and reports whether any is in scope. A gift for
// everything needs no line: it may be handed over at the counter.
func (e *effect) scope(cart *Cart) bool {
	e.weights = make([]int64, len(cart.Lines))
	any := len(cart.Lines) == 0 && e.Terms.Kind == coupon.KindGift && e.Terms.Scope.Everything()
	for i := range cart.Lines {
		if e.Terms.Scope.Matches(cart.Scoped(i)) {
			any = true
			e.weights[i] = cart.Lines[i].ListMinor()
			e.subtotal += e.weights[i]
		}
	}
	return any
}

// amount is the discount on the lines in scope, rounded once.
func (e *effect) amount(cart *Cart, rules Rules) int64 {
	var off int64
	switch t := e.Terms; t.Kind {
	case coupon.KindAmountOff, coupon.KindNoThreshold:
		off = t.AmountMinor
	case coupon.KindPercentOff:
		off = money.Percent(e.subtotal, t.DiscountBps)
		if t.CapMinor > 0 {
			off = min(off, t.CapMinor)
		}
	}
	room := cart.ListMinor()
	if !e.Terms.AllowZero {
		room -= rules.FloorMinor
	}
	return max(min(off, e.subtotal, room), 0)
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

func (e *effect) threshold() {
	if gap := gapOf(e.Terms, e.subtotal, e.discount); gap > 0 {
		e.refuse(fault.ThresholdNotMet, "gap_minor", gap)
	}
}

// gapOf is what lacks to the threshold, on the terms' base.
func gapOf(t *coupon.Terms, subtotal, discount int64) int64 {
	if t.Kind == coupon.KindNoThreshold {
		return 0
	}
	base := subtotal
	if t.ThresholdBase == coupon.BaseAfter {
		base -= discount
	}
	return t.ThresholdMinor - base
}

// Holds reports whether the conditions of terms (must-contain and threshold)
// would hold for what is kept of an order: lines with their list amounts and
// quantities, and the discount that is left on them. A line of no units is not there.
func Holds(t *coupon.Terms, lines []rule.Line, amounts, quantities []int64, discount int64) bool {
	var subtotal int64
	for i, l := range lines {
		if quantities[i] > 0 && t.Scope.Matches(l) {
			subtotal += amounts[i]
		}
	}
	index, _, _ := missing(t.Contains, len(lines), func(i int) (rule.Line, int64, int64) {
		return lines[i], amounts[i], quantities[i]
	})
	return index < 0 && gapOf(t, subtotal, discount) <= 0
}
