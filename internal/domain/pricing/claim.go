package pricing

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/money"
)

// share is what a coupon by units does on one line.
type share struct {
	line      int32
	units     int64 // that get the reward
	base      int64 // what they cost in the coupon's place
	fresh     int64 // fresh units that it touches, triggers too
	freshCost int64 // what those cost
	used      int64 // units that are triggers
	off       int64
}

// claimed is what a coupon by units takes before floor, budget and set caps.
type claimed struct {
	shares []share
	raw    int64 // sum of what the shares take off
	units  int64 // that get the reward
	over   bool  // OverPiece left something out
}

// claim chooses the units and reckons the reward.
func (h *hand) claim(b *basket, e *effect, g *ground) claimed {
	h.gather(b, e, g)
	sets := h.choose(b, e, g, e.Terms.Select)
	c := claimed{shares: h.shares()}
	for i := range c.shares {
		c.units += c.shares[i].units
	}
	e.reward(b, g, c.shares, sets)
	for i := range c.shares {
		s := &c.shares[i]
		off := min(s.off, b.room(s.line, g.left[s.line]))
		s.off = e.piece(b, off)
		c.over = c.over || s.off < off
		c.raw += s.off
	}
	c.over = (c.over || h.over) && c.raw == 0
	if most := e.Terms.CapMinor; most > 0 && c.raw > most {
		c.cut(most)
	}
	return c
}

// piece is what a line gives under OverPiece.
func (e *effect) piece(b *basket, off int64) int64 {
	sets := e.targets != nil && e.targets.pattern && b.rules.Profile.Patterns == PatternsEach // each set was measured
	if e.byPiece(b) && !sets && off > e.Budget.LeftMinor {
		return 0
	}
	return off
}

// cut lowers what the shares take off to a sum, by what each had.
func (c *claimed) cut(to int64) {
	weights := make([]int64, len(c.shares))
	for i := range c.shares {
		weights[i] = c.shares[i].off
	}
	for i, part := range money.Split(to, weights) {
		c.shares[i].off = part
	}
	c.raw = to
}

// shares gathers the lots that were taken from by line, in line order.
func (h *hand) shares() []share {
	var out []share
	for i := range h.lots {
		l := &h.lots[i]
		if l.got+l.used == 0 {
			continue
		}
		if n := len(out); n == 0 || out[n-1].line != l.line {
			out = append(out, share{line: l.line})
		}
		s := &out[len(out)-1]
		s.used += l.used
		cost := l.cost(l.got)
		s.units += l.got
		s.base += cost
		if !l.worn {
			s.fresh += l.got + l.used
			s.freshCost += l.cost(l.got + l.used)
		}
	}
	return out
}

// reward fills off of the shares.
func (e *effect) reward(b *basket, g *ground, shares []share, sets int64) {
	switch e.rewarded() {
	case coupon.RewardPercent:
		e.percentOff(b, g, shares)
	case coupon.RewardAmount:
		e.amountOff(b, shares, sets)
	case coupon.RewardTotal:
		var sum int64
		for i := range shares {
			sum += shares[i].base
		}
		divide(b, shares, max(sum-e.Terms.TotalMinor*sets, 0), baseOfShare)
	default:
		for i := range shares {
			s := &shares[i]
			if price, ok := e.price(b, s.line); ok {
				s.off = e.perUnit(max(s.base-price*s.units, 0), s.units)
			}
		}
	}
}

// perUnit bounds what is taken off some units by the cap of a unit.
func (e *effect) perUnit(off, units int64) int64 {
	if most := e.Terms.ItemCapMinor; most > 0 && off/most >= units {
		return most * units
	}
	return off
}

// rewarded is the reward of the terms; some kinds have one only.
func (e *effect) rewarded() coupon.Reward {
	switch e.Terms.Kind {
	case coupon.KindFixedPrice, coupon.KindMemberPrice, coupon.KindAddOn, coupon.KindExchange, coupon.KindGift:
		return coupon.RewardPrice
	}
	return e.Terms.Reward
}

func baseOfShare(s *share) int64  { return s.base }
func unitsOfShare(s *share) int64 { return s.units }
func offOfShare(s *share) int64   { return s.off }

// divide splits a sum over the shares by a weight; no share takes more than its base.
func divide(b *basket, shares []share, sum int64, by func(*share) int64) {
	divideBy(b, shares, sum, by, true)
}

func divideBy(b *basket, shares []share, sum int64, by func(*share) int64, amounts bool) {
	weights, caps := make([]int64, len(shares)), make([]int64, len(shares))
	for i := range shares {
		weights[i], caps[i] = by(&shares[i]), shares[i].base
	}
	for i, part := range b.rules.Profile.within(sum, weights, caps, amounts) {
		shares[i].off = part
	}
}

