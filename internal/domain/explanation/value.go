package explanation

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"quan/internal/domain/coupon"
)

// value tells what the coupon does: kind and amounts, thresholds, caps, and the
// units that it chooses.
func (p *page) value() {
	t := &p.doc.Terms
	p.amounts(t)
	p.gift(t)
	p.units(t)
	if len(t.Methods) > 0 {
		p.add("/terms/methods", "value.methods", p.list(KindMethod, t.Methods))
	}
	p.currencies(t)
}

// amounts tells all that is another in another currency.
func (p *page) amounts(t *coupon.Terms) {
	if len(t.Steps) > 0 {
		p.steps(t)
	} else {
		p.keep("/terms/kind", p.headline(p.words, onPage, t))
	}
	p.chain(t)
	p.prices(t)
	if t.CapMinor > 0 {
		p.add("/terms/cap_minor", "value.cap", p.money("cap", t.CapMinor))
	}
	if t.ItemCapMinor > 0 {
		p.add("/terms/item_cap_minor", "value.item_cap", p.money("cap", t.ItemCapMinor))
	}
	p.threshold(t)
}

// steps tells each step as the coupon that it is once it is reached.
func (p *page) steps(t *coupon.Terms) {
	p.add("/terms/kind", "value.steps")
	for i, s := range t.Steps {
		p.keep(index("/terms/steps", i), p.headline(p.words, onPage, stepTerms(t, s)))
	}
	if t.ThresholdBase != "" {
		p.add("/terms/threshold_base", "value.steps.base."+string(t.ThresholdBase))
	}
}

// chain tells what each use brings; the last one stands for all behind it.
func (p *page) chain(t *coupon.Terms) {
	if len(t.Chain) == 0 {
		return
	}
	items := make([]string, len(t.Chain))
	for i, minor := range t.Chain {
		key := "value.chain.use"
		if i == len(t.Chain)-1 && t.UsesPerCoupon > int64(len(t.Chain)) {
			key = "value.chain.rest"
		}
		items[i] = p.words.Say(key, arg("n", p.Lang.Number(int64(i+1))), p.money("money", minor))
	}
	p.add("/terms/chain", "value.chain", arg("items", p.Lang.List(items, listShown)))
}

func (p *page) prices(t *coupon.Terms) {
	if len(t.Prices) == 0 {
		return
	}
	items := make([]string, len(t.Prices))
	for i, one := range t.Prices {
		items[i] = p.words.Say("value.price", arg("sku", p.name(KindSKU, one.SKU)), p.money("price", one.PriceMinor))
	}
	p.add("/terms/prices", "value.prices", arg("items", p.Lang.List(items, listShown)))
}

func (p *page) threshold(t *coupon.Terms) {
	if t.Kind == coupon.KindNoThreshold {
		return
	}
	if t.ThresholdMinor > 0 {
		base := t.ThresholdBase
		if base == "" {
			base = coupon.BaseBefore
		}
		p.add("/terms/threshold_minor", "threshold."+string(base), p.money("threshold", t.ThresholdMinor))
	}
	if n := t.ThresholdQuantity; n > 0 {
		p.keep("/terms/threshold_quantity", p.words.Count("threshold.quantity", n))
	}
	if t.Kind == coupon.KindAddOn {
		p.add("/terms/get", "threshold.add_on")
	}
}

// gift tells how a gift meets the cart, and what it costs who keeps it.
func (p *page) gift(t *coupon.Terms) {
	if t.Gift == nil {
		return
	}
	if t.Kind == coupon.KindGift {
		mode := t.Gift.Mode
		if mode == coupon.GiftAddNew {
			mode = "add_new"
		}
		p.add("/terms/gift/mode", "value.gift_mode."+string(mode))
	}
	if t.Gift.ValueMinor > 0 {
		p.add("/terms/gift/value_minor", "value.gift_kept", p.money("money", t.Gift.ValueMinor))
	}
}

// units tells which units are taken where not all are, and how often.
func (p *page) units(t *coupon.Terms) {
	if n := t.UnitsMax; n > 0 {
		p.keep("/terms/units_max", p.words.Count("value.units_max", n))
	}
	if n := t.LineUnitsMax; n > 0 {
		p.keep("/terms/line_units_max", p.words.Count("value.line_units_max", n))
	}
	if n := t.Times; n > 0 {
		p.keep("/terms/times", p.words.Count("value.times."+string(t.Kind), n))
	}
	if t.Select != "" {
		p.add("/terms/select", "value.select."+string(t.Select))
	}
}

// currencies tells what the coupon brings on orders in other currencies: what it
// says about its amounts, once more.
func (p *page) currencies(t *coupon.Terms) {
	for _, code := range slices.Sorted(maps.Keys(t.Currencies)) {
		in, _ := t.In(code, "")
		m := *p.Market
		m.Currency = code
		there := &page{Writer: Writer{Lang: p.Lang, Market: &m, Name: p.Name}, words: p.words, doc: p.doc, zone: p.zone}
		there.amounts(in)
		texts := make([]string, len(there.sentences))
		for i, s := range there.sentences {
			texts[i] = s.Text
		}
		key := "value.currency"
		if reflect.ValueOf(t.Currencies[code]).IsZero() {
			key = "value.currency.same"
		}
		p.add("/terms/currencies/"+code, key, arg("currency", code), arg("text", strings.Join(texts, p.words.Say("value.currency.and"))))
	}
}

// uses tells how often one coupon can be used, and how soon again.
func (p *page) uses() {
	t := &p.doc.Terms
	p.keep("/terms/uses_per_coupon", p.words.Count("uses", max(t.UsesPerCoupon, 1)))
	switch hours := t.IntervalHours; {
	case hours <= 0:
	case hours%24 == 0:
		p.keep("/terms/interval_hours", p.words.Count("interval.days", hours/24))
	default:
		p.keep("/terms/interval_hours", p.words.Count("interval.hours", hours))
	}
}

// floor tells how little may be left to pay, where anything is taken off.
func (p *page) floor() {
	least := p.Market.Policies.FloorMinor
	switch {
	case p.doc.Terms.Class() == coupon.ClassBenefit:
	case p.doc.Terms.AllowZero:
		p.add("/terms/allow_zero", "floor.zero")
	case least > 0:
		p.add("/terms/allow_zero", "floor.least", p.money("money", least))
	}
}
