package condition

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// TestMain gives the properties one seed; -rapid.seed chooses another.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.seed", "20261122"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// The world of the properties is small, so that leaves and facts meet often.
var (
	someWords = []string{"a", "b", "c"}
	someDays  = []int64{7, 30}
)

func words(t *rapid.T, label string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(someWords), 1, 2, rapid.ID[string]).Draw(t, label)
}

func bounds(t *rapid.T, most int64) (low, high *int64) {
	a, b := rapid.Int64Range(0, most).Draw(t, "low"), rapid.Int64Range(0, most).Draw(t, "high")
	low, high = new(int64), new(int64)
	*low, *high = min(a, b), max(a, b)
	switch rapid.IntRange(0, 2).Draw(t, "open") {
	case 0:
		low = nil
	case 1:
		high = nil
	}
	return low, high
}

// someLeaf draws a valid leaf of the kinds whose facts someFacts draws.
func someLeaf(t *rapid.T) Leaf {
	fb := Fallback{rapid.SampledFrom([]UnknownAs{"", UnknownNo, UnknownYes}).Draw(t, "unknown")}
	days := rapid.SampledFrom(append([]int64{0}, someDays...)).Draw(t, "days")
	switch rapid.IntRange(0, 22).Draw(t, "leaf") {
	case 0:
		return &MemberNew{fb}
	case 1:
		return &MemberNewIn{words(t, "categories"), fb}
	case 2:
		return &MemberTier{words(t, "in"), fb}
	case 3:
		low, high := bounds(t, 5)
		return &OrderCount{days, low, high, fb}
	case 4:
		low, high := bounds(t, 40)
		return &DaysSinceOrder{low, high, fb}
	case 5:
		return &Bought{GoodsCategory, words(t, "codes"), days, fb}
	case 6:
		return &NeverBought{GoodsCategory, words(t, "codes"), days, fb}
	case 7:
		return &LastCategory{words(t, "in"), fb}
	case 8:
		low, high := bounds(t, 5)
		return &MemberValue{low, high, fb}
	case 9:
		return someAttribute(t, fb)
	case 10:
		return &MemberTag{words(t, "in"), fb}
	case 11:
		low, high := bounds(t, 5)
		return &CartAmount{BaseList, low, high, fb}
	case 12:
		return &CartContains{MinMinor: rapid.Int64Range(0, 5).Draw(t, "minor"), MinQuantity: rapid.Int64Range(0, 3).Draw(t, "quantity"), Fallback: fb}
	case 13:
		low, high := bounds(t, 5)
		return &CartQuantity{Min: low, Max: high, Fallback: fb}
	case 14:
		return &City{words(t, "in"), fb}
	case 15:
		in := rapid.SliceOfNDistinct(rapid.SampledFrom(Days), 1, 5, rapid.ID[string]).Draw(t, "weekdays")
		c := &Weekday{Fallback: fb}
		for _, d := range in {
			c.In = append(c.In, Day(d))
		}
		return c
	case 16:
		from, to := rapid.IntRange(0, 23).Draw(t, "from"), rapid.IntRange(0, 23).Draw(t, "to")
		if from == to {
			to++
		}
		return &Hours{[]schedule.TimeRange{{From: schedule.Clock(from * 60), To: schedule.Clock(to * 60)}}, fb}
	case 17:
		return &Holiday{words(t, "in"), fb}
	case 18:
		return &Channel{words(t, "in"), fb}
	case 19:
		return &HoldsCoupon{Groups: words(t, "groups"), Fallback: fb}
	case 20:
		return &RandomShare{rapid.SampledFrom(someWords).Draw(t, "salt"), rapid.Int64Range(1, 9_999).Draw(t, "share"), fb}
	case 21:
		return &HoldsCoupon{Templates: []string{id.Format(id.Template, 1<<40)}, Groups: words(t, "groups"), Fallback: fb}
	}
	return &Expression{CEL: "orders.count > 2 || channel == 'a'", Fallback: fb}
}

