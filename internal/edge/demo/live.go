package demo

import (
	"math"

	"quan/internal/domain/redemption"
)

// live is a member's day.
func (s *simulation) live(p *person) {
	r := s.random
	switch {
	case p.firstOrder == s.day, p.wake == s.day && !p.awake:
		p.awake = true
		s.order(p, s.tick(p))
	case !p.ordered && p.login == s.day:
		p.active = s.day
	case !p.awake:
		alone := 1 - math.Pow(1-s.set.WakeAlone, 1/float64(s.set.FollowDays))
		switch {
		case p.ordered && r.Float64() < alone:
			p.awake = true
			s.order(p, s.tick(p))
		case p.open == s.day:
			s.visit(p, s.tick(p))
		}
	default:
		s.ordinary(p)
	}
}

// ordinary is a day of a member who comes to the shop.
func (s *simulation) ordinary(p *person) {
	r := s.random
	if r.Float64() < s.set.LapsePerDay {
		p.awake = false
		return
	}
	chance := p.rate
	if s.weekend {
		chance *= s.set.Weekend
	}
	for _, h := range p.wallet {
		if !h.used && h.offer != offerGift && h.offer != offerComplicated {
			chance *= s.set.CouponPull
			break
		}
	}
	switch x := r.Float64(); {
	case x < chance:
		s.order(p, s.tick(p))
	case x < max(p.rate*s.set.VisitsPerOrder, s.set.VisitLeast):
		s.visit(p, s.tick(p))
	}
}

// tick draws when a member comes: at weekends those who know the evening's
// coupon come for it.
func (s *simulation) tick(p *person) int {
	x := s.random.Float64()
	if s.weekend && p.group == regular && !p.control && x < 0.6 {
		return eight
	}
	switch {
	case x < 0.25:
		return nine
	case x < 0.45:
		return noon
	case x < 0.75:
		return five
	}
	return eight
}

// order is a visit that ends with an order, with the best coupon that the member
// has and is willing to fill its basket for.
func (s *simulation) order(p *person, tick int) {
	r := s.random
	s.visit(p, tick)
	lines := s.wanted(p)
	h := s.choose(p, lines)
	if h != nil {
		lines = s.fill(&s.offers[h.offer], lines)
	}
	s.orders++
	a := act{tick: tick, verb: buy, who: p, no: s.orders, minute: 5 + r.IntN(105), cart: p.cart(lines)}
	if h != nil {
		a.verb, a.held = spend, []*holding{h}
		if r.Float64() < s.set.LockShare {
			a.verb = hold
			if r.Float64() < s.set.AbandonShare {
				a.verb = leave
			}
		}
	}
	s.do(a)
	if a.verb == leave {
		s.book.left++
		return
	}
	s.paid(p, lines, h)
}

// wanted is what the member would buy without a thought of coupons.
func (s *simulation) wanted(p *person) []line {
	if p.ordered || p.group != newcomer {
		return s.basket(p, s.day, s.weekend)
	}
	veg := s.set.VegOnly
	if p.live(offerProtein, s.day) != nil {
		veg = s.set.PackVegOnly // the pack shows other goods
	}
	if s.random.Float64() < veg {
		return s.greens()
	}
	return s.basket(p, s.day, s.weekend)
}

// choose finds the coupon that brings most among those whose rules the member
// would fill its basket for.
func (s *simulation) choose(p *person, lines []line) *holding {
	reach := int64(float64(s.set.TopUpMinor) * (0.5 + p.sense))
	var best *holding
	var most int64
	for _, h := range p.wallet {
		o := &s.offers[h.offer]
		if h.used || h.offer == offerGift || s.day >= h.end || o.amount <= most || o.extra(lines) > reach {
			continue
		}
		if h.offer == offerComplicated && s.random.Float64() >= s.set.ComplicatedTry {
			continue
		}
		best, most = h, o.amount
	}
	return best
}

// paid books an order and what follows from it.
func (s *simulation) paid(p *person, lines []line, h *holding) {
	minor := total(lines)
	off := int64(0)
	if h != nil {
		if !h.ever {
			s.book.used[h.offer]++
		}
		h.used, h.ever = true, true
		off = min(s.offers[h.offer].amount, minor-1)
	}
	s.book.order(s, p, lines, minor, off)
	if !p.ordered {
		p.first = s.day
	}
	p.remember(s.day, minor, lines)
	r := s.random
	x := r.Float64()
	if x >= s.set.RefundFull+s.set.RefundPartial {
		return
	}
	l := later{who: p, held: h, order: s.orders, full: x < s.set.RefundFull}
	if !l.full {
		l.lines = []redemption.RefundLine{{Line: int64(r.IntN(len(lines))), Quantity: 1}}
	}
	day := s.day + 1 + r.IntN(3)
	s.pending[day] = append(s.pending[day], l)
}
