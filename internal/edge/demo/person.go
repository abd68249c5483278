package demo

import (
	"math"

	"quan/internal/domain/member"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
)

// group is one of the four; a member in several is in the first of them.
type group int

const (
	highValue group = iota
	newcomer
	dormant
	regular
	groups
)

var groupNames = [groups]string{"high_value", "new", "dormant", "regular"}

// person is a member with its own behaviour.
type person struct {
	no      int
	control bool
	single  bool // a newcomer who gets the one general coupon
	via     int  // contact and delivery channel
	place   int
	taste   [kinds]float64
	sense   float64 // price sensitivity, 0 … 1
	house   int     // people in the household
	rate    float64 // orders a day while awake

	joined     int // day of sign-up, negative: before the run
	login      int // newcomers: day of the first login
	firstOrder int // newcomers: day on which it will order first, -1: never
	ordered    bool
	first      int    // newcomers: day of the first order
	last       int    // day of the last order in the run
	gaps       sample // days between two orders
	slow       int64  // units of slow goods bought
	awake      bool
	wake       int // day on which a contact will bring it back
	open       int // day on which a contact will make it open the app and buy nothing
	active     int // last day of activity
	group      group
	told       group // as it stands in the store
	contacted  int
	enrolled   int // day on which it was first seen dormant, -1: never
	woken      bool
	texts      []int // days of messages by SMS
	bought     []purchase
	vegetables [3]bool // of the last three orders
	took       [offers]int
	wallet     []*holding

	// Known to the player only.
	id     id.ID
	key    member.Key
	sealed string
}

// purchase counts towards a member's value.
type purchase struct {
	day   int
	minor int64
}

// holding is a coupon in a member's wallet.
type holding struct {
	offer  int
	day    int // of issue
	end    int // first day on which it can't be used any more
	used   bool
	ever   bool // used at least once: a refund may have brought it back
	issued calendar.Date
	id     id.ID // zero until the player knows it
}

const never = -1 << 20

var channels = [...]string{"app", "wechat", "sms"}

// born draws a member.
func (s *simulation) born(no, joined int) *person {
	r := s.random
	p := &person{no: no, joined: joined, firstOrder: never, first: never, last: never, wake: never, open: never, active: joined, contacted: never, enrolled: never,
		login: never, awake: true, group: regular, told: regular, place: r.IntN(len(places)), sense: r.Float64()}
	for i := range p.took {
		p.took[i] = never
	}
	p.control = r.Float64() < s.set.ControlShare
	switch x := r.Float64(); {
	case x < s.set.AppShare:
	case x < s.set.AppShare+s.set.WeChatShare:
		p.via = 1
	default:
		p.via = 2
	}
	p.house = 1 + r.IntN(4)
	// Log-normal around the mean cycle: a few come every other day, many seldom.
	spread := s.set.Spread
	week := (5 + 2*s.set.Weekend) / 7
	p.rate = math.Min(math.Exp(r.NormFloat64()*spread-spread*spread/2)/s.set.OrderEvery/week, 0.6)
	p.draw(r.Float64() < s.set.VegLover)
	return p
}

// draw gives the member its taste.
func (p *person) draw(lover bool) {
	p.taste = [kinds]float64{leaf: 1.3, root: 1.5, fruit: 1.0, premium: 0.12, meat: 1.0, egg: 0.5, seafood: 0.4, dumpling: 0.35, household: 0.5, staple: 0.8}
	if lover {
		p.taste[leaf], p.taste[root], p.taste[meat] = 3.2, 3.2, 0.5
	}
}

// elder gives a member of the base its past.
func (s *simulation) elder(p *person) {
	r := s.random
	if r.Float64() < s.set.DormantAtStart {
		p.awake = false
		p.active = -s.set.DormantDays - 1 - r.IntN(90)
		lastVeg := r.Float64() < s.set.DormantVeg
		p.vegetables = [3]bool{lastVeg, lastVeg, r.IntN(2) == 0}
		p.ordered = true
		return
	}
	p.ordered = true
	p.active = -1 - r.IntN(6)
	for day := -30; day < 0; day++ {
		if r.Float64() < p.rate {
			lines := s.basket(p, day, false)
			p.remember(day, total(lines), lines)
			p.active = max(p.active, day)
		}
	}
}

// remember keeps what later decisions ask of an order.
func (p *person) remember(day int, minor int64, lines []line) {
	kept := p.bought[:0]
	for _, b := range p.bought {
		if b.day > day-30 {
			kept = append(kept, b)
		}
	}
	p.bought = append(kept, purchase{day, minor})
	veg := false
	for _, l := range lines {
		veg = veg || l.good.kind.vegetable()
	}
	p.vegetables = [3]bool{veg, p.vegetables[0], p.vegetables[1]}
	p.ordered = true
}

// lover holds for a member who often buys vegetables, found from its orders.
func (p *person) lover() bool {
	n := 0
	for _, v := range p.vegetables {
		if v {
			n++
		}
	}
	return n >= 2
}

// belongs finds the member's group on a day.
func (s *simulation) belongs(p *person, day int) group {
	var spent int64
	for _, b := range p.bought {
		if b.day >= day-30 {
			spent += b.minor
		}
	}
	switch {
	case spent > s.set.HighValueMinor:
		return highValue
	case p.joined >= 0 && day-p.joined < s.set.NewDays:
		return newcomer
	case day-p.active > s.set.DormantDays:
		return dormant
	}
	return regular
}

// live returns the member's coupon of an offer that can be used, nil for none.
func (p *person) live(offer, day int) *holding {
	for _, h := range p.wallet {
		if h.offer == offer && !h.used && day < h.end {
			return h
		}
	}
	return nil
}

// tidy drops what has ended from the wallet.
func (p *person) tidy(day int) {
	kept := p.wallet[:0]
	for _, h := range p.wallet {
		if !h.used && day < h.end {
			kept = append(kept, h)
		}
	}
	p.wallet = kept
}