func someAttribute(t *rapid.T, fb Fallback) Leaf {
	c := &MemberAttribute{Name: "x", Fallback: fb}
	c.Kind = rapid.SampledFrom([]AttributeKind{AttributeText, AttributeNumber, AttributeBool, AttributeExists}).Draw(t, "kind")
	switch c.Kind {
	case AttributeText:
		c.In = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"1", "true", "false", "z"}), 1, 2, rapid.ID[string]).Draw(t, "in")
	case AttributeNumber:
		c.Min, c.Max = bounds(t, 3)
	case AttributeExists:
		c.Unknown = ""
		fallthrough
	default:
		c.Is = rapid.Bool().Draw(t, "is")
	}
	return c
}

func someTree(t *rapid.T, depth int) Tree {
	if depth == 0 || rapid.IntRange(0, 2).Draw(t, "shape") == 0 {
		return Tree{Leaf: someLeaf(t)}
	}
	kids := make([]Tree, rapid.IntRange(1, 3).Draw(t, "kids"))
	for i := range kids {
		kids[i] = someTree(t, depth-1)
	}
	switch rapid.IntRange(0, 3).Draw(t, "node") {
	case 0:
		return Tree{Any: kids}
	case 1:
		return Tree{None: kids}
	}
	return Tree{All: kids}
}

// someFacts draws facts that agree with each other.
func someFacts(t *rapid.T) *Facts {
	yes := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) > 0 }
	f := &Facts{Member: Member{Attributes: map[string]string{}}}
	f.Member.ID = id.ID(rapid.Int64Range(0, 20).Draw(t, "member"))
	zone := time.FixedZone("x", 3600*rapid.IntRange(-11, 12).Draw(t, "zone"))
	if yes("moment") {
		f.Moment = MomentOf(calendar.Instant(1_700_000_000_000+rapid.Int64Range(0, 7*24*60).Draw(t, "at")*60_000), zone)
	}
	for name, values := range map[string][]string{
		AttributeTier: someWords, AttributeValue: {"0", "3", "7", "?"}, "x": {"0", "1", "2", "true", "false", "z", "?"},
	} {
		if yes(name) {
			f.Member.Attributes[name] = rapid.SampledFrom(values).Draw(t, name)
		}
	}
	if yes("orders") {
		f.Member.Orders = someOrders(t, f.Moment)
	}
	if yes("purchases") {
		f.Member.Purchases = map[Purchase]bool{}
		for _, w := range someWords {
			lately := false
			for _, days := range []int64{7, 30, 0} {
				lately = lately || rapid.Bool().Draw(t, "bought")
				if yes("known") {
					f.Member.Purchases[Purchase{GoodsCategory, w, days}] = lately
				}
			}
		}
	}
	lists := rapid.SliceOfNDistinct(rapid.SampledFrom(someWords), 0, 3, rapid.ID[string])
	if yes("tags") {
		f.Member.Tags = append([]string{}, lists.Draw(t, "tags")...)
	}
	if yes("days") {
		f.Days = append([]string{}, lists.Draw(t, "days")...)
	}
	if yes("held") {
		f.Held = &Held{Groups: lists.Draw(t, "groups"), Templates: []id.ID{id.ID(rapid.Int64Range(1, 2).Draw(t, "template") << 40)}}
	}
	if yes("cart") {
		f.Cart = &Cart{}
		for range rapid.IntRange(0, 3).Draw(t, "lines") {
			f.Cart.Lines = append(f.Cart.Lines, line("a", "b", rapid.Int64Range(1, 2).Draw(t, "q"), rapid.Int64Range(0, 3).Draw(t, "u")))
		}
		f.Cart.List = Amount{rapid.Int64Range(0, 7).Draw(t, "list"), yes("listed")}
	}
	place := rapid.SampledFrom(append([]string{""}, someWords...))
	f.Place.City, f.Channel = place.Draw(t, "city"), place.Draw(t, "channel")
	return f
}

