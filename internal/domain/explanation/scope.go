package explanation

import (
	"slices"
	"strings"

	"quan/internal/domain/coupon"
	"quan/internal/domain/rule"
	"quan/internal/kernel/i18n"
)

// scope tells what the coupon is good for. Goods of several kinds are told in
// one sentence, because any one of them is enough.
func (p *page) scope() {
	in, at := p.doc.Terms.Scope.Include, "/terms/scope/include"
	if len(in.Categories)+len(in.Brands)+len(in.SKUs)+len(in.Merchants)+len(in.Stores) == 0 && !p.namesGoods() {
		p.add("/terms/scope", "scope.everything")
	}
	switch goods := goodsOf(in); len(goods) {
	case 0:
	case 1:
		p.named(at, "scope.include.", goods[0])
	default:
		parts := make([]string, len(goods))
		for i, g := range goods {
			parts[i] = p.words.Say("goods."+string(g.kind), p.list(g.kind, g.codes))
		}
		p.add(at, "scope.include.goods", arg("goods", strings.Join(parts, p.words.Say("goods.or"))))
	}
	p.namedAll(at, "scope.include.", placesOf(in))
	out := p.doc.Terms.Scope.Exclude
	p.namedAll("/terms/scope/exclude", "scope.exclude.", slices.Concat(goodsOf(out), placesOf(out)))
}

// namesGoods reports whether the coupon names the goods of every part of its
// pattern, or the one SKU that it is for, so that it is not good for everything.
func (p *page) namesGoods() bool {
	t := &p.doc.Terms
	if t.Kind == coupon.KindExchange {
		return true
	}
	parts := slices.Concat(t.Buy, t.Get)
	if t.Kind == coupon.KindAddOn { // its scope is that of the threshold
		return false
	}
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(one coupon.Part) bool { return one.Scope.Everything() })
}

// named are the codes of one kind in a selector, with the field they stand in.
type named struct {
	kind  Kind
	field string
	codes []string
}

func goodsOf(s rule.Selector) []named {
	return filled(named{KindCategory, "categories", s.Categories}, named{KindBrand, "brands", s.Brands},
		named{KindSKU, "skus", s.SKUs})
}

func placesOf(s rule.Selector) []named {
	return filled(named{KindMerchant, "merchants", s.Merchants}, named{KindStore, "stores", s.Stores})
}

func filled(all ...named) []named {
	return slices.DeleteFunc(all, func(n named) bool { return len(n.codes) == 0 })
}

func (p *page) named(at, key string, n named) {
	p.add(at+"/"+n.field, key+string(n.kind), p.list(n.kind, n.codes))
}

func (p *page) namedAll(at, key string, all []named) {
	for _, n := range all {
		p.named(at, key, n)
	}
}

// contains tells what must be in the order, and that adding it is all it takes.
func (p *page) contains() {
	for i, c := range p.doc.Terms.Contains {
		p.keep(index("/terms/contains", i), p.words.Count("contain."+containForm(c), c.MinQuantity,
			arg("goods", p.goods(p.words, c.Scope)), p.money("money", c.MinMinor)))
	}
}

// containForm is the part of the key that says what is asked of the goods; goods
// that take many words are named once only (".long").
func containForm(c rule.Contain) string {
	form := containLeast(c)
	if !short(c.Scope) {
		return form + ".long"
	}
	return form
}

// short reports whether the goods of a scope are told in a word or two.
func short(s rule.Scope) bool {
	in := s.Include
	return s.Exclude.Empty() && len(in.Merchants)+len(in.Stores) == 0 && len(in.Categories)+len(in.Brands)+len(in.SKUs) <= 2
}

func containLeast(c rule.Contain) string {
	switch {
	case c.MinMinor > 0 && c.MinQuantity > 0:
		return "both"
	case c.MinMinor > 0:
		return "minor"
	case c.MinQuantity > 0:
		return "quantity"
	}
	return "any"
}

// goods names the lines of a scope as a noun: meat, "meat or fish sold by M1".
func (w Writer) goods(words *i18n.Words, s rule.Scope) string {
	text := words.Say("goods.any")
	if parts := w.nouns(words, goodsOf(s.Include)); len(parts) > 0 {
		text = w.Lang.AnyOf(parts, listShown)
	}
	for _, n := range placesOf(s.Include) {
		items := arg("items", w.Lang.AnyOf(w.names(n.kind, n.codes), listShown))
		text = words.Say("goods.only."+string(n.kind), arg("goods", text), items)
	}
	if out := w.nouns(words, slices.Concat(goodsOf(s.Exclude), placesOf(s.Exclude))); len(out) > 0 {
		text = words.Say("goods.except", arg("goods", text), arg("items", w.Lang.AnyOf(out, listShown)))
	}
	return text
}

// nouns of all codes; categories and SKUs are nouns themselves.
func (w Writer) nouns(words *i18n.Words, all []named) (nouns []string) {
	for _, n := range all {
		for _, name := range w.names(n.kind, n.codes) {
			nouns = append(nouns, words.Say("noun."+string(n.kind), arg("name", name)))
		}
	}
	return nouns
}
