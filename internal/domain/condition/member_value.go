package condition

// figureMost bounds the figures that conditions compare.
const figureMost = 1_000_000_000_000_000

// MemberValue asks for the member's value (attribute value), the operator's own score.
// An open bound is absent; a text that is no whole number is not known.
type MemberValue struct {
	Min *int64 `json:"min,omitempty"`
	Max *int64 `json:"max,omitempty"`
	Fallback
}

// Type is member_value.
func (c *MemberValue) Type() string { return "member_value" }

// Check compares the attribute with the bounds.
func (c *MemberValue) Check(f *Facts) Answer {
	return figureWithin(f.Member.Attributes[AttributeValue], c.Min, c.Max)
}

// Form has the bounds.
func (c *MemberValue) Form() Form {
	return form(c.Type(), number("min", FieldInteger, -figureMost, figureMost), number("max", FieldInteger, -figureMost, figureMost))
}

// Explain tells the bounds.
func (c *MemberValue) Explain() Saying { return between(UnitCount, c.Type(), c.Min, c.Max) }

// Predicate compares the stored attribute.
func (c *MemberValue) Predicate() (Predicate, bool) { return figureIn(AttributeValue, c.Min, c.Max) }

// Needs adds the attribute.
func (c *MemberValue) Needs(n *Needs) { n.Attributes = append(n.Attributes, AttributeValue) }

func (c *MemberValue) compile() (check, error) { return c.Check, nil }

func (c *MemberValue) cost() int64 { return 1 }

func (c *MemberValue) reach(holds bool) []constraint {
	return exact(dimension{kind: dimFigure, name: AttributeValue}, rangeSet(numbers, c.Min, c.Max), c.Fallback, holds)
}

func (c *MemberValue) validate(v *validation) {
	v.fallback(c.Fallback)
	v.interval(c.Min, c.Max, -figureMost, figureMost, "/min", "/max")
}
