package pricing

import (
	"math/bits"
	"slices"
)

// advance makes the frame behind a coupon and reports whether a way leads on. A way
// whose lines the coupon holds some of is stale: what it took off in front of the
// coupon bounds what it takes off behind it. Stale ways are measured one after the
// other, the highest first, as long as what is known leaves hope for a better set.
func (s *search) advance(depth, at int) bool {
	f, to := s.frames[depth], s.frame(depth+1)
	to.last, to.off, to.rest, to.laid = f.ways[at].i, f.ways[at].off, f.rest-f.ways[at].off, false
	to.ways = to.ways[:0]
	touches := to.off > 0 || s.all[to.last].targets != nil
	for k := at + 1; k < len(f.ways); k++ {
		w := &f.ways[k]
		m, stale := w.measure, false
		switch s.pairs.of(to.last, w.i) {
		case apart:
			continue
		case covering:
			m.scope -= to.off
			m.room = m.scope
			m.raw = s.all[w.i].sum(s.basket, m.scope)
			m.ridge = m.raw
		case crossing:
			stale = touches
		}
		if s.admit(to, w.i, m) {
			to.ways[len(to.ways)-1].stale = stale
		}
	}
	return s.freshen(to, s.most-depth-1)
}

// freshen measures the stale ways of a frame and leaves out those that no set better
// than the best one goes through; room is how many coupons may still come. It
// reports whether any is left.
func (s *search) freshen(f *frame, room int) bool {
	groups := s.leaders(f)
	if s.useless(f, top(groups, room)) {
		return false
	}
	gone := false
	for next := highest(f.ways); next >= 0; next = highest(f.ways) {
		w := &f.ways[next]
		was, g := w.peak, leader(groups, s.pairs.group[w.i])
		through := top(groups, room-1) + was
		if g < room {
			through = top(groups, room) - groups[g].off + was
		}
		if s.useless(f, through) {
			w.stale, w.gone, gone = false, true, true
			continue
		}
		s.remeasure(f, next)
		gone = gone || f.ways[next].gone
		if was == groups[g].off && s.lower(f, groups, g) && s.useless(f, top(groups, room)) {
			return false
		}
	}
	if gone {
		f.ways = slices.DeleteFunc(f.ways, func(w way) bool { return w.gone })
	}
	return len(f.ways) > 0
}

// highest is the place of the stale way with the highest peak, -1 for none.
func highest(ways []way) int {
	found := -1
	for k := range ways {
		if ways[k].stale && (found < 0 || ways[k].peak > ways[found].peak) {
			found = k
		}
	}
	return found
}

// lower brings the highest peak of a group up to date, and its place, and reports
// whether it fell.
func (s *search) lower(f *frame, groups []reserve, g int) bool {
	was := groups[g].off
	groups[g].off = 0
	for k := range f.ways {
		if w := &f.ways[k]; !w.gone && s.pairs.group[w.i] == groups[g].group {
			groups[g].off = max(groups[g].off, w.peak)
		}
	}
	fell := groups[g].off < was
	for ; g+1 < len(groups) && groups[g].off < groups[g+1].off; g++ {
		groups[g], groups[g+1] = groups[g+1], groups[g]
	}
	return fell
}

// remeasure measures the k-th way of a frame, a stale one, on the frame's ground.
func (s *search) remeasure(f *frame, k int) {
	g, i := s.lay(f), f.ways[k].i
	if f.ways[k].stale = false; !s.touched(f, i) {
		return
	}
	e, n := s.all[i], len(f.ways)
	if e.targets != nil {
		s.budget-- // it looks at every line
	}
	if s.admit(f, i, e.measure(s.basket, g, true)) {
		f.ways[k] = f.ways[n]
		f.ways = f.ways[:n]
	} else {
		f.ways[k].gone = true
	}
}

// leaders are the highest peaks of the groups that lead on from a frame, the
// highest first.
func (s *search) leaders(f *frame) []reserve {
	groups := s.sorting[:0]
	for k := range f.ways {
		groups = raise(groups, reserve{group: s.pairs.group[f.ways[k].i], off: f.ways[k].peak})
	}
	s.sorting = groups
	return groups
}

// leader is the place of a group, or how many there are.
func leader(groups []reserve, group int32) int {
	for n := range groups {
		if groups[n].group == group {
			return n
		}
	}
	return len(groups)
}

// top sums the first n groups.
func top(groups []reserve, n int) (off int64) {
	for _, g := range groups[:max(min(n, len(groups)), 0)] {
		off += g.off
	}
	return off
}

// useless reports whether no set through a frame is better than the best one, when
// all behind the frame take off no more than this.
func (s *search) useless(f *frame, off int64) bool {
	return s.now.off+min(off, max(f.rest-s.mark, 0)) < s.top.off
}

// lay returns what a frame leaves of each line. Most sets of sums never need it: a
// coupon whose scope holds that of the one before it, or nothing of it, needs sums
// only.
func (s *search) lay(f *frame) *ground {
	if !f.laid {
		before := s.lay(f.parent)
		before.copyTo(&f.ground)
		e := s.all[f.last]
		e.take(s.basket, &f.ground, s.spent(f.parent, e.Budget))
		f.laid = true
		f.changed = s.differences(f.changed[:0], f.last, before, &f.ground)
	}
	return &f.ground
}

// differences are the lines, as a set, on which a coupon that stands between two
// grounds did anything.
func (s *search) differences(set []uint64, i int32, a, b *ground) []uint64 {
	writes := s.pairs.writes[i]
	if a.triggered != nil { // not told by units and amounts alone
		return append(set, writes...)
	}
	for n, word := range writes {
		var changed uint64
		for ; word != 0; word &= word - 1 {
			bit := word & -word
			line := n*64 + bits.TrailingZeros64(word)
			if a.left[line] != b.left[line] || a.fresh != nil && a.fresh[line] != b.fresh[line] {
				changed |= bit
			}
		}
		set = append(set, changed)
	}
	return set
}

// touched reports whether the last coupon of a laid frame did anything on lines
// that another one looks at.
func (s *search) touched(f *frame, i int32) bool {
	for n, word := range f.changed {
		if word&s.pairs.reads[i][n] != 0 {
			return true
		}
	}
	return false
}
