package demo

import (
	"math"
	"math/rand/v2"
	"time"

	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
)

// verb is what an act does; within a tick, acts are written in this order.
type verb int

const (
	join  verb = iota // a member exists
	tell              // a member's group has changed
	give              // coupons of one origin are granted
	take              // a member claims a coupon at its placement
	hold              // quote, lock, redeem
	leave             // quote, lock, and the cart is left
	spend             // coupons are used on an order, without a lock
	buy               // an order without a coupon
	back              // a refund
)

// The ticks of a day, by the hour of the shop's zone.
const (
	morning = iota
	send
	nine
	noon
	five  // the official account speaks at 17:00
	eight // the weekend coupon opens at 20:00
	ticks
)

var hours = [ticks]int{7, 8, 9, 12, 17, 20}

// act is one thing that happens in the store.
type act struct {
	tick   int
	verb   verb
	who    *person
	no     int64 // of the order, or of the issue
	minute int   // of the act after its tick
	held   []*holding
	cart   *pricing.Cart
	lines  []redemption.RefundLine // back: none for all
}

// simulation decides what happens, day by day. It never sees the store.
type simulation struct {
	set    *Settings
	random *rand.Rand
	zone   *time.Location
	goods  [kinds][]good
	offers [offers]offer
	people []*person
	elders int // members of the base; the others sign up on later days

	day     int
	date    calendar.Date
	weekend bool
	acts    []act
	pending map[int][]later // what a day has already waiting
	orders  int64
	issues  int64
	book    book
}

// later is a refund or the fetching of a gift.
type later struct {
	who   *person
	held  *holding
	order int64
	lines []redemption.RefundLine
	full  bool
}

func newSimulation(set *Settings, zone *time.Location) *simulation {
	s := &simulation{set: set, random: rand.New(rand.NewPCG(set.Seed, 0x71_75_61_6e)), zone: zone, goods: stock(), offers: plan(set),
		pending: map[int][]later{}}
	young := int(math.Round(float64(set.Members) * set.NewcomerShare * float64(min(set.Days, 90)) / 90))
	s.elders = set.Members - young
	for no := range s.elders {
		p := s.born(no, -1-s.random.IntN(700))
		s.elder(p)
		p.group = s.belongs(p, 0)
		p.told = p.group
		s.people = append(s.people, p)
	}
	return s
}

// at is a moment of the day under way.
func (s *simulation) at(tick, minute int) calendar.Instant {
	y, m, d := s.date.Parts()
	return calendar.Of(time.Date(y, m, d, hours[tick], minute, 0, 0, s.zone))
}

// play decides the next day and returns its acts in order.
func (s *simulation) play(day int) []act {
	s.day, s.date = day, s.set.First().AddDays(day)
	y, m, d := s.date.Parts()
	weekday := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Weekday()
	s.weekend = weekday == time.Saturday || weekday == time.Sunday
	s.acts = s.acts[:0]
	s.signUp()
	for _, p := range s.people {
		p.tidy(day)
		s.regroup(p)
	}
	s.due()
	s.campaigns(d == 1)
	for _, p := range s.people {
		s.live(p)
	}
	delete(s.pending, day)
	return sorted(s.acts)
}

// sorted brings acts into the order in which they are written, stably.
func sorted(acts []act) []act {
	var byStep [ticks][back + 1][]act
	for _, a := range acts {
		byStep[a.tick][a.verb] = append(byStep[a.tick][a.verb], a)
	}
	out := make([]act, 0, len(acts))
	for _, tick := range byStep {
		for _, list := range tick {
			out = append(out, list...)
		}
	}
	return out
}

func (s *simulation) do(a act) { s.acts = append(s.acts, a) }

// signUp makes the newcomers of the day, who come evenly over the run.
func (s *simulation) signUp() {
	young := s.set.Members - s.elders
	for range young*(s.day+1)/s.set.Days - young*s.day/s.set.Days {
		p := s.born(len(s.people), s.day)
		p.awake, p.group, p.told = false, newcomer, newcomer
		r := s.random
		p.single = r.Float64() < s.set.SingleShare
		soon := r.Float64() < s.set.LoginSoon
		chance := s.set.ConvertPack
		switch {
		case p.control:
			chance = s.set.ConvertAlone
		case p.single:
			chance = s.set.ConvertSingle
		}
		converts := r.Float64() < chance/s.set.LoginSoon
		if soon {
			p.login = s.day + r.IntN(s.set.LoginDays)
			if converts {
				p.firstOrder = p.login + r.IntN(4)
			}
		}
		s.people = append(s.people, p)
		s.do(act{tick: morning, verb: join, who: p})
	}
}

// regroup finds the member's group; the store is told when it changes.
func (s *simulation) regroup(p *person) {
	p.group = s.belongs(p, s.day)
	if p.group == dormant && p.enrolled == never {
		p.enrolled = s.day
	}
	if p.group != p.told {
		p.told = p.group
		s.do(act{tick: morning, verb: tell, who: p})
	}
}

// due does what earlier days have left for this one.
func (s *simulation) due() {
	for _, l := range s.pending[s.day] {
		if l.order != 0 {
			s.do(act{tick: send, verb: back, who: l.who, no: l.order, minute: 30, lines: l.lines}) // before the first order of the day: the coupon may be used again
			s.book.refunds++
			if l.full && l.held != nil && s.day < l.held.end {
				l.held.used = false
				l.who.wallet = append(l.who.wallet, l.held)
			}
			continue
		}
		s.orders++
		l.held.used = true
		s.book.gifts++
		p := l.who
		s.do(act{tick: noon, verb: spend, who: p, no: s.orders, minute: s.random.IntN(110), held: []*holding{l.held},
			cart: &pricing.Cart{Store: places[p.place][0], City: places[p.place][2], Channel: counter}})
	}
}

// counter is the use channel of gifts that are fetched: no sale.
const counter = "counter"
