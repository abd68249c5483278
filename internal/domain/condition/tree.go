package condition

// Bounds of a tree.
const (
	DepthMax  = 8       // of nested nodes, leaves included
	LeavesMax = 200     // of the whole tree
	WordsMax  = 500     // entries of one list of a leaf
	CostMax   = 200_000 // of the whole tree, in list entries, polygon points and CEL cost units
)

// Tree is a condition: the zero Tree, which asks for nothing, or exactly one of
// All, Any, None and Leaf. It is a document: written as JSON it reads back equal.
type Tree struct {
	All  []Tree // every one holds
	Any  []Tree // at least one holds
	None []Tree // none holds
	Leaf Leaf
}

// Leaf is one condition. Its types are those of Types.
type Leaf interface {
	// Type is the word that stands as "type" in JSON.
	Type() string
	// Check answers by what is known, before what unknown counts as.
	Check(*Facts) Answer
	// IfUnknown is what the leaf answers when Check says Unknown: Yes or No.
	IfUnknown() Answer
	// Form describes the leaf's fields to an editor.
	Form() Form
	// Explain is what the leaf says, for package explanation.
	Explain() Saying
	// Predicate is the leaf over stored facts of members; ok is false where only
	// the moment of claim or use can answer.
	Predicate() (p Predicate, ok bool)
	// Needs adds the facts that Check reads.
	Needs(*Needs)

	validate(*validation)
	cost() int64
	compile() (check, error)
	reach(holds bool) []constraint
}

// Answer of a check.
type Answer uint8

// The answers; the zero value is Unknown.
const (
	Unknown Answer = iota
	No
	Yes
)

func answer(yes bool) Answer {
	if yes {
		return Yes
	}
	return No
}

// String writes unknown, no or yes.
func (a Answer) String() string { return [...]string{"unknown", "no", "yes"}[a%3] }

// UnknownAs says what a fact that is not known counts as: "yes", "no" or "" for no.
type UnknownAs string

// The values of UnknownAs.
const (
	UnknownNo  UnknownAs = "no"
	UnknownYes UnknownAs = "yes"
)

// Fallback is the part that all leaves share.
type Fallback struct {
	Unknown UnknownAs `json:"unknown,omitempty"`
}

// IfUnknown is Yes or No.
func (f Fallback) IfUnknown() Answer { return answer(f.Unknown == UnknownYes) }

// IsZero reports whether the tree asks for nothing.
func (t Tree) IsZero() bool {
	return t.Leaf == nil && t.All == nil && t.Any == nil && t.None == nil
}

// kids returns the children of a node with the name of its list.
func (t *Tree) kids() (name string, kids []Tree) {
	switch {
	case t.All != nil:
		return "all", t.All
	case t.Any != nil:
		return "any", t.Any
	case t.None != nil:
		return "none", t.None
	}
	return "", nil
}

// Walk calls visit for every leaf with its JSON pointer below pointer, in order.
func (t *Tree) Walk(pointer string, visit func(pointer string, leaf Leaf)) {
	if t.Leaf != nil {
		visit(pointer, t.Leaf)
		return
	}
	name, kids := t.kids()
	for i := range kids {
		kids[i].Walk(child(pointer, name, i), visit)
	}
}
