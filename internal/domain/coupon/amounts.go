package coupon

import (
	"fmt"
	"maps"
	"slices"

	"quan/internal/domain/rule"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/money"
)

// Bounds of amounts.
const (
	StepsMax      = 50
	PricesMax     = 5_000
	CurrenciesMax = 50
)

// amounts checks the figures of terms in one currency, whose fields lie below at:
// /terms, or /terms/currencies/USD.
func (v *validation) amounts(t *Terms, at string) {
	for _, f := range []struct {
		name  string
		minor int64
	}{
		{"amount_minor", t.AmountMinor}, {"cap_minor", t.CapMinor}, {"item_cap_minor", t.ItemCapMinor},
		{"price_minor", t.PriceMinor}, {"total_minor", t.TotalMinor}, {"threshold_minor", t.ThresholdMinor},
	} {
		v.between(f.minor, 0, money.MaxMinor, at+"/"+f.name)
	}
	v.steps(t, at)
	v.chain(t, at)
	v.prices(t.Prices, at+"/prices")
	if t.Kind == KindAmountOff && !t.AllowZero && t.ThresholdMinor > 0 && t.ThresholdMinor < t.AmountMinor {
		v.conflict(at+"/threshold_minor", "threshold_minor", "amount_minor")
	}
	if t.CapMinor > 0 && t.CapMinor < t.AmountMinor {
		v.conflict(at+"/cap_minor", "cap_minor", "amount_minor")
	}
}

// steps rise strictly: none falls in a threshold, one of them rises, and so does
// what it gives. Then the last one that is reached is the best one.
func (v *validation) steps(t *Terms, at string) {
	at += "/steps"
	if len(t.Steps) == 0 {
		return
	}
	if len(t.Steps) > StepsMax {
		v.add(fault.TooLong, at, "max", StepsMax)
		return
	}
	for i, s := range t.Steps {
		here := fmt.Sprintf("%s/%d", at, i)
		v.step(t, s, here)
		if i == 0 {
			continue
		}
		before := t.Steps[i-1]
		if s.ThresholdMinor < before.ThresholdMinor || s.ThresholdQuantity < before.ThresholdQuantity ||
			s.ThresholdMinor == before.ThresholdMinor && s.ThresholdQuantity == before.ThresholdQuantity {
			v.conflict(here, "steps", "threshold_minor")
		} else if s.AmountMinor+s.DiscountBps <= before.AmountMinor+before.DiscountBps {
			v.conflict(here, "steps", v.gives())
		}
	}
}

// gives is the field in which a step of the kind says what it brings.
func (v *validation) gives() string {
	if v.doc.Terms.Kind == KindPercentOff {
		return "discount_bps"
	}
	return "amount_minor"
}

func (v *validation) step(t *Terms, s Step, at string) {
	v.between(s.ThresholdMinor, 0, money.MaxMinor, at+"/threshold_minor")
	v.between(s.ThresholdQuantity, 0, QuantityMax, at+"/threshold_quantity")
	if s.ThresholdMinor == 0 && s.ThresholdQuantity == 0 {
		v.add(fault.MissingValue, at+"/threshold_minor")
	}
	if t.Kind == KindPercentOff {
		v.absent(s.AmountMinor != 0, at+"/amount_minor")
		v.percent(s.DiscountBps, true, at+"/discount_bps")
		return
	}
	v.absent(s.DiscountBps != 0, at+"/discount_bps")
	if !v.between(s.AmountMinor, 1, money.MaxMinor, at+"/amount_minor") {
		return
	}
	if !t.AllowZero && s.ThresholdMinor > 0 && s.ThresholdMinor < s.AmountMinor {
		v.conflict(at+"/threshold_minor", "threshold_minor", "amount_minor")
	}
	if t.CapMinor > 0 && t.CapMinor < s.AmountMinor {
		v.conflict(at+"/amount_minor", "cap_minor", "amount_minor")
	}
}

