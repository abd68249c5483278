package condition

import (
	"fmt"

	"github.com/golang/geo/s2"

	"quan/internal/kernel/fault"
)

// Bounds of geofences.
const (
	AreasMax  = 50        // polygons and circles of one fence
	PointsMax = 2_000     // of all polygons of one fence
	RadiusMax = 2_000_000 // meters
)

// Circle is what lies within RadiusM meters of Center.
type Circle struct {
	Center  Coordinate `json:"center"`
	RadiusM int64      `json:"radius_m"` // 1..RadiusMax
}

// Geofence asks for a position inside one of the areas. A polygon is its corners
// in order, either way round, the first not repeated; its edges are great circles
// and its inside is the smaller part of the earth.
type Geofence struct {
	System   System         `json:"system"`
	Polygons [][]Coordinate `json:"polygons,omitempty"`
	Circles  []Circle       `json:"circles,omitempty"`
	Fallback
}

// Type is geofence.
func (c *Geofence) Type() string { return "geofence" }

// Check looks at every area, without the index that a compiled fence has.
func (c *Geofence) Check(f *Facts) Answer {
	p := f.Place.Position
	if !p.Known() {
		return Unknown
	}
	for _, polygon := range c.Polygons {
		if loopOf(polygon, c.System).ContainsPoint(p.point) {
			return Yes
		}
	}
	return answer(c.inCircle(p))
}

func (c *Geofence) inCircle(p Position) bool {
	for _, circle := range c.Circles {
		if s2.ChordAngleBetweenPoints(circle.Center.point(c.System), p.point) <= radius(circle.RadiusM) {
			return true
		}
	}
	return false
}

func loopOf(polygon []Coordinate, system System) *s2.Loop {
	points := make([]s2.Point, len(polygon))
	for i, c := range polygon {
		points[i] = c.point(system)
	}
	loop := s2.LoopFromPoints(points)
	loop.Normalize()
	return loop
}

// Form has the areas.
func (c *Geofence) Form() Form {
	return form(c.Type(), choice("system", systems...).required(),
		field("polygons", FieldPolygons).most(AreasMax), field("circles", FieldCircles).most(AreasMax))
}

// Explain says that there are areas; a map shows them.
func (c *Geofence) Explain() Saying {
	return say(c.Type(), Arg{Name: "n", Value: Count(len(c.Polygons) + len(c.Circles))})
}

// Predicate does not exist: only the moment knows a position.
func (c *Geofence) Predicate() (Predicate, bool) { return momentary() }

// Needs adds the position.
func (c *Geofence) Needs(n *Needs) { n.Position = true }

func (c *Geofence) cost() int64 {
	n := int64(len(c.Circles))
	for _, p := range c.Polygons {
		n += int64(len(p))
	}
	return n
}

func (c *Geofence) reach(bool) []constraint { return nil }

func (c *Geofence) validate(v *validation) {
	v.fallback(c.Fallback)
	v.system(c.System)
	switch areas := len(c.Polygons) + len(c.Circles); {
	case areas == 0:
		v.add(fault.MissingValue, "/polygons")
	case areas > AreasMax || c.cost() > PointsMax:
		v.add(fault.TooLong, "/polygons", "max", PointsMax)
	default:
		for i, polygon := range c.Polygons {
			v.polygon(polygon, c.System, fmt.Sprintf("/polygons/%d", i))
		}
		for i, circle := range c.Circles {
			at := fmt.Sprintf("/circles/%d", i)
			v.coordinate(circle.Center, at+"/center")
			v.number(circle.RadiusM, 1, RadiusMax, at+"/radius_m")
		}
	}
}

// polygon checks corners, and that no edge meets another.
func (v *validation) polygon(polygon []Coordinate, system System, at string) {
	before := len(v.list.Faults)
	if len(polygon) < 3 {
		v.add(fault.OutOfRange, at, "min", 3, "max", PointsMax)
		return
	}
	points := make([]s2.Point, len(polygon))
	seen := make(map[s2.Point]int, len(polygon))
	for i, c := range polygon {
		v.coordinate(c, fmt.Sprintf("%s/%d", at, i))
		points[i] = c.point(system)
		if _, twice := seen[points[i]]; twice {
			v.add(fault.DuplicateValue, fmt.Sprintf("%s/%d", at, i))
		}
		seen[points[i]] = i
	}
	if len(v.list.Faults) > before {
		return
	}
	if a, b, crosses := crossing(points); crosses {
		v.add(fault.Conflicting, at, "a", fmt.Sprintf("%s%s/%d", v.at, at, a), "b", fmt.Sprintf("%s%s/%d", v.at, at, b))
	} else if s2.LoopFromPoints(points).Validate() != nil {
		v.add(fault.InvalidValue, at)
	}
}

// crossing finds two edges that cross, by the indices of their first corners.
func crossing(points []s2.Point) (a, b int, crosses bool) {
	n := len(points)
	for a = range n {
		crosser := s2.NewEdgeCrosser(points[a], points[(a+1)%n])
		for b = a + 2; b < n; b++ {
			if a == 0 && b == n-1 {
				continue // neighbours by the closing edge
			}
			if crosser.CrossingSign(points[b], points[(b+1)%n]) != s2.DoNotCross {
				return a, b, true
			}
		}
	}
	return 0, 0, false
}
