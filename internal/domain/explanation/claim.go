package explanation

import (
	"quan/internal/domain/condition"
	"quan/internal/domain/limit"
	"quan/internal/domain/rule"
	"quan/internal/kernel/i18n"
)

// claim tells when, where and by whom the coupon can be had.
func (p *page) claim() {
	c := &p.doc.Claim
	if span := p.Lang.Span(c.Window.From, c.Window.To, p.zone); span != "" {
		p.add("/claim/window", "claim.window", arg("span", span), p.zoneName())
	}
	p.sessions()
	p.place("/claim/place", "claim", c.Place)
	if c.Newcomer {
		p.add("/claim/newcomer", "claim.newcomer")
	}
	if c.Alternative != "" {
		p.add("/claim/alternative", "claim.alternative", arg("template", p.name(KindTemplate, c.Alternative)))
	}
	if c.Automatic {
		p.add("/claim/automatic", "claim.automatic")
	}
	p.conditions("/claim/when", "claim.when", c.When)
}

// conditions tells the parts of a tree, each as a sentence of the key.
func (p *page) conditions(at, key string, tree condition.Tree) {
	for _, s := range p.Conditions(at, tree) {
		p.add(s.Rule, key, arg("text", s.Text))
	}
}

// place tells the cities and channels of claiming or using; none named is no limit.
func (p *page) place(at, key string, place rule.Place) {
	if len(place.Cities) > 0 {
		p.add(at+"/cities", key+".cities", p.list(KindCity, place.Cities))
	}
	if len(place.Channels) > 0 {
		p.add(at+"/channels", key+".channels", p.list(KindChannel, place.Channels))
	}
}

func (p *page) limits() {
	for i, l := range p.doc.Claim.Limits {
		p.keep(index("/claim/limits", i), p.limit(l))
	}
}

// limit tells one limit: its key is what, per whom, and whether it starts anew.
func (p *page) limit(l limit.Limit) string {
	key, args := "limit."+string(l.What)+"."+string(l.Per), []i18n.Arg(nil)
	if own := l.What != limit.Liability && (l.Per == limit.PerMember || l.Per == limit.PerPlacement); l.Per != limit.PerTemplate && !own {
		key = "limit." + string(l.What) + ".each"
		args = append(args, arg("who", p.words.Say("limit.who."+string(l.Per))))
	}
	switch l.Period {
	case limit.Ever:
		key += ".ever"
	case limit.Rolling:
		key += ".period"
		args = append(args, arg("period", p.words.Count("limit.period.rolling", l.Hours)))
	default:
		key += ".period"
		args = append(args, arg("period", p.words.Say("limit.period."+string(l.Period))))
	}
	var said string
	if l.What.Amount() {
		said = p.words.Say(key, append(args, p.money("money", l.Cap))...)
	} else {
		said = p.words.Count(key, l.Cap, args...)
	}
	if l.Only != "" {
		said = p.words.Say("limit.only", arg("limit", said), arg("only", l.Only))
	}
	return said
}
