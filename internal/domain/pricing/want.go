package pricing

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Want is goods that a coupon lacks in a cart.
type Want struct {
	Place int          // of the coupon among the candidates
	Scope rule.Scope   // goods that count; empty: any
	Minor int64        // list amount that lacks
	Units int64        // units that lack
	Step  bool         // the coupon counts already: this is to its next step or repetition
	First *fault.Fault // says it: a refusal, or the gap to the next step
}

// curable are the refusals that more goods can cure. A coupon that is refused for
// anything else is not helped by a fuller cart.
var curable = []fault.Code{fault.NothingInScope, fault.MustContain, fault.ItemMissing, fault.ThresholdNotMet,
	fault.QuantityNotMet, fault.NoEffect}

// Wants says, for every candidate of a priced cart, what the cart lacks for it: of
// one that is refused what it needs first, of one that counts what its next step
// or repetition needs. now is what Quote said.
func Wants(cart *Cart, candidates []Candidate, now *Result, rules Rules) (wants []Want) {
	b := basketOf(cart, &rules)
	scopes := b.scopesOf(candidates, now)
	for i := range candidates {
		j := &now.Coupons[i]
		if len(j.Reasons) > 0 {
			if lacks := lacking(cart, candidates[i], j.Reasons); len(lacks) > 0 {
				lacks[0].Place = i
				wants = append(wants, lacks[0])
			}
			continue
		}
		e := assess(b, candidates[i])
		left, applied := scopes[i]
		if !applied {
			left = e.list
		}
		if minor, units := e.higher(b, left); minor > 0 || units > 0 {
			wants = append(wants, Want{Place: i, Scope: e.Terms.Scope, Minor: minor, Units: units, Step: true, First: gapFault(minor, units)})
		}
	}
	return wants
}

// gapFault says in the words of a refusal what lacks.
func gapFault(minor, units int64) *fault.Fault {
	if minor > 0 {
		return fault.New(fault.ThresholdNotMet, "gap_minor", minor)
	}
	return fault.New(fault.QuantityNotMet, "missing_quantity", units)
}

// scopesOf is what the chosen set leaves of the lines of each of its coupons in
// front of it, by the coupon's place.
func (b *basket) scopesOf(candidates []Candidate, r *Result) map[int]int64 {
	place := map[*effect]int{}
	var set []*effect
	for i, c := range candidates {
		if r.Coupons[i].Verdict == Applied {
			c.Place = i
			e := assess(b, c)
			place[e] = i
			set = append(set, e)
		}
	}
	slices.SortFunc(set, b.compare)
	left := make(map[int]int64, len(set))
	for _, p := range b.pile(set).uses {
		left[place[p.effect]] = p.outcome.scope
	}
	return left
}

// higher is what lacks to the next step or repetition when left is left of the
// lines in scope; nothing where there is none.
func (e *effect) higher(b *basket, left int64) (minor, units int64) {
	t, p := e.Terms, &b.rules.Profile
	switch {
	case len(t.Steps) > 0:
		at := 0
		if s := e.step(left, p); s != nil {
			at = slices.Index(t.Steps, *s) + 1
		}
		if at == len(t.Steps) {
			return 0, 0
		}
		next := t.Steps[at]
		off := e.ofStep(&next, left, p)
		return max(next.ThresholdMinor-baseOf(t, e.list, left, off), 0), max(next.ThresholdQuantity-e.quantity, 0)
	case t.Repeat && t.Kind == coupon.KindAmountOff:
		n := e.times(left) + 1
		if t.Times > 0 && n > t.Times {
			return 0, 0
		}
		whole := t.ThresholdMinor
		if whole > 0 && t.ThresholdBase == coupon.BaseAfter {
			whole += t.AmountMinor
		}
		want, err := money.Mul(whole, n)
		if err != nil {
			return 0, 0
		}
		return max(want-baseOf(t, e.list, left, 0), 0), max(t.ThresholdQuantity*n-e.quantity, 0)
	}
	return 0, 0
}

// lacking turns the refusals of a coupon into goods, in the order in which they
// are refused; nothing where one of them can't be cured by goods.
func lacking(cart *Cart, c Candidate, reasons []*fault.Fault) (wants []Want) {
	t, ok := c.Terms.In(cart.Currency, c.Home)
	if !ok {
		return nil
	}
	var own *Want // what lacks of the goods in the coupon's own scope
	scoped := func(code *fault.Fault) *Want {
		if own == nil {
			wants = append(wants, Want{Scope: t.Scope, First: code})
			own = &wants[len(wants)-1]
		}
		return own
	}
	wants = make([]Want, 0, len(reasons)+PartsMax) // own stays where it is
	for _, f := range reasons {
		if !slices.Contains(curable, f.Code) {
			return nil
		}
		switch f.Code {
		case fault.NothingInScope:
			if t.Class() != coupon.ClassUnits || len(t.Get) == 0 {
				w := scoped(f)
				w.Units = max(w.Units, 1)
			}
		case fault.ThresholdNotMet:
			scoped(f).Minor = figure(f, "gap_minor")
		case fault.QuantityNotMet:
			w := scoped(f)
			w.Units = max(w.Units, figure(f, "missing_quantity"))
		case fault.MustContain:
			wants = append(wants, Want{Scope: t.Contains[figure(f, "index")].Scope, Minor: figure(f, "missing_minor"),
				Units: figure(f, "missing_quantity"), First: f})
		case fault.ItemMissing:
			wants = append(wants, Want{Scope: sku(t.Gift.SKU), Units: figure(f, "quantity"), First: f})
		case fault.NoEffect:
			wants = append(wants, missingParts(cart, t, f)...)
		}
	}
	return wants
}

func sku(code string) rule.Scope { return rule.Scope{Include: rule.Selector{SKUs: []string{code}}} }

// figure is a number that a fault carries, zero where it has none.
func figure(f *fault.Fault, name string) int64 {
	n, _ := f.Param(name).(int64)
	return n
}

// missingParts are the parts of a pattern that the cart's units don't fill, each
// unit counted for the first part that it fits.
func missingParts(cart *Cart, t *coupon.Terms, f *fault.Fault) (wants []Want) {
	parts := slices.Concat(t.Buy, t.Get)
	if t.Kind == coupon.KindNthItem {
		parts = []coupon.Part{{Quantity: max(t.Nth, 1)}}
	}
	free := make([]int64, len(cart.Lines))
	for i := range cart.Lines {
		if l := &cart.Lines[i]; l.Shipping == "" && !l.NoCoupons && l.UnitMinor > 0 {
			free[i] = l.Quantity
		}
	}
	for _, p := range parts {
		scope, want := p.Scope, p.Quantity
		if scope.Everything() {
			scope = t.Scope
		}
		for i := range cart.Lines {
			if free[i] > 0 && scope.Matches(cart.Scoped(i)) {
				used := min(free[i], want)
				free[i], want = free[i]-used, want-used
			}
		}
		if want > 0 {
			wants = append(wants, Want{Scope: scope, Units: want, First: f})
		}
	}
	return wants
}
