package condition

// OuterWeather is the name of the outer fact that Weather reads.
const OuterWeather = "weather"

// Weather asks for the weather (outer fact weather).
type Weather struct {
	In []string `json:"in"` // kinds of weather, one is enough
	Fallback
}

var weatherFact = word{dimension{kind: dimOuter, name: OuterWeather}, func(f *Facts) string { return f.Outer[OuterWeather] }}

// Type is weather.
func (c *Weather) Type() string { return "weather" }

// Check compares the fact with In.
func (c *Weather) Check(f *Facts) Answer { return weatherFact.in(f, c.In) }

// Form has In.
func (c *Weather) Form() Form { return form(c.Type(), wordList("in", NamedWeather).required()) }

// Explain names In.
func (c *Weather) Explain() Saying { return say(c.Type(), items(NamedWeather, c.In)) }

// Predicate does not exist: only the moment knows.
func (c *Weather) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the fact.
func (c *Weather) Needs(n *Needs) { n.Outer = append(n.Outer, OuterWeather) }

func (c *Weather) compile() (check, error) { return weatherFact.compile(c.In) }

func (c *Weather) cost() int64 { return int64(len(c.In)) }

func (c *Weather) reach(holds bool) []constraint { return weatherFact.reach(c.In, c.Fallback, holds) }

func (c *Weather) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
