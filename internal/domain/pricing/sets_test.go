package pricing_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
	"quan/internal/domain/rule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

var funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 3333}, {Kind: coupon.FunderMerchant, Code: "m", ShareBps: 6667}}

func candidate(n int, t coupon.Terms) pricing.Candidate {
	t.UsesPerCoupon, t.Funders = 1, funders
	return pricing.Candidate{Terms: &t, Use: true, Coupon: &coupon.Coupon{ID: id.ID(n), Template: id.ID(1000 + n), Version: 1,
		State: coupon.Usable, Uses: 1, ValidTo: 1000}}
}

func only(skus ...string) rule.Scope { return rule.Scope{Include: rule.Selector{SKUs: skus}} }

// agree fails when the search and the model differ about a world, or when the
// result does not hold together.
func agree(t *testing.T, cart *pricing.Cart, all []pricing.Candidate, rules pricing.Rules) pricing.Result {
	t.Helper()
	r := pricing.Quote(cart, all, rules)
	want := modelBest(cart, all, rules)
	var order, offs []int64
	for _, u := range r.Uses {
		order, offs = append(order, int64(u.Coupon)), append(offs, u.DiscountMinor)
	}
	if !slices.Equal(order, want.stackOrder) || !slices.Equal(offs, want.perCoupon) || !slices.Equal(r.Lines, want.perLine) ||
		!r.Optimal || r.BoundMinor != r.PayableMinor || r.DiscountMinor != want.off {
		t.Fatalf("cart %+v\nrules %+v\ncoupons %s\nfound %v taking %v on lines %v (optimal %v), the model %v taking %v on lines %v",
			cart, rules, tell(all), order, offs, r.Lines, r.Optimal, want.stackOrder, want.perCoupon, want.perLine)
	}
	sums(t, cart, r)
	return r
}

func tell(all []pricing.Candidate) (text string) {
	for _, c := range all {
		text += "\n  " + strconv.FormatInt(int64(c.Coupon.ID), 10) + " " + string(c.Terms.Kind) + " amount " + strconv.FormatInt(c.Terms.AmountMinor, 10) +
			" bps " + strconv.FormatInt(c.Terms.DiscountBps, 10) + " threshold " + strconv.FormatInt(c.Terms.ThresholdMinor, 10) + string(c.Terms.ThresholdBase) +
			" of " + string(c.Terms.Stacking.Base) + " stacking " + fmt.Sprintf("%+v template %d scope %+v zero %v", c.Terms.Stacking, c.Coupon.Template, c.Terms.Scope, c.Terms.AllowZero)
	}
	return text
}

// sums sees that lines, funders, coupons and the order speak of the same money.
func sums(t *testing.T, cart *pricing.Cart, r pricing.Result, rules ...pricing.Rules) {
	t.Helper()
	perLine := make([]int64, len(cart.Lines))
	var uses int64
	for _, u := range r.Uses {
		var cells int64
		for _, c := range u.Cells {
			if c.Minor <= 0 {
				t.Fatalf("cell %+v", c)
			}
			cells += c.Minor
			perLine[c.Line] += c.Minor
		}
		if cells != u.DiscountMinor {
			t.Fatalf("coupon %d takes %d, its cells %d", u.Coupon, u.DiscountMinor, cells)
		}
		uses += u.DiscountMinor
	}
	for i, off := range r.Lines {
		if off != perLine[i] || off < 0 || off > listOf(append(rules, pricing.Rules{})[0], cart.Lines[i]) {
			t.Fatalf("line %d: %d, its cells %d", i, off, perLine[i])
		}
	}
	if uses != r.DiscountMinor || r.ListMinor-uses != r.PayableMinor {
		t.Fatalf("uses %d, discount %d, payable %d of %d", uses, r.DiscountMinor, r.PayableMinor, r.ListMinor)
	}
}

