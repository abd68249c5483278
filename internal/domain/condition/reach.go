package condition

import (
	"cmp"
	"slices"
)

// dimKind says of which kind of fact a dimension is.
type dimKind uint8

const (
	dimCity dimKind = iota + 1
	dimStore
	dimChannel
	dimMode
	dimAttribute
	dimFigure
	dimTag
	dimList
	dimShare
	dimOrders
	dimBought
	dimNow
	dimWeekday
	dimMinute
	dimOrderAge
	dimRecent
	dimBoughtRecently
	dimPayment
	dimDay
	dimOuter
	dimOuterFigure
	dimHeldTemplate
	dimHeldGroup
	dimAmount
	dimQuantity
	dimGoodsMinor
	dimDistance
)

// dimension is one fact about which conditions speak.
type dimension struct {
	kind dimKind
	name string
	days int64
}

func (d dimension) compare(o dimension) int {
	return cmp.Or(cmp.Compare(d.kind, o.kind), cmp.Compare(d.name, o.name), cmp.Compare(d.days, o.days))
}

// constraint is necessary for an answer: the fact lies in the set. It is exact
// where it is sufficient too.
type constraint struct {
	dim   dimension
	set   set
	exact bool
}

// exact is the reach of a leaf that holds exactly when the fact lies in the set
// (or is not known, and that counts as yes).
func exact(d dimension, s set, fb Fallback, holds bool) []constraint {
	s = s.unlessUnknown(fb)
	if !holds {
		s = s.complement()
	}
	return []constraint{{d, s, true}}
}

// part is what one place of a tree demands of a dimension.
type part struct {
	pointer string
	set     set
}

// limits is what all places together demand of a dimension.
type limits struct {
	set   set
	parts []part
}

// box is what a tree demands of each dimension: necessary, not sufficient.
type box map[dimension]limits

// clash is a pair of places that can't both hold.
type clash struct{ a, b string }

// add narrows the box; ok is false when nothing would be left, and then the box
// stays as it was.
func (b box) add(d dimension, p part) (c clash, ok bool) {
	l, there := b[d]
	if !there {
		b[d] = limits{p.set, []part{p}}
		return c, true
	}
	both := l.set.intersect(p.set)
	if both.empty() && !l.set.empty() && !p.set.empty() {
		other := l.parts[len(l.parts)-1]
		for _, o := range l.parts {
			if o.set.intersect(p.set).empty() {
				other = o
				break
			}
		}
		return clash{other.pointer, p.pointer}, false
	}
	b[d] = limits{both, append(slices.Clone(l.parts), p)}
	return c, true
}

// join narrows the box by another.
func (b box) join(o box) (clashes []clash) {
	for _, d := range o.dimensions() {
		for _, p := range o[d].parts {
			if c, ok := b.add(d, p); !ok {
				clashes = append(clashes, c)
				break
			}
		}
	}
	return clashes
}

func (b box) dimensions() []dimension {
	all := make([]dimension, 0, len(b))
	for d := range b {
		all = append(all, d)
	}
	slices.SortFunc(all, dimension.compare)
	return all
}

func (b box) clone() box {
	all := make(box, len(b))
	for d, l := range b {
		all[d] = l
	}
	return all
}

// branch is a child of a node with the answer that it has to give.
type branch struct {
	tree    *Tree
	pointer string
	holds   bool
}

// branches are the children of a node that has to answer holds; every is true
// where all of them have to, false where one is enough.
func (t *Tree) branches(pointer string, holds bool) (all []branch, every bool) {
	name, kids := t.kids()
	for i := range kids {
		all = append(all, branch{&kids[i], child(pointer, name, i), holds != (name == "none")})
	}
	return all, (name == "any") != holds
}

// boxOf is what has to be so for the tree to answer holds.
func boxOf(t *Tree, pointer string, holds bool) box {
	b := box{}
	if t.Leaf != nil {
		for _, c := range t.Leaf.reach(holds) {
			b.add(c.dim, part{pointer, c.set})
		}
		return b
	}
	branches, every := t.branches(pointer, holds)
	if every {
		for _, br := range branches {
			b.join(boxOf(br.tree, br.pointer, br.holds))
		}
		return b
	}
	if len(branches) == 1 {
		return boxOf(branches[0].tree, branches[0].pointer, branches[0].holds)
	}
	for i, br := range branches {
		of := boxOf(br.tree, br.pointer, br.holds)
		if i == 0 {
			b = of
			continue
		}
		for d, l := range b {
			if o, ok := of[d]; ok {
				either := l.set.union(o.set)
				b[d] = limits{either, []part{{pointer, either}}}
			} else {
				delete(b, d)
			}
		}
	}
	return b
}
