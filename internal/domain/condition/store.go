package condition

// Store asks at which store the order is made.
type Store struct {
	In []string `json:"in"` // stores, one is enough
	Fallback
}

var storeFact = word{dimension{kind: dimStore}, func(f *Facts) string { return f.Place.Store }}

// Type is store.
func (c *Store) Type() string { return "store" }

// Check compares the fact with In.
func (c *Store) Check(f *Facts) Answer { return storeFact.in(f, c.In) }

// Form has In.
func (c *Store) Form() Form { return form(c.Type(), wordList("in", NamedStore).required()) }

// Explain names In.
func (c *Store) Explain() Saying { return say(c.Type(), items(NamedStore, c.In)) }

// Predicate does not exist: only the moment knows.
func (c *Store) Predicate() (Predicate, bool) { return momentary() }

// Needs adds nothing: the fact is always at hand.
func (c *Store) Needs(*Needs) {}

func (c *Store) compile() (check, error) { return storeFact.compile(c.In) }

func (c *Store) cost() int64 { return int64(len(c.In)) }

func (c *Store) reach(holds bool) []constraint { return storeFact.reach(c.In, c.Fallback, holds) }

func (c *Store) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
}
