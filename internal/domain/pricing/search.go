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
func best(b *basket, able []*effect) choice {
	s := newSearch(b, able)
	s.visit(0)
	found := choice{worth: s.top, finished: !s.cut, bound: max(s.top.off, s.open)}
	for _, i := range s.found {
		found.set = append(found.set, s.all[i])
	}
	slices.SortFunc(found.set, b.compare)
	return found
}

type search struct {
	*basket
	all    []*effect // in stack order, save twins: see there
	ahead  []int32   // of each, the twin that a set has before it takes this one; -1
	pairs  *pairs
	most   int
	budget int64 // sets that may still be looked at
	chosen []int32
	now    worth // of chosen
	found  []int32
	top    worth
	open   int64 // most that a set not looked at could take off
	cut    bool  // some were not looked at
	mark   int64 // least that stays to pay whatever is used
}

// frame is what a partial set leaves: one for each depth, used again and again.
type frame struct {
	last    int32 // coupon that made it; -1 at the root
	off     int64 // what that took off
	rest    int64 // left of the order
	ways    []way
	nexts   []next
	ground  ground // where laid
	laid    bool
	changed []uint64 // lines on which last did anything; where laid
	parent  *frame
}

// way is a coupon that can be next behind a frame.
type way struct {
	measure
	i     int32
	off   int64 // what it takes off if it is next
	peak  int64 // most that it takes off behind this frame, next or later
	bars  bool  // its budget refuses it
	stale bool  // see advance; peak is a bound, the rest is not known
	gone  bool  // nothing good goes through it
}

// next is a way on from a frame.
type next struct {
	at    int // in ways
	bound worth
}

func newSearch(b *basket, able []*effect) *search {
	s := &search{basket: b, most: b.rules.setMax(), mark: b.rules.FloorMinor}
	slices.SortFunc(able, b.compare)
	s.all = b.oneEach(able)
	units := false
	for _, e := range s.all {
		if e.Terms.AllowZero {
			s.mark = 0
		}
		units = units || e.targets != nil
	}
	s.mark = max(s.mark, b.setFloor())
	if s.budget = b.rules.Sets; s.budget <= 0 {
		s.budget = min(SetsMax, workMax/int64(max(len(b.Lines), 1)))
	}
	s.pairs = pairsOf(b, s.all)
	s.twins()
	root := s.frame(0)
	root.last, root.rest, root.laid, root.ways = -1, b.all, true, root.ways[:0]
	root.ground = *b.bare(units)
	for i, e := range s.all {
		s.admit(root, int32(i), e.bare)
	}
	return s
}

// oneEach leaves one coupon of each template's version: they are of one group, so
// a set holds at most one, and in the same place of the stack, so the one that
// expires first (then the lower id) makes the better set.
func (b *basket) oneEach(able []*effect) (kept []*effect) {
	if b.rules.Profile.Together == TogetherAll || b.rules.Profile.Order == OrderRequest {
		return able
	}
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
	return a.Coupon.Template != 0 && a.Coupon.Template == b.Coupon.Template && a.Coupon.Version == b.Coupon.Version &&
		a.Terms.AmountMinor == b.Terms.AmountMinor && a.BalanceMinor == b.BalanceMinor && a.Budget == b.Budget
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
// that it has no place there: what is left only falls, so the bound of what a
// coupon takes off only falls too, and so do the amounts that its threshold looks
// at - save the amount after it, which rises when the floor cuts it, and that of
// an add-on, whose own units don't count.
func (s *search) admit(f *frame, i int32, m measure) bool {
	e := s.all[i]
	w := way{measure: m, i: i}
	spent := s.spent(f, e.Budget)
	w.off, w.bars = e.cut(s.basket, m.raw, m.room, f.rest, spent)
	w.peak, _ = e.cut(s.basket, m.ridge, m.room, f.rest, spent)
	if w.peak == 0 && !e.hands() {
		return false
	}
	if e.Terms.ThresholdBase != coupon.BaseAfter && e.Terms.Kind != coupon.KindAddOn {
		if minor, units := gap(e.Terms, e.list, m.scope, 0, e.quantity); minor > 0 || units > 0 {
			return false
		}
	}
	f.ways = append(f.ways, w)
	return true
}

// short reports whether the whole cart is too little for the threshold: then every
// set is.
func (e *effect) short() bool {
	if e.Terms.ThresholdBase == coupon.BaseAfter || e.Terms.Kind == coupon.KindAddOn {
		return false
	}
	minor, units := gap(e.Terms, e.list, e.list, 0, e.quantity)
	return minor > 0 || units > 0
}

// spent is what the coupons of a partial set took of a budget.
func (s *search) spent(f *frame, budget *Budget) int64 {
	if budget == nil {
		return 0
	}
	return spentOf(budget, func(yield func(*Budget, int64)) {
		for g := f; g != nil && g.last >= 0; g = g.parent {
			yield(s.all[g.last].Budget, g.off)
		}
	})
}

// visit looks at all sets that begin with the chosen ones.
func (s *search) visit(depth int) {
	f := s.frames[depth]
	s.bounds(f, s.most-depth-1)
	s.budget -= int64(len(f.ways))
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
	w := &f.ways[at]
	e := s.all[w.i]
	o := w.outcome(f.rest, w.off, w.bars)
	if e.fine() {
		o = e.on(s.basket, s.lay(f), s.spent(f, e.Budget))
	}
	if !e.stands(s.basket, o) {
		return
	}
	was := s.now
	value, unknown := e.gift(w.handed)
	s.now = worth{was.off + w.off, was.gifts + value, was.unknown + unknown, was.count + 1}
	s.chosen = append(s.chosen, w.i)
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
