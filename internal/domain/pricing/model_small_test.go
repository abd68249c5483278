package pricing_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/kernel/id"
)

// smallShare is how many small worlds a run looks at where nothing else is said.
const smallShare = 60_000

// smallWorlds are all sets of one to four variants on all small carts, in an order
// that goes through sets and carts at once: the n-th world is the (n × stride)-th
// of the list.
type smallWorlds struct {
	carts []pricing.Cart
	all   []pricing.Candidate
	stack []int // of all, in the order of a stack
	sets  [][]int
}

var smallRules = pricing.Rules{FloorMinor: 1, Now: 100}

func newSmallWorlds() *smallWorlds {
	s := &smallWorlds{all: modelVariants()}
	for i := range s.all {
		s.all[i].Terms.Stacking.Group = strconv.Itoa(i)
	}
	for _, c := range modelOrder(s.all, smallRules.Profile.Order, "") {
		s.stack = append(s.stack, c.Place)
	}
	modelCarts(func(cart *pricing.Cart) { s.carts = append(s.carts, *cart) })
	var grow func(set []int, from int)
	grow = func(set []int, from int) {
		if len(set) > 0 {
			s.sets = append(s.sets, slices.Clone(set))
		}
		for i := from; i < len(s.all) && len(set) < 4; i++ {
			grow(append(set, i), i+1)
		}
	}
	grow(nil, 0)
	return s
}

func (s *smallWorlds) count() int { return len(s.sets) * len(s.carts) }

func (s *smallWorlds) world(n int) *world {
	const stride = 1_000_000_007 // a prime that divides no count
	at := int(uint64(n) * stride % uint64(s.count()))
	w := &world{cart: s.carts[at%len(s.carts)], rules: smallRules}
	for _, i := range s.sets[at/len(s.carts)] {
		w.all = append(w.all, s.all[i])
	}
	return w
}

// Every set of up to four variants of all kinds on every small cart. A run looks at
// smallShare of them, from QUAN_MODEL_FROM on; with QUAN_MODEL_ALL=1 at all of them
// cart after cart, as far as the time goes, and says where to go on (make worlds).
func TestModelSmallWorlds(t *testing.T) {
	s := newSmallWorlds()
	from, all := 20_260_302, os.Getenv("QUAN_MODEL_ALL") != ""
	if all {
		from = 0
	}
	if text := os.Getenv("QUAN_MODEL_FROM"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		from = n
	}
	if all {
		s.compareAll(t, from)
		return
	}
	t.Logf("worlds %d (QUAN_MODEL_FROM) to %d of %d", from, from+smallShare, s.count())
	for _, difference := range s.compare(from, from+smallShare) {
		t.Error(difference)
	}
}

// compare compares worlds, on all processors, and returns the differences.
func (s *smallWorlds) compare(from, to int) (differences []string) {
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	found := make([][]string, workers)
	for k := range workers {
		wait.Go(func() {
			for n := from + k; n < to && len(found[k]) < 3; n += workers {
				w := s.world(n)
				_, difference := agreeApply(w)
				if difference == "" {
					_, _, difference = agreeQuote(w)
				}
				if difference != "" {
					found[k] = append(found[k], fmt.Sprintf("world %d: %s\n%s", n, difference, w.print()))
				}
			}
		})
	}
	wait.Wait()
	return slices.Concat(found...)
}

// A search with a small budget says the truth about its bound.
func TestModelBound(t *testing.T) {
	d, m, cut := modelSeed(t, 22), &modelReport{t: t}, 0
	for range count(t, 4_000) {
		w := d.anyWorld(5, 6)
		d.together(&w)
		want := modelBest(&w.cart, w.all, w.rules)
		w.rules.Sets = d.between(1, 50)
		r := pricing.Quote(&w.cart, w.all, w.rules)
		best, difference := r.ListMinor-want.off, ""
		switch {
		case r.Optimal && r.PayableMinor != best:
			difference = "optimal, and the best pays " + strconv.FormatInt(best, 10) + ", not " + strconv.FormatInt(r.PayableMinor, 10)
		case r.BoundMinor > best || best > r.PayableMinor:
			difference = "bound " + strconv.FormatInt(r.BoundMinor, 10) + ", best " + strconv.FormatInt(best, 10) + ", payable " + strconv.FormatInt(r.PayableMinor, 10)
		}
		if m.world(&w, difference); !r.Optimal {
			cut++
		}
	}
	m.end()
	if t.Logf("%d searches were stopped", cut); cut == 0 {
		t.Error("no search was stopped")
	}
}

// Published examples of another vendor: ways to take 10 off, and a stack.
func TestPublishedExamples(t *testing.T) {
	cart := pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 2, UnitMinor: 1000}, {SKU: "b", Quantity: 3, UnitMinor: 1500},
		{SKU: "c", Quantity: 3, UnitMinor: 2000}, {SKU: "d", Quantity: 2, UnitMinor: 2500}}}
	ten := coupon.Terms{Kind: coupon.KindItemOff, Reward: coupon.RewardAmount, AmountMinor: 1000, Scope: only("a", "b", "c")}
	with := func(edit func(t *coupon.Terms)) coupon.Terms { c := ten; edit(&c); return c }
	for _, c := range []struct {
		name  string
		terms coupon.Terms
		want  []int64
	}{
		{"per line", with(func(t *coupon.Terms) { t.Split = coupon.SplitLine }), []int64{1000, 1000, 1000, 0}},
		{"per unit", ten, []int64{2000, 3000, 3000, 0}},
		{"by amount", with(func(t *coupon.Terms) { t.Split = coupon.SplitAmount }), []int64{160, 360, 480, 0}},
		{"by quantity", with(func(t *coupon.Terms) { t.Split = coupon.SplitQuantity }), []int64{250, 375, 375, 0}},
		{"10 %", with(func(t *coupon.Terms) { t.Reward, t.AmountMinor, t.DiscountBps = coupon.RewardPercent, 0, 1000 }), []int64{200, 450, 600, 0}},
		{"new price", with(func(t *coupon.Terms) {
			t.Kind, t.Reward, t.AmountMinor, t.PriceMinor = coupon.KindFixedPrice, "", 0, 1000
		}), []int64{0, 1500, 3000, 0}},
	} {
		w := world{cart: cart, all: []pricing.Candidate{candidate(1, c.terms)}, rules: pricing.Rules{FloorMinor: 1, Now: 100}}
		r, refusal := pricing.Apply(&w.cart, w.all, w.rules)
		if refusal != nil || !slices.Equal(r.Lines, c.want) {
			t.Errorf("%s: %v %v, want %v", c.name, r.Lines, refusal, c.want)
		}
		if _, difference := agreeApply(&w); difference != "" {
			t.Errorf("%s: %s", c.name, difference)
		}
	}
	stack := []coupon.Terms{{Kind: coupon.KindNoThreshold, AmountMinor: 100, Priority: 2}, {Kind: coupon.KindPercentOff, DiscountBps: 2000, Priority: 1},
		{Kind: coupon.KindNoThreshold, AmountMinor: 8000}}
	w := world{cart: pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 200_000}}}, rules: pricing.Rules{FloorMinor: 1, Now: 100}}
	for i, terms := range stack {
		terms.Stacking.Group = id.Format(id.Coupon, id.ID(i+1))
		w.all = append(w.all, candidate(i+1, terms))
	}
	r, refusal := pricing.Apply(&w.cart, w.all, w.rules)
	if refusal != nil || r.PayableMinor != 151_920 || r.Uses[1].DiscountMinor != 39_980 {
		t.Errorf("the stack: %+v %v", r, refusal)
	}
}
