package pricing

import (
	"cmp"
	"fmt"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
)

// SetMax is how many coupons an order takes in this release.
const SetMax = 1

// Quote judges every candidate and chooses the best legal set (of one coupon in
// this release). The result's choice does not depend on the order of the request.
// Judged reasons are complete: the first is the reason, the others are for those
// who ask for all.
func Quote(cart *Cart, candidates []Candidate, rules Rules) Result {
	var legal []*effect
	judged := make([]Judged, len(candidates))
	for i, c := range candidates {
		e := assess(cart, c, rules)
		judged[i] = e.judged()
		if len(e.reasons) == 0 {
			legal = append(legal, e)
		}
	}
	chosen := best(legal)
	for i := range judged {
		for _, e := range chosen {
			if e.Coupon.ID == judged[i].Coupon {
				judged[i].Verdict = Applied
			}
		}
	}
	r := price(cart, chosen)
	r.Coupons = judged
	r.Optimal, r.BoundMinor = true, r.PayableMinor
	return r
}

// best chooses among legal candidates: the search that sets of coupons replace.
func best(legal []*effect) []*effect {
	if len(legal) == 0 {
		return nil
	}
	return []*effect{slices.MinFunc(legal, compare)}
}

// compare says which of two legal candidates is better alone: see the package's
// documentation on ties. Payable is lower where the discount is higher.
func compare(a, b *effect) int {
	return cmp.Or(
		cmp.Compare(b.discount, a.discount),
		cmp.Compare(b.giftValue(), a.giftValue()),
		cmp.Compare(a.Coupon.ValidTo, b.Coupon.ValidTo),
		cmp.Compare(a.Coupon.ID, b.Coupon.ID),
	)
}

func (e *effect) giftValue() int64 {
	if e.Terms.Gift == nil {
		return 0
	}
	return e.Terms.Gift.ValueMinor * e.Terms.Gift.Quantity
}

// Apply prices exactly the chosen coupons, or returns the first refusal in
// Order, with a pointer /coupons/i and all further ones in Also. No coupon at
// all is legal and takes nothing off.
func Apply(cart *Cart, chosen []Candidate, rules Rules) (Result, *fault.Fault) {
	var found []*fault.Fault
	effects := make([]*effect, len(chosen))
	seen := map[id.ID]bool{}
	for i, c := range chosen {
		at := fmt.Sprintf("/coupons/%d", i)
		if seen[c.Coupon.ID] {
			return Result{}, fault.New(fault.DuplicateValue).At(at)
		}
		seen[c.Coupon.ID] = true
		effects[i] = assess(cart, c, rules)
		for _, f := range effects[i].reasons {
			found = append(found, f.At(at))
		}
	}
	if most := setMax(rules); len(chosen) > most {
		found = append(found, fault.New(fault.TooManyCoupons, "max", int64(most)).At("/coupons"))
	}
	if f := First(found); f != nil {
		return Result{}, f
	}
	r := price(cart, effects)
	for _, e := range effects {
		j := e.judged()
		j.Verdict = Applied
		r.Coupons = append(r.Coupons, j)
	}
	r.Optimal, r.BoundMinor = true, r.PayableMinor
	return r, nil
}

func setMax(rules Rules) int {
	if rules.MaxCoupons > 0 {
		return min(SetMax, int(rules.MaxCoupons))
	}
	return SetMax
}

// First returns the refusal that comes first in Order, with the others in Also;
// nil for none. Refusals that Order does not name keep their place behind it.
func First(found []*fault.Fault) *fault.Fault {
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, func(a, b *fault.Fault) int { return rank(a.Code) - rank(b.Code) })
	first := found[0]
	first.Also = append(first.Also, found[1:]...)
	return first
}

func rank(code fault.Code) int {
	if i := slices.Index(Order, code); i >= 0 {
		return i
	}
	return len(Order)
}

// price adds up the effects of a legal set.
func price(cart *Cart, set []*effect) Result {
	r := Result{ListMinor: cart.ListMinor(), Lines: make([]int64, len(cart.Lines))}
	for _, e := range set {
		lines := money.Split(e.discount, e.weights)
		for i, part := range lines {
			r.Lines[i] += part
		}
		r.DiscountMinor += e.discount
		use := Use{
			Coupon: e.Coupon.ID, Template: e.Coupon.Template, Version: e.Coupon.Version,
			DiscountMinor: e.discount, Cells: bear(lines, e.Terms.Funders),
		}
		if e.Terms.Kind == coupon.KindGift {
			use.Gift = e.Terms.Gift
		}
		r.Uses = append(r.Uses, use)
	}
	r.PayableMinor = r.ListMinor - r.DiscountMinor
	return r
}
