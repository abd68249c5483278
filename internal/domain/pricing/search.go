package pricing

import (
	"cmp"
	"slices"

	"quan/internal/domain/coupon"
)

// SetsMax is how many sets a search looks at where the rules don't say; on long
// carts fewer, so that the work of one quote is bounded: sets × lines ≤ workMax.
const (
	SetsMax = 200_000
	workMax = 40_000_000
)

// choice is the outcome of a search.
type choice struct {
	set      []*effect // in stack order
	worth    worth
	finished bool
	bound    int64 // no legal set takes off more
}

// best searches the best legal set among effects that nothing forbids whatever
// stands beside them. It is branch and bound, depth first: a set grows by coupons
// behind its last one in the stack's order, so every legal set is met once with
// every coupon in its place, and a branch is left when the most that it could
// still take off (see bound.go) does not beat the best set found.
func best(cart *Cart, able []*effect, rules Rules) choice {
	s := newSearch(cart, able, rules)
	s.visit(0)
	found := choice{worth: s.top, finished: !s.cut, bound: max(s.top.off, s.open)}
	for _, i := range s.found {
		found.set = append(found.set, s.all[i])
	}
	return found
}

type search struct {
	all     []*effect // in stack order
	pairs   *pairs
	floor   int64
	most    int
	budget  int64 // sets that may still be looked at
	frames  []*frame
	chosen  []int32
	now     worth // of chosen
	found   []int32
	top     worth
	open    int64 // most that a set not looked at could take off
	cut     bool  // some were not looked at
	mark    int64 // least that stays to pay whatever is used
	sorting []reserve
}

// frame is what a partial set leaves: one for each depth, used again and again.
type frame struct {
	last   int32 // coupon that made it; -1 at the root
	off    int64 // what that took off
	rest   int64 // left of the order
	alive  []int32
	scope  []int64 // left of the lines in scope, parallel to alive
	offs   []int64 // what each takes off if it is next, parallel to alive
	nexts  []next
	lines  []int64 // left of each line, where laid
	laid   bool
	parent *frame
}

// next is a way on from a frame.
type next struct {
	at    int // in alive
	bound worth
}

func newSearch(cart *Cart, able []*effect, rules Rules) *search {
	s := &search{floor: rules.FloorMinor, most: rules.setMax(), mark: rules.FloorMinor}
	slices.SortFunc(able, compare)
	s.all = oneEach(able)
	for _, e := range s.all {
		if e.Terms.AllowZero {
			s.mark = 0
		}
	}
	if s.budget = rules.Sets; s.budget <= 0 {
		s.budget = min(SetsMax, workMax/int64(max(len(cart.Lines), 1)))
	}
	s.pairs = pairsOf(s.all, len(cart.Lines))
	root := s.frame(0)
	ground := bare(cart)
	root.last, root.rest, root.lines, root.laid = -1, ground.all, ground.left, true
	for i, e := range s.all {
		s.admit(root, int32(i), e.list)
	}
	return s
}

// oneEach leaves one coupon of each template's version: they are of one group, so
// a set holds at most one, and in the same place of the stack, so the one that
// expires first (then the lower id) makes the better set.
func oneEach(able []*effect) (kept []*effect) {
	for _, e := range able {
		if n := len(kept) - 1; n >= 0 && alike(kept[n], e) {
			if cmp.Or(cmp.Compare(e.Coupon.ValidTo, kept[n].Coupon.ValidTo), cmp.Compare(e.Coupon.ID, kept[n].Coupon.ID)) < 0 {
				kept[n] = e
			}
			continue
		}
		kept = append(kept, e)
	}
	return kept
}

func alike(a, b *effect) bool {
	return a.Coupon.Template != 0 && a.Coupon.Template == b.Coupon.Template && a.Coupon.Version == b.Coupon.Version
}

func (s *search) frame(depth int) *frame {
	if depth == len(s.frames) {
		f := &frame{}
		if depth > 0 {
			f.parent = s.frames[depth-1]
		}
		s.frames = append(s.frames, f)
	}
	return s.frames[depth]
}

// admit makes a coupon a way on from a frame, unless nothing behind it can change
// that it has no place there: what is left only falls, so what a coupon takes off
// only falls too, and so do the amounts that its threshold looks at - save the
// amount after it, which rises when the floor cuts it.
func (s *search) admit(f *frame, i int32, scope int64) {
	e := s.all[i]
	off := e.off(scope, f.rest, s.floor)
	if off == 0 && e.Terms.Kind != coupon.KindGift {
		return
	}
	if e.Terms.ThresholdBase != coupon.BaseAfter && !e.stands(scope, off) {
		return
	}
	f.alive, f.scope, f.offs = append(f.alive, i), append(f.scope, scope), append(f.offs, off)
}

// visit looks at all sets that begin with the chosen ones.
func (s *search) visit(depth int) {
	f := s.frames[depth]
	s.bounds(f, s.most-depth-1)
	s.budget -= int64(len(f.alive))
	for _, n := range f.nexts {
		if s.hopeless(n.bound) {
			continue
		}
		if s.budget < 0 {
			s.cut, s.open = true, max(s.open, n.bound.off)
			continue
		}
		s.try(depth, n.at)
	}
}

// try adds one coupon, compares the set with the best one, and goes on from it.
func (s *search) try(depth, at int) {
	f := s.frames[depth]
	i := f.alive[at]
	e := s.all[i]
	if !e.stands(f.scope[at], f.offs[at]) {
		return
	}
	was := s.now
	value, unknown := e.gift()
	s.now = worth{was.off + f.offs[at], was.gifts + value, was.unknown + unknown, was.count + 1}
	s.chosen = append(s.chosen, i)
	if order := s.now.beats(s.top); order > 0 || order == 0 && earlier(s.members(s.chosen), s.members(s.found)) {
		s.top, s.found = s.now, append(s.found[:0], s.chosen...)
	}
	if depth+1 < s.most && s.advance(depth, at) {
		s.visit(depth + 1)
	}
	s.chosen, s.now = s.chosen[:depth], was
}

func (s *search) members(chosen []int32) []*effect {
	set := make([]*effect, len(chosen))
	for n, i := range chosen {
		set[n] = s.all[i]
	}
	return set
}

// advance makes the frame behind a coupon and reports whether a way leads on.
func (s *search) advance(depth, at int) bool {
	f, to := s.frames[depth], s.frame(depth+1)
	to.last, to.off, to.rest, to.laid = f.alive[at], f.offs[at], f.rest-f.offs[at], false
	to.alive, to.scope, to.offs = to.alive[:0], to.scope[:0], to.offs[:0]
	for k := at + 1; k < len(f.alive); k++ {
		j := f.alive[k]
		relation := s.pairs.of(to.last, j)
		scope := f.scope[k]
		switch relation {
		case apart:
			continue
		case covering:
			scope -= to.off
		case crossing:
			if to.off > 0 {
				scope = sumOf(s.lay(to), s.all[j].lines)
			}
		}
		s.admit(to, j, scope)
	}
	return len(to.alive) > 0
}

// lay returns what a frame leaves of each line. Most sets never need it: a coupon
// whose scope holds that of the one before it, or nothing of it, needs sums only.
func (s *search) lay(f *frame) []int64 {
	if !f.laid {
		f.lines = append(f.lines[:0], s.lay(f.parent)...)
		s.all[f.last].take(f.lines, f.off)
		f.laid = true
	}
	return f.lines
}
