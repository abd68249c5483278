package pricing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// The work of Suggest is bounded: of the goods that fit a want it tries those that
// fill it for the least list amount, and in all it prices so many carts.
const (
	SuggestionGoods = 6   // goods tried for each coupon
	SuggestionCarts = 120 // carts priced
	suggestionSets  = 5_000
	suggestionSteps = 4 // goods added one after the other for one coupon
)

// Addition is goods to put into the cart.
type Addition struct {
	SKU       string
	Quantity  int64
	UnitMinor int64
}

// Suggestion 凑单 is what to add to a cart so that coupons count, or count for more.
type Suggestion struct {
	Coupons       []id.ID // that it brings in, or to their next step
	Add           []Addition
	AddedMinor    int64 // list amount of what is added
	DiscountMinor int64 // of the order with it
	PayableMinor  int64 // for the order with it
	ExtraMinor    int64 // what the customer pays more than now; less than zero where it costs less
}

// Suggest ranks what could be added from goods (lines whose quantity is not read)
// for the wants of a priced cart: by what the customer pays more in the end, then
// by the list amount of what is added, then by SKU; at most `most`.
//
// Every suggestion was priced as Quote prices, with the goods in the cart: the
// coupon is then in the best set, and it takes more off than now or hands over what
// it did not. It adds one kind of goods, or one for each thing that lacks; a
// mixture of several cheap goods for one gap is not tried, so a better addition may
// exist. Goods that stand in the cart at the same price raise that line.
func Suggest(cart *Cart, candidates []Candidate, now *Result, wants []Want, goods []Line, rules Rules, most int) []Suggestion {
	if rules.Sets == 0 || rules.Sets > suggestionSets {
		rules.Sets = suggestionSets
	}
	a := adviser{cart: cart, candidates: candidates, now: now, goods: goods, rules: rules, left: SuggestionCarts}
	byKey := map[string]*Suggestion{}
	for _, w := range wants {
		for _, g := range a.cheapest(w) {
			s := a.try(w, g)
			if s == nil {
				continue
			}
			key := fmt.Sprint(s.Add)
			if same := byKey[key]; same != nil {
				same.Coupons = append(same.Coupons, s.Coupons...)
				continue
			}
			byKey[key] = s
		}
	}
	found := make([]Suggestion, 0, len(byKey))
	for _, s := range byKey {
		found = append(found, *s)
	}
	slices.SortFunc(found, compareSuggestions)
	return found[:min(len(found), most)]
}

func compareSuggestions(a, b Suggestion) int {
	return cmp.Or(cmp.Compare(a.ExtraMinor, b.ExtraMinor), cmp.Compare(a.AddedMinor, b.AddedMinor),
		slices.CompareFunc(a.Add, b.Add, func(x, y Addition) int {
			return cmp.Or(strings.Compare(x.SKU, y.SKU), cmp.Compare(x.UnitMinor, y.UnitMinor), cmp.Compare(x.Quantity, y.Quantity))
		}))
}

type adviser struct {
	cart       *Cart
	candidates []Candidate
	now        *Result
	goods      []Line
	rules      Rules
	left       int // carts that may still be priced
}

// cheapest are the goods that fill a want for the least list amount, with the
// quantity that it takes.
func (a *adviser) cheapest(w Want) []Line {
	var fit []Line
	for _, g := range a.goods {
		if g.UnitMinor <= 0 || g.NoCoupons || g.Shipping != "" {
			continue
		}
		g.Quantity = max(w.Units, ceil(w.Minor, g.UnitMinor), 1)
		if g.Quantity <= QuantityMax && w.Scope.Matches(scopedIn(a.cart, g)) {
			fit = append(fit, g)
		}
	}
	slices.SortFunc(fit, func(x, y Line) int {
		return cmp.Or(cmp.Compare(x.ListMinor(), y.ListMinor()), strings.Compare(x.SKU, y.SKU))
	})
	return fit[:min(len(fit), SuggestionGoods)]
}

