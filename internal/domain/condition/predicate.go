package condition

// Op is the operator of a predicate.
type Op string

// The operators and the fields of Predicate that they use.
const (
	OpAlways    Op = "always"     // true
	OpAnd       Op = "and"        // Of; true when empty
	OpOr        Op = "or"         // Of; false when empty
	OpNot       Op = "not"        // Of, one
	OpAttribute Op = "attribute"  // the attribute Name is one of Values
	OpFigure    Op = "figure"     // the attribute Name, read as a whole number, lies in [Min, Max]
	OpHas       Op = "has"        // the attribute Name is there and not empty
	OpTag       Op = "tag"        // has one of the tags Values
	OpList      Op = "list"       // is in one of the lists Values
	OpOrders    Op = "orders"     // the number of orders in the last Days days (0: ever) lies in [Min, Max]
	OpOrderAge  Op = "order_age"  // has an order, and the last one was [Min, Max] local days ago
	OpBought    Op = "bought"     // has bought any of Values (of Kind) in the last Days days (0: ever)
	OpLastGoods Op = "last_goods" // the last order has a line in one of the categories Values
)

// Predicate is a condition over stored facts of a member, for a store to turn
// into SQL. A bound that is nil is open. Days are those of Moment.Since; a
// category holds what lies below it.
type Predicate struct {
	Op       Op
	Of       []Predicate
	Name     string
	Values   []string
	Kind     Goods
	Days     int64
	Min, Max *int64
	// Absent is the result where the store does not know the fact: no such
	// attribute (or, for a figure, none that is a whole number). What a store
	// always knows (tags, lists, orders, purchases) has no such case.
	Absent bool
}

// Predicate returns the tree over stored facts of members; ok is false where a
// leaf asks for something that only the moment of claim or use knows.
func (t *Tree) Predicate() (p Predicate, ok bool) {
	if t.Leaf != nil {
		p, ok = t.Leaf.Predicate()
		p.Absent = (p.Op == OpAttribute || p.Op == OpFigure) && t.Leaf.IfUnknown() == Yes
		return p, ok
	}
	name, kids := t.kids()
	if name == "" {
		return Predicate{Op: OpAlways}, true
	}
	p.Op = OpAnd
	if name != "all" {
		p.Op = OpOr
	}
	for i := range kids {
		of, ok := kids[i].Predicate()
		if !ok {
			return Predicate{}, false
		}
		p.Of = append(p.Of, of)
	}
	if name == "none" {
		p = Predicate{Op: OpNot, Of: []Predicate{p}}
	}
	return p, true
}

func attributeIn(name string, values []string) (Predicate, bool) {
	return Predicate{Op: OpAttribute, Name: name, Values: values}, true
}

func figureIn(name string, low, high *int64) (Predicate, bool) {
	return Predicate{Op: OpFigure, Name: name, Min: low, Max: high}, true
}

// momentary is the predicate of leaves that only the moment can answer.
func momentary() (Predicate, bool) { return Predicate{}, false }
