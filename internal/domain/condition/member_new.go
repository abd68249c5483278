package condition

// MemberNew asks for a member who is new on the platform: without any order.
type MemberNew struct {
	Fallback
}

// Type is member_new.
func (c *MemberNew) Type() string { return "member_new" }

// Check looks at the number of orders.
func (c *MemberNew) Check(f *Facts) Answer {
	if f.Member.Orders == nil {
		return Unknown
	}
	return answer(f.Member.Orders.Count == 0)
}

// Form has no fields of its own.
func (c *MemberNew) Form() Form { return form(c.Type()) }

// Explain says it.
func (c *MemberNew) Explain() Saying { return say(c.Type()) }

// Predicate asks for no order ever.
func (c *MemberNew) Predicate() (Predicate, bool) {
	zero := int64(0)
	return Predicate{Op: OpOrders, Max: &zero}, true
}

// Needs adds the figures of orders.
func (c *MemberNew) Needs(n *Needs) { n.Orders = true }

func (c *MemberNew) compile() (check, error) { return c.Check, nil }

func (c *MemberNew) cost() int64 { return 1 }

func (c *MemberNew) reach(holds bool) []constraint {
	all := exact(dimension{kind: dimOrders}, numberSet(counts, span{0, 0}), c.Fallback, holds)
	if holds {
		age := constraint{dimension{kind: dimOrderAge}, numberSet(ages, span{-1, -1}).orUnknown(), false}
		all = append(all, age)
	}
	return all
}

func (c *MemberNew) validate(v *validation) { v.fallback(c.Fallback) }
