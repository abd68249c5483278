package condition

import (
	"encoding/json"

	"quan/internal/domain/rule"
	"quan/internal/kernel/money"
)

// QuantityMax bounds quantities in conditions.
const QuantityMax = 1_000_000

// CartContains asks that the lines in scope reach an amount (list prices) and a
// number of units; without either, that there is one.
type CartContains struct {
	Scope       rule.Scope `json:"scope,omitzero"`
	MinMinor    int64      `json:"min_minor,omitempty"`
	MinQuantity int64      `json:"min_quantity,omitempty"`
	Fallback
}

// Type is cart_contains.
func (c *CartContains) Type() string { return "cart_contains" }

// Check sums the lines in scope.
func (c *CartContains) Check(f *Facts) Answer {
	if f.Cart == nil || f.Cart.Foreign && c.MinMinor > 0 {
		return Unknown
	}
	var minor, quantity int64
	for i := range f.Cart.Lines {
		if l := &f.Cart.Lines[i]; c.Scope.Matches(l.Line) {
			minor += l.Quantity * l.UnitMinor
			quantity += l.Quantity
		}
	}
	return answer(minor >= c.MinMinor && quantity >= max(c.MinQuantity, 1))
}

// Form has the goods and what they have to reach.
func (c *CartContains) Form() Form {
	return form(c.Type(), field("scope", FieldScope), number("min_minor", FieldMoney, 0, money.MaxMinor),
		number("min_quantity", FieldInteger, 0, QuantityMax))
}

// Explain tells goods and bounds.
func (c *CartContains) Explain() Saying {
	least := []Arg{goods(c.Scope), {Name: "minor", Value: Minor(c.MinMinor)}, {Name: "quantity", Value: Count(max(c.MinQuantity, 1))}}
	switch {
	case c.MinMinor > 0 && c.MinQuantity > 0:
		return say(c.Type()+".both", least...)
	case c.MinMinor > 0:
		return say(c.Type()+".minor", least...)
	}
	return say(c.Type()+".quantity", least...)
}

// Predicate does not exist: only the moment knows a cart.
func (c *CartContains) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the cart.
func (c *CartContains) Needs(n *Needs) { n.Cart = true }

func (c *CartContains) compile() (check, error) { return c.Check, nil }

func (c *CartContains) cost() int64 { return scopeCost(c.Scope) }

func scopeCost(s rule.Scope) (n int64) {
	n = 1
	for _, sel := range []rule.Selector{s.Include, s.Exclude} {
		n += int64(len(sel.Categories) + len(sel.Brands) + len(sel.SKUs) + len(sel.Merchants) + len(sel.Stores))
	}
	return n
}

// scopeName names the dimension of a scope: equal scopes have equal names.
func scopeName(s rule.Scope) string {
	text, err := json.Marshal(s)
	if err != nil {
		return ""
	}
	return string(text)
}

func (c *CartContains) reach(holds bool) []constraint {
	name := scopeName(c.Scope)
	units := max(c.MinQuantity, 1)
	quantity := exact(dimension{kind: dimQuantity, name: name}, rangeSet(counts, &units, nil), c.Fallback, holds)
	if c.MinMinor == 0 {
		return quantity
	}
	if !holds {
		return nil
	}
	quantity[0].exact = false
	minor := rangeSet(counts, &c.MinMinor, nil).unlessUnknown(c.Fallback)
	return append(quantity, constraint{dimension{kind: dimGoodsMinor, name: name}, minor, false})
}

func (c *CartContains) validate(v *validation) {
	v.fallback(c.Fallback)
	c.Scope.Validate(v.at+"/scope", v.list)
	v.number(c.MinMinor, 0, money.MaxMinor, "/min_minor")
	v.number(c.MinQuantity, 0, QuantityMax, "/min_quantity")
}