// chain checks the values of the uses, of which there are not more than uses.
func (v *validation) chain(t *Terms, at string) {
	at += "/chain"
	if int64(len(t.Chain)) > min(max(t.UsesPerCoupon, 1), UsesMax) {
		v.conflict(at, "chain", "uses_per_coupon")
		return
	}
	for i, minor := range t.Chain {
		here := fmt.Sprintf("%s/%d", at, i)
		v.between(minor, 1, money.MaxMinor, here)
		if t.Kind == KindAmountOff && !t.AllowZero && t.ThresholdMinor > 0 && t.ThresholdMinor < minor {
			v.conflict(here, "threshold_minor", "chain")
		}
		if t.CapMinor > 0 && t.CapMinor < minor {
			v.conflict(here, "cap_minor", "chain")
		}
	}
}

// prices may be zero: a unit for nothing is said by its name.
func (v *validation) prices(list []SKUPrice, at string) {
	if len(list) > PricesMax {
		v.add(fault.TooLong, at, "max", PricesMax)
		return
	}
	seen := make(map[string]bool, len(list))
	for i, p := range list {
		here := fmt.Sprintf("%s/%d", at, i)
		v.list.Add(rule.Word(p.SKU, here+"/sku"))
		v.between(p.PriceMinor, 0, money.MaxMinor, here+"/price_minor")
		if seen[p.SKU] {
			v.add(fault.DuplicateValue, here+"/sku")
		}
		seen[p.SKU] = true
	}
}

// currencies checks the amounts of further currencies: each has what the terms
// have in the market's own, and nothing else.
func (v *validation) currencies(home string) {
	t := &v.doc.Terms
	const at = "/terms/currencies"
	if len(t.Currencies) > CurrenciesMax {
		v.add(fault.TooLong, at, "max", CurrenciesMax)
		return
	}
	if len(t.Currencies) > 0 {
		v.inOne()
	}
	for _, code := range slices.Sorted(maps.Keys(t.Currencies)) {
		here := at + "/" + pointerEscape.Replace(code)
		switch {
		case !money.Currency(code):
			v.add(fault.InvalidValue, here)
			continue
		case code == home:
			v.conflict(here, "currencies", "market")
			continue
		}
		in, _ := t.In(code, home)
		v.alike(t, in, here)
		v.amounts(in, here)
	}
}

// alike demands the fields of the terms themselves in a further currency.
func (v *validation) alike(t, in *Terms, at string) {
	has := in.given()
	for i, f := range t.given() {
		switch {
		case f.set && !has[i].set:
			v.add(fault.MissingValue, at+"/"+f.name)
		case !f.set && has[i].set:
			v.conflict(at+"/"+f.name, "currencies", f.name)
		}
	}
}

// inOne refuses what has an amount in the market's currency only: nothing is
// converted, and amounts of two currencies are never added up.
func (v *validation) inOne() {
	d := v.doc
	for i, l := range d.Claim.Limits {
		if l.What.Amount() {
			v.conflict(fmt.Sprintf("/claim/limits/%d", i), "currencies", "limits")
		}
	}
	if len(d.Claim.Budgets) > 0 { // whatever they limit now, they may limit amounts tomorrow
		v.conflict("/claim/budgets", "currencies", "budgets")
	}
	if d.Terms.Gift != nil && d.Terms.Gift.ValueMinor != 0 {
		v.conflict("/terms/gift/value_minor", "currencies", "value_minor")
	}
	if d.Terms.External != nil && d.Terms.External.WorstMinor != 0 {
		v.conflict("/terms/external/worst_minor", "currencies", "worst_minor")
	}
	for i, c := range d.Terms.Contains {
		if c.MinMinor != 0 {
			v.conflict(fmt.Sprintf("/terms/contains/%d/min_minor", i), "currencies", "min_minor")
		}
	}
}
