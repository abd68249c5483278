package condition

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/golang/geo/s2"
)

// known pairs of the same place, measured outside this package's formulas: read
// off the published converters to six decimals.
func TestCoordinateSystems(t *testing.T) {
	meters := func(a, b Coordinate) float64 {
		return float64(a.point(SystemWGS84).Distance(b.point(SystemWGS84))) * earthMeters
	}
	for _, c := range []Coordinate{{39.908, 116.397}, {31.2304, 121.4737}, {22.5431, 114.0579}, {45.8, 126.53}, {29.65, 91.14}} {
		shifted := toGCJ02(c)
		if d := meters(c, shifted); d < 100 || d > 1_000 {
			t.Errorf("%v: GCJ-02 lies %.0f m off", c, d)
		}
		baidu := toBD09(shifted)
		if d := meters(shifted, baidu); d < 300 || d > 1_500 {
			t.Errorf("%v: BD-09 lies %.0f m off GCJ-02", c, d)
		}
		if d := meters(c, shifted.wgs84(SystemGCJ02)); d > 0.01 {
			t.Errorf("%v: %.3f m off after GCJ-02 and back", c, d)
		}
		if d := meters(c, baidu.wgs84(SystemBD09)); d > 0.01 {
			t.Errorf("%v: %.3f m off after BD-09 and back", c, d)
		}
	}
	tiananmen := toGCJ02(Coordinate{39.907333, 116.391083})
	if d := meters(tiananmen, Coordinate{39.908737, 116.397327}); d > 1 {
		t.Errorf("Tiananmen in GCJ-02 is %v, %.1f m off", tiananmen, d)
	}
	for _, abroad := range []Coordinate{{35.68, 139.77}, {51.5, -0.12}, {-33.9, 151.2}} {
		if toGCJ02(abroad) != abroad {
			t.Errorf("%v is shifted", abroad)
		}
	}
	for _, bad := range []Coordinate{{91, 0}, {0, 181}, {math.NaN(), 0}, {0, math.Inf(1)}} {
		if _, ok := Locate(bad, SystemWGS84); ok {
			t.Errorf("%v is a position", bad)
		}
	}
	if _, ok := Locate(Coordinate{1, 1}, "mars"); ok {
		t.Error("mars is a system")
	}
}

// inside is the even-odd rule on the plane, and how near the edges are in degrees.
func inside(polygon []Coordinate, p Coordinate) (in bool, near float64) {
	near = math.Inf(1)
	for i, a := range polygon {
		b := polygon[(i+1)%len(polygon)]
		if (a.Lat > p.Lat) != (b.Lat > p.Lat) && p.Lng < (b.Lng-a.Lng)*(p.Lat-a.Lat)/(b.Lat-a.Lat)+a.Lng {
			in = !in
		}
		dx, dy := b.Lng-a.Lng, b.Lat-a.Lat
		along := max(0, min(1, ((p.Lng-a.Lng)*dx+(p.Lat-a.Lat)*dy)/(dx*dx+dy*dy)))
		near = min(near, math.Hypot(p.Lng-a.Lng-along*dx, p.Lat-a.Lat-along*dy))
	}
	return in, near
}

// star is a polygon with n corners around a centre that does not cross itself.
func star(r *rand.Rand, center Coordinate, n int) []Coordinate {
	polygon := make([]Coordinate, n)
	for i := range polygon {
		angle := 2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n)
		far := 0.02 + 0.08*r.Float64()
		polygon[i] = Coordinate{center.Lat + far*math.Sin(angle), center.Lng + far*math.Cos(angle)}
	}
	return polygon
}

// A fence answers as the plane does, save within some meters of an edge, where
// great circles and straight lines of the map part.
func TestFenceAgainstPlane(t *testing.T) {
	const seed = 20261122
	r := rand.New(rand.NewPCG(seed, 1))
	ins, decided := 0, 0
	for round := range 25 {
		center := Coordinate{-60 + 120*r.Float64(), -170 + 340*r.Float64()}
		polygon := star(r, center, 3+r.IntN(120))
		fence := &Geofence{System: SystemWGS84, Polygons: [][]Coordinate{polygon}}
		tree := Tree{Leaf: fence}
		if got := faults(tree); got != nil {
			t.Fatalf("seed %d, round %d: %q", seed, round, got)
		}
		run, err := fence.compile()
		if err != nil {
			t.Fatal(err)
		}
		for range 150 {
			p := Coordinate{center.Lat + 0.12*(2*r.Float64()-1), center.Lng + 0.12*(2*r.Float64()-1)}
			facts := &Facts{Place: Place{Position: located(t, p.Lat, p.Lng)}}
			want, near := inside(polygon, p)
			got := run(facts)
			if got != fence.Check(facts) {
				t.Fatalf("seed %d: %v: the index says %v", seed, p, got)
			}
			if near < 0.0002 {
				continue
			}
			decided++
			if want {
				ins++
			}
			if got != answer(want) {
				t.Fatalf("seed %d: %v in %v: %v, want %v", seed, p, polygon, got, want)
			}
		}
	}
	if ins < 500 || decided < 3_000 {
		t.Errorf("only %d of %d points lay inside", ins, decided)
	}
}

