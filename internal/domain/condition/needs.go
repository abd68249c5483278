package condition

import (
	"cmp"
	"slices"
)

// Needs are the facts that conditions read, so that a use case loads no others.
// The moment, the member's id, the channel, mode and payment are always at hand.
type Needs struct {
	Attributes    []string
	Tags          bool
	Lists         []string // lists of which membership is asked
	AllLists      bool     // every list that holds the member (an expression asks)
	Orders        bool     // Count, First, Last
	LastOrder     bool     // LastCategories
	OrderDays     []int64  // Recent
	Purchases     []Purchase
	Cart          bool
	City          bool
	Position      bool
	Stores        []string // of which positions are asked
	Days          bool     // what the calendar calls the day
	Outer         []string // names of outer facts
	AllOuter      bool     // every outer fact (an expression asks)
	AllAttributes bool     // every attribute (an expression asks)
	Held          bool
}

// Needs returns what the tree reads; lists are sorted and without repeats.
func (t *Tree) Needs() Needs {
	var n Needs
	t.Walk("", func(_ string, leaf Leaf) { leaf.Needs(&n) })
	n.tidy()
	return n
}

// Stored reports whether anything has to be loaded beside what a cart says itself.
func (n *Needs) Stored() bool {
	lists := len(n.Attributes) + len(n.Lists) + len(n.OrderDays) + len(n.Purchases) + len(n.Stores) + len(n.Outer)
	return lists > 0 || n.Tags || n.AllLists || n.Orders || n.LastOrder || n.Days || n.AllOuter || n.AllAttributes || n.Held
}

// Join adds what others need.
func (n *Needs) Join(others ...Needs) {
	for _, o := range others {
		n.Attributes = append(n.Attributes, o.Attributes...)
		n.Lists = append(n.Lists, o.Lists...)
		n.OrderDays = append(n.OrderDays, o.OrderDays...)
		n.Purchases = append(n.Purchases, o.Purchases...)
		n.Stores = append(n.Stores, o.Stores...)
		n.Outer = append(n.Outer, o.Outer...)
		n.Tags = n.Tags || o.Tags
		n.AllLists = n.AllLists || o.AllLists
		n.AllAttributes = n.AllAttributes || o.AllAttributes
		n.AllOuter = n.AllOuter || o.AllOuter
		n.Orders = n.Orders || o.Orders
		n.LastOrder = n.LastOrder || o.LastOrder
		n.Cart = n.Cart || o.Cart
		n.City = n.City || o.City
		n.Position = n.Position || o.Position
		n.Days = n.Days || o.Days
		n.Held = n.Held || o.Held
	}
	n.tidy()
}

func (n *Needs) tidy() {
	n.Attributes = unique(n.Attributes)
	n.Lists = unique(n.Lists)
	n.OrderDays = unique(n.OrderDays)
	n.Stores = unique(n.Stores)
	n.Outer = unique(n.Outer)
	slices.SortFunc(n.Purchases, func(a, b Purchase) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Days, b.Days))
	})
	n.Purchases = slices.Compact(n.Purchases)
}

func unique[T cmp.Ordered](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

func (n *Needs) purchases(kind Goods, codes []string, days int64) {
	for _, code := range codes {
		n.Purchases = append(n.Purchases, Purchase{kind, code, days})
	}
}
