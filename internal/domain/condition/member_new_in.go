package condition

// MemberNewIn asks for a member who is new in a line of business: who has never
// bought anything in its categories.
type MemberNewIn struct {
	Categories []string `json:"categories"`
	Fallback
}

// Type is member_new_in.
func (c *MemberNewIn) Type() string { return "member_new_in" }

func (c *MemberNewIn) never() *NeverBought {
	return &NeverBought{Kind: GoodsCategory, Codes: c.Categories, Fallback: c.Fallback}
}

// Check looks at the purchases in the categories.
func (c *MemberNewIn) Check(f *Facts) Answer {
	return bought(f, GoodsCategory, c.Categories, 0).not()
}

// Form has the categories.
func (c *MemberNewIn) Form() Form {
	return form(c.Type(), wordList("categories", NamedCategory).required())
}

// Explain names the categories.
func (c *MemberNewIn) Explain() Saying { return say(c.Type(), items(NamedCategory, c.Categories)) }

// Predicate asks for no purchase in the categories.
func (c *MemberNewIn) Predicate() (Predicate, bool) { return c.never().Predicate() }

// Needs adds the purchases.
func (c *MemberNewIn) Needs(n *Needs) { n.purchases(GoodsCategory, c.Categories, 0) }

func (c *MemberNewIn) compile() (check, error) { return c.never().compile() }

func (c *MemberNewIn) cost() int64 { return int64(len(c.Categories)) }

func (c *MemberNewIn) reach(holds bool) []constraint { return c.never().reach(holds) }

func (c *MemberNewIn) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.Categories, "/categories")
}
