package condition

// subsidyMost is ten times the order value.
const subsidyMost = 100_000

// SubsidyRate asks for the subsidy rate 补贴率: discounts borne for the member per order value
// (attribute subsidy_rate_bps).
// An open bound is absent; a text that is no whole number is not known.
type SubsidyRate struct {
	MinBps *int64 `json:"min_bps,omitempty"`
	MaxBps *int64 `json:"max_bps,omitempty"`
	Fallback
}

// Type is subsidy_rate.
func (c *SubsidyRate) Type() string { return "subsidy_rate" }

// Check compares the attribute with the bounds.
func (c *SubsidyRate) Check(f *Facts) Answer {
	return figureWithin(f.Member.Attributes[AttributeSubsidy], c.MinBps, c.MaxBps)
}

// Form has the bounds.
func (c *SubsidyRate) Form() Form {
	return form(c.Type(), number("min_bps", FieldBps, 0, subsidyMost), number("max_bps", FieldBps, 0, subsidyMost))
}

// Explain tells the bounds.
func (c *SubsidyRate) Explain() Saying { return between(UnitBps, c.Type(), c.MinBps, c.MaxBps) }

// Predicate compares the stored attribute.
func (c *SubsidyRate) Predicate() (Predicate, bool) {
	return figureIn(AttributeSubsidy, c.MinBps, c.MaxBps)
}

// Needs adds the attribute.
func (c *SubsidyRate) Needs(n *Needs) { n.Attributes = append(n.Attributes, AttributeSubsidy) }

func (c *SubsidyRate) compile() (check, error) { return c.Check, nil }

func (c *SubsidyRate) cost() int64 { return 1 }

func (c *SubsidyRate) reach(holds bool) []constraint {
	return exact(dimension{kind: dimFigure, name: AttributeSubsidy}, rangeSet(numbers, c.MinBps, c.MaxBps), c.Fallback, holds)
}

func (c *SubsidyRate) validate(v *validation) {
	v.fallback(c.Fallback)
	v.interval(c.MinBps, c.MaxBps, 0, subsidyMost, "/min_bps", "/max_bps")
}
