package condition

import "github.com/golang/geo/s2"

// fenceCells is the size of an area's index: enough that most positions are
// decided by it alone.
const fenceCells = 64

// fenceGrain is how many of its smallest cells an area is wide at most. It bounds
// the work for thin areas, which hold no cell however small it is.
const fenceGrain = 64

// fence is a geofence with its index: cells that lie inside it, and cells that
// hold all of it. Only between the two is the polygon itself asked.
type fence struct {
	areas []area
}

type area struct {
	inside, outside s2.CellUnion
	region          s2.Region
}

func (c *Geofence) compile() (check, error) {
	var f fence
	for _, polygon := range c.Polygons {
		f.add(loopOf(polygon, c.System))
	}
	for _, circle := range c.Circles {
		f.add(s2.CapFromCenterChordAngle(circle.Center.point(c.System), radius(circle.RadiusM)))
	}
	return f.check, nil
}

func (f *fence) add(region s2.Region) {
	smallest := 2 * region.CapBound().Radius().Radians() / fenceGrain
	coverer := s2.RegionCoverer{MaxLevel: s2.AvgEdgeMetric.ClosestLevel(smallest), MaxCells: fenceCells}
	f.areas = append(f.areas, area{coverer.InteriorCovering(region), coverer.Covering(region), region})
}

func (f *fence) check(facts *Facts) Answer {
	p := facts.Place.Position
	if !p.Known() {
		return Unknown
	}
	for i := range f.areas {
		a := &f.areas[i]
		if !a.outside.ContainsCellID(p.cell) {
			continue
		}
		if a.inside.ContainsCellID(p.cell) || a.region.ContainsPoint(p.point) {
			return Yes
		}
	}
	return No
}