func someOrders(t *rapid.T, m Moment) *Orders {
	o := &Orders{Count: rapid.Int64Range(0, 6).Draw(t, "count"), Recent: map[int64]int64{}}
	left := o.Count
	for _, days := range []int64{30, 7} {
		left = rapid.Int64Range(0, left).Draw(t, "recent")
		if rapid.Bool().Draw(t, "known") {
			o.Recent[days] = left
		}
	}
	if o.Count > 0 && m.Zone != nil {
		o.Last = m.At - calendar.Instant(rapid.Int64Range(0, 50*24).Draw(t, "hours")*3_600_000)
		if rapid.Bool().Draw(t, "categories") {
			o.LastCategories = []string{rapid.SampledFrom(someWords).Draw(t, "category")}
		}
	}
	return o
}

// naive walks the tree by the book.
func naive(t *Tree, f *Facts) bool {
	if t.Leaf != nil {
		a := t.Leaf.Check(f)
		if a == Unknown {
			a = t.Leaf.IfUnknown()
		}
		return a == Yes
	}
	name, kids := t.kids()
	holding := 0
	for i := range kids {
		if naive(&kids[i], f) {
			holding++
		}
	}
	switch name {
	case "any":
		return holding > 0
	case "none":
		return holding == 0
	}
	return holding == len(kids)
}

func run(t *rapid.T, tree Tree, f *Facts) bool {
	p, err := Compile(tree)
	if err != nil {
		t.Fatal(err)
	}
	ok, why := p.Check(f)
	all := p.Failures(f)
	if ok != (why == nil) || ok != (len(all) == 0) {
		t.Fatalf("%v, why %+v, all %d", ok, why, len(all))
	}
	for _, failure := range append(all, why) {
		if failure != nil && naive(&failure.Tree, f) != failure.Held {
			t.Fatalf("%s stands in the way but answers %v", failure.Pointer, failure.Held)
		}
	}
	return ok
}

func TestProgramEqualsNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree, f := someTree(t, 3), someFacts(t)
		if got, want := run(t, tree, f), naive(&tree, f); got != want {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

func TestDeMorgan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, f := someTree(t, 2), someTree(t, 2), someFacts(t)
		not := func(x Tree) Tree { return Tree{None: []Tree{x}} }
		if run(t, not(Tree{All: []Tree{a, b}}), f) != run(t, Tree{Any: []Tree{not(a), not(b)}}, f) {
			t.Fatal("not (a and b) differs from (not a) or (not b)")
		}
		if run(t, Tree{None: []Tree{a, b}}, f) != run(t, Tree{All: []Tree{not(a), not(b)}}, f) {
			t.Fatal("none of a, b differs from (not a) and (not b)")
		}
		if run(t, not(not(a)), f) != run(t, a, f) {
			t.Fatal("not not a differs from a")
		}
	})
}

func TestTreesReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tree := someTree(t, 4)
		text, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		var back Tree
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree, back); diff != "" {
			t.Fatal(diff)
		}
		again, err := json.Marshal(back)
		if err != nil || string(again) != string(text) {
			t.Fatalf("%s became %s, %v", text, again, err)
		}
	})
}

