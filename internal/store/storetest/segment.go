package storetest

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"quan/internal/domain/condition"
	"quan/internal/domain/member"
	"quan/internal/domain/order"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// How much of the random world is tried; QUAN_SEED chooses another world.
const (
	people = 40
	trees  = 250
)

// audience draws members with a history, and conditions about them. Words are few,
// so that they meet; some mean something in SQL, JSON and patterns.
type audience struct {
	*rand.Rand
	*world
	at condition.Moment
}

var (
	attributeNames = []string{condition.AttributeTier, condition.AttributeLifecycle, condition.AttributeValue, condition.AttributeSensitivity,
		condition.AttributeChurn, condition.AttributeSubsidy, `a"b.c`, "$.x", "[0]", "键", "it's"}
	attributeValues = []string{"", "gold", "silver", "high", "low", "true", "false", "0", "7", "-7", "007", "-0", "--7", "+7", "7.5", "1e3", " 7", "７",
		"999999999999999999", "-999999999999999999", "1000000000000000000", "it's", "%", "<&>", `"`, "\\", "-"}
	tagWords   = []string{"vip", "it's", `q"t`, "标签", "[]", "<a>"}
	listWords  = []string{"red", "blue", "green"}
	categories = []string{"fresh", "fresh/fruit", "fresh/fruit/apple", "fresher", "fr%sh", "home", "鲜/果", "", "a_c", "abc"}
	brands     = []string{"", "orchard", "o'brand", "brand%"}
	skus       = []string{"apple", "soap", "sku_1", "skux1"}
	windows    = []int64{1, 2, 7, 30, condition.WindowMax}
)

func pick[T any](c *audience, from []T) T { return from[c.IntN(len(from))] }

