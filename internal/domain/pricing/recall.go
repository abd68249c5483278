package pricing

import "slices"

// recallMax bounds what the coupons of a quote remember, in numbers: half a megabyte.
const recallMax = 1 << 16

// recalled is what a coupon by units did on its lines when they held the same. The
// sets of a search differ by coupons that mostly leave each other's lines alone, so
// nine of ten questions were asked before.
type recalled struct {
	hash     uint64
	held     []int64  // left, fresh and worn of each of its lines
	measured bool     // measure, save its scope, is known
	laid     *claimed // exactly; nil: not known
	measure
}

// recall finds what the coupon did on a ground that holds the same on its lines, or
// a place to note it; nil where it can't be noted.
func (e *effect) recall(b *basket, g *ground) *recalled {
	if g.triggered != nil { // looks at more than that
		return nil
	}
	h, n := &b.hand, e.targets
	held, hash := h.held[:0], uint64(len(n.lines))
	for _, line := range n.lines {
		left, fresh, worn := g.left[line], g.fresh[line], g.worn[line]
		held = append(held, left, fresh, worn)
		hash = (hash ^ uint64(left) ^ uint64(fresh)<<40 ^ uint64(worn)<<20) * 0x9e3779b97f4a7c15
		hash ^= hash >> 29
	}
	h.held = held
	for i := len(n.recalled) - 1; i >= 0; i-- {
		if r := &n.recalled[i]; r.hash == hash && slices.Equal(r.held, held) {
			return r
		}
	}
	if h.recalls += len(held); h.recalls > recallMax {
		return nil
	}
	n.recalled = append(n.recalled, recalled{hash: hash, held: slices.Clone(held)})
	return &n.recalled[len(n.recalled)-1]
}

// claims is exactly what the coupon takes by itself on a ground. Its shares are not
// the caller's.
func (e *effect) claims(b *basket, g *ground) claimed {
	r := e.recall(b, g)
	if r != nil && r.laid != nil {
		return *r.laid
	}
	c := b.hand.claim(b, e, g, false)
	if r != nil {
		c.shares = slices.Clone(c.shares)
		r.laid = &c
	}
	return c
}
