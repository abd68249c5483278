package pricing

import (
	"slices"

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

// claim chooses the units and reckons the reward. Its shares are the hand's own, up
// to the next claim. Where rough asks for it and nothing depends on the lines, only
// the sum is reckoned.
func (h *hand) claim(b *basket, e *effect, g *ground, rough bool) claimed {
	h.gather(b, e, g)
	sets := h.choose(b, e, g, e.Terms.Select)
	h.share()
	c := claimed{shares: h.shares}
	for i := range c.shares {
		c.units += c.shares[i].units
	}
	if whole := h.reward(b, e, g, sets, rough && !b.mins && !e.byPiece(b)); whole >= 0 {
		c.raw = whole
	} else {
		c.bound(b, e, g)
	}
	c.over = (c.over || h.over) && c.raw == 0
	if most := e.Terms.CapMinor; most > 0 && c.raw > most {
		if c.raw = most; !rough {
			c.cut(most)
		}
	}
	return c
}

// bound sees that no share takes more than its line gives, and sums them.
func (c *claimed) bound(b *basket, e *effect, g *ground) {
	for i := range c.shares {
		s := &c.shares[i]
		off := min(s.off, b.room(s.line, g.left[s.line]))
		s.off = e.piece(b, off)
		c.over = c.over || s.off < off
		c.raw += s.off
	}
}

// piece is what a line gives under OverPiece.
func (e *effect) piece(b *basket, off int64) int64 {
	sets := e.targets != nil && e.targets.pattern && b.rules.Profile.Patterns == PatternsEach // each set was measured
	if e.byPiece(b) && !sets && off > e.Budget.LeftMinor {
		return 0
	}
	return off
}

// cut lowers what the shares take off to a sum, by what each had, under every
// profile by largest remainder.
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

// share gathers the lots that were taken from by line, in line order.
func (h *hand) share() {
	h.shares = h.shares[:0]
	for i := range h.lots {
		l := &h.lots[i]
		if l.got+l.used == 0 {
			continue
		}
		if n := len(h.shares); n == 0 || h.shares[n-1].line != l.line {
			h.shares = append(h.shares, share{line: l.line})
		}
		s := &h.shares[len(h.shares)-1]
		s.used += l.used
		s.units += l.got
		s.base += l.cost(l.got)
		if !l.worn {
			s.fresh += l.got + l.used
			s.freshCost += l.cost(l.got + l.used)
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
