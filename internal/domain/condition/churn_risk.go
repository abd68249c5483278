package condition

// ChurnRisk asks for the band of churn probability (attribute churn).
type ChurnRisk struct {
	In []string `json:"in"` // of Churns, one is enough
	Fallback
}

var churnRiskFact = attributeWord(AttributeChurn)

// Type is churn_risk.
func (c *ChurnRisk) Type() string { return "churn_risk" }

// Check compares the fact with In.
func (c *ChurnRisk) Check(f *Facts) Answer { return churnRiskFact.in(f, c.In) }

// Form has In.
func (c *ChurnRisk) Form() Form { return form(c.Type(), choices("in", Churns...).required()) }

// Explain names In.
func (c *ChurnRisk) Explain() Saying { return say(c.Type(), items(NamedChoice, c.In)) }

// Predicate compares the stored attribute.
func (c *ChurnRisk) Predicate() (Predicate, bool) { return attributeIn(AttributeChurn, c.In) }

// Needs adds the fact.
func (c *ChurnRisk) Needs(n *Needs) { n.Attributes = append(n.Attributes, AttributeChurn) }

func (c *ChurnRisk) compile() (check, error) { return churnRiskFact.compile(c.In) }

func (c *ChurnRisk) cost() int64 { return int64(len(c.In)) }

func (c *ChurnRisk) reach(holds bool) []constraint {
	return churnRiskFact.reach(c.In, c.Fallback, holds)
}

func (c *ChurnRisk) validate(v *validation) {
	v.fallback(c.Fallback)
	v.known(c.In, "/in", Churns...)
}
