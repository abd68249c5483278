package pricing

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
)

// Quote judges every candidate and chooses the best legal set. The choice does
// not depend on the order of the request. Reasons are complete: the first is the
// reason, the others are for those who ask for all.
func Quote(cart *Cart, candidates []Candidate, rules Rules) Result {
	b := basketOf(cart, &rules)
	defer desks.Put(b.takeDesk())
	judged := make([]Judged, len(candidates))
	effects, slab := make([]*effect, len(candidates)), make([]effect, len(candidates))
	able := make([]*effect, 0, len(candidates)) // nothing speaks against them whatever stands beside them
	for i, c := range candidates {
		c.Place = i
		e := slab[i].assess(b, c)
		judged[i], effects[i] = e.judged(e.alone(b)), e
		if e.able() {
			able = append(able, e)
		}
	}
	found := best(b, able)
	s := b.pile(found.set)
	r := s.result(b)
	r.Coupons, r.Optimal = judged, found.finished
	r.BoundMinor = r.ListMinor - found.bound
	whyNot(b, judged, effects, s)
	return r
}

// whyNot completes the verdicts: which coupons are in the set, and of legal ones
// that are not why they can't be added to it, where something forbids it.
func whyNot(b *basket, judged []Judged, effects []*effect, s *stack) {
	if len(s.uses) == 0 {
		return
	}
	chosen := map[*effect]bool{}
	for _, p := range s.uses {
		chosen[p.effect] = true
	}
	units := slices.ContainsFunc(effects, func(e *effect) bool { return e.targets != nil })
	before := s.before(b, units)
	for i, e := range effects {
		switch {
		case chosen[e]:
			judged[i].Verdict, judged[i].Reasons = Applied, nil
			judged[i].DiscountMinor = e.takes(b)
		case judged[i].Verdict == Skipped:
			judged[i].Reasons = e.notBeside(b, s, before)
		}
	}
}

// takes is what a measured effect takes off alone.
func (e *effect) takes(b *basket) int64 {
	if e.fine() {
		return e.on(b, b.bare(true), 0).off
	}
	off, _ := e.cut(b, e.bare.raw, e.bare.room, b.all, 0)
	return off
}

// before are the grounds in front of each coupon of the stack, and behind the last.
func (s *stack) before(b *basket, units bool) []*ground {
	slab := make([]ground, len(s.uses)+1)
	grounds := make([]*ground, len(slab))
	grounds[0] = b.bare(units)
	for n := range s.uses {
		grounds[n+1] = &slab[n+1]
		grounds[n].copyTo(grounds[n+1])
		s.uses[n].apply(grounds[n+1])
	}
	return grounds
}

// notBeside says what forbids adding the effect to the stack: the coupons it can't
// stand beside, its place in the stack, the number of coupons.
func (e *effect) notBeside(b *basket, s *stack, before []*ground) (found []*fault.Fault) {
	place := 0
	for _, p := range s.uses {
		if !b.beside(e, p.effect) {
			found = append(found, conflict(e, p.effect))
		}
		if b.compare(p.effect, e) < 0 {
			place++
		}
	}
	if len(found) == 0 {
		m := e.measure(b, before[place], false)
		found = e.verdict(b, before[place], &m, spent(s.uses[:place], e.Budget)).reasons
	}
	if most := b.rules.setMax(); len(s.uses) >= most {
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

// gift is the value of what an effect gives beside the discount when it hands
// over so many units, and 1 where that is unknown.
func (e *effect) gift(handed int64) (value, unknown int64) {
	t := e.Terms
	switch {
	case handed > 0:
		value = t.Gift.ValueMinor * handed
	case t.Kind == coupon.KindExternal && t.External != nil:
		value = t.External.WorstMinor
	case t.Class() != coupon.ClassBenefit:
		return 0, 0
	}
	if value == 0 {
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
