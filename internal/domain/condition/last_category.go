package condition

import "quan/internal/domain/rule"

// LastCategory asks whether the member's last order has a line in one of the
// categories or below. Who has never ordered does not satisfy it.
type LastCategory struct {
	In []string `json:"in"`
	Fallback
}

// Type is last_category.
func (c *LastCategory) Type() string { return "last_category" }

// Check looks at the categories of the last order.
func (c *LastCategory) Check(f *Facts) Answer {
	orders := f.Member.Orders
	switch {
	case orders == nil:
		return Unknown
	case orders.Count == 0:
		return No
	case orders.LastCategories == nil:
		return Unknown
	}
	scope := rule.Scope{Include: rule.Selector{Categories: c.In}}
	for _, category := range orders.LastCategories {
		if scope.Matches(rule.Line{Category: category}) {
			return Yes
		}
	}
	return No
}

// Form has In.
func (c *LastCategory) Form() Form { return form(c.Type(), wordList("in", NamedCategory).required()) }

// Explain names In.
func (c *LastCategory) Explain() Saying { return say(c.Type(), items(NamedCategory, c.In)) }

// Predicate asks for the categories of the stored last order.
func (c *LastCategory) Predicate() (Predicate, bool) {
	return Predicate{Op: OpLastGoods, Kind: GoodsCategory, Values: c.In}, true
}

// Needs adds the last order.
func (c *LastCategory) Needs(n *Needs) { n.Orders, n.LastOrder = true, true }

func (c *LastCategory) compile() (check, error) { return c.Check, nil }

func (c *LastCategory) cost() int64 { return int64(len(c.In)) }

// reach knows that who has a last order has ordered.
func (c *LastCategory) reach(holds bool) []constraint {
	if !holds || c.IfUnknown() == Yes {
		return nil
	}
	return []constraint{{dimension{kind: dimOrders}, numberSet(counts, span{1, counts.high}), false}}
}

func (c *LastCategory) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
