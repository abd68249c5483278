package condition

// Holiday asks what the calendar calls the market's day: statutory holidays and make-up
// work days 调休, lunar days, solar terms, customs of a city, fed in as labels.
type Holiday struct {
	In []string `json:"in"` // labels of days, one is enough
	Fallback
}

// Type is holiday.
func (c *Holiday) Type() string { return "holiday" }

// Check looks for In among what is known.
func (c *Holiday) Check(f *Facts) Answer { return anyOf(f.Days, c.In) }

// Form has In.
func (c *Holiday) Form() Form { return form(c.Type(), wordList("in", NamedHoliday).required()) }

// Explain names In.
func (c *Holiday) Explain() Saying { return say(c.Type(), items(NamedHoliday, c.In)) }

// Predicate does not exist: only the moment knows.
func (c *Holiday) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the fact.
func (c *Holiday) Needs(n *Needs) { n.Days = true }

func (c *Holiday) compile() (check, error) {
	return anyIn(func(f *Facts) []string { return f.Days }, c.In), nil
}

func (c *Holiday) cost() int64 { return int64(len(c.In)) }

func (c *Holiday) reach(holds bool) []constraint { return eachWord(dimDay, c.In, c.Fallback, holds) }

func (c *Holiday) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