// listOf is what a line costs, with tax where the profile says so.
func listOf(rules pricing.Rules, l pricing.Line) int64 {
	amount := l.ListMinor()
	if rules.Profile.Tax == pricing.TaxIn {
		amount += modelRound(amount, l.TaxBps, 10000, pricing.RoundHalfUp)
	}
	return amount
}

// representatives are two of every class of effect: for the order and for a line,
// with and without conditions.
func representatives() []pricing.Candidate {
	terms := []coupon.Terms{
		{Kind: coupon.KindAmountOff, AmountMinor: 3, ThresholdMinor: 7},
		{Kind: coupon.KindAmountOff, AmountMinor: 2, ThresholdMinor: 3, ThresholdBase: coupon.BaseAfter, Scope: only("a")},
		{Kind: coupon.KindPercentOff, DiscountBps: 3000},
		{Kind: coupon.KindPercentOff, DiscountBps: 5000, CapMinor: 3, Scope: only("a", "b"), Stacking: coupon.Stacking{Base: coupon.TakenList}},
		{Kind: coupon.KindNoThreshold, AmountMinor: 1, AllowZero: true},
		{Kind: coupon.KindNoThreshold, AmountMinor: 7, Scope: only("b")},
		{Kind: coupon.KindGift, Gift: &coupon.Gift{SKU: "g", Quantity: 1}, ThresholdMinor: 7, ThresholdBase: coupon.BaseBefore},
		{Kind: coupon.KindGift, Gift: &coupon.Gift{SKU: "g", Quantity: 2, ValueMinor: 1}, Scope: only("b")},
	}
	all := make([]pricing.Candidate, len(terms))
	for i, t := range terms {
		all[i] = candidate(i+1, t)
	}
	return all
}

// grouped are ways to stack: all apart, pairs of one class in a group, all in the
// default group, and one that excludes others.
var grouped = []func(i int, s *coupon.Stacking){
	func(i int, s *coupon.Stacking) { s.Group = strconv.Itoa(i) },
	func(i int, s *coupon.Stacking) { s.Group = strconv.Itoa(i / 2) },
	func(i int, s *coupon.Stacking) {},
	func(i int, s *coupon.Stacking) {
		if s.Group = strconv.Itoa(i); i%3 == 0 {
			s.Excludes = []string{strconv.Itoa(i + 1), strconv.Itoa((i + 4) % 8)}
		}
	},
}

// Every cart of at most three lines with amounts of {1, 2, 3, 7, 10}, every set of
// at most four of the representatives, every way to stack.
func TestSmallWorldsEqualBruteForce(t *testing.T) {
	amounts := []int64{1, 2, 3, 7, 10}
	var carts []pricing.Cart
	for mask := 1; mask < 6*6*6; mask++ {
		cart, n := pricing.Cart{}, mask
		for _, sku := range []string{"a", "b", "c"} {
			if n%6 > 0 {
				cart.Lines = append(cart.Lines, pricing.Line{SKU: sku, Quantity: 1, UnitMinor: amounts[n%6-1]})
			}
			n /= 6
		}
		carts = append(carts, cart)
	}
	worlds := 0
	for _, group := range grouped {
		all := representatives()
		for i := range all {
			group(i, &all[i].Terms.Stacking)
		}
		for mask := 0; mask < 1<<len(all); mask++ {
			var some []pricing.Candidate
			for i, c := range all {
				if mask>>i&1 == 1 {
					some = append(some, c)
				}
			}
			if len(some) > 4 {
				continue
			}
			for i := range carts {
				agree(t, &carts[i], some, pricing.Rules{FloorMinor: 1, MaxCoupons: 3, Now: 100})
				worlds++
			}
		}
	}
	t.Logf("%d worlds", worlds)
}

// dice draws worlds from a seed.
type dice struct{ *rand.Rand }

func (d dice) between(low, high int64) int64 { return low + d.Int64N(high-low+1) }

func pickOf[T any](d dice, list ...T) T { return list[d.IntN(len(list))] }

