package sim

import (
	"cmp"
	"slices"
)

// pack gives coupons of several offers by one act, all or, where it is partial, what
// can be had.
type pack struct {
	n                       int
	parts                   []part
	partial, newcomer, open bool
	starts, closes          int64 // when it can be claimed; 0: no bound
	limits                  []bound
}

type part struct{ offer, count int }

// gap is a coupon that a partial pack did not give, and why.
type gap struct {
	offer int
	code  string
}

// plan says what packets are like. A share is a lucky or fixed amount, or the offer's coupon.
type plan struct {
	n, offer                   int
	mode                       string // lucky, fixed, coupons
	shares                     int
	total, each, least, most   int64 // each: fixed; least and most of a lucky share, most 0: no bound
	life, order                int64 // ms; what the order must have paid
	needsOrder, ownOpens, open bool
	starts, closes             int64 // when it can be sent; 0: no bound
	limits                     []bound
	budget                     int64 // 0: no bound
}

type packet struct {
	n            int
	id           int64
	plan         *plan
	member       int
	key, order   string  // the request, and the order that it was sent for, "" for none
	amounts      []int64 // of its shares, in their order: drawn by quan
	opened       []*ticket
	ends, closed int64 // closed: what came back, -1: nothing yet
}

// packNo, planNo and packetNo are the holders that stand for them.
func packNo(n int) int   { return 1000 + n }
func planNo(n int) int   { return 2000 + n }
func packetNo(n int) int { return 3000 + n }

func (p *pack) offers() (all []int) {
	for _, x := range p.parts {
		all = append(all, slices.Repeat([]int{x.offer}, x.count)...)
	}
	return all
}

// mayPack asks the pack's own rules, before those of its coupons.
func (m *model) mayPack(w wish) (why refusals) {
	p, no := w.pack, packNo(w.pack.n)
	why.when(!p.open, "pack_closed")
	why.when(!w.grant && m.now < p.starts, "claim_not_started")
	why.when(!w.grant && p.closes > 0 && m.now >= p.closes, "claim_ended")
	why.when(w.place >= 0 && m.places[max(w.place, 0)].pack != p, "placement_closed")
	why.when(p.newcomer && m.welcomed(w.member), "newcomer_held")
	asked := append([]bound{{no, "pack_count", "ever", "template", 1 << 60, 0}}, p.limits...)
	if w.place >= 0 {
		asked = append(asked, bound{no, "pack_count", "ever", "placement", int64(m.places[w.place].cap), 0})
	}
	return append(why, m.count(asked, &ticket{member: w.member, place: w.place}, 0, m.now, 1-m.slip("pack is not counted"))...)
}

// sum is what a packet of the plan holds.
func (p *plan) sum() int64 { return p.total + p.each*int64(p.shares) }

// send reserves a packet's sum of its plan's budget. An order is the reason of one
// packet for ever.
func (m *model) send(x *packet) (why refusals) {
	p, s := x.plan, m.sales[x.order]
	if was := m.sentFor(x.order); was != nil {
		why.when(was.member != x.member || was.plan != p, "packet_order")
		return append(why, again)
	}
	why.when(!p.open, "packet_closed")
	why.when(m.now < p.starts, "claim_not_started")
	why.when(p.closes > 0 && m.now >= p.closes, "claim_ended")
	why.when(p.needsOrder && (s == nil || s.member != x.member || s.refunded > 0 || s.paid() < p.order), "packet_order")
	asked := append([]bound{{planNo(p.n), "packet_count", "ever", "template", 1 << 60, 0}}, p.limits...)
	asked = append(asked, bound{planNo(p.n), "packet_amount", "ever", "template", cmp.Or(p.budget, 1<<60), 0})
	if why = append(why, m.count(asked, &ticket{member: x.member, place: -1}, p.sum(), m.now, 1)...); len(why) > 0 {
		return why
	}
	x.n, x.ends, x.closed = len(m.packets), m.now+p.life, -1
	m.packets = append(m.packets, x)
	return nil
}

// sentFor is the packet of an order, sentBy that of a request.
func (m *model) sentFor(order string) *packet {
	return m.sent(func(x *packet) bool { return order != "" && x.order == order })
}

func (m *model) sentBy(key string) *packet {
	return m.sent(func(x *packet) bool { return x.key == key })
}

func (m *model) sent(is func(*packet) bool) *packet {
	if at := slices.IndexFunc(m.packets, is); at >= 0 {
		return m.packets[at]
	}
	return nil
}

// fair tells whether quan may have drawn these amounts.
func (p *plan) fair(amounts []int64) bool {
	low, high := p.least, cmp.Or(p.most, p.total)
	if p.mode != "lucky" {
		low, high = p.each, p.each
	}
	return len(amounts) == p.shares && sum(amounts) == p.sum() && slices.Min(amounts) >= low && slices.Max(amounts) <= high
}

// share is what a member has of the packet, next the amount that comes next.
func (x *packet) share(member int) *ticket {
	if at := slices.IndexFunc(x.opened, func(t *ticket) bool { return t.member == member }); at >= 0 {
		return x.opened[at]
	}
	return nil
}

func (x *packet) next() int64 { return append(slices.Clone(x.amounts[len(x.opened):]), 0)[0] }

// mayOpen asks the packet's rules. Who has a share is answered with it.
func (m *model) mayOpen(w wish) (why refusals) {
	x, o := w.packet, m.offers[w.packet.plan.offer]
	if x.share(w.member) != nil {
		return refusals{again}
	}
	why.when(x.closed >= 0 || m.now >= x.ends+m.slip("packet ends late"), "packet_over")
	why.when(w.member == x.member && !x.plan.ownOpens, "packet_own")
	why.when(len(x.opened) == x.plan.shares, "packet_empty")
	why.when(x.next() > 0 && !o.faced(), "packet_closed")
	return why
}

// faced tells whether one amount is taken off once, so that a coupon can have its own.
func (o *offer) faced() bool {
	return (o.kind == "amount_off" || o.kind == "no_threshold") && o.uses == 1
}

// sweepPackets is the job that gives back what is left of packets that are over.
func (m *model) sweepPackets() {
	for _, x := range m.packets {
		if x.closed < 0 && m.now >= x.ends {
			x.closed = sum(x.amounts[len(x.opened):])
			m.add(counter{planNo(x.plan.n), "packet_amount", "ever", "template", "", -1}, -x.closed*(1-m.slip("packet keeps its rest")))
		}
	}
}
