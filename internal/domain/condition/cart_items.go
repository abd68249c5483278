package condition

import (
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Quantifier says of which items of a cart a condition has to be true.
type Quantifier string

// The quantifiers. Of an empty cart, any, every, cheapest and dearest are not true.
const (
	QuantifierAny      Quantifier = "any"
	QuantifierEvery    Quantifier = "every"
	QuantifierNone     Quantifier = "none"
	QuantifierCheapest Quantifier = "cheapest" // one of those with the lowest unit price
	QuantifierDearest  Quantifier = "dearest"  // one of those with the highest unit price
)

var quantifiers = []string{
	string(QuantifierAny), string(QuantifierEvery), string(QuantifierNone), string(QuantifierCheapest), string(QuantifierDearest),
}

// CartItems asks which items of the cart are in scope and in a range of unit
// prices (list prices).
type CartItems struct {
	Quantifier   Quantifier `json:"quantifier"`
	Scope        rule.Scope `json:"scope,omitzero"`
	MinUnitMinor *int64     `json:"min_unit_minor,omitempty"`
	MaxUnitMinor *int64     `json:"max_unit_minor,omitempty"`
	Fallback
}

// Type is cart_items.
func (c *CartItems) Type() string { return "cart_items" }

// Check looks at the items that the quantifier names.
func (c *CartItems) Check(f *Facts) Answer {
	switch {
	case f.Cart == nil, f.Cart.Foreign && (c.MinUnitMinor != nil || c.MaxUnitMinor != nil):
		return Unknown
	case len(f.Cart.Lines) == 0:
		return answer(c.Quantifier == QuantifierNone)
	case c.Quantifier == QuantifierCheapest || c.Quantifier == QuantifierDearest:
		return answer(c.extreme(f.Cart.Lines))
	}
	matching := 0
	for i := range f.Cart.Lines {
		if c.matches(&f.Cart.Lines[i]) {
			matching++
		}
	}
	switch c.Quantifier {
	case QuantifierAny:
		return answer(matching > 0)
	case QuantifierEvery:
		return answer(matching == len(f.Cart.Lines))
	}
	return answer(matching == 0)
}

func (c *CartItems) matches(l *Line) bool {
	return within(l.UnitMinor, c.MinUnitMinor, c.MaxUnitMinor) == Yes && c.Scope.Matches(l.Line)
}

// extreme reports whether an item with the lowest or highest price matches.
func (c *CartItems) extreme(lines []Line) bool {
	price := lines[0].UnitMinor
	for i := range lines {
		if c.Quantifier == QuantifierCheapest {
			price = min(price, lines[i].UnitMinor)
		} else {
			price = max(price, lines[i].UnitMinor)
		}
	}
	for i := range lines {
		if lines[i].UnitMinor == price && c.matches(&lines[i]) {
			return true
		}
	}
	return false
}

// Form has the quantifier, the goods and the prices.
func (c *CartItems) Form() Form {
	return form(c.Type(), choice("quantifier", quantifiers...).required(), field("scope", FieldScope),
		number("min_unit_minor", FieldMoney, 0, money.MaxMinor), number("max_unit_minor", FieldMoney, 0, money.MaxMinor))
}

// Explain tells quantifier, goods and prices.
func (c *CartItems) Explain() Saying {
	key := c.Type() + "." + string(c.Quantifier)
	if c.MinUnitMinor == nil && c.MaxUnitMinor == nil {
		return say(key+".goods", goods(c.Scope))
	}
	if c.Scope.Everything() {
		return between(UnitMinor, key+".unit", c.MinUnitMinor, c.MaxUnitMinor)
	}
	return between(UnitMinor, key+".price", c.MinUnitMinor, c.MaxUnitMinor, goods(c.Scope))
}

// Predicate does not exist: only the moment knows a cart.
func (c *CartItems) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the cart.
func (c *CartItems) Needs(n *Needs) { n.Cart = true }

func (c *CartItems) compile() (check, error) { return c.Check, nil }

func (c *CartItems) cost() int64 { return scopeCost(c.Scope) }

func (c *CartItems) reach(bool) []constraint { return nil }

func (c *CartItems) validate(v *validation) {
	v.fallback(c.Fallback)
	v.choice(string(c.Quantifier), "/quantifier", quantifiers...)
	c.Scope.Validate(v.at+"/scope", v.list)
	if c.MinUnitMinor != nil || c.MaxUnitMinor != nil {
		v.interval(c.MinUnitMinor, c.MaxUnitMinor, 0, money.MaxMinor, "/min_unit_minor", "/max_unit_minor")
	} else if c.Scope.Everything() {
		v.add(fault.MissingValue, "/scope")
	}
}