// some picks one to three different words that are not empty.
func (c *audience) some(from []string) []string {
	var out []string
	for range 1 + c.IntN(3) {
		if w := pick(c, from); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	if out == nil {
		return []string{"gold"}
	}
	return out
}

func (c *audience) bounds(most int64) (low, high *int64) {
	a, b := c.Int64N(most+1), c.Int64N(most+1)
	a, b = min(a, b), max(a, b)
	switch c.IntN(3) {
	case 0:
		return &a, nil
	case 1:
		return nil, &b
	}
	return &a, &b
}

func (c *audience) populate() []id.ID {
	var members []member.Member
	var orders, refunded []order.Order
	var ids []id.ID
	for range people {
		m := testkit.Member(c.who())
		for range c.IntN(6) {
			if m.Attributes == nil {
				m.Attributes = map[string]string{}
			}
			m.Attributes[pick(c, attributeNames)] = pick(c, attributeValues)
		}
		for _, word := range tagWords {
			if c.IntN(4) == 0 {
				m.Tags = append(m.Tags, word)
			}
		}
		members, ids = append(members, m), append(ids, m.ID)
		for range c.IntN(5) {
			day := c.at.Since(1 + c.Int64N(40))
			var lines []order.Line
			for range 1 + c.IntN(3) {
				l := order.Line{SKU: pick(c, skus), Category: pick(c, categories), Brand: pick(c, brands)}
				if c.IntN(6) == 0 {
					l.Shipping = "express"
				}
				lines = append(lines, l)
			}
			o := bought(c.world, m.ID, day, lines...)
			if c.IntN(2) == 0 {
				o.At-- // the last moment of the day before
			}
			orders = append(orders, o)
			if n := c.IntN(len(lines) + 2); n > 0 && n <= len(lines) {
				refunded = append(refunded, givenBack(o, n))
			}
		}
	}
	c.do(func(tx store.Tx) error {
		if err := tx.Members().Insert(members); err != nil {
			return err
		}
		for _, list := range listWords {
			var in []id.ID
			for _, who := range ids {
				if c.IntN(3) == 0 {
					in = append(in, who)
				}
			}
			if _, err := tx.ListMembers().Add(list, in); err != nil {
				return err
			}
		}
		return tx.Orders().Insert(orders)
	})
	c.do(func(tx store.Tx) error { return tx.Orders().Update(refunded) })
	return ids
}

func (c *audience) who() id.ID { return c.ids.New(c.Int64N(id.Slots)) }

func (c *audience) goods() (condition.Goods, []string) {
	switch c.IntN(3) {
	case 0:
		return condition.GoodsCategory, c.some(categories)
	case 1:
		return condition.GoodsBrand, c.some(brands)
	}
	return condition.GoodsSKU, c.some(skus)
}

// leaf fills a leaf of a type that stores can answer; nil for another.
func (c *audience) leaf(name string) condition.Leaf {
	fb := condition.Fallback{Unknown: pick(c, []condition.UnknownAs{"", condition.UnknownNo, condition.UnknownYes})}
	kind, codes := c.goods()
	days := pick(c, append([]int64{0, 0}, windows...))
	switch leaf := condition.New(name).(type) {
	case *condition.MemberNew:
		leaf.Fallback = fb
		return leaf
	case *condition.MemberNewIn:
		leaf.Categories, leaf.Fallback = c.some(categories), fb
		return leaf
	case *condition.MemberLifecycle:
		leaf.In, leaf.Fallback = c.some(attributeValues), fb
		return leaf
	case *condition.MemberTier:
		leaf.In, leaf.Fallback = c.some(attributeValues), fb
		return leaf
	case *condition.OrderCount:
		leaf.Days, leaf.Fallback = days, fb
		leaf.Min, leaf.Max = c.bounds(3)
		return leaf
	case *condition.DaysSinceOrder:
		leaf.Fallback = fb
		leaf.Min, leaf.Max = c.bounds(40)
		return leaf
	case *condition.Bought:
		leaf.Kind, leaf.Codes, leaf.Days, leaf.Fallback = kind, codes, days, fb
		return leaf
	case *condition.NeverBought:
		leaf.Kind, leaf.Codes, leaf.Days, leaf.Fallback = kind, codes, days, fb
		return leaf
	case *condition.LastCategory:
		leaf.In, leaf.Fallback = c.some(categories), fb
		return leaf
	case *condition.MemberValue:
		leaf.Fallback = fb
		leaf.Min, leaf.Max = c.bounds(10)
		return leaf
	case *condition.DiscountSensitivity:
		leaf.In, leaf.Fallback = c.some(condition.Sensitivities), fb
		return leaf
	case *condition.ChurnRisk:
		leaf.In, leaf.Fallback = c.some(condition.Churns), fb
		return leaf
	case *condition.SubsidyRate:
		leaf.Fallback = fb
		leaf.MinBps, leaf.MaxBps = c.bounds(10)
		return leaf
	case *condition.MemberAttribute:
		return c.attribute(leaf, fb)
	case *condition.MemberTag:
		leaf.In, leaf.Fallback = c.some(tagWords), fb
		return leaf
	case *condition.MemberList:
		leaf.In, leaf.Fallback = c.some(append(listWords, "none")), fb
		return leaf
	}
	return nil
}

func (c *audience) attribute(leaf *condition.MemberAttribute, fb condition.Fallback) condition.Leaf {
	leaf.Name, leaf.Fallback = pick(c, attributeNames), fb
	switch c.IntN(4) {
	case 0:
		leaf.Kind, leaf.In = condition.AttributeText, c.some(attributeValues)
	case 1:
		leaf.Kind = condition.AttributeNumber
		leaf.Min, leaf.Max = c.bounds(10)
	case 2:
		leaf.Kind, leaf.Is = condition.AttributeBool, c.IntN(2) == 0
	default:
		leaf.Kind, leaf.Is = condition.AttributeExists, c.IntN(2) == 0
	}
	return leaf
}

func (c *audience) tree(types []string, depth int) condition.Tree {
	if depth == 0 || c.IntN(3) == 0 {
		return condition.Tree{Leaf: c.leaf(pick(c, types))}
	}
	var kids []condition.Tree
	for range 1 + c.IntN(3) {
		kids = append(kids, c.tree(types, depth-1))
	}
	switch c.IntN(3) {
	case 0:
		return condition.Tree{All: kids}
	case 1:
		return condition.Tree{Any: kids}
	}
	return condition.Tree{None: kids}
}

// A count by SQL is the count of those whose loaded facts satisfy the tree, for
// every leaf that has a predicate, whatever is not known.
func countsAreChecks(w *world) {
	c := &audience{rand.New(rand.NewPCG(seed(w), 1)), w, moment()}
	ids := c.populate()
	var types []string
	for _, name := range condition.Types() {
		_, stored := condition.New(name).Predicate()
		if leaf := c.leaf(name); (leaf != nil) != stored {
			w.Fatalf("%s has a predicate: %v, and a leaf of the test: %v", name, stored, leaf != nil)
		} else if stored {
			types = append(types, name)
		}
	}
	met := map[bool]int{}
	for i := range trees {
		t := condition.Tree{Leaf: c.leaf(types[i%len(types)])}
		if i >= trees/2 {
			t = c.tree(types, 3)
		}
		want := c.checked(&t, ids)
		met[len(want) > 0 && len(want) < len(ids)]++
		p, ok := t.Predicate()
		if !ok {
			w.Fatal("no predicate")
		}
		w.look(func(tx store.Tx) error {
			n, err := tx.Facts().Count(p, c.at)
			if err != nil {
				return err
			}
			got, err := tx.Facts().Page(p, c.at, 0, math.MaxInt64, people+1)
			if n != int64(len(want)) || !slices.Equal(got, want) {
				text, _ := json.Marshal(t)
				w.Errorf("%s\n%d members by SQL %v\n%d by check       %v", text, n, got, len(want), want)
			}
			return err
		})
	}
	if met[true] < trees/4 {
		w.Errorf("only %d of %d trees tell members apart", met[true], trees)
	}
}

// checked are the members whose loaded facts satisfy the tree, by id.
func (c *audience) checked(t *condition.Tree, ids []id.ID) []id.ID {
	program, err := condition.Compile(*t)
	if err != nil {
		c.Fatal(err)
	}
	var held []id.ID
	c.look(func(tx store.Tx) error {
		held = nil
		facts, err := tx.Facts().Members(ids, t.Needs(), c.at)
		for _, who := range ids {
			if ok, _ := program.Check(&condition.Facts{Moment: c.at, Member: facts[who]}); ok {
				held = append(held, who)
			}
		}
		return err
	})
	slices.Sort(held)
	return held
}

func seed(tb testing.TB) uint64 {
	n := uint64(20260302)
	if text := os.Getenv("QUAN_SEED"); text != "" {
		n, _ = strconv.ParseUint(text, 10, 64)
	}
	tb.Logf("seed %d (QUAN_SEED chooses another)", n)
	return n
}
