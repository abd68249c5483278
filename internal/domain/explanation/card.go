package explanation

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/money"
)

// citiesOnCard is how many cities the card names before it says "selected".
const citiesOnCard = 3

// Card is the package's Card with the writer's names: what the coupon takes off
// and from what amount, what the order must contain, where it can be used.
func (w Writer) Card(doc *coupon.Doc) string {
	words, t := wordsOf(w.Lang), &doc.Terms
	line := w.face(words, t)
	also := func(text string) { line = words.Say("card.also", arg("a", line), arg("b", text)) }
	if t.Kind == coupon.KindPercentOff && t.CapMinor > 0 {
		also(words.Say("card.cap", w.amount("cap", t.CapMinor)))
	}
	if len(t.Contains) == 1 && short(t.Contains[0].Scope) {
		c := t.Contains[0]
		also(words.Count("card.contain."+containForm(c), c.MinQuantity, arg("goods", w.goods(words, c.Scope)),
			w.money("money", c.MinMinor), w.amount("amount", c.MinMinor)))
	} else if len(t.Contains) > 0 {
		also(words.Say("card.contain.several"))
	}
	if n := len(t.Use.Cities); n > citiesOnCard {
		also(words.Say("card.cities.selected"))
	} else if n > 0 {
		also(words.Say("card.cities.named", w.list(KindCity, t.Use.Cities)))
	}
	return line
}

// face is the value of the coupon and its threshold: 满30减10.
func (w Writer) face(words *i18n.Words, t *coupon.Terms) string {
	key := "card." + valueForm(t)
	args := []i18n.Arg{w.amount("threshold", t.ThresholdMinor), w.amount("amount", t.AmountMinor),
		arg("discount", discount(w.Lang, t.DiscountBps))}
	if t.Gift == nil {
		return words.Say(key, args...)
	}
	return words.Count(key, t.Gift.Quantity, append(args, arg("gift", w.name(KindSKU, t.Gift.SKU)))...)
}

// valueForm is the key of the sentence about kind and value; ".from" has a threshold.
func valueForm(t *coupon.Terms) string {
	form := string(t.Kind)
	switch {
	case t.Kind == coupon.KindAmountOff && t.ThresholdMinor == 0:
		return string(coupon.KindNoThreshold)
	case t.Kind == coupon.KindAmountOff || t.Kind == coupon.KindNoThreshold:
		return form
	case t.Kind == coupon.KindPercentOff && t.DiscountBps >= money.BpsWhole:
		form = "free"
	}
	if t.ThresholdMinor > 0 {
		return form + ".from"
	}
	return form
}

// discount writes bps off: 15%, 8.5折, 85折. In zh-TW a whole percentage that is
// paid is told in hundredths (85折) unless it ends in zero (9折); what lies
// between or below ten stays in tenths, which cannot be read in two ways.
func discount(lang i18n.Lang, bps int64) string {
	if lang != i18n.ZhCN && lang != i18n.ZhTW {
		return lang.Percent(bps)
	}
	paid := money.BpsWhole - bps
	if lang == i18n.ZhTW && paid >= money.BpsWhole/10 && paid%100 == 0 && paid%1000 != 0 {
		return lang.Number(paid/100) + "折"
	}
	return lang.Tenths(bps) + "折"
}
