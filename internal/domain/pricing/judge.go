package pricing

import (
	"slices"

	"quan/internal/domain/condition"
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
	b := basketOf(cart, &rules)
	e := assess(b, c)
	j := e.judged(e.alone(b))
	if !all && len(j.Reasons) > 1 {
		j.Reasons = j.Reasons[:1]
	}
	return j
}

// effect is a candidate with what does not depend on the coupons beside it. Its
// Terms are those of this use in the cart's currency.
type effect struct {
	Candidate
	reasons  []*fault.Fault     // whatever stands beside it
	lines    []int32            // lines in scope that cost something
	list     int64              // list amount of the lines in scope
	quantity int64              // units in scope
	targets  *targets           // kinds by units
	when     *condition.Program // conditions that depend on the place
	bare     measure            // on the whole cart; see alone
}

// judged is the verdict on a coupon that stands alone.
func (e *effect) judged(off int64, reasons []*fault.Fault) Judged {
	j := Judged{Coupon: e.Coupon.ID, Template: e.Coupon.Template, Version: e.Coupon.Version, Verdict: Skipped, DiscountMinor: off}
	if len(reasons) > 0 {
		j.Verdict, j.DiscountMinor, j.Reasons = Inapplicable, 0, reasons
	}
	return j
}

// able reports whether nothing speaks against the effect whatever stands beside it.
func (e *effect) able() bool { return len(e.reasons) == 0 && !e.short() }

// alone is what the effect brings as the only coupon of the order, and all
// reasons against that, in Order. It fills in the measure of the whole cart.
func (e *effect) alone(b *basket) (off int64, reasons []*fault.Fault) {
	g := b.bare(e.targets != nil)
	e.bare = e.measure(b, g, e.able())
	o := e.verdict(b, g, &e.bare, 0)
	return o.off, joined(e.reasons, o.reasons)
}

// joined are both lists in one that shares nothing with a longer one.
func joined(a, b []*fault.Fault) []*fault.Fault {
	switch {
	case len(a) == 0:
		return b
	case len(b) == 0:
		return slices.Clip(a)
	}
	return append(slices.Clip(a), b...)
}

func (e *effect) refuse(code fault.Code, params ...any) {
	e.reasons = append(e.reasons, fault.New(code, params...))
}

// assess asks what needs no look at other coupons, in Order.
func assess(b *basket, c Candidate) *effect { return new(effect).assess(b, c) }

func (e *effect) assess(b *basket, c Candidate) *effect {
	*e = effect{Candidate: c, reasons: Usable(c.Coupon, c.Terms, c.Use, c.ForLock, b.rules.Now)}
	if c.Home == "" {
		c.Home = b.Currency
	}
	if terms, ok := c.Terms.In(b.Currency, c.Home); ok {
		e.Terms = terms.ForUse(c.Coupon.NextUse)
	} else {
		e.refuse(fault.CurrencyMismatch, "currency", b.Currency)
	}
	e.place(b.Cart)
	e.ask(b)
	any := e.scope(b)
	if e.Terms.Class() == coupon.ClassUnits {
		any = e.target(b) && (any || e.Terms.Kind != coupon.KindGift)
	}
	if !any {
		e.refuse(fault.NothingInScope)
	}
	e.contains(b)
	return e
}

// target finds the units that a coupon by units looks for, and reports whether
// there are any, or it hands over what is missing.
func (e *effect) target(b *basket) bool {
	e.targets = targetsOf(b, e.Terms, e.lines)
	e.cheaper(b)
	for p := range e.targets.gets {
		if len(e.targets.parts[p].lines) > 0 {
			return true
		}
	}
	if e.Terms.Kind == coupon.KindExchange && e.Terms.PriceMinor > 0 && e.Terms.Gift != nil {
		e.refuse(fault.ItemMissing, "sku", e.Terms.Gift.SKU, "quantity", e.Terms.Gift.Quantity, "price_minor", e.Terms.PriceMinor)
		return true
	}
	return e.hands()
}

// hands reports whether the coupon is worth something without taking anything
// off: it hands over what the cart lacks, or the caller applies it.
func (e *effect) hands() bool {
	switch e.Terms.Kind {
	case coupon.KindGift, coupon.KindExternal:
		return true
	case coupon.KindExchange:
		return e.Terms.PriceMinor == 0
	}
	return false
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

// scope finds the lines and reports whether any is in scope. A gift or benefit for
// everything needs no line: it may be handed over at the counter.
func (e *effect) scope(b *basket) bool {
	given := e.Terms.Kind == coupon.KindGift || e.Terms.Kind == coupon.KindExternal
	if e.Terms.Scope.Everything() {
		w := b.everything()
		e.lines, e.list, e.quantity = w.lines, w.list, w.quantity
		return w.any || len(b.Lines) == 0 && given
	}
	any, lines := false, b.picks[:0]
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.NoCoupons || l.Shipping != "" || !e.Terms.Scope.Matches(b.Scoped(i)) {
			continue
		}
		any = true
		e.quantity += l.Quantity
		if b.list[i] > 0 {
			lines = append(lines, int32(i))
			e.list += b.list[i]
		}
	}
	e.lines = b.keep(lines)
	return any
}

func (e *effect) contains(b *basket) {
	if i, minor, quantity := missing(e.Terms.Contains, len(b.Lines), func(i int) (rule.Line, int64, int64) {
		return b.Scoped(i), b.list[i], b.Lines[i].Quantity
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
