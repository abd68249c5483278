package demo

import "math"

// arm divides the members: those who get what the plan gives, and the control.
type arm int

const (
	treated arm = iota
	control
	arms
)

func armOf(p *person) arm {
	if p.control {
		return control
	}
	return treated
}

// sample is a mean in the making; its floats are figures of a report, not money.
type sample struct {
	n            int64
	sum, squares float64
}

func (m *sample) add(x float64) {
	m.n++
	m.sum += x
	m.squares += x * x
}

func (m *sample) yes(is bool) {
	if is {
		m.add(1)
	} else {
		m.add(0)
	}
}

func (m *sample) mean() float64 {
	if m.n == 0 {
		return 0
	}
	return m.sum / float64(m.n)
}

// variance is that of the mean.
func (m *sample) variance() float64 {
	if m.n < 2 {
		return 0
	}
	n := float64(m.n)
	return math.Max(m.squares/n-m.mean()*m.mean(), 0) / (n - 1)
}

// book is what the simulation counts: what the store can't know (who is control,
// who woke), and totals that the store must agree with.
type book struct {
	value     [arms]sample         // list amount of an order
	grouped   [groups][arms]sample // the same by the member's group
	attach    [arms]sample         // weekend orders with a ready-to-cook dish
	firstPack sample               // list amount of first orders with the pack
	firstOne  sample               // and with the single general coupon

	issued   [offers]int64
	used     [offers]int64
	refused  int64
	gifts    int64
	left     int64
	refunds  int64
	messages [3]int64
	orders   int64
	list     int64
	discount int64
}

func (b *book) order(s *simulation, p *person, lines []line, minor, off int64) {
	a := armOf(p)
	b.orders++
	b.list += minor
	b.discount += off
	b.value[a].add(float64(minor))
	b.grouped[p.group][a].add(float64(minor))
	dish := false
	for _, l := range lines {
		dish = dish || l.good.kind == ready
		if l.good.kind.slow() {
			p.slow += l.quantity
		}
	}
	if p.last != never {
		p.gaps.add(float64(s.day - p.last))
	}
	p.last = s.day
	if s.weekend {
		b.attach[a].yes(dish)
	}
	if !p.ordered && !p.control && p.group == newcomer {
		if p.single {
			b.firstOne.add(float64(minor))
		} else {
			b.firstPack.add(float64(minor))
		}
	}
	if p.enrolled != never && s.day > p.enrolled-1 && s.day < p.enrolled+s.set.follow(s.set.FollowDays) {
		p.woken = true
	}
}

// cohort is what is known of members only at the end of a run.
type cohort struct {
	wake    [arms]sample // dormant members that ordered within Settings.FollowDays
	convert [arms]sample // newcomers that ordered within Settings.ConvertDays
	slow    [arms]sample // units of slow goods a member and day
	cycle   [arms]sample // days between orders, one figure a member, of those with three orders
}

// cohorts looks at members that were followed long enough. Newcomers with the
// single coupon are neither plan nor control.
func (s *simulation) cohorts() (c cohort) {
	follow, within := s.set.follow(s.set.FollowDays), s.set.follow(s.set.ConvertDays)
	for _, p := range s.people {
		a := armOf(p)
		if days := s.set.Days - max(p.joined, 0); days > 0 {
			c.slow[a].add(float64(p.slow) / float64(days))
		}
		if p.gaps.n > 1 {
			c.cycle[a].add(p.gaps.mean())
		}
		if p.enrolled != never && p.enrolled+follow <= s.set.Days {
			c.wake[a].yes(p.woken)
		}
		if p.joined >= 0 && p.joined+within <= s.set.Days && (p.control || !p.single) {
			c.convert[a].yes(p.first != never && p.first < p.joined+within)
		}
	}
	return c
}

// coupons counts what was issued.
func (b *book) coupons() (n int64) {
	for _, i := range b.issued {
		n += i
	}
	return n
}
