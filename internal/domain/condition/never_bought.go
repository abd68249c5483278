package condition

// NeverBought asks for a member who has bought none of the goods, ever or in the
// last days.
type NeverBought struct {
	Kind  Goods    `json:"kind"`
	Codes []string `json:"codes"`
	Days  int64    `json:"days,omitempty"` // 1..WindowMax; 0: ever
	Fallback
}

// Type is never_bought.
func (c *NeverBought) Type() string { return "never_bought" }

// Check looks at the purchases.
func (c *NeverBought) Check(f *Facts) Answer { return bought(f, c.Kind, c.Codes, c.Days).not() }

// Form has the goods and the window.
func (c *NeverBought) Form() Form { return form(c.Type(), boughtFields()...) }

// Explain names the goods and the window.
func (c *NeverBought) Explain() Saying { return boughtSaying(c.Type(), c.Kind, c.Codes, c.Days) }

// Predicate asks for no stored purchase.
func (c *NeverBought) Predicate() (Predicate, bool) {
	return Predicate{Op: OpNot, Of: []Predicate{{Op: OpBought, Kind: c.Kind, Values: c.Codes, Days: c.Days}}}, true
}

// Needs adds the purchases.
func (c *NeverBought) Needs(n *Needs) { n.purchases(c.Kind, c.Codes, c.Days) }

func (c *NeverBought) compile() (check, error) { return c.Check, nil }

func (c *NeverBought) cost() int64 { return int64(len(c.Codes)) }

func (c *NeverBought) reach(holds bool) []constraint {
	return boughtReach(c.Kind, c.Codes, c.Days, c.Fallback, holds, !holds)
}

func (c *NeverBought) validate(v *validation) {
	v.fallback(c.Fallback)
	v.bought(c.Kind, c.Codes, c.Days)
}