func (d dice) cart(most int64) pricing.Cart {
	cart := pricing.Cart{}
	for range d.between(0, most) {
		cart.Lines = append(cart.Lines, pricing.Line{SKU: pickOf(d, "a", "b", "c", "d"), Quantity: d.between(1, 3),
			UnitMinor: d.between(0, pickOf(d, int64(3), 20, 500))})
	}
	return cart
}

func (d dice) candidate(n int) pricing.Candidate {
	t := coupon.Terms{Kind: pickOf(d, coupon.KindAmountOff, coupon.KindPercentOff, coupon.KindNoThreshold, coupon.KindGift),
		AllowZero: d.IntN(4) == 0, Priority: d.between(0, 2)}
	switch t.Kind {
	case coupon.KindPercentOff:
		t.DiscountBps, t.CapMinor = pickOf(d, int64(1), 1000, 2500, 5000, 9999), pickOf(d, int64(0), 0, 5, 100)
		t.Stacking.Base = pickOf(d, coupon.Taken(""), coupon.TakenBefore, coupon.TakenList)
	case coupon.KindGift:
		t.Gift = &coupon.Gift{SKU: "g", Quantity: 1, ValueMinor: d.between(0, 2)}
	default:
		t.AmountMinor = d.between(1, pickOf(d, int64(3), 30, 300))
	}
	if t.Kind != coupon.KindNoThreshold {
		t.ThresholdMinor = d.between(0, pickOf(d, int64(0), 10, 60, 900))
		t.ThresholdBase = pickOf(d, coupon.Base(""), coupon.BaseList, coupon.BaseBefore, coupon.BaseAfter)
	}
	t.Scope = pickOf(d, rule.Scope{}, only("a"), only("a", "b"), only("b", "c", "d"), only("d"))
	t.Stacking.Group = pickOf(d, "", "g1", "g2", "g3", "g4", strconv.Itoa(n))
	if d.IntN(5) == 0 {
		t.Stacking.Excludes = []string{pickOf(d, "default", "g1", "g2", "g3")}
	}
	c := candidate(n, t)
	c.Coupon.ValidTo = calendar.Instant(d.between(101, 103))
	c.Coupon.Template = id.ID(d.between(1, 1<<20)<<8 + int64(n)) // in any order, never one for two terms
	return c
}