// ceil is how many units of a price reach an amount.
func ceil(minor, unit int64) int64 {
	if minor <= 0 {
		return 0
	}
	return (minor-1)/unit + 1
}

// try adds goods for a want, then for what still lacks, and prices the cart;
// nil where that does not help.
func (a *adviser) try(w Want, g Line) *Suggestion {
	added := []Line{g}
	for range suggestionSteps {
		trial := withGoods(a.cart, added)
		if a.left == 0 || trial.Validate() != nil {
			return nil
		}
		var reasons []*fault.Fault
		if !w.Step { // alone first: that is cheap
			reasons = Judge(trial, a.candidates[w.Place], a.rules, true).Reasons
		}
		if len(reasons) == 0 {
			a.left--
			r := Quote(trial, a.candidates, a.rules)
			if a.helps(w, &r) {
				return a.suggestion(w, added, &r)
			}
			if reasons = r.Coupons[w.Place].Reasons; len(reasons) == 0 {
				return nil
			}
		}
		var more bool
		if added, more = a.fill(added, lacking(trial, a.candidates[w.Place], reasons)); !more {
			return nil
		}
	}
	return nil
}

// fill adds what fills the first of the wants: more of what was added where it
// fits, else the cheapest goods that do.
func (a *adviser) fill(added []Line, wants []Want) ([]Line, bool) {
	if len(wants) == 0 {
		return nil, false
	}
	w := wants[0]
	for i := range added {
		if l := &added[i]; w.Scope.Matches(scopedIn(a.cart, *l)) {
			l.Quantity += max(w.Units, ceil(w.Minor, l.UnitMinor), 1)
			return added, true
		}
	}
	fit := a.cheapest(w)
	if len(fit) == 0 {
		return nil, false
	}
	return append(added, fit[0]), true
}

// helps reports whether the coupon of a want is in the best set and brings more
// than it does now.
func (a *adviser) helps(w Want, r *Result) bool {
	if r.Coupons[w.Place].Verdict != Applied {
		return false
	}
	coupon := a.candidates[w.Place].Coupon.ID
	before, after := useOf(a.now, coupon), useOf(r, coupon)
	switch {
	case r.DiscountMinor <= a.now.DiscountMinor:
		return before == nil && (after.Gift != nil || after.Benefit != nil) && r.DiscountMinor == a.now.DiscountMinor
	case w.Step && before != nil:
		return after.DiscountMinor > before.DiscountMinor
	}
	return true
}

func useOf(r *Result, coupon id.ID) *Use {
	for i := range r.Uses {
		if r.Uses[i].Coupon == coupon {
			return &r.Uses[i]
		}
	}
	return nil
}

func (a *adviser) suggestion(w Want, added []Line, r *Result) *Suggestion {
	s := &Suggestion{Coupons: []id.ID{a.candidates[w.Place].Coupon.ID}, DiscountMinor: r.DiscountMinor,
		PayableMinor: r.PayableMinor, ExtraMinor: r.PayableMinor - a.now.PayableMinor}
	for _, l := range added {
		s.Add = append(s.Add, Addition{SKU: l.SKU, Quantity: l.Quantity, UnitMinor: l.UnitMinor})
		s.AddedMinor += l.ListMinor()
	}
	return s
}

// withGoods is the cart with goods added: to a line of the same goods at the same
// price where there is one.
func withGoods(cart *Cart, added []Line) *Cart {
	full := *cart
	full.Lines = append(make([]Line, 0, len(cart.Lines)+len(added)), cart.Lines...)
	for _, l := range added {
		alike := func(o Line) bool { o.Quantity = l.Quantity; return o == l }
		if i := slices.IndexFunc(full.Lines, alike); i >= 0 {
			full.Lines[i].Quantity += l.Quantity
		} else {
			full.Lines = append(full.Lines, l)
		}
	}
	return &full
}

// scopedIn is what a scope asks of a line that is to be put into a cart.
func scopedIn(cart *Cart, l Line) rule.Line {
	one := Cart{Lines: []Line{l}, Store: cart.Store}
	return one.Scoped(0)
}
