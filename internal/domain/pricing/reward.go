package pricing

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/money"
)

// rewarded is the reward of the terms; some kinds have one only.
func (e *effect) rewarded() coupon.Reward {
	switch e.Terms.Kind {
	case coupon.KindFixedPrice, coupon.KindMemberPrice, coupon.KindAddOn, coupon.KindExchange, coupon.KindGift:
		return coupon.RewardPrice
	}
	return e.Terms.Reward
}

// divides reports whether the reward is one sum that is split over the lines, not
// one of each line by itself.
func (e *effect) divides(p *Profile) bool {
	switch e.rewarded() {
	case coupon.RewardPercent:
		return p.Round != RoundLine
	case coupon.RewardAmount:
		how := e.Terms.Split
		return e.Terms.Kind == coupon.KindBundle || how == coupon.SplitAmount || how == coupon.SplitQuantity
	case coupon.RewardTotal:
		return true
	}
	return false
}

// reward fills off of the shares, or, for a reward that is one sum, returns it
// undivided where rough asks for no more: whole is -1 else.
func (h *hand) reward(b *basket, e *effect, g *ground, sets int64, rough bool) (whole int64) {
	p := &b.rules.Profile
	if !e.divides(p) {
		for i := range h.shares {
			h.shares[i].off = e.ofLine(b, g, &h.shares[i])
		}
		return -1
	}
	h.bases = h.bases[:0]
	for i := range h.shares {
		h.bases = append(h.bases, h.shares[i].base)
	}
	sum, weights := h.sum(b, e, g, sets)
	if sum = min(sum, sumAll(h.bases)); rough {
		return sum
	}
	var parts []int64
	if e.rewarded() == coupon.RewardAmount && e.Terms.Split == coupon.SplitQuantity {
		parts = p.overflowing(sum, weights, h.bases)
	} else {
		parts = p.divided(sum, weights, h.bases)
	}
	for i, part := range parts {
		h.shares[i].off = part
	}
	return -1
}

// sum is a reward that is split, and by what.
func (h *hand) sum(b *basket, e *effect, g *ground, sets int64) (sum int64, weights []int64) {
	t := e.Terms
	switch e.rewarded() {
	case coupon.RewardPercent:
		return h.percent(b, e, g)
	case coupon.RewardTotal:
		cost := sumAll(h.bases)
		return cost - atMost(cost, t.TotalMinor, sets), h.bases
	}
	switch {
	case t.Kind == coupon.KindBundle:
		return atMost(sumAll(h.bases), t.AmountMinor, sets), h.bases
	case t.Split == coupon.SplitQuantity:
		h.weights = h.weights[:0]
		for i := range h.shares {
			h.weights = append(h.weights, h.shares[i].units)
		}
		return t.AmountMinor, h.weights
	}
	return t.AmountMinor, h.bases
}

// percent is the percentage of all shares, rounded once, with what each gives to it.
func (h *hand) percent(b *basket, e *effect, g *ground) (sum int64, weights []int64) {
	var whole, rest int64 // minor units, and 1/BpsWhole of them
	h.weights, h.fractions = h.weights[:0], h.fractions[:0]
	for i := range h.shares {
		w, r := e.percentOf(b, g, &h.shares[i])
		whole, rest = whole+w, rest+r
		h.weights, h.fractions = append(h.weights, w), append(h.fractions, r)
	}
	// Beyond this the fractions of a minor unit don't matter to a split, and don't fit.
	if whole < money.MaxMinor/2 {
		for i := range h.weights {
			h.weights[i] = h.weights[i]*money.BpsWhole + h.fractions[i]
		}
	}
	return b.rules.Profile.up(whole+rest/money.BpsWhole, rest%money.BpsWhole), h.weights
}

// percentOf is what a share gives to a percentage, exactly: minor units and
// 1/BpsWhole of them. Of list amounts it is at most what the units cost.
func (e *effect) percentOf(b *basket, g *ground, s *share) (whole, rest int64) {
	base, quantity := s.base, b.Lines[s.line].Quantity
	switch {
	case e.ofList(&b.rules.Profile):
		base = money.MulDivHalfUp(b.list[s.line], s.units, quantity)
	case b.rules.Profile.Base == PercentLine:
		base = money.MulDivHalfUp(g.left[s.line], s.units, quantity)
	}
	if whole, rest = money.MulDivFloor(base, e.Terms.DiscountBps, money.BpsWhole); whole >= s.base {
		whole, rest = s.base, 0
	}
	if most := e.Terms.ItemCapMinor; most > 0 && whole/most >= s.units {
		whole, rest = most*s.units, 0
	}
	return whole, rest
}

// ofLine is what a reward that looks at each line by itself takes off one.
func (e *effect) ofLine(b *basket, g *ground, s *share) int64 {
	t := e.Terms
	switch e.rewarded() {
	case coupon.RewardPercent:
		return min(b.rules.Profile.up(e.percentOf(b, g, s)), s.base)
	case coupon.RewardAmount:
		count, amount := s.units, t.AmountMinor
		switch {
		case t.Kind == coupon.KindItemOff && t.Split == coupon.SplitLine:
			count = 1
		case t.ItemCapMinor > 0:
			amount = min(amount, t.ItemCapMinor)
		}
		return atMost(s.base, amount, count)
	}
	price, ok := e.price(b, s.line)
	if !ok {
		return 0
	}
	return e.perUnit(s.base-atMost(s.base, price, s.units), s.units)
}

// atMost is an amount some times, at most the base.
func atMost(base, amount, times int64) int64 {
	if base <= 0 || amount <= 0 {
		return 0
	}
	return min(base, amount*min(times, base/amount+1))
}

// perUnit bounds what is taken off some units by the cap of a unit.
func (e *effect) perUnit(off, units int64) int64 {
	if most := e.Terms.ItemCapMinor; most > 0 && off/most >= units {
		return most * units
	}
	return off
}