// count is how many random worlds are tried: 10^5, or QUAN_SETS_WORLDS.
func count(t *testing.T, standard int) int {
	t.Helper()
	text := os.Getenv("QUAN_SETS_WORLDS")
	if text == "" {
		return standard
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRandomWorldsEqualBruteForce(t *testing.T) {
	seed := uint64(20260302) // another one by QUAN_SETS_SEED
	if text := os.Getenv("QUAN_SETS_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("seed %d (QUAN_SETS_SEED)", seed)
	d := dice{rand.New(rand.NewPCG(seed, 1))}
	stacked, cut := map[int]int{}, 0
	for range count(t, 100_000) {
		cart := d.cart(6)
		rules := pricing.Rules{FloorMinor: d.between(0, 3), MaxCoupons: pickOf(d, int64(1), 2, 3, 5, 5), Now: 100}
		all := make([]pricing.Candidate, d.between(1, pickOf(d, int64(3), 5, 7)))
		for i := range all {
			all[i] = d.candidate(i + 1)
		}
		d.copies(all)
		r := agree(t, &cart, all, rules)
		stacked[len(r.Uses)]++
		d.shuffled(t, &cart, all, rules, r)
		rules.Sets = d.between(1, 20)
		cut += stopped(t, &cart, all, rules, r)
	}
	t.Logf("worlds by coupons in the best set: %v; stopped searches: %d", stacked, cut)
	if stacked[2] == 0 || stacked[3] == 0 || cut == 0 {
		t.Error("no world stacks coupons, or no search was stopped")
	}
}

// stopped sees that a search with a small budget tells the truth: best is the
// result of the complete one. It returns 1 where the budget did not suffice.
func stopped(t *testing.T, cart *pricing.Cart, all []pricing.Candidate, rules pricing.Rules, best pricing.Result) int {
	t.Helper()
	r := pricing.Quote(cart, all, rules)
	sums(t, cart, r)
	if r.BoundMinor > best.PayableMinor || r.PayableMinor < best.PayableMinor || r.Optimal && r.BoundMinor != r.PayableMinor {
		t.Fatalf("cart %+v\ncoupons %s\nof %d sets: payable %d, bound %d, optimal %v; the best is %d",
			cart, tell(all), rules.Sets, r.PayableMinor, r.BoundMinor, r.Optimal, best.PayableMinor)
	}
	if !r.Optimal {
		return 1
	}
	for i, u := range r.Uses {
		if len(r.Uses) != len(best.Uses) || u.Coupon != best.Uses[i].Coupon {
			t.Fatalf("optimal, and not the best: %+v, %+v", r.Uses, best.Uses)
		}
	}
	return 0
}

// copies makes some candidates further coupons of another's template.
func (d dice) copies(all []pricing.Candidate) {
	for i := range all {
		if k := d.IntN(len(all)); d.IntN(4) == 0 {
			all[i].Terms, all[i].Coupon.Template = all[k].Terms, all[k].Coupon.Template
		}
	}
}

// shuffled sees that the order of the request decides nothing, and that Apply
// prices the chosen set alike.
func (d dice) shuffled(t *testing.T, cart *pricing.Cart, all []pricing.Candidate, rules pricing.Rules, r pricing.Result) {
	t.Helper()
	mixed := slices.Clone(all)
	d.Shuffle(len(mixed), func(i, k int) { mixed[i], mixed[k] = mixed[k], mixed[i] })
	again := pricing.Quote(cart, mixed, rules)
	var chosen []pricing.Candidate
	for i, c := range mixed {
		if again.Coupons[i].Verdict == pricing.Applied {
			chosen = append(chosen, c)
		}
	}
	applied, refusal := pricing.Apply(cart, chosen, rules)
	if refusal != nil {
		t.Fatalf("the chosen set is refused: %v", refusal)
	}
	for _, o := range []pricing.Result{again, applied} {
		if o.PayableMinor != r.PayableMinor || !slices.Equal(o.Lines, r.Lines) || len(o.Uses) != len(r.Uses) {
			t.Fatalf("cart %+v\ncoupons %s\nthe order of the request matters: %+v, %+v", cart, tell(all), o, r)
		}
		for i, u := range o.Uses {
			if u.Coupon != r.Uses[i].Coupon || u.DiscountMinor != r.Uses[i].DiscountMinor || !slices.Equal(u.Cells, r.Uses[i].Cells) {
				t.Fatalf("use %d: %+v and %+v", i, u, r.Uses[i])
			}
		}
	}
}

// Apply refuses exactly the sets that the model calls illegal.
func TestApplyRefusesIllegalSets(t *testing.T) {
	const seed = 20260302
	t.Logf("seed %d", seed)
	d := dice{rand.New(rand.NewPCG(seed, 2))}
	legal := 0
	for range count(t, 20_000) {
		cart := d.cart(5)
		rules := pricing.Rules{FloorMinor: 1, MaxCoupons: 3, Now: 100}
		set := make([]pricing.Candidate, d.between(1, 4))
		for i := range set {
			set[i] = d.candidate(i + 1)
		}
		want := modelSet(&cart, set, rules)
		r, refusal := pricing.Apply(&cart, set, rules)
		if want.legal != (refusal == nil) {
			t.Fatalf("cart %+v\ncoupons %s\nlegal %v, refusal %v", cart, tell(set), want.legal, refusal)
		}
		if refusal == nil {
			legal++
			if r.DiscountMinor != want.off || !slices.Equal(r.Lines, want.perLine) {
				t.Fatalf("cart %+v\ncoupons %s\n%d, the model %d", cart, tell(set), r.DiscountMinor, want.off)
			}
			sums(t, &cart, r)
		}
	}
	if legal == 0 {
		t.Error("no set was legal")
	}
}

// A coupon that is refused alone can be legal in a set: the floor cuts it, and
// more is left after it.
func TestFloorLiftsWhatIsLeftAfter(t *testing.T) {
	cart := pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 10}, {SKU: "b", Quantity: 1, UnitMinor: 2}}}
	all := []pricing.Candidate{
		candidate(1, coupon.Terms{Kind: coupon.KindNoThreshold, AmountMinor: 2, Scope: only("b"), Stacking: coupon.Stacking{Group: "x"}}),
		candidate(2, coupon.Terms{Kind: coupon.KindAmountOff, AmountMinor: 10, ThresholdMinor: 2, ThresholdBase: coupon.BaseAfter, Scope: only("a")}),
	}
	r := agree(t, &cart, all, pricing.Rules{FloorMinor: 3, MaxCoupons: 5, Now: 100})
	if len(r.Uses) != 2 || r.PayableMinor != 3 || r.Coupons[1].Verdict != pricing.Applied || r.Coupons[1].Reasons != nil {
		t.Errorf("%+v", r)
	}
}

