package condition

// City asks in which city the member is, or the order is made.
type City struct {
	In []string `json:"in"` // cities, one is enough
	Fallback
}

var cityFact = word{dimension{kind: dimCity}, func(f *Facts) string { return f.Place.City }}

// Type is city.
func (c *City) Type() string { return "city" }

// Check compares the fact with In.
func (c *City) Check(f *Facts) Answer { return cityFact.in(f, c.In) }

// Form has In.
func (c *City) Form() Form { return form(c.Type(), wordList("in", NamedCity).required()) }

// Explain names In.
func (c *City) Explain() Saying { return say(c.Type(), items(NamedCity, c.In)) }

// Predicate does not exist: only the moment knows.
func (c *City) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the fact.
func (c *City) Needs(n *Needs) { n.City = true }

func (c *City) compile() (check, error) { return cityFact.compile(c.In) }

func (c *City) cost() int64 { return int64(len(c.In)) }

func (c *City) reach(holds bool) []constraint { return cityFact.reach(c.In, c.Fallback, holds) }

func (c *City) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
