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
	if len(t.Chain) > 1 {
		also(words.Say("card.chain"))
	}
	if t.CapMinor > 0 {
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

// stepsOnCard is how many steps the card tells before it only counts them.
const stepsOnCard = 3

// face is what the coupon does and its threshold: 满30减10.
func (w Writer) face(words *i18n.Words, t *coupon.Terms) string {
	if len(t.Steps) > 0 {
		return w.faces(words, t)
	}
	line := w.headline(words, onCard, t)
	if from := w.from(words, onCard, t); from != "" && !namesThreshold(t.Kind) {
		return words.Say("card.from.also", arg("from", from), arg("face", line))
	}
	return line
}

// faces of the first steps: 满100减10 满200减25.
func (w Writer) faces(words *i18n.Words, t *coupon.Terms) (line string) {
	for i, s := range t.Steps[:min(len(t.Steps), stepsOnCard)] {
		face := w.headline(words, onCard, stepTerms(t, s))
		if i == 0 {
			line = face
		} else {
			line = words.Say("card.steps", arg("a", line), arg("b", face))
		}
	}
	if n := len(t.Steps); n > stepsOnCard {
		line = words.Say("card.steps.more", arg("a", line), arg("n", w.Lang.Number(int64(n))))
	}
	return line
}

// namesThreshold reports whether the kind's own words say the threshold.
func namesThreshold(kind coupon.Kind) bool {
	switch kind {
	case coupon.KindAmountOff, coupon.KindNoThreshold, coupon.KindPercentOff, coupon.KindGift, "":
		return true
	}
	return false
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
