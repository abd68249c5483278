package condition

// check answers by the facts; it does not keep them.
type check func(*Facts) Answer

// Program is a compiled tree. It never changes and may be used by many at once.
type Program struct {
	root node
}

// Failure is a part of a tree that stands in the way.
type Failure struct {
	Pointer string // JSON pointer of the part, below the tree
	Tree    Tree   // the part itself
	Unknown bool   // a fact was not known, and that counts as no
	Held    bool   // the part holds, and stands in a "none"
}

type op uint8

const (
	opNothing op = iota
	opAll
	opAny
	opNone
	opLeaf
)

type node struct {
	op       op
	kids     []node
	check    check
	unknown  bool     // the answer where a fact is not known
	no       *Failure // the part does not hold
	missing  *Failure // the part does not hold because a fact is not known
	standing *Failure // the part holds although it must not
}

// Compile makes a program of a tree. A tree that Validate finds no fault in
// compiles; the error says what of another does not.
func Compile(t Tree) (*Program, error) {
	root, err := compile(&t, "")
	if err != nil {
		return nil, err
	}
	return &Program{root}, nil
}

func compile(t *Tree, pointer string) (n node, err error) {
	n.no = &Failure{Pointer: pointer, Tree: *t}
	n.missing = &Failure{Pointer: pointer, Tree: *t, Unknown: true}
	n.standing = &Failure{Pointer: pointer, Tree: *t, Held: true}
	if t.Leaf != nil {
		n.op, n.unknown = opLeaf, t.Leaf.IfUnknown() == Yes
		n.check, err = t.Leaf.compile()
		return n, err
	}
	name, kids := t.kids()
	n.op = map[string]op{"": opNothing, "all": opAll, "any": opAny, "none": opNone}[name]
	n.kids = make([]node, len(kids))
	for i := range kids {
		if n.kids[i], err = compile(&kids[i], child(pointer, name, i)); err != nil {
			return n, err
		}
	}
	return n, nil
}

// Check reports whether the facts satisfy the tree. If not, why is the first part
// that stands in the way: a leaf, or an "any" of which no alternative holds, or a
// part of a "none" that holds. It is the program's own and must not be changed.
func (p *Program) Check(f *Facts) (ok bool, why *Failure) { return p.root.run(f) }

func (n *node) run(f *Facts) (bool, *Failure) {
	switch n.op {
	case opLeaf:
		switch n.check(f) {
		case Yes:
			return true, nil
		case No:
			return false, n.no
		}
		if n.unknown {
			return true, nil
		}
		return false, n.missing
	case opAll:
		for i := range n.kids {
			if ok, why := n.kids[i].run(f); !ok {
				return false, why
			}
		}
	case opAny:
		for i := range n.kids {
			if ok, why := n.kids[i].run(f); ok || len(n.kids) == 1 {
				return ok, why
			}
		}
		return false, n.no
	case opNone:
		for i := range n.kids {
			if ok, _ := n.kids[i].run(f); ok {
				return false, n.kids[i].standing
			}
		}
	}
	return true, nil
}

// Failures returns every part that stands in the way, in the order of the tree:
// leaves that do not hold (of an "any", all of its leaves, when none holds) and
// parts of a "none" that hold. It is nil when the facts satisfy the tree.
func (p *Program) Failures(f *Facts) []*Failure { return p.root.failures(f, nil) }

func (n *node) failures(f *Facts, all []*Failure) []*Failure {
	ok, why := n.run(f)
	switch {
	case ok:
	case n.op == opLeaf:
		all = append(all, why)
	case n.op == opNone:
		for i := range n.kids {
			if held, _ := n.kids[i].run(f); held {
				all = append(all, n.kids[i].standing)
			}
		}
	default:
		for i := range n.kids {
			all = n.kids[i].failures(f, all)
		}
	}
	return all
}
