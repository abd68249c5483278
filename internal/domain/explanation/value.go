package explanation

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/i18n"
	"quan/internal/kernel/money"
)

// value tells kind and value, the cap, the threshold with its base, and what a
// gift costs who keeps it.
func (p *page) value() {
	t := &p.doc.Terms
	key := "value." + valueForm(t)
	args := []i18n.Arg{p.money("threshold", t.ThresholdMinor), p.money("money", t.AmountMinor),
		arg("discount", discount(p.Lang, t.DiscountBps))}
	if t.Gift != nil {
		p.keep("/terms/kind", p.words.Count(key, t.Gift.Quantity, append(args, arg("gift", p.name(KindSKU, t.Gift.SKU)))...))
	} else {
		p.add("/terms/kind", key, args...)
	}
	if t.Kind == coupon.KindPercentOff && t.CapMinor > 0 {
		p.add("/terms/cap_minor", "value.cap", p.money("cap", t.CapMinor))
	}
	if t.ThresholdMinor > 0 && t.Kind != coupon.KindNoThreshold {
		base := t.ThresholdBase
		if base == "" {
			base = coupon.BaseBefore
		}
		p.add("/terms/threshold_minor", "threshold."+string(base), p.money("threshold", t.ThresholdMinor))
	}
	if t.Gift != nil && t.Gift.ValueMinor > 0 {
		p.add("/terms/gift/value_minor", "value.gift_kept", p.money("money", t.Gift.ValueMinor))
	}
}

func (p *page) uses() {
	p.keep("/terms/uses_per_coupon", p.words.Count("uses", max(p.doc.Terms.UsesPerCoupon, 1)))
}

// floor tells how little may be left to pay; a gift takes nothing off.
func (p *page) floor() {
	least := p.Market.Policies.FloorMinor
	switch {
	case p.doc.Terms.Kind == coupon.KindGift:
	case p.doc.Terms.AllowZero:
		p.add("/terms/allow_zero", "floor.zero")
	case least > 0:
		p.add("/terms/allow_zero", "floor.least", p.money("money", least))
	}
}

// funders tells who bears the cost, with shares where there are several.
func (p *page) funders() {
	all := p.doc.Terms.Funders
	items := make([]string, len(all))
	for i, f := range all {
		items[i] = p.funder(f)
		if len(all) > 1 || f.ShareBps != money.BpsWhole {
			items[i] = p.words.Say("funders.share", arg("funder", items[i]), arg("share", p.Lang.Percent(f.ShareBps)))
		}
	}
	switch len(all) {
	case 0:
	case 1:
		p.add("/terms/funders", "funders.single", arg("funder", items[0]))
	default:
		p.add("/terms/funders", "funders.several", arg("items", p.Lang.List(items, listShown)))
	}
}

func (p *page) funder(f coupon.Funder) string {
	kind := Kind(f.Kind)
	if f.Kind == coupon.FunderPlatform {
		if f.Code == "" || f.Code == string(coupon.FunderPlatform) {
			return p.words.Say("funders.platform")
		}
		kind = KindFund
	}
	return p.words.Say("funders."+string(kind), arg("name", p.name(kind, f.Code)))
}

func (p *page) issuer(i coupon.Issuer) {
	p.add("/issuer", "issuer."+string(i.Kind), arg("name", p.name(Kind(i.Kind), i.Code)))
}