func TestFenceCircle(t *testing.T) {
	fence := &Geofence{System: SystemGCJ02, Circles: []Circle{{Coordinate{31.2304, 121.4737}, 500}}}
	run, err := fence.compile()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lat, lng float64
		system   System
		want     Answer
	}{
		{31.2304, 121.4737, SystemGCJ02, Yes},
		{31.2304 + 0.0044, 121.4737, SystemGCJ02, Yes},
		{31.2304 + 0.0046, 121.4737, SystemGCJ02, No},
		{31.2304, 121.4737 + 0.0044, SystemWGS84, No}, // 420 m east in WGS-84 is some 900 m east on that map
	} {
		p, ok := Locate(Coordinate{c.lat, c.lng}, c.system)
		if !ok {
			t.Fatal(c)
		}
		f := &Facts{Place: Place{Position: p}}
		if got := run(f); got != c.want || got != fence.Check(f) {
			t.Errorf("%v: %v", c, got)
		}
	}
}

// A polygon over the date line and one around a pole have their smaller side inside.
func TestFenceOverTheEdgeOfTheMap(t *testing.T) {
	fiji := &Geofence{System: SystemWGS84, Polygons: [][]Coordinate{{{-20, 177}, {-20, -178}, {-12, -178}, {-12, 177}}}}
	if got := faults(Tree{Leaf: fiji}); got != nil {
		t.Fatal(got)
	}
	run, err := fiji.compile()
	if err != nil {
		t.Fatal(err)
	}
	for p, want := range map[Coordinate]Answer{{-17, 179}: Yes, {-17, -179}: Yes, {-17, 170}: No, {17, 0.5}: No} {
		if got := run(&Facts{Place: Place{Position: located(t, p.Lat, p.Lng)}}); got != want {
			t.Errorf("%v: %v", p, got)
		}
	}
}

// Every way to swap two corners of a star that makes edges cross is found.
func TestCrossingAgainstPairs(t *testing.T) {
	const seed = 7
	r := rand.New(rand.NewPCG(seed, 2))
	crossed := 0
	for range 200 {
		polygon := star(r, Coordinate{31, 121}, 4+r.IntN(12))
		if r.IntN(3) > 0 {
			i, j := r.IntN(len(polygon)), r.IntN(len(polygon))
			polygon[i], polygon[j] = polygon[j], polygon[i]
		}
		points := make([]s2.Point, len(polygon))
		for i, c := range polygon {
			points[i] = c.point(SystemWGS84)
		}
		_, _, got := crossing(points)
		if want := crossesOnPlane(polygon); got != want {
			t.Fatalf("seed %d: %v: %v, want %v", seed, polygon, got, want)
		}
		if got {
			crossed++
		}
	}
	if crossed < 20 {
		t.Errorf("only %d crossed", crossed)
	}
}

func crossesOnPlane(p []Coordinate) bool {
	side := func(a, b, c Coordinate) bool {
		return (b.Lng-a.Lng)*(c.Lat-a.Lat)-(b.Lat-a.Lat)*(c.Lng-a.Lng) > 0
	}
	n := len(p)
	for i := range n {
		for j := i + 2; j < n; j++ {
			a, b, c, d := p[i], p[(i+1)%n], p[j], p[(j+1)%n]
			if (i > 0 || j < n-1) && side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b) {
				return true
			}
		}
	}
	return false
}

// A sliver holds no cell at all, and its index is made as fast as any.
func TestFenceSliver(t *testing.T) {
	sliver := &Geofence{System: SystemWGS84}
	for i := range AreasMax {
		from := Coordinate{float64(i), 100}
		sliver.Polygons = append(sliver.Polygons, []Coordinate{from, {from.Lat + 1e-7, 140}, {from.Lat - 1e-7, 140}})
	}
	if got := faults(Tree{Leaf: sliver}); got != nil {
		t.Fatal(got)
	}
	var f fence
	run, err := sliver.compile()
	if err != nil {
		t.Fatal(err)
	}
	f.add(loopOf(sliver.Polygons[0], SystemWGS84))
	if n := len(f.areas[0].inside); n != 0 {
		t.Errorf("%d cells lie inside", n)
	}
	if n := len(f.areas[0].outside); n > 4*fenceCells {
		t.Errorf("%d cells hold it", n)
	}
	if got := run(&Facts{Place: Place{Position: located(t, 70, 120)}}); got != No {
		t.Error(got)
	}
}

func TestFenceTooLarge(t *testing.T) {
	fence := &Geofence{System: SystemWGS84, Polygons: [][]Coordinate{star(rand.New(rand.NewPCG(1, 1)), Coordinate{31, 121}, PointsMax+1)}}
	if got := fmt.Sprint(faults(Tree{Leaf: fence})); got != "[too_long at /polygons max=2000]" {
		t.Error(got)
	}
}