// valueIn reports whether the fact of a dimension lies in a set.
func valueIn(t *rapid.T, c constraint, f *Facts) bool {
	word := func(w string) bool {
		if w == "" {
			return c.set.unknown
		}
		return holds(c.set.words, w) != c.set.except
	}
	number := func(n int64, known bool) bool {
		if !known {
			return c.set.unknown
		}
		return slices.ContainsFunc(c.set.spans, func(p span) bool { return p.low <= n && n <= p.high })
	}
	yes := func(is, known bool) bool {
		if is {
			return number(1, known)
		}
		return number(0, known)
	}
	d, o := c.dim, f.Member.Orders
	text := f.Member.Attributes[d.name]
	switch d.kind {
	case dimCity:
		return word(f.Place.City)
	case dimChannel:
		return word(f.Channel)
	case dimAttribute:
		return word(text)
	case dimFigure:
		n, ok := figure(text)
		return number(n, ok)
	case dimTag:
		return yes(slices.Contains(f.Member.Tags, d.name), f.Member.Tags != nil)
	case dimDay:
		return yes(slices.Contains(f.Days, d.name), f.Days != nil)
	case dimHeldGroup:
		return yes(f.Held != nil && slices.Contains(f.Held.Groups, d.name), f.Held != nil)
	case dimHeldTemplate:
		return yes(f.Held != nil && slices.Contains(f.Held.Templates, 1<<40), f.Held != nil)
	case dimShare:
		return number(lot(d.name, int64(f.Member.ID)), f.Member.ID != 0)
	case dimOrders:
		if o == nil {
			return c.set.unknown
		}
		return number(o.Count, true)
	case dimRecent:
		if o == nil {
			return c.set.unknown
		}
		n, ok := o.Recent[d.days]
		return number(n, ok)
	case dimOrderAge:
		switch {
		case o == nil:
			return c.set.unknown
		case o.Count == 0:
			return number(-1, true)
		case o.Last == 0 || f.Moment.Zone == nil:
			return c.set.unknown
		}
		return number(max(0, dayNumber(f.Moment.Date)-dayNumber(calendar.DateOf(o.Last, f.Moment.Zone))), true)
	case dimBought, dimBoughtRecently:
		was, known := f.Member.Purchases[Purchase{GoodsCategory, d.name[len("category:"):], d.days}]
		return yes(was, known)
	case dimWeekday:
		return number(int64(f.Moment.Weekday), f.Moment.Zone != nil)
	case dimMinute:
		return number(f.Moment.Minute, f.Moment.Zone != nil)
	case dimAmount:
		if f.Cart == nil {
			return c.set.unknown
		}
		return number(f.Cart.List.Minor, f.Cart.List.Known)
	case dimQuantity, dimGoodsMinor:
		if f.Cart == nil {
			return c.set.unknown
		}
		var quantity, minor int64
		for _, l := range f.Cart.Lines {
			quantity += l.Quantity
			minor += l.Quantity * l.UnitMinor
		}
		if d.kind == dimGoodsMinor {
			quantity = minor
		}
		return number(quantity, true)
	}
	t.Fatalf("no value for dimension %v", d)
	return false
}

// What a leaf says it reaches is necessary for its answer, and where it is exact,
// sufficient; so is what a tree reaches.
func TestReach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaf, f := someLeaf(t), someFacts(t)
		tree := Tree{Leaf: leaf}
		held := naive(&tree, f)
		for _, c := range leaf.reach(held) {
			if !valueIn(t, c, f) {
				t.Fatalf("answers %v outside %+v", held, c)
			}
		}
		for _, c := range leaf.reach(!held) {
			if c.exact && valueIn(t, c, f) {
				t.Fatalf("answers %v inside the exact reach of the other answer, %+v", held, c)
			}
		}
		tree = someTree(t, 3)
		held = naive(&tree, f)
		for d, l := range boxOf(&tree, "", held) {
			if !valueIn(t, constraint{dim: d, set: l.set}, f) {
				t.Fatalf("the tree answers %v outside %v %+v", held, d, l.set)
			}
		}
	})
}

// A set and what is reckoned with it agree with membership.
func TestSets(t *testing.T) {
	some := func(t *rapid.T, label string) set {
		low, high := bounds(t, 6)
		s := rangeSet(span{0, 6}, low, high)
		if rapid.Bool().Draw(t, label+"unknown") {
			s.unknown = true
		}
		if rapid.Bool().Draw(t, label+"not") {
			s = s.complement()
		}
		return s
	}
	has := func(s set, n int64) bool {
		return slices.ContainsFunc(s.spans, func(p span) bool { return p.low <= n && n <= p.high })
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := some(t, "a"), some(t, "b")
		both, either, not := a.intersect(b), a.union(b), a.complement()
		inside := !a.unknown || b.unknown
		for n := range int64(7) {
			if has(both, n) != (has(a, n) && has(b, n)) || has(either, n) != (has(a, n) || has(b, n)) || has(not, n) == has(a, n) {
				t.Fatalf("%d: %+v %+v", n, a, b)
			}
			inside = inside && (!has(a, n) || has(b, n))
		}
		if a.inside(b) != inside {
			t.Fatalf("%+v inside %+v: %v", a, b, !inside)
		}
	})
}

