package coupon

import "quan/internal/kernel/money"

// Liability is the most that one coupon of these terms can cost over all its
// uses, in minor units of the market; ok is false where nothing bounds it (a
// percentage without a cap).
func (t *Terms) Liability() (minor int64, ok bool) {
	if len(t.Chain) > 0 {
		var sum int64
		for n := range max(t.UsesPerCoupon, 1) {
			each, _ := t.ForUse(n + 1).worst()
			if sum += each; sum > money.MaxMinor {
				return 0, false
			}
		}
		return sum, true
	}
	each, ok := t.worst()
	if !ok {
		return 0, false
	}
	all, err := money.Mul(each, max(t.UsesPerCoupon, 1))
	if err != nil || all > money.MaxMinor {
		return 0, false
	}
	return all, true
}

// worst is the most that one use can cost.
func (t *Terms) worst() (minor int64, ok bool) {
	minor, ok = t.uncapped()
	if t.CapMinor > 0 && (!ok || minor > t.CapMinor) {
		return t.CapMinor, true
	}
	return minor, ok
}

// uncapped is what the kind and its amounts allow at most.
func (t *Terms) uncapped() (minor int64, ok bool) {
	switch t.Kind {
	case KindGift:
		return t.Gift.Worth(), true
	case KindExternal:
		if t.External == nil {
			return 0, true
		}
		return t.External.WorstMinor, true
	case KindAmountOff:
		return t.stepped()
	case KindNoThreshold, KindStoredValue:
		return t.AmountMinor, true
	case KindExchange:
		if t.Gift.Worth() > 0 {
			return max(t.Gift.Worth()-t.PriceMinor*t.Gift.Quantity, 0), true
		}
	case KindItemOff, KindNthItem, KindBuyGet, KindBundle, KindShipping:
		return t.perUnit()
	}
	return t.times(t.ItemCapMinor, t.UnitsMax)
}

// stepped is the highest step, or the amount as often as it can repeat.
func (t *Terms) stepped() (minor int64, ok bool) {
	for _, s := range t.Steps {
		minor = max(minor, s.AmountMinor)
	}
	if len(t.Steps) > 0 {
		return minor, true
	}
	if t.Repeat {
		return t.times(t.AmountMinor, t.Times)
	}
	return t.AmountMinor, true
}

// perUnit bounds an amount for each unit, or a cap for each, by the units.
func (t *Terms) perUnit() (minor int64, ok bool) {
	each := t.ItemCapMinor
	if t.Reward == RewardAmount {
		if t.Kind == KindItemOff && (t.Split == SplitAmount || t.Split == SplitQuantity) {
			return t.AmountMinor, true
		}
		if each == 0 || t.AmountMinor < each {
			each = t.AmountMinor
		}
	}
	units := t.UnitsMax
	if t.Times > 0 {
		got := int64(1) // an nth item
		if len(t.Get) > 0 {
			got = 0
			for _, p := range t.Get {
				got += p.Quantity
			}
		}
		if all := got * t.Times; units == 0 || all < units {
			units = all
		}
	}
	return t.times(each, units)
}

// times is each × most, unbounded where either is.
func (t *Terms) times(each, most int64) (minor int64, ok bool) {
	if each == 0 || most == 0 {
		return 0, false
	}
	all, err := money.Mul(each, most)
	return all, err == nil && all <= money.MaxMinor
}

// Worth is the value of all units of a gift, zero where it is unknown or there is none.
func (g *Gift) Worth() int64 {
	if g == nil {
		return 0
	}
	all, err := money.Mul(g.ValueMinor, g.Quantity)
	if err != nil {
		return money.MaxMinor
	}
	return all
}
