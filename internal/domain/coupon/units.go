package coupon

import (
	"fmt"
	"slices"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Bounds of units and patterns.
const (
	QuantityMax     = 1_000_000 // units of a threshold or selection, repetitions
	NthMax          = 1_000
	PartsMax        = 6 // of Buy, of Get
	PatternPartsMax = 8 // of both together
	PartQuantityMax = 1_000
	MethodsMax      = 50
	IntervalMax     = 366 * 24 // hours
)

// figures checks what is counted, chosen and named beside the amounts.
func (v *validation) figures() {
	t := &v.doc.Terms
	v.percents()
	v.one("threshold_base", string(t.ThresholdBase), string(BaseList), string(BaseBefore), string(BaseAfter))
	v.one("split", string(t.Split), string(SplitLine), string(SplitUnit), string(SplitAmount), string(SplitQuantity))
	v.one("select", string(t.Select), string(SelectCheapest), string(SelectDearest), string(SelectFirst))
	if t.Split != "" && t.Reward == RewardPercent {
		v.conflict("/terms/split", "reward", string(t.Reward))
	}
	v.between(t.ThresholdQuantity, 0, QuantityMax, "/terms/threshold_quantity")
	v.between(t.Times, 0, QuantityMax, "/terms/times")
	v.between(t.UnitsMax, 0, QuantityMax, "/terms/units_max")
	v.between(t.LineUnitsMax, 0, QuantityMax, "/terms/line_units_max")
	if t.UnitsMax > 0 && t.LineUnitsMax > t.UnitsMax {
		v.conflict("/terms/line_units_max", "line_units_max", "units_max")
	}
	if t.Nth != 0 {
		v.between(t.Nth, 2, NthMax, "/terms/nth")
	}
	v.parts(t.Buy, "/terms/buy")
	v.parts(t.Get, "/terms/get")
	if len(t.Buy) <= PartsMax && len(t.Get) <= PartsMax && len(t.Buy)+len(t.Get) > PatternPartsMax {
		v.add(fault.TooLong, "/terms/buy", "max", PatternPartsMax-len(t.Get))
	}
	v.repetition()
	v.methods()
	v.gift()
	v.external()
}

// one refuses a word that is none of the known ones; "" is the default.
func (v *validation) one(name, value string, known ...string) {
	if value != "" && !slices.Contains(known, value) {
		v.add(fault.InvalidValue, "/terms/"+name)
	}
}

// percents bounds the percentage. A coupon that makes everything in scope free has
// to allow zero: percent_off, item_off of all units, and a bundle, of which nothing
// else is paid. Beside an nth item, what was bought, or shipped goods something
// stays to pay, and so it does beside units that UnitsMax counts.
func (v *validation) percents() {
	t := &v.doc.Terms
	if t.DiscountBps == 0 {
		return
	}
	whole := t.Kind == KindPercentOff || t.Kind == KindBundle || t.Kind == KindItemOff && t.UnitsMax == 0
	v.percent(t.DiscountBps, whole, "/terms/discount_bps")
}

func (v *validation) percent(bps int64, whole bool, pointer string) {
	most := int64(money.BpsWhole)
	if whole && !v.doc.Terms.AllowZero {
		most--
	}
	v.between(bps, 1, most, pointer)
}

func (v *validation) parts(parts []Part, at string) {
	if len(parts) > PartsMax {
		v.add(fault.TooLong, at, "max", PartsMax)
		return
	}
	for i, p := range parts {
		here := fmt.Sprintf("%s/%d", at, i)
		p.Scope.Validate(here+"/scope", &v.list)
		v.between(p.Quantity, 1, PartQuantityMax, here+"/quantity")
	}
}

// repetition refuses rules about the same thing that can't both be read.
func (v *validation) repetition() {
	t := &v.doc.Terms
	pair := func(both bool, name, other string) {
		if both {
			v.conflict("/terms/"+name, name, other)
		}
	}
	if len(t.Steps) > 0 {
		pair(t.AmountMinor != 0, "amount_minor", "steps")
		pair(t.DiscountBps != 0, "discount_bps", "steps")
		pair(t.ThresholdMinor != 0, "threshold_minor", "steps")
		pair(t.ThresholdQuantity != 0, "threshold_quantity", "steps")
		pair(t.Repeat, "repeat", "steps")
		pair(len(t.Chain) > 0, "chain", "steps")
	}
	pair(len(t.Chain) > 0 && t.AmountMinor != 0, "amount_minor", "chain")
	pair(t.Times != 0 && t.Kind == KindAmountOff && !t.Repeat, "times", "repeat")
	if t.IntervalHours != 0 {
		v.between(t.IntervalHours, 0, IntervalMax, "/terms/interval_hours")
		pair(t.UsesPerCoupon <= 1, "interval_hours", "uses_per_coupon")
	}
}

func (v *validation) methods() {
	const at = "/terms/methods"
	list := v.doc.Terms.Methods
	if len(list) > MethodsMax {
		v.add(fault.TooLong, at, "max", MethodsMax)
		return
	}
	for i, m := range list {
		here := fmt.Sprintf("%s/%d", at, i)
		v.list.Add(rule.Word(m, here))
		if slices.Contains(list[:i], m) {
			v.add(fault.DuplicateValue, here)
		}
	}
}

func (v *validation) gift() {
	t := &v.doc.Terms
	if t.Gift == nil || !kinds[t.Kind].reads("gift") {
		return
	}
	v.word(t.Gift.SKU, "/terms/gift/sku")
	v.between(t.Gift.Quantity, 1, GiftsMax, "/terms/gift/quantity")
	v.between(t.Gift.ValueMinor, 0, money.MaxMinor, "/terms/gift/value_minor")
	switch {
	case t.Gift.Mode != GiftAddNew && t.Gift.Mode != GiftAddMissing:
		v.add(fault.InvalidValue, "/terms/gift/mode")
	case t.Kind == KindExchange:
		v.absent(t.Gift.Mode != "", "/terms/gift/mode")
	case t.Kind == KindGift && t.Gift.Mode == GiftAddNew: // nothing is taken off
		for _, f := range t.given() {
			if f.set && (f.name == "cap_minor" || f.name == "item_cap_minor" || f.name == "select") {
				v.conflict("/terms/"+f.name, f.name, "mode")
			}
		}
	}
}

func (v *validation) external() {
	e := v.doc.Terms.External
	if e == nil {
		return
	}
	v.word(e.Unit, "/terms/external/unit")
	v.between(e.Value, 1, money.MaxMinor, "/terms/external/value")
	v.between(e.WorstMinor, 0, money.MaxMinor, "/terms/external/worst_minor")
}