// Each coupon that is not chosen says what stands in its way.
func TestWhyNotBesideTheChosen(t *testing.T) {
	cart := pricing.Cart{Lines: []pricing.Line{{SKU: "a", Quantity: 1, UnitMinor: 100}}}
	amount := func(n int, minor, threshold int64, group string, excludes ...string) pricing.Candidate {
		kind := coupon.KindNoThreshold
		if threshold > 0 {
			kind = coupon.KindAmountOff
		}
		return candidate(n, coupon.Terms{Kind: kind, AmountMinor: minor, ThresholdMinor: threshold,
			Stacking: coupon.Stacking{Group: group, Excludes: excludes}})
	}
	gone := amount(7, 5, 0, "z")
	gone.Use = false
	all := []pricing.Candidate{
		amount(1, 60, 0, "x"),
		amount(2, 50, 0, "x"),
		amount(3, 30, 0, "y", "x"),
		amount(4, 20, 80, "w"),
		amount(5, 10, 0, "v"),
		amount(6, 5, 300, "u"),
		gone,
	}
	r := pricing.Quote(&cart, all, pricing.Rules{FloorMinor: 1, MaxCoupons: 5, Now: 100})
	want := []string{"applied", "skipped stacking_conflict", "skipped stacking_conflict", "skipped threshold_not_met", "applied", "inapplicable threshold_not_met",
		"inapplicable use_paused"}
	for i, j := range r.Coupons {
		got := string(j.Verdict)
		if len(j.Reasons) > 0 {
			got += " " + string(j.Reasons[0].Code)
		}
		if got != want[i] {
			t.Errorf("coupon %d: %s, want %s", j.Coupon, got, want[i])
		}
	}
	if f := r.Coupons[3].Reasons[0]; f.Param("gap_minor") != int64(40) {
		t.Errorf("the gap in its place: %v", f)
	}
	if f := r.Coupons[2].Reasons[0]; f.Param("coupon") != id.Format(id.Coupon, 3) || f.Param("other") != id.Format(id.Coupon, 1) {
		t.Errorf("the two coupons: %v", f)
	}
	r = pricing.Quote(&cart, all[4:5], pricing.Rules{FloorMinor: 1, MaxCoupons: 1, Now: 100})
	if r.PayableMinor != 90 {
		t.Errorf("payable %d", r.PayableMinor)
	}
	r = pricing.Quote(&cart, []pricing.Candidate{all[0], all[4]}, pricing.Rules{FloorMinor: 1, MaxCoupons: 1, Now: 100})
	if reasons := r.Coupons[1].Reasons; len(reasons) != 1 || reasons[0].Code != "too_many_coupons" {
		t.Errorf("beyond the most: %v", reasons)
	}
}
