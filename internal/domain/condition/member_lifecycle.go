package condition

// MemberLifecycle asks for the member's life cycle 生命周期 (attribute lifecycle).
type MemberLifecycle struct {
	In []string `json:"in"` // tags of the life cycle, one is enough
	Fallback
}

var memberLifecycleFact = attributeWord(AttributeLifecycle)

// Type is member_lifecycle.
func (c *MemberLifecycle) Type() string { return "member_lifecycle" }

// Check compares the fact with In.
func (c *MemberLifecycle) Check(f *Facts) Answer { return memberLifecycleFact.in(f, c.In) }

// Form has In.
func (c *MemberLifecycle) Form() Form {
	return form(c.Type(), wordList("in", NamedLifecycle).required())
}

// Explain names In.
func (c *MemberLifecycle) Explain() Saying { return say(c.Type(), items(NamedLifecycle, c.In)) }

// Predicate compares the stored attribute.
func (c *MemberLifecycle) Predicate() (Predicate, bool) { return attributeIn(AttributeLifecycle, c.In) }

// Needs adds the fact.
func (c *MemberLifecycle) Needs(n *Needs) { n.Attributes = append(n.Attributes, AttributeLifecycle) }

func (c *MemberLifecycle) compile() (check, error) { return memberLifecycleFact.compile(c.In) }

func (c *MemberLifecycle) cost() int64 { return int64(len(c.In)) }

func (c *MemberLifecycle) reach(holds bool) []constraint {
	return memberLifecycleFact.reach(c.In, c.Fallback, holds)
}

func (c *MemberLifecycle) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