// percentOff takes a percentage of the bases, rounded once or on every line.
func (e *effect) percentOff(b *basket, g *ground, shares []share) {
	p, bps := &b.rules.Profile, e.Terms.DiscountBps
	var whole, rest int64 // of all lines: minor units, and 1/BpsWhole of them
	weight := baseOfShare
	for i := range shares {
		s := &shares[i]
		base := s.base
		switch {
		case e.ofList(p):
			base = money.MulDivHalfUp(b.list[s.line], s.units, b.Lines[s.line].Quantity)
		case p.Base == PercentLine:
			base = money.MulDivHalfUp(g.left[s.line], s.units, b.Lines[s.line].Quantity)
		}
		w, r := money.MulDivFloor(base, bps, money.BpsWhole)
		if most := e.Terms.ItemCapMinor; most > 0 {
			weight = offOfShare
			if w >= most*s.units {
				w, r = most*s.units, 0
			}
		}
		whole, rest = whole+w, rest+r
		if s.off = exact(w, r); p.Round == RoundLine {
			s.off = min(p.up(w, r), s.base)
		}
	}
	if p.Round != RoundLine {
		divide(b, shares, p.up(whole+rest/money.BpsWhole, rest%money.BpsWhole), weight)
	}
}

// exact is a weight for whole + rest/BpsWhole minor units.
func exact(whole, rest int64) int64 {
	if whole > money.MaxMinor/money.BpsWhole {
		return whole // 10^11 minor units: the fraction does not matter to a split
	}
	return whole*money.BpsWhole + rest
}

// amountOff takes the amount of the terms, as they divide it.
func (e *effect) amountOff(b *basket, shares []share, sets int64) {
	amount := e.Terms.AmountMinor
	if most := e.Terms.ItemCapMinor; most > 0 {
		amount = min(amount, most)
	}
	how := e.Terms.Split
	switch {
	case e.Terms.Kind == coupon.KindBundle:
		divide(b, shares, amount*sets, baseOfShare)
		return
	case e.Terms.Kind != coupon.KindItemOff && e.Terms.Kind != coupon.KindShipping:
		how = coupon.SplitUnit
	}
	switch how {
	case coupon.SplitAmount:
		divide(b, shares, amount, baseOfShare)
	case coupon.SplitQuantity:
		divideBy(b, shares, amount, unitsOfShare, false)
	default:
		for i := range shares {
			s := &shares[i]
			count := s.units
			if how == coupon.SplitLine {
				count = min(count, 1)
			}
			if s.base > 0 && amount > 0 {
				s.off = min(s.base, amount*min(count, s.base/amount+1))
			}
		}
	}
}

// apply takes what the shares take off from the ground and touches their units.
func (c *claimed) apply(g *ground) {
	for i := range c.shares {
		s := &c.shares[i]
		g.left[s.line] -= s.off
		g.rest -= s.off
		g.fresh[s.line] -= s.fresh
		g.worn[s.line] += s.freshCost - s.off
		if g.triggered != nil {
			g.triggered[s.line] += s.used
			g.rewarded[s.line] += s.units
		}
	}
}

// peak bounds what the coupon can still take off on this ground or any that has
// less left: the dearest units that fit, each part for itself, rounded up.
func (h *hand) peak(b *basket, e *effect) int64 {
	t := e.Terms
	sets := int64(0)
	for i := range h.lots {
		l := &h.lots[i]
		l.free, l.got, l.used = l.units, 0, 0
	}
	if e.targets.pattern {
		h.count(len(e.targets.parts))
		if sets = h.sets(e); sets == 0 {
			return 0
		}
	}
	h.sort(coupon.SelectDearest)
	var off int64
	for p := range e.targets.gets {
		off += h.peakOf(b, e, p, sets)
	}
	if t.Kind == coupon.KindItemOff && t.Reward == coupon.RewardAmount && (t.Split == coupon.SplitAmount || t.Split == coupon.SplitQuantity) {
		off = min(off, t.AmountMinor)
	}
	if t.CapMinor > 0 {
		off = min(off, t.CapMinor)
	}
	return off
}

// peakOf is the bound of one part.
func (h *hand) peakOf(b *basket, e *effect, p int, sets int64) (off int64) {
	want := e.targets.parts[p].quantity
	if e.targets.pattern {
		want *= sets
	}
	for _, at := range h.order {
		l := &h.lots[at]
		if l.mask&(1<<p) == 0 {
			continue
		}
		units := l.units
		if e.targets.parts[p].quantity > 0 {
			units = min(units, want)
			want -= units
		}
		off += e.most(b, l, units)
	}
	return off
}

// most is the most that the reward takes off some units of a lot. A total and an
// amount for a whole bundle are bounded by what the units cost.
func (e *effect) most(b *basket, l *lot, units int64) int64 {
	cost, t := l.ceil(units), e.Terms
	switch e.rewarded() {
	case coupon.RewardPercent:
		if e.ofList(&b.rules.Profile) {
			return cost
		}
		whole, rest := money.MulDivFloor(cost, t.DiscountBps, money.BpsWhole)
		if rest > 0 {
			whole++
		}
		return e.perUnit(whole, units)
	case coupon.RewardPrice:
		if price, ok := e.price(b, l.line); ok {
			return e.perUnit(max(cost-price*units, 0), units)
		}
		return 0
	case coupon.RewardAmount:
		if t.Kind == coupon.KindBundle || t.Split == coupon.SplitAmount || t.Split == coupon.SplitQuantity || t.AmountMinor == 0 {
			return cost
		}
		return min(cost, t.AmountMinor*min(units, cost/t.AmountMinor+1))
	}
	return cost
}

// changed lists the units of the shares for people.
func (c *claimed) changed() []Units {
	var out []Units
	for _, s := range c.shares {
		if s.off > 0 {
			out = append(out, Units{Line: int64(s.line), Quantity: s.units})
		}
	}
	return slices.Clip(out)
}
