package pricing

import (
	"time"

	"quan/internal/domain/condition"
	"quan/internal/kernel/fault"
)

// knowledge are the facts of a basket, made when the first condition asks.
func (b *basket) knowledge() *condition.Facts {
	if b.facts != nil {
		return b.facts
	}
	f := &condition.Facts{}
	if b.rules.Facts != nil {
		*f = *b.rules.Facts
	}
	zone := b.rules.Zone
	if zone == nil {
		zone = time.UTC
	}
	f.Moment = condition.MomentOf(b.rules.Now, zone)
	f.Channel, f.Mode, f.Payment = b.Channel, b.Mode, b.Payment
	f.Place.City, f.Place.Store = b.City, b.Store
	if b.Latitude != 0 || b.Longitude != 0 {
		f.Place.Position = condition.PositionOf(b.Latitude, b.Longitude)
	}
	if len(b.Facts) > 0 {
		outer := make(map[string]string, len(f.Outer)+len(b.Facts))
		for name, value := range f.Outer {
			outer[name] = value
		}
		for name, value := range b.Facts {
			outer[name] = value
		}
		f.Outer = outer
	}
	f.Cart = &condition.Cart{List: condition.Known(b.all), Lines: make([]condition.Line, 0, len(b.Lines))}
	for i := range b.Lines {
		if l := &b.Lines[i]; l.Shipping == "" {
			f.Cart.Lines = append(f.Cart.Lines, condition.Line{Line: b.Scoped(i), Quantity: l.Quantity, UnitMinor: l.UnitMinor})
		}
	}
	b.facts = f
	return f
}

// ask compiles the conditions of the terms and asks those that do not depend on
// the coupons beside this one; the others are asked in its place.
func (e *effect) ask(b *basket) {
	tree := &e.Terms.When
	if tree.IsZero() {
		return
	}
	program := e.When
	if program == nil {
		var err error
		if program, err = condition.Compile(*tree); err != nil {
			e.refuse(fault.ConditionNotMet, "rule", "/terms/when")
			return
		}
	}
	if placedIn(tree) {
		e.when = program
		return
	}
	facts := b.knowledge()
	facts.Cart.Foreign = e.foreign(b)
	if f := unmet(program, facts); f != nil {
		e.reasons = append(e.reasons, f)
	}
}

// foreign reports whether the cart is in another currency than the amounts of the
// coupon's conditions.
func (e *effect) foreign(b *basket) bool {
	return b.Currency != "" && e.Home != "" && e.Home != b.Currency
}

// placedIn reports whether a tree asks for amounts that other coupons change.
func placedIn(tree *condition.Tree) (placed bool) {
	tree.Walk("", func(_ string, leaf condition.Leaf) {
		if amount, ok := leaf.(*condition.CartAmount); ok && amount.Base != condition.BaseList {
			placed = true
		}
		if e, ok := leaf.(*condition.Expression); ok && e.ReadsPlace() {
			placed = true
		}
	})
	return placed
}

// unmet is the refusal of the first condition that does not hold, nil for none.
func unmet(program *condition.Program, facts *condition.Facts) *fault.Fault {
	ok, why := program.Check(facts)
	if ok {
		return nil
	}
	kind := ""
	if why.Tree.Leaf != nil {
		kind = why.Tree.Leaf.Type()
	}
	return fault.New(fault.ConditionNotMet, "rule", "/terms/when"+why.Pointer, "type", kind)
}

// inPlace asks the conditions that look at what other coupons leave: rest of the
// order in front of this one, of which it takes off.
func (e *effect) inPlace(b *basket, rest, off int64) *fault.Fault {
	if e.when == nil {
		return nil
	}
	facts := b.knowledge()
	facts.Cart.Foreign = e.foreign(b)
	facts.Cart.Before, facts.Cart.After = condition.Known(rest), condition.Known(rest-off)
	return unmet(e.when, facts)
}
