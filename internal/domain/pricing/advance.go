package pricing

// advance makes the frame behind a coupon and reports whether a way leads on.
func (s *search) advance(depth, at int) bool {
	f, to := s.frames[depth], s.frame(depth+1)
	to.last, to.off, to.rest, to.laid = f.ways[at].i, f.ways[at].off, f.rest-f.ways[at].off, false
	to.ways = to.ways[:0]
	most := s.behind(f, at, s.most-depth-2)
	for k := at + 1; k < len(f.ways); k++ {
		w := &f.ways[k]
		m := w.measure
		if s.useless(to, w.peak+most) {
			continue
		}
		switch relation := s.pairs.of(to.last, w.i); relation {
		case apart:
			continue
		case covering:
			m.scope -= to.off
			m.room = m.scope
			m.raw = s.all[w.i].sum(s.basket, m.scope)
			m.ridge = m.raw
		case crossing:
			if to.off > 0 || s.all[to.last].targets != nil {
				m = s.measure(s.all[w.i], s.lay(to))
			}
		}
		s.admit(to, w.i, m)
		if n := len(to.ways) - 1; n >= 0 && s.useless(to, to.ways[n].peak+most) {
			to.ways = to.ways[:n]
		}
	}
	return len(to.ways) > 0
}

// useless reports whether no set through a coupon is better than the best one,
// when it and all behind a frame take off no more than this.
func (s *search) useless(f *frame, off int64) bool {
	return s.now.off+min(off, max(f.rest-s.mark, 0)) < s.top.off
}

// lay returns what a frame leaves of each line. Most sets of sums never need it: a
// coupon whose scope holds that of the one before it, or nothing of it, needs sums
// only.
func (s *search) lay(f *frame) *ground {
	if !f.laid {
		s.lay(f.parent).copyTo(&f.ground)
		e := s.all[f.last]
		e.take(s.basket, &f.ground, s.spent(f.parent, e.Budget))
		f.laid = true
	}
	return &f.ground
}
