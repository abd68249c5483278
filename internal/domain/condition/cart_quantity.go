package condition

import "quan/internal/domain/rule"

// CartQuantity asks how many units of the goods in scope the cart has.
type CartQuantity struct {
	Scope rule.Scope `json:"scope,omitzero"`
	Min   *int64     `json:"min,omitempty"`
	Max   *int64     `json:"max,omitempty"`
	Fallback
}

// Type is cart_quantity.
func (c *CartQuantity) Type() string { return "cart_quantity" }

// Check counts the units in scope.
func (c *CartQuantity) Check(f *Facts) Answer {
	if f.Cart == nil {
		return Unknown
	}
	var quantity int64
	for i := range f.Cart.Lines {
		if l := &f.Cart.Lines[i]; c.Scope.Matches(l.Line) {
			quantity += l.Quantity
		}
	}
	return within(quantity, c.Min, c.Max)
}

// Form has the goods and the bounds.
func (c *CartQuantity) Form() Form {
	return form(c.Type(), field("scope", FieldScope), number("min", FieldInteger, 0, QuantityMax),
		number("max", FieldInteger, 0, QuantityMax))
}

// Explain tells goods and bounds.
func (c *CartQuantity) Explain() Saying {
	return between(UnitCount, c.Type(), c.Min, c.Max, goods(c.Scope))
}

// Predicate does not exist: only the moment knows a cart.
func (c *CartQuantity) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the cart.
func (c *CartQuantity) Needs(n *Needs) { n.Cart = true }

func (c *CartQuantity) compile() (check, error) { return c.Check, nil }

func (c *CartQuantity) cost() int64 { return scopeCost(c.Scope) }

func (c *CartQuantity) reach(holds bool) []constraint {
	d := dimension{kind: dimQuantity, name: scopeName(c.Scope)}
	return exact(d, rangeSet(counts, c.Min, c.Max), c.Fallback, holds)
}

func (c *CartQuantity) validate(v *validation) {
	v.fallback(c.Fallback)
	c.Scope.Validate(v.at+"/scope", v.list)
	v.interval(c.Min, c.Max, 0, QuantityMax, "/min", "/max")
}
