package condition

import "github.com/golang/geo/s2"

// Distance asks for a position within MaxM meters of a point.
type Distance struct {
	System System     `json:"system"`
	Center Coordinate `json:"center"`
	MaxM   int64      `json:"max_m"` // 1..RadiusMax
	Fallback
}

// Type is distance.
func (c *Distance) Type() string { return "distance" }

// Check measures along the ground.
func (c *Distance) Check(f *Facts) Answer {
	return near(f.Place.Position, c.Center.point(c.System), c.MaxM)
}

func near(p Position, center s2.Point, meters int64) Answer {
	if !p.Known() {
		return Unknown
	}
	return answer(s2.ChordAngleBetweenPoints(center, p.point) <= radius(meters))
}

// Form has the point and the distance.
func (c *Distance) Form() Form {
	return form(c.Type(), choice("system", systems...).required(), field("center", FieldPoint).required(),
		number("max_m", FieldInteger, 1, RadiusMax).required())
}

// Explain tells the distance; a map shows the point.
func (c *Distance) Explain() Saying {
	return say(c.Type(), Arg{Name: "distance", Value: Meters(c.MaxM)})
}

// Predicate does not exist: only the moment knows a position.
func (c *Distance) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the position.
func (c *Distance) Needs(n *Needs) { n.Position = true }

func (c *Distance) compile() (check, error) {
	center, most := c.Center.point(c.System), radius(c.MaxM)
	return func(f *Facts) Answer {
		if !f.Place.Position.Known() {
			return Unknown
		}
		return answer(s2.ChordAngleBetweenPoints(center, f.Place.Position.point) <= most)
	}, nil
}

func (c *Distance) cost() int64 { return 1 }

func (c *Distance) reach(bool) []constraint { return nil }

func (c *Distance) validate(v *validation) {
	v.fallback(c.Fallback)
	v.system(c.System)
	v.coordinate(c.Center, "/center")
	v.number(c.MaxM, 1, RadiusMax, "/max_m")
}
