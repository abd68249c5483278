package pricing

import (
	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
)

// Kept is what a partial refund leaves of an order, as one of its coupons sees it.
type Kept struct {
	Cart     *Cart   // units that are kept, at list prices; no line without units
	Left     []int64 // of each line, what the coupons in front of this one leave
	OffMinor int64   // of this coupon's discount, what lies on the kept units
	Profile  Profile // of the market
	Slack    int64   // by how much stored shares may differ from a new reckoning: a minor unit for each
}

// Stays is how much of the discount the kept units would still get, at most what
// they have. ok says that the conditions still hold: the kept units contain what
// they must, reach the threshold, and would not get less by more than rounding
// where the discount follows from how much is bought (steps, repetitions,
// patterns, a new total). Who, where and when are not asked again, and the balance
// of a stored value stays spent. NextUse of the coupon is the number of the use.
func (k *Kept) Stays(c Candidate) (minor int64, ok bool) {
	if c.Terms.Kind == coupon.KindStoredValue {
		return k.OffMinor, true
	}
	b := basketOf(k.Cart, &Rules{Profile: k.Profile})
	e := assess(b, c)
	index, _, _ := missing(e.Terms.Contains, len(k.Cart.Lines), func(i int) (rule.Line, int64, int64) {
		return k.Cart.Scoped(i), b.list[i], k.Cart.Lines[i].Quantity
	})
	if index >= 0 {
		return 0, false
	}
	addOn := e.Terms.Kind == coupon.KindAddOn // its own units don't count, so they have to be found first
	if lacks, units := gap(e.Terms, e.list, sumOf(k.Left, e.lines), k.OffMinor, e.quantity); !addOn && lacks+units > 0 {
		return 0, false
	}
	if !addOn && !bought(e.Terms) {
		return k.OffMinor, true
	}
	g := b.untouched(e.targets != nil)
	for i, list := range b.list {
		g.take(int32(i), list-k.Left[i])
	}
	o := e.on(b, g, 0)
	if lacks, units := e.gap(o); addOn && lacks+units > 0 {
		return 0, false
	}
	if k.OffMinor-o.off <= k.Slack {
		return k.OffMinor, true
	}
	return o.off, false
}

// bought reports whether the discount follows from how much is bought, so that
// the kept units may earn less than their share of it.
func bought(t *coupon.Terms) bool {
	switch t.Kind {
	case coupon.KindNewTotal, coupon.KindNthItem, coupon.KindBuyGet, coupon.KindBundle:
		return true
	}
	return t.Repeat || len(t.Steps) > 0
}
