package pricing_test

import (
	"maps"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// The model is a second way to price sets, written from ADR 0009 and 0012 alone
// and for being plain: every subset, each coupon after the other, unit by unit,
// fractions where the words say fractions. It shares no code with the engine but
// the types, Scope.Matches and the choice of a currency and a use's amount.

// outcome is what a set brings in the model.
type outcome struct {
	ids, dates          []int64
	off, gifts, unknown int64
	perCoupon, perLine  []int64
	legal               bool
	why                 string // the first reason, for people
	stackOrder          []int64
	uses                []modelUse // in stack order
}

// modelUse is what one coupon of a set does.
type modelUse struct {
	c       pricing.Candidate
	t       *coupon.Terms
	parts   []int64 // off each line
	benefit []int64 // of an external benefit, each line's share
	units   []int64 // units of each line that were discounted
	handed  int64   // units of a gift that are handed over
	refused string
}

func (u *modelUse) off() int64 { return modelSum(u.parts) }

func (o *outcome) refuse(why string) {
	if o.legal && why != "" {
		o.legal, o.why = false, why
	}
}

// modelSet prices exactly one set, given in any order.
func modelSet(cart *pricing.Cart, set []pricing.Candidate, rules pricing.Rules) outcome {
	p := newModelPrefix(cart, rules)
	for _, c := range modelOrder(set, rules.Profile.Order, cart.Currency) {
		p = p.with(c)
	}
	return p.end()
}

// modelPrefix is the beginning of a stack: the coupons laid so far.
type modelPrefix struct {
	outcome
	s *modelStack
}

func newModelPrefix(cart *pricing.Cart, rules pricing.Rules) modelPrefix {
	return modelPrefix{outcome{legal: true, perLine: make([]int64, len(cart.Lines))}, newModelStack(cart, rules)}
}

// with is the prefix with one coupon more on it; the prefix itself stays as it is.
func (p modelPrefix) with(c pricing.Candidate) modelPrefix {
	s := *p.s
	s.lines, p.s = slices.Clone(s.lines), &s
	if c.Budget != nil {
		s.budget = maps.Clone(s.budget)
	}
	u := s.lay(c)
	if u.refused != "" && s.rules.Profile.NoEffect == pricing.EffectDrop {
		return p
	}
	p.refuse(u.refused)
	p.add(u)
	return p
}

// end is what the prefix brings as the whole set.
func (p modelPrefix) end() outcome {
	o, rules := p.outcome, p.s.rules
	most := int(rules.MaxCoupons)
	if most == 0 {
		most = pricing.SetDefault
	}
	if len(o.uses) > most {
		o.refuse("too many")
	}
	for i := range o.uses {
		for k := range o.uses[:i] {
			if rules.Profile.Together != pricing.TogetherAll && !modelBeside(o.uses[i].t, o.uses[k].t) {
				o.refuse("not together")
			}
		}
	}
	o.uses, o.ids, o.dates = slices.Clone(o.uses), slices.Clone(o.ids), slices.Clone(o.dates)
	for n := range o.uses {
		o.uses[n].benefit = p.s.benefit(o.uses[n].t)
	}
	slices.Sort(o.ids)
	slices.Sort(o.dates)
	return o
}

// benefit splits an external benefit by what is left of the lines in scope behind
// all coupons.
func (s *modelStack) benefit(t *coupon.Terms) []int64 {
	if t.Kind != coupon.KindExternal {
		return nil
	}
	weights, bears, any := make([]int64, len(s.lines)), make([]int64, len(s.lines)), false
	for _, i := range s.inScope(t) {
		weights[i], any = s.lines[i].total(), any || s.lines[i].list > 0
	}
	if !any {
		return nil
	}
	for i := range bears {
		bears[i] = t.External.Value
	}
	return modelSplit(t.External.Value, weights, bears, s.rules.Profile.Split)
}

func (o *outcome) add(u modelUse) {
	o.perLine = slices.Clone(o.perLine)
	for i, part := range u.parts {
		o.perLine[i] += part
	}
	o.off += u.off()
	o.perCoupon = append(slices.Clip(o.perCoupon), u.off())
	o.stackOrder = append(slices.Clip(o.stackOrder), int64(u.c.Coupon.ID))
	o.ids, o.dates = append(slices.Clip(o.ids), int64(u.c.Coupon.ID)), append(slices.Clip(o.dates), int64(u.c.Coupon.ValidTo))
	o.uses = append(slices.Clip(o.uses), u)
	if u.handed > 0 && u.t.Gift.ValueMinor > 0 {
		o.gifts += u.t.Gift.ValueMinor * u.handed
	} else if u.t.Kind == coupon.KindExternal && u.t.External.WorstMinor > 0 {
		o.gifts += u.t.External.WorstMinor
	} else if u.handed > 0 || u.t.Kind == coupon.KindExternal {
		o.unknown++
	}
}

func modelBeside(a, b *coupon.Terms) bool {
	named := func(t *coupon.Terms) string {
		if t.Stacking.Group == "" {
			return "default"
		}
		return t.Stacking.Group
	}
	return named(a) != named(b) && !slices.Contains(a.Stacking.Excludes, named(b)) && !slices.Contains(b.Stacking.Excludes, named(a))
}

// modelOrder sorts a set into its stack.
func modelOrder(set []pricing.Candidate, policy pricing.OrderPolicy, currency string) []pricing.Candidate {
	set = slices.Clone(set)
	slices.SortFunc(set, func(a, b pricing.Candidate) int {
		switch policy {
		case pricing.OrderRequest:
			return a.Place - b.Place
		case pricing.OrderValue:
			if d := modelValue(b, currency) - modelValue(a, currency); d != 0 {
				return int(d)
			}
		}
		return slices.Compare(modelRank(a), modelRank(b))
	})
	return set
}

// modelValue is the amount or percentage of this use.
func modelValue(c pricing.Candidate, currency string) int64 {
	home := c.Home
	if home == "" {
		home = currency
	}
	t := c.Terms
	if in, ok := t.In(currency, home); ok {
		t = in.ForUse(c.Coupon.NextUse)
	}
	return t.AmountMinor + t.DiscountBps
}

func modelRank(c pricing.Candidate) []int64 {
	t := c.Terms
	level, kind := int64(1), int64(1)
	switch {
	case t.Kind == coupon.KindShipping:
		level = 3
	case t.Class() == coupon.ClassUnits:
		level = 0
	case t.Scope.Everything():
		level = 2
	}
	switch {
	case t.Kind == coupon.KindPercentOff || t.Reward == coupon.RewardPercent:
		kind = 0
	case t.Kind == coupon.KindStoredValue:
		kind = 2
	case t.Class() == coupon.ClassBenefit:
		kind = 3
	}
	return []int64{level, -t.Priority, kind, int64(c.Coupon.Template), c.Coupon.Version, int64(c.Coupon.ID)}
}

// modelBest is the best of all subsets.
func modelBest(cart *pricing.Cart, all []pricing.Candidate, rules pricing.Rules) outcome {
	best := outcome{legal: true, perLine: make([]int64, len(cart.Lines))}
	for mask := 1; mask < 1<<len(all); mask++ {
		var set []pricing.Candidate
		for i, c := range all {
			if mask>>i&1 == 1 {
				set = append(set, c)
			}
		}
		if o := modelSet(cart, set, rules); o.legal && o.better(best) {
			best = o
		}
	}
	return best
}

func (o outcome) better(p outcome) bool {
	for _, d := range []int64{o.off - p.off, o.gifts - p.gifts, o.unknown - p.unknown, int64(len(p.ids) - len(o.ids))} {
		if d != 0 {
			return d > 0
		}
	}
	if d := slices.Compare(o.dates, p.dates); d != 0 {
		return d < 0
	}
	return slices.Compare(o.ids, p.ids) < 0
}
