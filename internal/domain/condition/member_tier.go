package condition

// MemberTier asks for the member's tier (attribute tier).
type MemberTier struct {
	In []string `json:"in"` // tiers, one is enough
	Fallback
}

var memberTierFact = attributeWord(AttributeTier)

// Type is member_tier.
func (c *MemberTier) Type() string { return "member_tier" }

// Check compares the fact with In.
func (c *MemberTier) Check(f *Facts) Answer { return memberTierFact.in(f, c.In) }

// Form has In.
func (c *MemberTier) Form() Form { return form(c.Type(), wordList("in", NamedTier).required()) }

// Explain names In.
func (c *MemberTier) Explain() Saying { return say(c.Type(), items(NamedTier, c.In)) }

// Predicate compares the stored attribute.
func (c *MemberTier) Predicate() (Predicate, bool) { return attributeIn(AttributeTier, c.In) }

// Needs adds the fact.
func (c *MemberTier) Needs(n *Needs) { n.Attributes = append(n.Attributes, AttributeTier) }

func (c *MemberTier) compile() (check, error) { return memberTierFact.compile(c.In) }

func (c *MemberTier) cost() int64 { return int64(len(c.In)) }

func (c *MemberTier) reach(holds bool) []constraint {
	return memberTierFact.reach(c.In, c.Fallback, holds)
}

func (c *MemberTier) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
