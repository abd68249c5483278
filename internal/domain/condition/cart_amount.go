package condition

import "quan/internal/kernel/money"

// Base names the amount of a cart that a condition speaks of.
type Base string

// The bases, as in the thresholds of coupons.
const (
	BaseList   Base = "list"
	BaseBefore Base = "before" // before this coupon
	BaseAfter  Base = "after"  // after this coupon
)

// CartAmount asks for the amount of the cart on one base, in minor units of the
// market's currency.
type CartAmount struct {
	Base     Base   `json:"base"`
	MinMinor *int64 `json:"min_minor,omitempty"`
	MaxMinor *int64 `json:"max_minor,omitempty"`
	Fallback
}

// Type is cart_amount.
func (c *CartAmount) Type() string { return "cart_amount" }

// Check compares the amount with the bounds.
func (c *CartAmount) Check(f *Facts) Answer {
	if f.Cart == nil {
		return Unknown
	}
	amount := f.Cart.List
	switch c.Base {
	case BaseBefore:
		amount = f.Cart.Before
	case BaseAfter:
		amount = f.Cart.After
	}
	if !amount.Known || f.Cart.Foreign {
		return Unknown
	}
	return within(amount.Minor, c.MinMinor, c.MaxMinor)
}

// Form has the base and the bounds.
func (c *CartAmount) Form() Form {
	return form(c.Type(), choice("base", string(BaseList), string(BaseBefore), string(BaseAfter)).required(),
		number("min_minor", FieldMoney, 0, money.MaxMinor), number("max_minor", FieldMoney, 0, money.MaxMinor))
}

// Explain tells base and bounds.
func (c *CartAmount) Explain() Saying {
	return between(UnitMinor, c.Type()+"."+string(c.Base), c.MinMinor, c.MaxMinor)
}

// Predicate does not exist: only the moment knows a cart.
func (c *CartAmount) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the cart.
func (c *CartAmount) Needs(n *Needs) { n.Cart = true }

func (c *CartAmount) compile() (check, error) { return c.Check, nil }

func (c *CartAmount) cost() int64 { return 1 }

func (c *CartAmount) reach(holds bool) []constraint {
	return exact(dimension{kind: dimAmount, name: string(c.Base)}, rangeSet(numbers, c.MinMinor, c.MaxMinor), c.Fallback, holds)
}

func (c *CartAmount) validate(v *validation) {
	v.fallback(c.Fallback)
	v.choice(string(c.Base), "/base", string(BaseList), string(BaseBefore), string(BaseAfter))
	v.interval(c.MinMinor, c.MaxMinor, 0, money.MaxMinor, "/min_minor", "/max_minor")
}
