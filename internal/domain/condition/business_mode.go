package condition

// BusinessMode asks for the business mode of the sale: self_run, agent …
type BusinessMode struct {
	In []string `json:"in"` // modes, one is enough
	Fallback
}

var businessModeFact = word{dimension{kind: dimMode}, func(f *Facts) string { return f.Mode }}

// Type is business_mode.
func (c *BusinessMode) Type() string { return "business_mode" }

// Check compares the fact with In.
func (c *BusinessMode) Check(f *Facts) Answer { return businessModeFact.in(f, c.In) }

// Form has In.
func (c *BusinessMode) Form() Form { return form(c.Type(), wordList("in", NamedMode).required()) }

// Explain names In.
func (c *BusinessMode) Explain() Saying { return say(c.Type(), items(NamedMode, c.In)) }

// Predicate does not exist: only the moment knows.
func (c *BusinessMode) Predicate() (Predicate, bool) { return momentary() }

// Needs adds nothing: the fact is always at hand.
func (c *BusinessMode) Needs(*Needs) {}

func (c *BusinessMode) compile() (check, error) { return businessModeFact.compile(c.In) }

func (c *BusinessMode) cost() int64 { return int64(len(c.In)) }

func (c *BusinessMode) reach(holds bool) []constraint {
	return businessModeFact.reach(c.In, c.Fallback, holds)
}

func (c *BusinessMode) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
