package condition

// NearStore asks for a position within MaxM meters of one of the stores.
type NearStore struct {
	In   []string `json:"in"`
	MaxM int64    `json:"max_m"` // 1..RadiusMax
	Fallback
}

// Type is near_store.
func (c *NearStore) Type() string { return "near_store" }

// Check measures along the ground; a store whose position is not known leaves the
// answer open unless another is near.
func (c *NearStore) Check(f *Facts) Answer {
	a := No
	for _, store := range c.In {
		at := f.Place.Stores[store]
		switch {
		case !at.Known() || !f.Place.Position.Known():
			a = Unknown
		case near(f.Place.Position, at.point, c.MaxM) == Yes:
			return Yes
		}
	}
	return a
}

// Form has the stores and the distance.
func (c *NearStore) Form() Form {
	return form(c.Type(), wordList("in", NamedStore).required(), number("max_m", FieldInteger, 1, RadiusMax).required())
}

// Explain names the stores and the distance.
func (c *NearStore) Explain() Saying {
	return say(c.Type(), items(NamedStore, c.In), Arg{Name: "distance", Value: Meters(c.MaxM)})
}

// Predicate does not exist: only the moment knows a position.
func (c *NearStore) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the position, and those of the stores.
func (c *NearStore) Needs(n *Needs) {
	n.Position = true
	n.Stores = append(n.Stores, c.In...)
}

func (c *NearStore) compile() (check, error) { return c.Check, nil }

func (c *NearStore) cost() int64 { return int64(len(c.In)) }

func (c *NearStore) reach(bool) []constraint { return nil }

func (c *NearStore) validate(v *validation) {
	v.fallback(c.Fallback)
	v.words(c.In, "/in")
	v.number(c.MaxM, 1, RadiusMax, "/max_m")
}