// A tree that is refused for a contradiction has a part that never holds: no facts
// satisfy its conjunction.
func TestContradictionsAreSound(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		kids := make([]Tree, rapid.IntRange(2, 4).Draw(t, "kids"))
		for i := range kids {
			kids[i] = Tree{Leaf: someLeaf(t)}
		}
		tree := Tree{All: kids}
		if !slices.ContainsFunc(faults(tree), func(s string) bool { return s[:11] == "conflicting" }) {
			return
		}
		found++
		for range 20 {
			if f := someFacts(t); naive(&tree, f) {
				t.Fatalf("refused with %q but satisfied", faults(tree))
			}
		}
	})
	if found < 5 {
		t.Errorf("only %d contradictions were met", found)
	}
}

// An alternative that is told to be covered by another never adds anything.
func TestCoverageIsSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, f := Tree{Leaf: someLeaf(t)}, Tree{Leaf: someLeaf(t)}, someFacts(t)
		if a.coveredBy(&b) && naive(&a, f) && !naive(&b, f) {
			t.Fatal("covered, but holds alone")
		}
	})
}

// No facts satisfy both sides of a contradiction between claim and use.
func TestAgainstIsSound(t *testing.T) {
	found := map[FindingKind]int{}
	rapid.Check(t, func(t *rapid.T) {
		claim, use := someTree(t, 1), someTree(t, 2)
		if shared := someLeaf(t); rapid.Bool().Draw(t, "opposed") {
			claim = Tree{All: []Tree{claim, {Leaf: shared}}}
			use = Tree{All: []Tree{use, {None: []Tree{{Leaf: shared}}}}}
		}
		findings := Against(claim, use)
		for _, finding := range findings {
			found[finding.Kind]++
		}
		if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Kind == FindingContradiction }) {
			return
		}
		for range 20 {
			if f := someFacts(t); naive(&claim, f) && naive(&use, f) {
				t.Fatalf("%v, but satisfied", findings)
			}
		}
	})
	if found[FindingContradiction] == 0 || found[FindingGap] == 0 {
		t.Errorf("met %v", found)
	}
}

