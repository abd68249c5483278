package condition

import (
	"bytes"
	"encoding/json"
	"fmt"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
)

// Validate adds the faults of the tree, at pointers below pointer: its depth,
// size and cost, the bounds of its leaves, and, once those are in order, what
// contradicts or repeats something else. conflicting_rules names the pair of
// pointers as params a and b.
func (t *Tree) Validate(pointer string, l *fault.List) {
	v := validation{list: l, at: pointer}
	before := len(l.Faults)
	v.tree(t, pointer, 1)
	switch {
	case v.leaves > LeavesMax:
		l.Add(fault.New(fault.TooLong, "max", LeavesMax).At(pointer))
	case len(l.Faults) > before:
	case v.total > CostMax:
		l.Add(fault.New(fault.OutOfRange, "min", 0, "max", CostMax).At(pointer))
	default:
		v.reason(t, pointer)
	}
}

type validation struct {
	list   *fault.List
	at     string // pointer of the leaf that is looked at
	leaves int
	total  int64
	told   map[clash]bool
}

func (v *validation) tree(t *Tree, pointer string, depth int) {
	if depth > DepthMax {
		v.list.Add(fault.New(fault.TooLong, "max", DepthMax).At(pointer))
		return
	}
	name, kids := t.kids()
	forms := 0
	for _, set := range []bool{t.Leaf != nil, t.All != nil, t.Any != nil, t.None != nil} {
		if set {
			forms++
		}
	}
	switch {
	case forms > 1:
		v.list.Add(fault.New(fault.Conflicting, "a", name, "b", "type").At(pointer))
		return
	case forms == 0 && depth > 1:
		v.list.Add(fault.New(fault.MissingValue).At(pointer + "/type"))
		return
	case t.Leaf != nil:
		v.leaf(t.Leaf, pointer)
		return
	case name != "" && len(kids) == 0:
		v.list.Add(fault.New(fault.MissingValue).At(pointer + "/" + name))
		return
	}
	for i := range kids {
		if v.leaves > LeavesMax {
			return
		}
		v.tree(&kids[i], child(pointer, name, i), depth+1)
	}
}

func (v *validation) leaf(leaf Leaf, pointer string) {
	v.leaves++
	v.at = pointer
	before := len(v.list.Faults)
	leaf.validate(v)
	if len(v.list.Faults) == before {
		v.total += leaf.cost()
	}
}

func (v *validation) add(code fault.Code, field string, params ...any) {
	v.list.Add(fault.New(code, params...).At(v.at + field))
}

// fallback checks what unknown counts as.
func (v *validation) fallback(f Fallback) {
	if f.Unknown != "" && f.Unknown != UnknownNo && f.Unknown != UnknownYes {
		v.add(fault.InvalidValue, "/unknown")
	}
}

// words checks a required list of words.
func (v *validation) words(list []string, field string) {
	switch {
	case len(list) == 0:
		v.add(fault.MissingValue, field)
		return
	case len(list) > WordsMax:
		v.add(fault.TooLong, field, "max", WordsMax)
		return
	}
	seen := make(map[string]bool, len(list))
	for i, w := range list {
		at := fmt.Sprintf("%s/%d", field, i)
		v.list.Add(rule.Word(w, v.at+at))
		if seen[w] {
			v.add(fault.DuplicateValue, at)
		}
		seen[w] = true
	}
}

// oneOf checks that each entry of a required list is one of the known words.
func (v *validation) known(list []string, field string, words ...string) {
	v.words(list, field)
	for i, w := range list {
		if w != "" && !contains(words, w) {
			v.add(fault.InvalidValue, fmt.Sprintf("%s/%d", field, i))
		}
	}
}

func contains(list []string, w string) bool {
	for _, o := range list {
		if o == w {
			return true
		}
	}
	return false
}

func (v *validation) word(value, field string) { v.list.Add(rule.Word(value, v.at+field)) }

func (v *validation) choice(value, field string, options ...string) {
	switch {
	case value == "":
		v.add(fault.MissingValue, field)
	case !contains(options, value):
		v.add(fault.InvalidValue, field)
	}
}

func (v *validation) number(value, low, high int64, field string) {
	if value < low || value > high {
		v.add(fault.OutOfRange, field, "min", low, "max", high)
	}
}

// interval checks two optional bounds of which one has to be there.
func (v *validation) interval(low, high *int64, least, most int64, lowField, highField string) {
	if low == nil && high == nil {
		v.add(fault.MissingValue, lowField)
		return
	}
	if low != nil {
		v.number(*low, least, most, lowField)
	}
	if high != nil {
		v.number(*high, least, most, highField)
	}
	if low != nil && high != nil && *low > *high {
		v.add(fault.Conflicting, highField, "a", v.at+lowField, "b", v.at+highField)
	}
}

// reason looks for parts of the tree that can't both hold, and for parts that
// say nothing beside another.
func (v *validation) reason(t *Tree, pointer string) {
	v.told = map[clash]bool{}
	v.repeats(t, pointer)
	v.clashes(t, pointer, true, box{})
}

func (v *validation) tell(clashes []clash) {
	for _, c := range clashes {
		if !v.told[c] {
			v.told[c] = true
			v.list.Add(fault.New(fault.Conflicting, "a", c.a, "b", c.b).At(c.b))
		}
	}
}

// clashes looks at a node that has to answer holds, under what the rest of the
// tree demands anyway.
func (v *validation) clashes(t *Tree, pointer string, holds bool, context box) {
	if t.Leaf != nil {
		return
	}
	branches, every := t.branches(pointer, holds)
	if every {
		context = context.clone()
		for _, br := range branches {
			v.tell(context.join(boxOf(br.tree, br.pointer, br.holds)))
		}
	}
	for _, br := range branches {
		if !every {
			v.tell(context.clone().join(boxOf(br.tree, br.pointer, br.holds)))
		}
		v.clashes(br.tree, br.pointer, br.holds, context)
	}
}

// repeats finds children that are equal to another child, and alternatives that
// another alternative holds.
func (v *validation) repeats(t *Tree, pointer string) {
	name, kids := t.kids()
	texts := make([][]byte, len(kids))
	for i := range kids {
		at := child(pointer, name, i)
		v.repeats(&kids[i], at)
		texts[i], _ = json.Marshal(kids[i])
		for j := range i {
			if bytes.Equal(texts[i], texts[j]) {
				v.list.Add(fault.New(fault.DuplicateValue).At(at))
				break
			}
		}
	}
	if name == "any" || name == "none" {
		v.covered(kids, pointer, name)
	}
}

func (v *validation) covered(kids []Tree, pointer, name string) {
	for i := range kids {
		for j := range kids {
			if i != j && kids[i].coveredBy(&kids[j]) && !(j > i && kids[j].coveredBy(&kids[i])) {
				v.list.Add(fault.New(fault.DuplicateValue).At(child(pointer, name, i)))
				break
			}
		}
	}
}

// coveredBy reports whether o holds wherever t does, as far as two leaves over
// the same fact show, and they are not written alike (repeats tells that).
func (t *Tree) coveredBy(o *Tree) bool {
	if t.Leaf == nil || o.Leaf == nil {
		return false
	}
	a, b := t.Leaf.reach(true), o.Leaf.reach(true)
	if len(a) == 0 || len(b) != 1 || !b[0].exact || !a[0].exact || a[0].dim != b[0].dim || !a[0].set.inside(b[0].set) {
		return false
	}
	x, _ := json.Marshal(t)
	y, _ := json.Marshal(o)
	return !bytes.Equal(x, y)
}
