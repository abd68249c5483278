package explanation

import (
	"quan/internal/domain/coupon"
	"quan/internal/kernel/money"
)

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
