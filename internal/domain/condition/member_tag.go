package condition

// MemberTag asks whether the member has one of the tags.
type MemberTag struct {
	In []string `json:"in"` // tags, one is enough
	Fallback
}

// Type is member_tag.
func (c *MemberTag) Type() string { return "member_tag" }

// Check looks for In among what is known.
func (c *MemberTag) Check(f *Facts) Answer { return anyOf(f.Member.Tags, c.In) }

// Form has In.
func (c *MemberTag) Form() Form { return form(c.Type(), wordList("in", NamedTag).required()) }

// Explain names In.
func (c *MemberTag) Explain() Saying { return say(c.Type(), items(NamedTag, c.In)) }

// Predicate asks the store for the same.
func (c *MemberTag) Predicate() (Predicate, bool) { return Predicate{Op: OpTag, Values: c.In}, true }

// Needs adds the fact.
func (c *MemberTag) Needs(n *Needs) { n.Tags = true }

func (c *MemberTag) compile() (check, error) {
	return anyIn(func(f *Facts) []string { return f.Member.Tags }, c.In), nil
}

func (c *MemberTag) cost() int64 { return int64(len(c.In)) }

func (c *MemberTag) reach(holds bool) []constraint { return eachWord(dimTag, c.In, c.Fallback, holds) }

func (c *MemberTag) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
