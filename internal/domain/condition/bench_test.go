package condition

import (
	"math/rand/v2"
	"testing"

	"quan/internal/kernel/id"
)

// nine clauses as a busy template has them, and facts that satisfy all.
func nine(t testing.TB) (*Program, *Facts) {
	t.Helper()
	tree := Tree{}
	if err := tree.UnmarshalJSON([]byte(`{"all":[
		{"type":"member_tier","in":["gold","platinum"]},
		{"type":"order_count","min":3},
		{"type":"member_lifecycle","in":["active"]},
		{"type":"city","in":["shanghai","hangzhou"]},
		{"type":"weekday","in":["sun","sat"]},
		{"type":"hours","ranges":[{"from":"00:00","to":"18:00"}]},
		{"type":"cart_amount","base":"list","min_minor":10000},
		{"any":[{"type":"channel","in":["app"]},{"type":"payment_method","in":["wechat"]}]}]}`)); err != nil {
		t.Fatal(err)
	}
	p, err := Compile(tree)
	if err != nil {
		t.Fatal(err)
	}
	f := &Facts{
		Moment: moment(t, "2026-03-01T03:00:00Z", "Asia/Shanghai"),
		Member: Member{ID: 7, Attributes: map[string]string{"tier": "gold", "lifecycle": "active", "value": "80"}, Orders: &Orders{Count: 5}},
		Cart:   &Cart{List: Known(12_000), Lines: []Line{line("a", "fresh/fruit", 1, 12_000)}},
		Place:  Place{City: "hangzhou"}, Payment: "wechat", Channel: "h5",
	}
	if ok, why := p.Check(f); !ok {
		t.Fatalf("%+v", why)
	}
	return p, f
}

func BenchmarkNineClauses(b *testing.B) {
	p, f := nine(b)
	b.ReportAllocs()
	for b.Loop() {
		p.Check(f)
	}
}

func BenchmarkLeaves(b *testing.B) {
	_, f := nine(b)
	f.Place.Position = located(b, 31.2, 121.45)
	f.Held = &Held{Templates: []id.ID{1, 2}, Groups: []string{"g"}}
	f.Member.Tags, f.Member.Lists, f.Days = []string{"a"}, []string{"b"}, []string{"c"}
	seen := map[string]bool{}
	for _, tree := range examples(b) {
		if name := tree.Leaf.Type(); !seen[name] {
			seen[name] = true
			p, err := Compile(tree)
			if err != nil {
				b.Fatal(err)
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					p.Check(f)
				}
			})
		}
	}
}

// A fence of 120 corners, asked all over its box.
func BenchmarkFence(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	fence := &Geofence{System: SystemWGS84, Polygons: [][]Coordinate{star(r, Coordinate{31, 121}, 120)}}
	p, err := Compile(Tree{Leaf: fence})
	if err != nil {
		b.Fatal(err)
	}
	facts := make([]Facts, 1_000)
	for i := range facts {
		facts[i].Place.Position = located(b, 30.9+0.2*r.Float64(), 120.9+0.2*r.Float64())
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		p.Check(&facts[i%len(facts)])
		i++
	}
}

// Nothing is allocated by a check of any leaf but an expression.
func TestChecksDoNotAllocate(t *testing.T) {
	p, f := nine(t)
	if n := testing.AllocsPerRun(100, func() { p.Check(f) }); n != 0 {
		t.Errorf("nine clauses: %v allocations", n)
	}
	f.Place.Position = located(t, 31.25, 121.42)
	f.Held = &Held{Templates: []id.ID{1, 2}, Groups: []string{"g"}}
	f.Member.Tags, f.Member.Lists, f.Days = []string{"a"}, []string{"b"}, []string{"c"}
	f.Member.Orders = &Orders{Count: 1, Last: f.Moment.At - 86_400_000, LastCategories: []string{"fresh/fruit"}, Recent: map[int64]int64{30: 1}}
	f.Outer = map[string]string{"weather": "rain", "pollen": "5", "match": "home", "strike": "true"}
	for _, tree := range examples(t) {
		if _, expert := tree.Leaf.(*Expression); expert {
			continue
		}
		p, err := Compile(tree)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(20, func() { p.Check(f) }); n != 0 {
			t.Errorf("%s: %v allocations", tree.Leaf.Type(), n)
		}
	}
}
