package pricing

import (
	"quan/internal/domain/market"
	"quan/internal/kernel/fault"
)

// DefaultProfile is the name of the zero Profile.
const DefaultProfile = "quan"

// policy is one choice of a profile as markets and files name it: its place in
// both, and the word that says the zero value, which a named profile may not have.
type policy struct {
	name  string
	plain string
	word  func(*market.Pricing) string
	set   func(p *Profile, word string)
}

var policies = []policy{
	{"split", "largest", func(c *market.Pricing) string { return c.Split }, func(p *Profile, w string) { p.Split = SplitPolicy(w) }},
	{"rounding", "half_up", func(c *market.Pricing) string { return c.Rounding }, func(p *Profile, w string) { p.Rounding = RoundingPolicy(w) }},
	{"round", "once", func(c *market.Pricing) string { return c.Round }, func(p *Profile, w string) { p.Round = RoundPlace(w) }},
	{"order", "stack", func(c *market.Pricing) string { return c.Order }, func(p *Profile, w string) { p.Order = OrderPolicy(w) }},
	{"base", "left", func(c *market.Pricing) string { return c.Base }, func(p *Profile, w string) { p.Base = BasePolicy(w) }},
	{"tax", "out", func(c *market.Pricing) string { return c.Tax }, func(p *Profile, w string) { p.Tax = TaxPolicy(w) }},
	{"over_budget", "refuse", func(c *market.Pricing) string { return c.Over }, func(p *Profile, w string) { p.Over = OverPolicy(w) }},
	{"no_effect", "refuse", func(c *market.Pricing) string { return c.NoEffect }, func(p *Profile, w string) { p.NoEffect = EffectPolicy(w) }},
	{"units", "once", func(c *market.Pricing) string { return c.Units }, func(p *Profile, w string) { p.Units = UnitPolicy(w) }},
	{"together", "groups", func(c *market.Pricing) string { return c.Together }, func(p *Profile, w string) { p.Together = TogetherPolicy(w) }},
	{"patterns", "most", func(c *market.Pricing) string { return c.Patterns }, func(p *Profile, w string) { p.Patterns = PatternPolicy(w) }},
}

// ProfileOf is the profile that a market, or a file, chooses: the named one with
// single policies changed. What Choose refuses is taken as it stands.
func ProfileOf(c market.Pricing) Profile {
	p := Profiles[c.Profile]
	for _, one := range policies {
		switch word := one.word(&c); word {
		case "":
		case one.plain:
			one.set(&p, "")
		default:
			one.set(&p, word)
		}
	}
	return p
}

// Choose is ProfileOf, adding the faults of names and words that nothing has, at
// pointers below pointer.
func Choose(c market.Pricing, pointer string, l *fault.List) Profile {
	if _, known := Profiles[c.Profile]; c.Profile != "" && !known {
		l.Add(fault.New(fault.UnknownReference, "what", "profile", "value", c.Profile).At(pointer + "/profile"))
	}
	p := ProfileOf(c)
	p.Validate(pointer, l)
	return p
}

// RulesOf are the choices of a market for carts in a currency that it takes, ""
// for its own, without a moment and facts.
func RulesOf(m *market.Market, currency string) Rules {
	p := m.PoliciesIn(currency)
	return Rules{FloorMinor: p.FloorMinor, MaxCoupons: p.MaxCouponsOrder, SetCapMinor: p.MaxDiscountMinor, SetCapBps: p.MaxDiscountBps,
		Profile: ProfileOf(p.Pricing), Zone: m.Location()}
}
