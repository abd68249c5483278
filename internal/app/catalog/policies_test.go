package catalog_test

import (
	"strings"
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/domain/market"
	"quan/internal/kernel/fault"
)

// Words that no policy has are refused by their place; words that say what stands
// anyway are legal.
func TestPolicies(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		c := use(w)
		put := func(code string, p market.Policies) error {
			_, _, err := c.PutMarket(w.Ctx(), w.By, catalog.PutMarketInput{Code: code, Name: code, Currency: "CNY", Zone: "Asia/Shanghai", Policies: &p})
			return err
		}
		for want, change := range map[string]func(*market.Policies){
			"max_discount_minor": func(p *market.Policies) { p.MaxDiscountMinor = -1 },
			"max_discount_bps":   func(p *market.Policies) { p.MaxDiscountBps = 10_001 },
			"pricing/profile":    func(p *market.Policies) { p.Pricing.Profile = "none" },
			"pricing/tax":        func(p *market.Policies) { p.Pricing.Tax = "in" },
			"pricing/round pricing/together": func(p *market.Policies) {
				p.Pricing.Round, p.Pricing.Together = "twice", "never"
			},
		} {
			p := market.Defaults()
			change(&p)
			f := fault.From(put("bad", p))
			if f == nil {
				t.Errorf("%s: not refused", want)
				continue
			}
			var at []string
			for _, one := range append([]*fault.Fault{f}, f.Also...) {
				at = append(at, strings.TrimPrefix(one.Pointer, "/policies/"))
			}
			if got := strings.Join(at, " "); got != want {
				t.Errorf("refused at %s, want %s", got, want)
			}
		}
		p := market.Defaults()
		p.MaxDiscountMinor, p.MaxDiscountBps = 5000, 10_000
		p.Pricing = market.Pricing{Profile: "woocommerce", Split: "largest", Rounding: "half_up", Round: "once", Order: "stack", Base: "left", Tax: "out",
			Over: "refuse", NoEffect: "refuse", Units: "once", Together: "groups", Patterns: "most"}
		w.Must(put("good", p))
		row, err := c.GetMarket(w.Ctx(), w.By, "good")
		if err != nil || row.Policies != p {
			t.Errorf("%+v, %v", row.Policies, err)
		}
	})
}
