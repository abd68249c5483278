package demo

import (
	"math"

	"quan/internal/domain/pricing"
)

// line is what a member puts into its basket of one good.
type line struct {
	good     *good
	quantity int64
}

func total(lines []line) (minor int64) {
	for _, l := range lines {
		minor += l.good.minor * l.quantity
	}
	return minor
}

// basket draws what a member wants to buy, before any coupon is thought of.
func (s *simulation) basket(p *person, day int, weekend bool) []line {
	r := s.random
	mean := s.set.LinesBase * (0.7 + 0.2*float64(p.house))
	n := 1 + poisson(r.Float64, mean-1)
	var lines []line
	for range n {
		lines = s.put(lines, s.pick(p.taste), 1+int64(min(r.IntN(2+p.house)/3, 2)))
	}
	attach := s.set.ReadyWeekday
	if weekend {
		attach = s.set.ReadyWeekend
	}
	if r.Float64() < attach {
		lines = s.put(lines, ready, 1)
	}
	return lines
}

// greens draws a basket of nothing but vegetables.
func (s *simulation) greens() []line {
	taste := [kinds]float64{leaf: 1, root: 1}
	var lines []line
	for range 2 + s.random.IntN(4) {
		lines = s.put(lines, s.pick(taste), 1+int64(s.random.IntN(2)))
	}
	return lines
}

// poisson draws a count by multiplying chances (Knuth); means are small.
func poisson(next func() float64, mean float64) int {
	if mean <= 0 {
		return 0
	}
	limit, product := math.Exp(-mean), next()
	n := 0
	for product > limit {
		product *= next()
		n++
	}
	return n
}

// pick draws a kind by its weights.
func (s *simulation) pick(weights [kinds]float64) kind {
	var sum float64
	for _, w := range weights {
		sum += w
	}
	x := s.random.Float64() * sum
	for k, w := range weights {
		if x -= w; x < 0 {
			return kind(k)
		}
	}
	return root
}

// put adds units of some good of a kind; the same good is one line.
func (s *simulation) put(lines []line, k kind, quantity int64) []line {
	g := &s.goods[k][s.random.IntN(len(s.goods[k]))]
	for i := range lines {
		if lines[i].good == g {
			lines[i].quantity += quantity
			return lines
		}
	}
	return append(lines, line{g, quantity})
}

// gap is what lacks in a basket for an offer: fen, and by kind for its conditions.
func (o *offer) gap(lines []line) (minor int64, lacks []int) {
	minor = o.threshold
	for _, l := range lines {
		if o.in[l.good.kind] {
			minor -= l.good.minor * l.quantity
		}
	}
	for i := range o.must {
		m := &o.must[i]
		amount, units := m.minor, m.quantity
		for _, l := range lines {
			if m.in[l.good.kind] {
				amount, units = amount-l.good.minor*l.quantity, units-l.quantity
			}
		}
		if amount > 0 || units > 0 {
			lacks = append(lacks, i)
		}
	}
	return max(minor, 0), lacks
}

// extra is about what the member would have to add; a dish that lacks is
// reckoned at 15 yuan.
func (o *offer) extra(lines []line) int64 {
	minor, lacks := o.gap(lines)
	return max(minor, int64(len(lacks))*15_00)
}

// fill adds goods until the offer's rules hold.
func (s *simulation) fill(o *offer, lines []line) []line {
	for range 40 {
		minor, lacks := o.gap(lines)
		switch {
		case len(lacks) > 0:
			lines = s.put(lines, s.pick(weigh(o.must[lacks[0]].in)), 1)
		case minor > 0:
			lines = s.put(lines, s.pick(weigh(o.in)), 1)
		default:
			return lines
		}
	}
	return lines
}

// weigh likes all kinds of a scope alike, premium fruit and dishes that nobody
// asked for less.
func weigh(in [kinds]bool) (w [kinds]float64) {
	for k, ok := range in {
		if ok {
			w[k] = 1
		}
	}
	if in[leaf] && in[ready] {
		w[premium], w[ready], w[dumpling] = 0.1, 0.4, 0.5
	}
	return w
}

// cart is the basket as a checkout sees it.
func (p *person) cart(lines []line) *pricing.Cart {
	c := &pricing.Cart{Store: places[p.place][0], City: places[p.place][2], Channel: use(p.via), Lines: make([]pricing.Line, len(lines))}
	for i, l := range lines {
		c.Lines[i] = pricing.Line{SKU: l.good.sku, Category: categories[l.good.kind], Brand: l.good.brand,
			Merchant: l.good.merchant(), Quantity: l.quantity, UnitMinor: l.good.minor}
	}
	return c
}

// use is where a member buys: those who get SMS come into the shop.
func use(via int) string {
	if via == 2 {
		return "pos"
	}
	return channels[via]
}
