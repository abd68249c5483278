package coupon

import (
	"slices"

	"quan/internal/kernel/money"
)

// cost is the most that something can take off or give away. It is not known
// where nothing bounds it; a known one stops at beyond.
type cost struct {
	minor int64
	known bool
}

// beyond is more than any amount that can be written.
const beyond = money.MaxMinor + 1

func known(minor int64) cost { return cost{min(max(minor, 0), beyond), true} }

func (c cost) plus(other cost) cost {
	if !c.known || !other.known {
		return cost{}
	}
	return known(c.minor + other.minor) // each is at most beyond
}

// times is unknown where no number bounds it.
func (c cost) times(most int64) cost {
	if !c.known || most <= 0 {
		return cost{}
	}
	all, err := money.Mul(c.minor, most)
	if err != nil {
		all = beyond
	}
	return known(all)
}

// atMost is the cost under a cap, zero for none.
func (c cost) atMost(minor int64) cost {
	if minor > 0 && (!c.known || c.minor > minor) {
		return known(minor)
	}
	return c
}

// Liability is the most that one coupon of these terms can cost over all its
// uses, in minor units of the market; ok is false where nothing bounds it (a
// percentage without a cap). A gift of unknown value counts as nothing.
func (t *Terms) Liability() (minor int64, ok bool) {
	c := t.cost()
	if !c.known || c.minor > money.MaxMinor {
		return 0, false
	}
	return c.minor, true
}

// cost of all uses of a coupon. A use that a return gave back is used again with
// the next chained value, so every use may have the dearest one.
func (t *Terms) cost() cost {
	uses := max(t.UsesPerCoupon, 1)
	if len(t.Chain) == 0 {
		return t.worst().times(uses)
	}
	dearest := *t
	dearest.Chain, dearest.AmountMinor = nil, slices.Max(t.Chain)
	return dearest.worst().times(uses)
}

// worst is the most that one use can cost.
func (t *Terms) worst() cost {
	switch t.Kind {
	case KindGift:
		if t.Class() == ClassBenefit {
			return t.Gift.cost()
		}
		return t.missing()
	case KindExchange:
		if t.PriceMinor == 0 {
			return t.missing()
		}
	case KindExternal:
		if t.External == nil {
			return known(0)
		}
		return known(t.External.WorstMinor)
	}
	return t.off().atMost(t.CapMinor)
}

// missing is the cost of units that are free where the cart has them, at their
// price there, and given where it has not.
func (t *Terms) missing() cost { return t.off().atMost(t.CapMinor).plus(t.Gift.cost()) }

// off is what a use can take off at most, before its cap. What depends on the
// cart's prices is unknown: a percentage, a price instead of another.
func (t *Terms) off() cost {
	switch t.Kind {
	case KindAmountOff:
		return t.stepped()
	case KindNoThreshold:
		return known(t.AmountMinor)
	case KindStoredValue:
		if t.AmountMinor > 0 {
			return known(t.AmountMinor)
		}
	case KindNewTotal, KindPercentOff:
	default:
		return t.rewarded()
	}
	return cost{}
}

// stepped is the highest step, or the amount as often as it can repeat.
func (t *Terms) stepped() cost {
	if len(t.Steps) > 0 {
		var most int64
		for _, s := range t.Steps {
			most = max(most, s.AmountMinor)
		}
		return known(most)
	}
	if t.Repeat {
		return known(t.AmountMinor).times(t.Times)
	}
	return known(t.AmountMinor)
}

// rewarded is an amount, or the cap of a unit, as often as it can be given.
func (t *Terms) rewarded() cost {
	if t.Reward != RewardAmount {
		if t.ItemCapMinor == 0 || t.Reward == RewardTotal {
			return cost{}
		}
		return known(t.ItemCapMinor).times(t.mostUnits())
	}
	switch {
	case t.Kind == KindBundle: // for each set
		return known(t.AmountMinor).times(t.Times)
	case t.Kind == KindItemOff && (t.Split == SplitAmount || t.Split == SplitQuantity):
		return known(t.AmountMinor)
	}
	return known(t.AmountMinor).times(t.mostUnits())
}

// mostUnits is how many units a use discounts at most; 0: nothing bounds them.
func (t *Terms) mostUnits() int64 {
	switch t.Kind {
	case KindNthItem:
		return t.Times
	case KindBuyGet, KindBundle:
		return t.got() * t.Times
	case KindAddOn:
		return t.got()
	case KindExchange, KindGift:
		if t.Gift != nil {
			return t.Gift.Quantity
		}
	}
	return t.UnitsMax
}

// got is the units of the Get parts.
func (t *Terms) got() (units int64) {
	for _, p := range t.Get {
		units += p.Quantity
	}
	return units
}

// cost of all units of a gift.
func (g *Gift) cost() cost {
	if g == nil || g.ValueMinor == 0 {
		return known(0)
	}
	return known(g.ValueMinor).times(g.Quantity)
}

// Worth is the value of all units of a gift, zero where it is unknown or there is none.
func (g *Gift) Worth() int64 { return min(g.cost().minor, money.MaxMinor) }
