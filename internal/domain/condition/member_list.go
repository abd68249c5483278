package condition

// MemberList asks whether the member is in one of the uploaded lists 名单.
type MemberList struct {
	In []string `json:"in"` // names of lists, one is enough
	Fallback
}

// Type is member_list.
func (c *MemberList) Type() string { return "member_list" }

// Check looks for In among what is known.
func (c *MemberList) Check(f *Facts) Answer { return anyOf(f.Member.Lists, c.In) }

// Form has In.
func (c *MemberList) Form() Form { return form(c.Type(), wordList("in", NamedList).required()) }

// Explain names In.
func (c *MemberList) Explain() Saying { return say(c.Type(), items(NamedList, c.In)) }

// Predicate asks the store for the same.
func (c *MemberList) Predicate() (Predicate, bool) { return Predicate{Op: OpList, Values: c.In}, true }

// Needs adds the fact.
func (c *MemberList) Needs(n *Needs) { n.Lists = append(n.Lists, c.In...) }

func (c *MemberList) compile() (check, error) {
	return anyIn(func(f *Facts) []string { return f.Member.Lists }, c.In), nil
}

func (c *MemberList) cost() int64 { return int64(len(c.In)) }

func (c *MemberList) reach(holds bool) []constraint {
	return eachWord(dimList, c.In, c.Fallback, holds)
}

func (c *MemberList) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
