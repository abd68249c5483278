package pricing

import (
	"cmp"
	"math/bits"
	"slices"
)

// reserve is the most that one group of coupons could still add to a set.
type reserve struct {
	group   int32
	off     int64
	gifts   int64
	unknown int64
}

// bounds fills the ways on from a frame with the most that a set through each of
// them could reach, the most promising first.
//
// What is left of lines and order only falls along a branch, so no coupon ever
// takes off more than its peak right here: for a sum what it would take off, for
// a coupon by units the bound of claim.go. A set has at most one coupon of a
// group and room for a few more coupons: the most it can still take off is the
// sum of the largest of the groups behind - and never more than what is left
// above the floor.
func (s *search) bounds(f *frame, room int) {
	f.nexts = f.nexts[:0]
	groups := s.sorting[:0]
	for at := len(f.ways) - 1; at >= 0; at-- {
		w := &f.ways[at]
		e := s.all[w.i]
		value, unknown := e.gift(w.handed)
		b := worth{s.now.off + w.off, s.now.gifts + value, s.now.unknown + unknown, s.now.count + 1}
		rest := s.rest(groups, w.i, room)
		b.off += min(rest.off, max(f.rest-w.off-s.mark, 0))
		b.gifts += rest.gifts
		b.unknown += rest.unknown
		if !s.waits(w.i) && !s.hopeless(b) {
			f.nexts = append(f.nexts, next{at, b})
		}
		if e.targets != nil && e.Terms.Gift != nil { // what it hands over may rise
			value, unknown = e.gift(e.Terms.Gift.Quantity)
		}
		groups = raise(groups, reserve{s.pairs.group[w.i], w.peak, value, unknown})
	}
	s.sorting = groups
	slices.SortFunc(f.nexts, func(a, b next) int {
		return cmp.Or(cmp.Compare(b.bound.off, a.bound.off), cmp.Compare(b.bound.gifts, a.bound.gifts),
			cmp.Compare(f.ways[b.at].off, f.ways[a.at].off), cmp.Compare(a.at, b.at))
	})
}

// rest sums what the best room groups behind a coupon could add. Gifts are not
// sorted by, so all groups' count: they only break ties.
func (s *search) rest(groups []reserve, i int32, room int) (sum reserve) {
	if room <= 0 {
		return sum
	}
	for _, g := range groups {
		if s.pairs.never(i, g.group) {
			continue
		}
		if room > 0 {
			sum.off += g.off
			room--
		}
		sum.gifts += g.gifts
		sum.unknown += g.unknown
	}
	return sum
}

// raise keeps the groups sorted by what they take off, the largest first.
func raise(groups []reserve, r reserve) []reserve {
	at := leader(groups, r.group)
	if at == len(groups) {
		groups = append(groups, r)
	} else {
		g := &groups[at]
		g.off, g.gifts, g.unknown = max(g.off, r.off), max(g.gifts, r.gifts), max(g.unknown, r.unknown)
	}
	for ; at > 0 && groups[at].off > groups[at-1].off; at-- {
		groups[at], groups[at-1] = groups[at-1], groups[at]
	}
	return groups
}

// hopeless reports whether no set within a bound is better than the best one. A
// set that needs more coupons to reach the bound than the best one has loses the
// tie; the bound's count is that of the set as it stands, the least there is.
func (s *search) hopeless(b worth) bool { return b.beats(s.top) < 0 }

// relation of the scopes of two coupons, the earlier in the stack named first.
type relation uint8

const (
	unknownYet relation = iota
	apart               // they can't stand on one order
	disjoint            // no line in both
	covering            // the later one has all lines of the earlier one
	crossing            // some, not all
)

// pairs knows how coupons of a search stand to each other, worked out on demand.
type pairs struct {
	*basket
	all    []*effect
	group  []int32
	bars   [][]int32  // groups that a coupon excludes by name
	reads  [][]uint64 // lines on which what a coupon takes off depends
	writes [][]uint64 // lines that it takes from or touches
	memory []relation
}

func pairsOf(b *basket, all []*effect) *pairs {
	p := &pairs{basket: b, all: all, group: make([]int32, len(all)), bars: make([][]int32, len(all)),
		reads: make([][]uint64, len(all)), writes: make([][]uint64, len(all)), memory: make([]relation, len(all)*len(all))}
	numbers := map[string]int32{}
	words := (len(b.Lines) + 63) / 64
	bits := make([]uint64, 2*words*len(all))
	for i, e := range all {
		p.reads[i], bits = bits[:words:words], bits[words:]
		p.writes[i], bits = bits[:words:words], bits[words:]
		mark(p.reads[i], e.lines)
		if e.targets == nil {
			p.writes[i] = p.reads[i]
		} else {
			mark(p.reads[i], e.targets.lines)
			mark(p.writes[i], e.targets.lines)
		}
		if b.rules.Profile.Together == TogetherAll {
			p.group[i] = int32(i)
			continue
		}
		name := e.Terms.Stacking.Named()
		if _, known := numbers[name]; !known {
			numbers[name] = int32(len(numbers))
		}
		p.group[i] = numbers[name]
	}
	for i, e := range all {
		for _, name := range e.Terms.Stacking.Excludes {
			if g, known := numbers[name]; known {
				p.bars[i] = append(p.bars[i], g)
			}
		}
	}
	return p
}

func mark(set []uint64, lines []int32) {
	for _, line := range lines {
		set[line/64] |= 1 << (line % 64)
	}
}

// never reports whether no coupon of a group can stand beside a coupon.
func (p *pairs) never(i, group int32) bool {
	return p.group[i] == group || slices.Contains(p.bars[i], group)
}

// of is the relation of two coupons, the earlier in the stack first.
func (p *pairs) of(i, j int32) relation {
	known := &p.memory[int(i)*len(p.all)+int(j)]
	if *known == unknownYet {
		*known = p.relate(i, j)
	}
	return *known
}

func (p *pairs) relate(i, j int32) relation {
	if p.never(i, p.group[j]) || p.never(j, p.group[i]) {
		return apart
	}
	shared, own := 0, 0
	for w, word := range p.writes[i] {
		own += bits.OnesCount64(word)
		shared += bits.OnesCount64(word & p.reads[j][w])
	}
	plain := !p.mins && p.rules.Profile.Round == RoundOnce && !p.all[j].byPiece(p.basket) && p.all[j].targets == nil
	switch {
	case shared == 0:
		return disjoint
	case shared == own && plain:
		return covering
	}
	return crossing
}
