package pricing

import (
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
)

// Price 券后价 is what one unit costs with the best set of the candidates in a
// cart of nothing else.
type Price struct {
	ListMinor    int64
	PayableMinor int64
	Uses         []Use
	Optimal      bool
	Gaps         []Gap   // coupons that one unit is too little for
	From         *Lowest // where more units make one cheaper; asked for only
}

// Gap is what a coupon lacks when one unit is bought.
type Gap struct {
	Coupon   id.ID
	Template id.ID
	Version  int64
	Minor    int64 // amount that lacks to its threshold
	Units    int64 // units that lack
}

// settled are refusals that no line can change: a coupon that has one is told once
// and not looked at for each line.
var settled = []fault.Code{fault.CouponWithdrawn, fault.CouponUsedUp, fault.CouponExpired, fault.CouponNotYetValid,
	fault.UsedTooRecently, fault.CouponLocked, fault.UsePaused, fault.CurrencyMismatch, fault.ChannelNotAllowed,
	fault.CityNotAllowed, fault.StoreNotAllowed}

// Where Prices looks for a cheaper unit.
const (
	pricesMost  = 200 // units
	pricesTries = 10  // quantities tried for it, the smaller first
)

// Prices prices one unit of every line by itself: place says where, its lines are
// not read, and neither are quantities. With more it also looks for a quantity
// that makes a unit cheaper. barred are the coupons that help none of them.
func Prices(place *Cart, lines []Line, candidates []Candidate, rules Rules, more bool) (prices []Price, barred []Judged) {
	empty := *place
	empty.Lines = nil
	b := basketOf(&empty, &rules)
	able := make([]Candidate, 0, len(candidates))
	for _, c := range candidates {
		e := assess(b, c)
		reasons := slices.DeleteFunc(slices.Clone(e.reasons), func(f *fault.Fault) bool { return !slices.Contains(settled, f.Code) })
		if len(reasons) > 0 {
			barred = append(barred, e.judged(0, reasons))
		} else {
			able = append(able, c)
		}
	}
	finder := newFinder(able)
	prices = make([]Price, len(lines))
	cart := empty
	cart.Lines = make([]Line, 1)
	var fit []Candidate
	for i, l := range lines {
		fit = finder.of(&cart, l, fit[:0])
		l.Quantity = 1
		cart.Lines[0] = l
		r := Quote(&cart, fit, rules)
		prices[i] = Price{ListMinor: r.ListMinor, PayableMinor: r.PayableMinor, Uses: r.Uses, Optimal: r.Optimal, Gaps: gapsOf(&r)}
		if more {
			if low := LowestOf(&empty, l, fit, rules, Quantities{Every: 1, Most: pricesMost, Tries: pricesTries}); low.Quantity > 1 {
				prices[i].From = &low
			}
		}
	}
	return prices, barred
}

// gapsOf are the coupons that only more of the same goods lacks.
func gapsOf(r *Result) (gaps []Gap) {
	for i := range r.Coupons {
		j := &r.Coupons[i]
		g := Gap{Coupon: j.Coupon, Template: j.Template, Version: j.Version}
		for _, f := range j.Reasons {
			switch f.Code {
			case fault.ThresholdNotMet:
				g.Minor = figure(f, "gap_minor")
			case fault.QuantityNotMet:
				g.Units = figure(f, "missing_quantity")
			case fault.NoEffect:
			default:
				g.Minor, g.Units = 0, 0
			}
			if g.Minor+g.Units == 0 {
				break
			}
		}
		if g.Minor+g.Units > 0 {
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// finder finds the candidates that speak of a line, so that a list of hundreds of
// lines and long lists of SKUs in scopes stays cheap.
type finder struct {
	candidates []Candidate
	skus       []map[string]bool // of long lists; nil: ask the scope
}

// listed is the length from which a list of SKUs is looked up rather than read.
const listed = 16

func newFinder(candidates []Candidate) *finder {
	f := &finder{candidates, make([]map[string]bool, len(candidates))}
	for i := range candidates {
		in := &candidates[i].Terms.Scope.Include
		if len(in.SKUs) < listed || len(in.Categories)+len(in.Brands) > 0 {
			continue
		}
		f.skus[i] = make(map[string]bool, len(in.SKUs))
		for _, s := range in.SKUs {
			f.skus[i][s] = true
		}
	}
	return f
}

// of appends the candidates that may speak of a line: a sum whose scope does not
// hold it has nothing to say, coupons by units and benefits are asked.
func (f *finder) of(place *Cart, l Line, fit []Candidate) []Candidate {
	line := scopedIn(place, l)
	for i, c := range f.candidates {
		if c.Terms.Class() == coupon.ClassSum {
			if f.skus[i] != nil && !f.skus[i][l.SKU] || f.skus[i] == nil && !c.Terms.Scope.Matches(line) {
				continue
			}
		}
		fit = append(fit, c)
	}
	return fit
}
