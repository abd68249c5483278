package pricing_test

import (
	"math"
	"slices"

	"quan/internal/domain/condition"
	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// The two kinds of units of a line: a coupon by units sees the fresh ones.
const (
	fresh   = 0
	touched = 1
)

// modelLine is a line as the coupons so far leave it.
type modelLine struct {
	pricing.Line
	list        int64
	units, left [2]int64
	alike       bool // UnitsList
	triggered   int64
	rewarded    int64 // PatternsEach: units by their part in patterns so far
}

func (l *modelLine) total() int64 { return l.left[fresh] + l.left[touched] }

// room is what coupons may still take off.
func (l *modelLine) room() int64 { return max(0, l.total()-l.MinMinor*l.Quantity) }

// cost of n units of a kind: left × n / units, half up.
func (l *modelLine) cost(kind int, n int64) int64 {
	if n == 0 {
		return 0
	}
	if l.alike {
		return min(modelRound(l.list, n, l.Quantity, pricing.RoundHalfUp), l.left[kind])
	}
	return modelRound(l.left[kind], n, l.units[kind], pricing.RoundHalfUp)
}

// price of one unit of a kind, exactly.
func (l *modelLine) price(kind int) modelFrac {
	if l.alike {
		return modelFrac{l.list, l.Quantity}
	}
	return modelFrac{l.left[kind], l.units[kind]}
}

// modelStack is a cart with the coupons laid so far.
type modelStack struct {
	cart   *pricing.Cart
	rules  pricing.Rules
	lines  []modelLine
	list   int64
	off    int64
	budget map[*pricing.Budget]int64 // taken so far
}

func newModelStack(cart *pricing.Cart, rules pricing.Rules) *modelStack {
	s := &modelStack{cart: cart, rules: rules, budget: map[*pricing.Budget]int64{}}
	for _, l := range cart.Lines {
		amount := l.UnitMinor * l.Quantity
		if rules.Profile.Tax == pricing.TaxIn {
			amount += modelRound(amount, l.TaxBps, 10000, pricing.RoundHalfUp)
		}
		s.lines = append(s.lines, modelLine{Line: l, list: amount, units: [2]int64{l.Quantity, 0}, left: [2]int64{amount, 0},
			alike: rules.Profile.Units == pricing.UnitsList})
		s.list += amount
	}
	return s
}

// goods reports whether a line is in the scope: lines of goods that coupons see.
func (s *modelStack) goods(i int, scopes ...func(i int) bool) bool {
	l := s.lines[i]
	if l.NoCoupons || l.Shipping != "" {
		return false
	}
	for _, in := range scopes {
		if !in(i) {
			return false
		}
	}
	return true
}

// lay puts the next coupon on the stack. A refused one leaves no trace.
func (s *modelStack) lay(c pricing.Candidate) modelUse {
	u := modelUse{c: c, parts: make([]int64, len(s.lines)), units: make([]int64, len(s.lines))}
	home := c.Home
	if home == "" {
		home = s.cart.Currency
	}
	t, ok := c.Terms.In(s.cart.Currency, home)
	if !ok {
		u.t, u.refused = c.Terms, "no amounts in this currency"
		return u
	}
	u.t = t.ForUse(c.Coupon.NextUse)
	in := s.inScope(u.t)
	switch {
	case !s.anything(u.t, in):
		u.refused = "nothing in scope"
	case !s.contains(u.t):
		u.refused = "must contain"
	}
	if u.refused != "" {
		return u
	}
	before := slices.Clone(s.lines)
	switch u.t.Class() {
	case coupon.ClassSum:
		s.sum(&u, in)
	case coupon.ClassUnits:
		s.byUnits(&u, in)
	default:
		if u.t.Kind == coupon.KindGift {
			u.handed = u.t.Gift.Quantity
		}
		if !s.reached(&u, in, u.t.ThresholdMinor, u.t.ThresholdQuantity, nil) {
			u.refused = "threshold"
		}
	}
	if u.refused == "" && !s.when(&u, u.t.When) {
		u.refused = "condition"
	}
	if u.refused == "" && u.off() == 0 && u.handed == 0 && u.t.Kind != coupon.KindExternal {
		u.refused = "no effect"
	}
	if u.refused != "" {
		s.lines = before
		return u
	}
	s.off += u.off()
	if c.Budget != nil {
		s.budget[c.Budget] += u.off()
	}
	return u
}

// inScope are the lines of the terms' scope. One without price counts in
// quantities; a sum takes nothing off it.
func (s *modelStack) inScope(t *coupon.Terms) []int {
	var in []int
	for i := range s.lines {
		if s.goods(i) && t.Scope.Matches(s.cart.Scoped(i)) {
			in = append(in, i)
		}
	}
	return in
}

// anything reports whether the coupon has anything to look at.
func (s *modelStack) anything(t *coupon.Terms, in []int) bool {
	switch t.Kind {
	case coupon.KindShipping:
		for i := range s.lines {
			if s.shipped(t, i) {
				return true
			}
		}
		return false
	case coupon.KindGift, coupon.KindExternal:
		if len(s.lines) == 0 && t.Scope.Everything() {
			return true
		}
	case coupon.KindBuyGet, coupon.KindBundle, coupon.KindAddOn, coupon.KindExchange:
		return true // their parts say; without units they have no effect
	}
	return len(in) > 0
}

func (s *modelStack) shipped(t *coupon.Terms, i int) bool {
	l := s.lines[i]
	return l.Shipping != "" && !l.NoCoupons && (len(t.Methods) == 0 || slices.Contains(t.Methods, l.Shipping))
}

// contains asks list amounts of the whole cart.
func (s *modelStack) contains(t *coupon.Terms) bool {
	for _, c := range t.Contains {
		var minor, quantity int64
		any := false
		for i, l := range s.lines {
			if c.Scope.Matches(s.cart.Scoped(i)) {
				any = true
				minor += l.list
				quantity += l.Quantity
			}
		}
		if !any || minor < c.MinMinor || quantity < c.MinQuantity {
			return false
		}
	}
	return true
}

// reached reports whether thresholds hold for the lines in scope. apart are the
// units of an add_on that don't count: what they cost, list, before and after.
func (s *modelStack) reached(u *modelUse, in []int, minor, quantity int64, apart func(i int) (units, list, before, after int64)) bool {
	var units, list, before, after int64
	for _, i := range in {
		l := s.lines[i]
		units += l.Quantity
		list += l.list
		before += l.total()
		after += l.total() - u.parts[i]
		if apart != nil {
			n, ofList, ofBefore, ofAfter := apart(i)
			units, list, before, after = units-n, list-ofList, before-ofBefore, after-ofAfter
		}
	}
	seen := before
	switch u.t.ThresholdBase {
	case coupon.BaseList:
		seen = list
	case coupon.BaseAfter:
		seen = after
	}
	return seen >= minor && units >= quantity
}

// allowed is the most that a coupon may take off: the order's floor and the caps
// of the set.
func (s *modelStack) allowed(t *coupon.Terms) int64 {
	floor := s.rules.FloorMinor
	if t.AllowZero {
		floor = 0
	}
	most := s.list - s.off - floor
	if s.rules.SetCapMinor > 0 {
		most = min(most, s.rules.SetCapMinor-s.off)
	}
	if s.rules.SetCapBps > 0 {
		most = min(most, s.list*s.rules.SetCapBps/10000-s.off)
	}
	return max(0, most)
}

// within is what the coupon's budget leaves of an amount, refusing the coupon
// where the profile says so.
func (s *modelStack) within(u *modelUse, amount int64) int64 {
	left := int64(math.MaxInt64)
	if u.c.Budget != nil && s.rules.Profile.Over != pricing.OverPiece {
		left = max(0, u.c.Budget.LeftMinor-s.budget[u.c.Budget])
	}
	if amount > left && s.rules.Profile.Over == pricing.OverRefuse {
		u.refused = "budget"
		return amount
	}
	return min(amount, left)
}

// pieces leaves out lines that take more than the budget holds, each measured alone,
// and refuses the coupon where none stays.
func (s *modelStack) pieces(u *modelUse) {
	if u.c.Budget == nil || s.rules.Profile.Over != pricing.OverPiece {
		return
	}
	before := u.off()
	for i, part := range u.parts {
		if part > u.c.Budget.LeftMinor {
			u.parts[i] = 0
		}
	}
	if before > 0 && u.off() == 0 {
		u.refused = "budget"
	}
}

// when asks conditions on the cart's amount: of the order, in the coupon's place.
func (s *modelStack) when(u *modelUse, tree condition.Tree) bool {
	holds := func(sub condition.Tree) bool { return s.when(u, sub) }
	if slices.ContainsFunc(tree.None, holds) || len(tree.Any) > 0 && !slices.ContainsFunc(tree.Any, holds) {
		return false
	}
	for _, sub := range tree.All {
		if !holds(sub) {
			return false
		}
	}
	leaf, ok := tree.Leaf.(*condition.CartAmount)
	if !ok {
		return true
	}
	if u.c.Home != "" && s.cart.Currency != "" && u.c.Home != s.cart.Currency {
		return leaf.Unknown == condition.UnknownYes // its amounts are in another currency
	}
	amount := s.list
	if leaf.Base != condition.BaseList {
		amount -= s.off
	}
	if leaf.Base == condition.BaseAfter {
		amount -= u.off()
	}
	return (leaf.MinMinor == nil || amount >= *leaf.MinMinor) && (leaf.MaxMinor == nil || amount <= *leaf.MaxMinor)
}

func modelSum(list []int64) (sum int64) {
	for _, n := range list {
		sum += n
	}
	return sum
}
