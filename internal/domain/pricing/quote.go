package pricing

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Quote judges every candidate and chooses the best legal set. The choice does
// not depend on the order of the request. Reasons are complete: the first is the
// reason, the others are for those who ask for all.
func Quote(cart *Cart, candidates []Candidate, rules Rules) Result {
	judged := make([]Judged, len(candidates))
	effects := make([]*effect, len(candidates))
	var able []*effect // nothing speaks against them whatever stands beside them
	for i, c := range candidates {
		e := assess(cart, c, rules)
		judged[i], effects[i] = e.judged(e.alone(cart, rules)), e
		if len(e.reasons) == 0 {
			able = append(able, e)
		}
	}
	found := best(cart, able, rules)
	s := pile(cart, found.set, rules)
	r := s.result(cart)
	r.Coupons, r.Optimal = judged, found.finished
	r.BoundMinor = r.ListMinor - found.bound
	whyNot(cart, judged, effects, s, rules)
	return r
}

// whyNot completes the verdicts: which coupons are in the set, and of legal ones
// that are not why they can't be added to it, where something forbids it.
func whyNot(cart *Cart, judged []Judged, effects []*effect, s *stack, rules Rules) {
	if len(s.uses) == 0 {
		return
	}
	before := make([]*stack, len(s.uses)+1) // what is left in front of the n-th coupon
	before[0] = bare(cart)
	chosen := map[id.ID]bool{}
	for n, p := range s.uses {
		chosen[p.Coupon.ID] = true
		next := &stack{left: slices.Clone(before[n].left), all: before[n].all}
		next.lay(p.effect, rules.FloorMinor)
		before[n+1] = next
	}
	for i, e := range effects {
		switch {
		case chosen[e.Coupon.ID]:
			judged[i].Verdict, judged[i].Reasons = Applied, nil
			judged[i].DiscountMinor = e.off(e.list, cart.ListMinor(), rules.FloorMinor)
		case judged[i].Verdict == Skipped:
			judged[i].Reasons = e.notBeside(s, before, rules)
		}
	}
}

// notBeside says what forbids adding the effect to the stack: the coupons it can't
// stand beside, its place in the stack, the number of coupons.
func (e *effect) notBeside(s *stack, before []*stack, rules Rules) (found []*fault.Fault) {
	place := 0
	for _, p := range s.uses {
		if !e.Terms.Stacking.Beside(&p.Terms.Stacking) {
			found = append(found, conflict(e, p.effect))
		}
		if compare(p.effect, e) < 0 {
			place++
		}
	}
	if ground := before[place]; len(found) == 0 {
		scope := sumOf(ground.left, e.lines)
		found = e.refusals(scope, e.off(scope, ground.all, rules.FloorMinor))
	}
	if most := rules.setMax(); len(s.uses) >= most {
		found = append(found, fault.New(fault.TooManyCoupons, "max", int64(most)))
	}
	return found
}

// worth is what a set brings, for the choice of the best.
type worth struct {
	off     int64
	gifts   int64 // value of its gifts
	unknown int64 // gifts of unknown value
	count   int
}

// beats compares all but dates and ids: see the package's documentation on ties.
// It is 0 where those decide.
func (a worth) beats(b worth) int {
	switch {
	case a.off != b.off:
		return sign(a.off > b.off)
	case a.gifts != b.gifts:
		return sign(a.gifts > b.gifts)
	case a.unknown != b.unknown:
		return sign(a.unknown > b.unknown)
	case a.count != b.count:
		return sign(a.count < b.count)
	}
	return 0
}

func sign(better bool) int {
	if better {
		return 1
	}
	return -1
}

// gift is the value of what an effect gives, and 1 where that is unknown.
func (e *effect) gift() (value, unknown int64) {
	if e.Terms.Kind != coupon.KindGift || e.Terms.Gift == nil {
		return 0, 0
	}
	if value = e.Terms.Gift.ValueMinor * e.Terms.Gift.Quantity; value == 0 {
		return 0, 1
	}
	return value, 0
}

// earlier decides between sets of equal worth: the one whose coupons expire
// first, else the lower ids.
func earlier(a, b []*effect) bool {
	order := slices.Compare(sorted(a, expiry), sorted(b, expiry))
	if order == 0 {
		order = slices.Compare(sorted(a, number), sorted(b, number))
	}
	return order < 0
}

func expiry(e *effect) int64 { return int64(e.Coupon.ValidTo) }

func number(e *effect) int64 { return int64(e.Coupon.ID) }

func sorted(set []*effect, key func(*effect) int64) []int64 {
	keys := make([]int64, len(set))
	for i, e := range set {
		keys[i] = key(e)
	}
	slices.Sort(keys)
	return keys
}
