package explanation

import "quan/internal/domain/coupon"

// stacking tells which coupons can stand beside this one, and what its
// percentage is taken of where the terms say so.
func (p *page) stacking() {
	s := &p.doc.Terms.Stacking
	const at = "/terms/stacking"
	if s.Named() == coupon.DefaultGroup {
		p.add(at+"/group", "stacking.default")
	} else {
		p.add(at+"/group", "stacking.group", arg("group", p.group(s.Group)))
	}
	if len(s.Excludes) > 0 {
		names := make([]string, len(s.Excludes))
		for i, g := range s.Excludes {
			names[i] = p.words.Say("stacking.kind", arg("group", p.group(g)))
			if g == coupon.DefaultGroup {
				names[i] = p.words.Say("stacking.standard")
			}
		}
		p.add(at+"/excludes", "stacking.excludes", arg("items", p.Lang.List(names, listShown)))
	}
	if s.Base != "" {
		p.add(at+"/base", "stacking.base."+string(s.Base))
	}
	if s.Again {
		p.add(at+"/again", "stacking.again")
	}
}

func (p *page) group(code string) string { return p.name(KindGroup, code) }
