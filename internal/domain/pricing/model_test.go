package pricing_test

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/pricing"
)

// model is a second way to price sets, written for being plain: every subset,
// each coupon after the other, all numbers small.

// outcome is what a set brings in the model.
type outcome struct {
	ids, dates          []int64
	off, gifts, unknown int64
	perCoupon, perLine  []int64
	legal               bool
	stackOrder          []int64
}

func modelScope(t *coupon.Terms, sku string) bool {
	return len(t.Scope.Include.SKUs) == 0 || slices.Contains(t.Scope.Include.SKUs, sku)
}

func modelRank(c pricing.Candidate) []int64 {
	level := int64(0)
	if len(c.Terms.Scope.Include.SKUs) == 0 {
		level = 1
	}
	kind := map[coupon.Kind]int64{coupon.KindPercentOff: 0, coupon.KindAmountOff: 1, coupon.KindNoThreshold: 1, coupon.KindGift: 2}[c.Terms.Kind]
	return []int64{level, -c.Terms.Priority, kind, int64(c.Coupon.Template), c.Coupon.Version, int64(c.Coupon.ID)}
}

func modelGroup(t *coupon.Terms) string {
	if t.Stacking.Group == "" {
		return "default"
	}
	return t.Stacking.Group
}

func modelSet(cart *pricing.Cart, set []pricing.Candidate, rules pricing.Rules) outcome {
	o := outcome{legal: len(set) <= int(rules.MaxCoupons), perLine: make([]int64, len(cart.Lines))}
	for i, a := range set {
		for k, b := range set {
			if i != k && (modelGroup(a.Terms) == modelGroup(b.Terms) || slices.Contains(a.Terms.Stacking.Excludes, modelGroup(b.Terms))) {
				o.legal = false
			}
		}
	}
	set = slices.Clone(set)
	slices.SortFunc(set, func(a, b pricing.Candidate) int { return slices.Compare(modelRank(a), modelRank(b)) })
	left, total := []int64{}, int64(0)
	for _, l := range cart.Lines {
		left = append(left, l.Quantity*l.UnitMinor)
		total += l.Quantity * l.UnitMinor
	}
	for _, c := range set {
		t := c.Terms
		var list, before int64
		any := len(cart.Lines) == 0 && t.Kind == coupon.KindGift && len(t.Scope.Include.SKUs) == 0
		weights := make([]int64, len(left))
		for i, l := range cart.Lines {
			if modelScope(t, l.SKU) {
				any = true
				list += l.Quantity * l.UnitMinor
				before += left[i]
				weights[i] = left[i]
			}
		}
		off := t.AmountMinor
		if t.Kind == coupon.KindPercentOff {
			of := before
			if t.Stacking.Base == coupon.TakenList {
				of = list
			}
			off = (of*t.DiscountBps + 5000) / 10000
			if t.CapMinor > 0 && off > t.CapMinor {
				off = t.CapMinor
			}
		}
		floor := rules.FloorMinor
		if t.AllowZero {
			floor = 0
		}
		off = max(0, min(off, before, total-floor))
		seen := before
		switch t.ThresholdBase {
		case coupon.BaseList:
			seen = list
		case coupon.BaseAfter:
			seen = before - off
		}
		o.legal = o.legal && any && (off > 0 || t.Kind == coupon.KindGift) && (t.Kind == coupon.KindNoThreshold || seen >= t.ThresholdMinor)
		if t.Kind == coupon.KindGift {
			if value := t.Gift.ValueMinor * t.Gift.Quantity; value > 0 {
				o.gifts += value
			} else {
				o.unknown++
			}
		}
		for i, part := range modelSplit(off, weights) {
			left[i] -= part
			o.perLine[i] += part
		}
		total -= off
		o.off += off
		o.perCoupon = append(o.perCoupon, off)
		o.stackOrder = append(o.stackOrder, int64(c.Coupon.ID))
		o.ids, o.dates = append(o.ids, int64(c.Coupon.ID)), append(o.dates, int64(c.Coupon.ValidTo))
	}
	slices.Sort(o.ids)
	slices.Sort(o.dates)
	return o
}

func modelSplit(amount int64, weights []int64) []int64 {
	parts, rest := make([]int64, len(weights)), make([]int64, len(weights))
	var sum, given int64
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return parts
	}
	for i, w := range weights {
		parts[i], rest[i] = amount*w/sum, amount*w%sum
		given += parts[i]
	}
	for ; given < amount; given++ {
		at := 0
		for i := range rest {
			if rest[i] > rest[at] {
				at = i
			}
		}
		parts[at]++
		rest[at] = -1
	}
	return parts
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
