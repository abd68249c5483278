package condition

// Outer asks for a fact from outside that the operator has named, compared as a
// member's attribute is.
type Outer struct {
	Name string        `json:"name"`
	Kind AttributeKind `json:"kind"`
	In   []string      `json:"in,omitempty"`
	Min  *int64        `json:"min,omitempty"`
	Max  *int64        `json:"max,omitempty"`
	Is   bool          `json:"is,omitempty"`
	Fallback
}

// Type is outer.
func (c *Outer) Type() string { return "outer" }

// Check reads the fact by its kind.
func (c *Outer) Check(f *Facts) Answer {
	return compare(f.Outer[c.Name], c.Kind, c.In, c.Min, c.Max, c.Is)
}

// Form has the name, the kind and what it is compared with.
func (c *Outer) Form() Form {
	name := field("name", FieldText).required().most(64)
	name.Names = NamedFact
	return form(c.Type(), append([]Field{name}, compareFields()...)...)
}

// Explain tells name and comparison.
func (c *Outer) Explain() Saying {
	return compareSaying(c.Type(), Arg{"name", NamedFact, c.Name}, c.Kind, c.In, c.Min, c.Max, c.Is)
}

// Predicate does not exist: only the moment knows.
func (c *Outer) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the fact.
func (c *Outer) Needs(n *Needs) { n.Outer = append(n.Outer, c.Name) }

func (c *Outer) compile() (check, error) { return c.Check, nil }

func (c *Outer) cost() int64 { return 1 + int64(len(c.In)) }

func (c *Outer) reach(holds bool) []constraint {
	return compareReach(dimOuter, dimOuterFigure, c.Name, c.Kind, c.In, rangeSet(numbers, c.Min, c.Max), c.Is, c.Fallback, holds)
}

func (c *Outer) validate(v *validation) {
	v.fallback(c.Fallback)
	v.word(c.Name, "/name")
	v.compare(c.Kind, c.In, c.Min, c.Max, c.Is, c.Fallback)
}
