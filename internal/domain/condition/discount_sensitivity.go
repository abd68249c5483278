package condition

// DiscountSensitivity asks for the band of discount sensitivity 优惠敏感度 (attribute sensitivity).
type DiscountSensitivity struct {
	In []string `json:"in"` // of Sensitivities, one is enough
	Fallback
}

var discountSensitivityFact = attributeWord(AttributeSensitivity)

// Type is discount_sensitivity.
func (c *DiscountSensitivity) Type() string { return "discount_sensitivity" }

// Check compares the fact with In.
func (c *DiscountSensitivity) Check(f *Facts) Answer { return discountSensitivityFact.in(f, c.In) }

// Form has In.
func (c *DiscountSensitivity) Form() Form {
	return form(c.Type(), choices("in", Sensitivities...).required())
}

// Explain names In.
func (c *DiscountSensitivity) Explain() Saying { return say(c.Type(), items(NamedSensitivity, c.In)) }

// Predicate compares the stored attribute.
func (c *DiscountSensitivity) Predicate() (Predicate, bool) {
	return attributeIn(AttributeSensitivity, c.In)
}

// Needs adds the fact.
func (c *DiscountSensitivity) Needs(n *Needs) {
	n.Attributes = append(n.Attributes, AttributeSensitivity)
}

func (c *DiscountSensitivity) compile() (check, error) { return discountSensitivityFact.compile(c.In) }

func (c *DiscountSensitivity) cost() int64 { return int64(len(c.In)) }

func (c *DiscountSensitivity) reach(holds bool) []constraint {
	return discountSensitivityFact.reach(c.In, c.Fallback, holds)
}

func (c *DiscountSensitivity) validate(v *validation) {
	v.fallback(c.Fallback)
	v.known(c.In, "/in", Sensitivities...)
}