func TestAgainst(t *testing.T) {
	hours := func(from, to string) string {
		return fmt.Sprintf(`{"type":"hours","ranges":[{"from":%q,"to":%q}]}`, from, to)
	}
	for _, c := range []struct {
		name, claim, use string
		want             []Finding
	}{
		{"cities apart", `{"type":"city","in":["a"]}`, `{"all":[{"type":"member_new"},{"type":"city","in":["b"]}]}`,
			[]Finding{{FindingContradiction, "", "/all/1"}, {FindingGap, "", "/all/0"}}},
		{"cities in part", `{"type":"city","in":["a","b"]}`, `{"type":"city","in":["b","c"]}`, []Finding{{FindingGap, "", ""}}},
		{"cities inside", `{"type":"city","in":["b"]}`, `{"type":"city","in":["b","c"]}`, nil},
		{"unknown on both sides", `{"type":"city","in":["a"],"unknown":"yes"}`, `{"type":"city","in":["b"],"unknown":"yes"}`, []Finding{{FindingGap, "", ""}}},
		{"through alternatives", `{"any":[{"type":"city","in":["a"]},{"type":"city","in":["b"]}]}`, `{"none":[{"type":"city","in":["a","b"]}]}`,
			[]Finding{{FindingContradiction, "", "/none/0"}}},
		{"new at the claim, a customer at use", `{"type":"member_new"}`, `{"type":"order_count","min":1}`, []Finding{{FindingGap, "", ""}}},
		{"a customer at the claim, new at use", `{"type":"order_count","min":1}`, `{"type":"member_new"}`, []Finding{{FindingContradiction, "", ""}}},
		{"hours apart", hours("08:00", "09:00"), hours("18:00", "19:00"), []Finding{{FindingGap, "", ""}}},
		{"use ends before the claim starts", `{"type":"date_window","windows":[{"from":"2026-02-01T00:00:00Z"}]}`, `{"type":"date_window","windows":[{"to":"2026-02-01T00:00:00Z"}]}`,
			[]Finding{{FindingContradiction, "", ""}}},
		{"use starts after the claim ends", `{"type":"date_window","windows":[{"to":"2026-02-01T00:00:00Z"}]}`, `{"type":"date_window","windows":[{"from":"2026-02-01T00:00:00Z"}]}`,
			[]Finding{{FindingGap, "", ""}}},
		{"nothing to compare", `{}`, `{"type":"cart_amount","base":"list","min_minor":5}`, nil},
		{"any claim", `{}`, `{"type":"member_tier","in":["gold"]}`, []Finding{{FindingGap, "", ""}}},
	} {
		if diff := cmp.Diff(c.want, Against(read(t, c.claim), read(t, c.use))); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestContradictions(t *testing.T) {
	for text, want := range map[string]string{
		`{"all":[{"type":"member_tier","in":["a"]},{"type":"member_tier","in":["b"]}]}`:                                                 "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"order_count","min":5},{"type":"order_count","max":3}]}`:                                                       "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"member_new"},{"type":"order_count","min":1}]}`:                                                                "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"member_new"},{"type":"order_count","min":1,"days":30}]}`:                                                      "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"member_new"},{"type":"days_since_order","max":30}]}`:                                                          "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"weekday","in":["mon"]},{"type":"weekday","in":["tue"]}]}`:                                                     "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"hours","ranges":[{"from":"22:00","to":"02:00"}]},{"type":"hours","ranges":[{"from":"02:00","to":"04:00"}]}]}`: "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"bought","kind":"sku","codes":["a"],"days":30},{"type":"never_bought","kind":"sku","codes":["b","a"]}]}`:       "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"city","in":["a"]},{"none":[{"type":"city","in":["a","b"]}]}]}`:                                                "conflicting_rules at /all/1/none/0 a=/all/0 b=/all/1/none/0",
		`{"all":[{"type":"city","in":["a"]},{"any":[{"type":"city","in":["b"]},{"type":"member_new"}]}]}`:                               "conflicting_rules at /all/1/any/0 a=/all/0 b=/all/1/any/0",
		`{"all":[{"type":"random_share","salt":"s","share_bps":10},{"none":[{"type":"random_share","salt":"s","share_bps":20}]}]}`:      "conflicting_rules at /all/1/none/0 a=/all/0 b=/all/1/none/0",
		`{"all":[{"type":"member_new"},{"type":"order_count","min":1,"unknown":"yes"}]}`:                                                "conflicting_rules at /all/1 a=/all/0 b=/all/1",
		`{"all":[{"type":"member_new"},{"type":"order_count","min":1,"days":30,"unknown":"yes"}]}`:                                      "",
		`{"all":[{"type":"member_new","unknown":"yes"},{"type":"order_count","min":1,"unknown":"yes"}]}`:                                "",
		`{"all":[{"type":"city","in":["a","b"]},{"type":"city","in":["b","c"]}]}`:                                                       "",
		`{"any":[{"type":"city","in":["a"]},{"type":"city","in":["b"]}]}`:                                                               "",
		`{"all":[{"type":"member_tag","in":["a"]},{"type":"member_tag","in":["b"]}]}`:                                                   "",
		`{"none":[{"type":"city","in":["a"]},{"type":"city","in":["b"]}]}`:                                                              "",
	} {
		got := faults(read(t, text))
		if want == "" && got != nil || want != "" && (len(got) != 1 || got[0] != want) {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
