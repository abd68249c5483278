package pricing_test

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"quan/internal/domain/pricing"
)

// smallCart compares all sets on one small cart. The model prices a set as the set
// without its last coupon with that one laid on it, and takes the best of a set from
// the best of its subsets: "better" is a strict order of sets, so the best of all
// subsets is the set itself or the best of a subset that lacks one coupon. So every
// set is priced by the model once on a cart, not once for every set that holds it.
type smallCart struct {
	*smallWorlds
	cart  *pricing.Cart
	rules pricing.Rules
	best  []*outcome // by number, of sets of up to three
	set   []int      // of variants, in stack order
	wrong []string
}

// number of a set in any order, the empty one's is 0. Sets of up to three have
// different ones.
func (c *smallCart) number(set []int) (n int) {
	var mask uint64
	for _, i := range set {
		mask |= 1 << i
	}
	for i := range c.all {
		if mask>>i&1 == 1 {
			n = n*(len(c.all)+1) + i + 1
		}
	}
	return n
}

// compareCart compares all sets on a cart and returns the differences, three at most.
func (s *smallWorlds) compareCart(at int) []string {
	side := len(s.all) + 1
	c := &smallCart{smallWorlds: s, cart: &s.carts[at], rules: smallRules, best: make([]*outcome, side*side*side)}
	none := modelBest(c.cart, nil, c.rules)
	c.best[0] = &none
	for size := 1; size <= 4; size++ {
		c.grow(newModelPrefix(c.cart, c.rules), 0, size)
	}
	return c.wrong
}

// grow looks at all sets that add so many variants to the set, behind a place of the
// stack's order.
func (c *smallCart) grow(p modelPrefix, from, more int) {
	if len(c.wrong) > 2 {
		return
	}
	if more == 0 {
		c.look(p.end())
		return
	}
	for at := from; at+more <= len(c.stack); at++ {
		i := c.stack[at]
		c.set = append(c.set, i)
		c.grow(p.with(c.all[i]), at+1, more-1)
		c.set = c.set[:len(c.set)-1]
	}
}

// look compares the engine with the model about the set.
func (c *smallCart) look(own outcome) {
	best := &own
	if !own.legal {
		best = c.best[0]
	}
	for n := range c.set {
		less := slices.Delete(slices.Clone(c.set), n, n+1)
		if o := c.best[c.number(less)]; o.better(*best) {
			best = o
		}
	}
	if len(c.set) < 4 {
		c.best[c.number(c.set)] = best
	}
	w := world{cart: *c.cart, rules: c.rules}
	for _, i := range slices.Sorted(slices.Values(c.set)) {
		w.all = append(w.all, c.all[i])
	}
	difference := applies(&w, &own)
	if difference == "" {
		_, difference = quotes(&w, best)
	}
	if difference != "" {
		c.wrong = append(c.wrong, fmt.Sprintf("%s\n%s", difference, w.print()))
	}
}

// compareAll compares all sets on all carts from a world on, cart after cart on all
// processors. It says every minute how far it is and what the rest will take.
func (s *smallWorlds) compareAll(t *testing.T, from int) {
	const wrongMax = 10
	first := from / len(s.sets)
	t.Logf("worlds %d (QUAN_MODEL_FROM) to %d", first*len(s.sets), s.count())
	end, hasEnd := t.Deadline()
	began, told := time.Now(), time.Now()
	var lock sync.Mutex
	next, wrong, open := first, 0, map[int]bool{}
	where := func() int { // everything before it is through
		at := next
		for cart := range open {
			at = min(at, cart)
		}
		return at * len(s.sets)
	}
	take := func() (cart int, ok bool) {
		lock.Lock()
		defer lock.Unlock()
		if next == len(s.carts) || wrong >= wrongMax || hasEnd && time.Until(end) < time.Minute {
			return 0, false
		}
		open[next] = true
		next++
		return next - 1, true
	}
	done := func(cart int, differences []string) {
		lock.Lock()
		defer lock.Unlock()
		delete(open, cart)
		for _, difference := range differences {
			wrong++
			fmt.Fprintln(os.Stderr, difference)
			t.Error(difference)
		}
		if time.Since(told) > time.Minute || next == len(s.carts) && len(open) == 0 {
			told = time.Now()
			rate := float64(where()-first*len(s.sets)) / time.Since(began).Seconds()
			rest := time.Duration(float64(s.count()-where()) / max(rate, 1) * float64(time.Second)).Round(time.Minute)
			fmt.Fprintf(os.Stderr, "%s small worlds: %d of %d (%d wrong), %.0f/s, %s to go; QUAN_MODEL_FROM=%d goes on here\n",
				told.UTC().Format(time.DateTime), where(), s.count(), wrong, rate, rest, where())
		}
	}
	var wait sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for cart, ok := take(); ok; cart, ok = take() {
				done(cart, s.compareCart(cart))
			}
		})
	}
	wait.Wait()
	if where() < s.count() {
		t.Logf("stopped; go on with QUAN_MODEL_FROM=%d", where())
		return
	}
	t.Logf("all %d small worlds were compared, %d wrong", s.count(), wrong)
}

// What is reckoned for all sets of a cart at once is what the model says of each.
func TestSmallCartIsTheModel(t *testing.T) {
	s := newSmallWorlds()
	c := &smallCart{smallWorlds: s, cart: &s.carts[1776], rules: smallRules}
	for _, set := range [][]int{{3}, {9, 2}, {17, 30, 4}, {31, 0, 19, 8}} {
		p := newModelPrefix(c.cart, c.rules)
		var all []pricing.Candidate
		for _, i := range s.stack {
			if slices.Contains(set, i) {
				p = p.with(s.all[i])
			}
		}
		for _, i := range set {
			all = append(all, s.all[i])
		}
		if got, want := p.end(), modelSet(c.cart, all, c.rules); !slices.Equal(got.perLine, want.perLine) || !slices.Equal(got.stackOrder, want.stackOrder) || got.legal != want.legal {
			t.Errorf("set %v: %+v, the model %+v", set, got, want)
		}
	}
	numbers := map[int]bool{}
	few := 0
	for _, set := range s.sets {
		if len(set) < 4 {
			few++
			numbers[c.number(set)] = true
		}
	}
	if len(numbers) != few || numbers[0] {
		t.Errorf("%d sets have %d numbers", few, len(numbers))
	}
}
