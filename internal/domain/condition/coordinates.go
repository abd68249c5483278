package condition

import (
	"math"

	"github.com/golang/geo/s1"
	"github.com/golang/geo/s2"

	"quan/internal/kernel/fault"
)

// System is the coordinate system of positions: maps made in mainland China do
// not show WGS-84, and a position read in the wrong one is some 500 m off.
type System string

// The coordinate systems.
const (
	SystemWGS84 System = "wgs84" // satellites, phones' own readings
	SystemGCJ02 System = "gcj02" // Amap, Tencent Maps, WeChat
	SystemBD09  System = "bd09"  // Baidu Maps
)

var systems = []string{string(SystemWGS84), string(SystemGCJ02), string(SystemBD09)}

// Coordinate is a pair of degrees.
type Coordinate struct {
	Lat float64 `json:"lat"` // -90..90
	Lng float64 `json:"lng"` // -180..180
}

func (c Coordinate) valid() bool {
	return c.Lat >= -90 && c.Lat <= 90 && c.Lng >= -180 && c.Lng <= 180
}

// PositionOf is the position at a latitude and longitude in millionths of a
// degree, WGS-84; unknown for one that is none.
func PositionOf(latitude, longitude int64) Position {
	p, _ := Locate(Coordinate{Lat: float64(latitude) / 1e6, Lng: float64(longitude) / 1e6}, SystemWGS84)
	return p
}

// Position is a place on earth; the zero Position is not known.
type Position struct {
	point s2.Point
	cell  s2.CellID
}

// Locate is the position of a coordinate; ok is false for one that is none.
func Locate(c Coordinate, system System) (p Position, ok bool) {
	if !c.valid() || !contains(systems, string(system)) {
		return Position{}, false
	}
	point := c.point(system)
	return Position{point, s2.CellIDFromLatLng(s2.LatLngFromPoint(point))}, true
}

// Known reports whether the position is known.
func (p Position) Known() bool { return p.cell != 0 }

func (c Coordinate) point(system System) s2.Point {
	c = c.wgs84(system)
	return s2.PointFromLatLng(s2.LatLngFromDegrees(c.Lat, c.Lng))
}

func (c Coordinate) wgs84(system System) Coordinate {
	switch system {
	case SystemGCJ02:
		return unshift(c, toGCJ02)
	case SystemBD09:
		return unshift(unshift(c, toBD09), toGCJ02)
	}
	return c
}

// unshift inverts a small smooth shift: the guess is moved by what the shift of
// it misses, until that is below a centimetre.
func unshift(shifted Coordinate, shift func(Coordinate) Coordinate) Coordinate {
	guess := shifted
	for range 30 {
		s := shift(guess)
		lat, lng := shifted.Lat-s.Lat, shifted.Lng-s.Lng
		guess.Lat, guess.Lng = guess.Lat+lat, guess.Lng+lng
		if math.Abs(lat) < 1e-9 && math.Abs(lng) < 1e-9 {
			break
		}
	}
	return guess
}

// toGCJ02 shifts WGS-84 as mainland maps do: a polynomial and waves of the
// distance from 105° E 35° N, scaled to degrees on the Krasovsky ellipsoid.
// Outside a box around China nothing is shifted.
func toGCJ02(c Coordinate) Coordinate {
	if c.Lng < 72.004 || c.Lng > 137.8347 || c.Lat < 0.8293 || c.Lat > 55.8271 {
		return c
	}
	const axis, eccentricity2 = 6_378_245.0, 0.00669342162296594323
	x, y := c.Lng-105, c.Lat-35
	root := math.Sqrt(math.Abs(x))
	wave := func(v, by float64) float64 { return math.Sin(v * math.Pi / by) }
	common := (20*wave(6*x, 1) + 20*wave(2*x, 1)) * 2 / 3
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + common +
		(20*wave(y, 1)+40*wave(y, 3))*2/3 + (160*wave(y, 12)+320*wave(y, 30))*2/3
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + common +
		(20*wave(x, 1)+40*wave(x, 3))*2/3 + (150*wave(x, 12)+300*wave(x, 30))*2/3
	latitude := c.Lat * math.Pi / 180
	w := 1 - eccentricity2*math.Sin(latitude)*math.Sin(latitude)
	meridian := axis * (1 - eccentricity2) / (w * math.Sqrt(w))
	parallel := axis / math.Sqrt(w) * math.Cos(latitude)
	return Coordinate{c.Lat + north/meridian*180/math.Pi, c.Lng + east/parallel*180/math.Pi}
}

// toBD09 shifts GCJ-02 as Baidu's maps do.
func toBD09(c Coordinate) Coordinate {
	const wave = math.Pi * 3000 / 180
	radius := math.Hypot(c.Lng, c.Lat) + 0.00002*math.Sin(c.Lat*wave)
	angle := math.Atan2(c.Lat, c.Lng) + 0.000003*math.Cos(c.Lng*wave)
	return Coordinate{radius*math.Sin(angle) + 0.006, radius*math.Cos(angle) + 0.0065}
}

// earthMeters is the mean radius of the earth.
const earthMeters = 6_371_008.8

// radius is a distance on the ground as the chord that points are compared by.
func radius(meters int64) s1.ChordAngle {
	return s1.ChordAngleFromAngle(s1.Angle(float64(meters) / earthMeters))
}

func (v *validation) system(s System) {
	v.choice(string(s), "/system", systems...)
}

// coordinate checks a pair of degrees; 0, 0 is what a missing one reads as.
func (v *validation) coordinate(c Coordinate, field string) {
	if c == (Coordinate{}) {
		v.add(fault.MissingValue, field)
	}
	if c.Lat < -90 || c.Lat > 90 {
		v.add(fault.OutOfRange, field+"/lat", "min", -90, "max", 90)
	}
	if c.Lng < -180 || c.Lng > 180 {
		v.add(fault.OutOfRange, field+"/lng", "min", -180, "max", 180)
	}
}
