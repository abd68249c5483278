package explanation

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/money"
)

// room is where a headline stands: on the card, which is short, or on the page.
type room string

const (
	onCard room = "card"
	onPage room = "value"
)

// headline says what the coupon does, in one line; "" for a kind without words. Of
// chained values it tells the first.
func (w Writer) headline(words *i18n.Words, r room, t *coupon.Terms) string {
	t = t.ForUse(1)
	nth := t.Nth
	args := []i18n.Arg{
		w.amount("amount", t.AmountMinor), w.money("money", t.AmountMinor), w.money("price", t.PriceMinor),
		w.money("total", t.TotalMinor), arg("discount", discount(w.Lang, t.DiscountBps)), arg("deal", w.deal(words, t)),
		arg("from", w.from(words, r, t)), arg("each", w.thresholds(words, "each", t, w.money)),
		arg("nth", ordinal(words, w.Lang, nth)), arg("bought", w.Lang.Number(units(t.Buy))), arg("got", w.Lang.Number(units(t.Get))),
		arg("buy", w.parts(words, t.Buy)), arg("get", w.parts(words, t.Get)),
	}
	if e := t.External; e != nil {
		args = append(args, arg("value", w.Lang.Number(e.Value)), arg("unit", w.name(KindUnit, e.Unit)))
	}
	if t.Gift != nil {
		nth = t.Gift.Quantity
		args = append(args, arg("gift", w.name(KindSKU, t.Gift.SKU)))
	}
	return words.Count(string(r)+"."+form(t), nth, args...)
}

// form is the key of a headline. Those that end in ".from", and amount_off, name
// the threshold.
func form(t *coupon.Terms) string {
	bar := t.ThresholdMinor > 0 || t.ThresholdQuantity > 0
	form := string(t.Kind)
	switch t.Kind {
	case coupon.KindAmountOff:
		switch {
		case !bar:
			return string(coupon.KindNoThreshold)
		case t.Repeat:
			return form + ".each"
		}
		return form
	case coupon.KindPercentOff, coupon.KindGift:
		if t.DiscountBps >= money.BpsWhole {
			form = "free"
		}
		if bar {
			form += ".from"
		}
		return form
	case coupon.KindStoredValue:
		if t.AmountMinor > 0 {
			return form + ".most"
		}
	case coupon.KindFixedPrice:
		if t.PriceMinor == 0 {
			return form + ".list"
		}
	case coupon.KindExchange:
		if t.PriceMinor > 0 {
			return form + ".price"
		}
	}
	return form + variant(t)
}

// variant is the part of a form that the reward decides.
func variant(t *coupon.Terms) string {
	free := t.Reward == coupon.RewardPercent && t.DiscountBps >= money.BpsWhole
	switch t.Kind {
	case coupon.KindItemOff:
		switch {
		case t.Reward != coupon.RewardAmount:
			return "." + string(t.Reward)
		case t.Split == "":
			return "." + string(coupon.SplitUnit)
		}
		return "." + string(t.Split)
	case coupon.KindBuyGet:
		deal := ".deal"
		if free {
			deal = ".free"
		}
		if plain(t.Buy) && plain(t.Get) {
			return deal + ".plain"
		}
		return deal + ".parts"
	case coupon.KindShipping:
		if free {
			return ".free"
		}
		return "." + string(t.Reward)
	case coupon.KindBundle:
		return "." + string(t.Reward)
	}
	return ""
}

// plain reports whether a pattern's side is a number of any goods in scope.
func plain(parts []coupon.Part) bool { return len(parts) == 1 && parts[0].Scope.Everything() }

func units(parts []coupon.Part) (n int64) {
	for _, p := range parts {
		n += p.Quantity
	}
	return n
}

// parts names the units of a pattern's side: two apples and one pear.
func (w Writer) parts(words *i18n.Words, parts []coupon.Part) string {
	items := make([]string, len(parts))
	for i, p := range parts {
		if p.Scope.Everything() {
			items[i] = words.Count("part", p.Quantity)
		} else {
			items[i] = words.Count("part.goods", p.Quantity, arg("goods", w.goods(words, p.Scope)))
		}
	}
	return w.Lang.List(items, listShown)
}

// deal says what is done to a unit's price.
func (w Writer) deal(words *i18n.Words, t *coupon.Terms) string {
	switch {
	case t.Reward != coupon.RewardPercent:
	case t.DiscountBps >= money.BpsWhole:
		return words.Say("deal.free")
	case t.DiscountBps == money.BpsWhole/2:
		return words.Say("deal.half")
	}
	return words.Say("deal."+string(t.Reward), arg("discount", discount(w.Lang, t.DiscountBps)),
		w.money("money", t.AmountMinor), w.money("price", t.PriceMinor))
}

// from says the threshold, "" for none.
func (w Writer) from(words *i18n.Words, r room, t *coupon.Terms) string {
	if r == onCard {
		return w.thresholds(words, "card.from", t, w.amount)
	}
	return w.thresholds(words, "from", t, w.money)
}

func (w Writer) thresholds(words *i18n.Words, key string, t *coupon.Terms, write func(string, int64) i18n.Arg) string {
	amount := write("threshold", t.ThresholdMinor)
	switch {
	case t.ThresholdMinor > 0 && t.ThresholdQuantity > 0:
		return words.Count(key+".both", t.ThresholdQuantity, amount)
	case t.ThresholdQuantity > 0:
		return words.Count(key+".quantity", t.ThresholdQuantity)
	case t.ThresholdMinor > 0:
		return words.Say(key+".minor", amount)
	}
	return ""
}

// ordinal writes second, 21st, 二.
func ordinal(words *i18n.Words, lang i18n.Lang, n int64) string {
	number := lang.Number(n)
	if key := "ordinal." + number; words.Has(key) {
		return words.Say(key)
	}
	end := "th"
	if n/10%10 != 1 {
		switch n % 10 {
		case 1:
			end = "st"
		case 2:
			end = "nd"
		case 3:
			end = "rd"
		}
	}
	return words.Say("ordinal."+end, arg("n", number))
}

// stepTerms are terms with the thresholds and what is given of one step.
func stepTerms(t *coupon.Terms, s coupon.Step) *coupon.Terms {
	c := *t
	c.Steps = nil
	c.ThresholdMinor, c.ThresholdQuantity, c.AmountMinor, c.DiscountBps = s.ThresholdMinor, s.ThresholdQuantity, s.AmountMinor, s.DiscountBps
	return &c
}
