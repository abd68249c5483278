package sim

import "slices"

// hold is a promise for an order: its lock (active, redeemed, released, expired),
// or a payment or note without one (""). The last four are of an order.
type hold struct {
	purchase
	discount         int64
	cells            [][]int64 // of the discount, by line and funder
	state            string
	created, expires int64
	paidAt, refunded int64
	late             bool
	left             []line // what is not refunded
}

func (h *hold) is(state string) bool { return h != nil && h.state == state }

// usable are the refusals that need no cart; own is the lock of the same order.
func (m *model) usable(t *ticket, own *hold) (why refusals) {
	why.when(t.state == "withdrawn" || t.state == "used", "coupon_"+t.state)
	why.when(t.state == "expired" || m.now >= t.to+m.slip("expired a moment late"), "coupon_expired")
	why.when(m.now < t.from, "coupon_not_yet_valid")
	why.when(t.state == "locked" && t.hold != own, "coupon_locked")
	why.when(!m.offers[t.o.n].usable, "use_paused") // live; everything else is as it was issued
	return why
}

// price says what a purchase costs now, and why its coupon does not fit.
func (m *model) price(p purchase, own *hold) (h *hold, why refusals) {
	h = &hold{purchase: p, created: m.now, expires: m.now + m.policy.lockSeconds*1000,
		cells: make([][]int64, len(p.cart)), left: p.cart}
	if p.ticket == nil {
		return h, nil
	}
	o := p.ticket.o
	why.when(p.ticket.member != p.member, "coupon_not_found")
	why = append(why, m.usable(p.ticket, own)...)
	off, weights, room := p.ticket.off(), o.weigh(p.cart), total(p.cart)
	if o.bps > 0 {
		off = min((sum(weights)*o.bps+5000-5000*m.slip("percent rounded down"))/10000, o.most)
	}
	if !o.zero {
		room -= m.policy.floor
	}
	h.discount, h.expires = max(min(off, sum(weights), room), 0), min(h.expires, p.ticket.to)
	why.when(!slices.ContainsFunc(p.cart, o.takes), "nothing_in_scope")
	why.when(!o.reached(sum(weights), h.discount), "threshold_not_met")
	why.when(h.discount == 0 && o.kind != "gift", "no_effect")
	carry := make([]int64, len(o.funders))
	for i, part := range divide(h.discount, weights, make([]int64, len(p.cart))) {
		h.cells[i] = divide(part, o.funders, carry)
	}
	return h, why
}

func (o *offer) reached(subtotal, off int64) bool {
	return o.threshold == 0 || subtotal-off*o.after >= o.threshold // a share left by rounding may exceed its line
}

// divide splits an amount by weights and what earlier amounts left to each (carry,
// in parts of the sum of weights), by largest remainder, ties to the earlier.
func divide(amount int64, weights, carry []int64) []int64 {
	parts, unit := make([]int64, len(weights)), max(sum(weights), 1)
	for i, w := range weights {
		carry[i] += amount * w
		parts[i] = max(carry[i], 0) / unit
		carry[i] -= parts[i] * unit
	}
	for sum(parts) < amount {
		at := slices.Index(carry, slices.Max(carry))
		parts[at]++
		carry[at] -= unit
	}
	return parts
}

// best names the coupon that leaves least to pay, of those that limits have room
// for; ties: the dearer gift, then the earlier end, then the lower id.
func (m *model) best(p purchase, own *hold) purchase {
	var least []int64
	best := p
	if own.is("active") {
		m.take("redeem", own.ticket, own.discount, own.created, -1)
		defer m.take("redeem", own.ticket, own.discount, own.created, 1)
	}
	for _, p.ticket = range m.tickets {
		if p.ticket.member != p.member {
			continue
		}
		h, why := m.price(p, own)
		if len(why) == 0 {
			why = m.take("redeem", h.ticket, h.discount, m.now, 1)
			m.take("redeem", h.ticket, h.discount, m.now, -1)
		}
		order := []int64{-h.discount, -p.ticket.o.gift, p.ticket.to, p.ticket.id}
		if len(why) == 0 && (least == nil || slices.Compare(order, least) < 0) {
			best, least = p, order
		}
	}
	return best
}

// fits asks whether a known order can take this member's coupon on this cart.
func (m *model) fits(p purchase, cart []line) (why refusals) {
	if s := m.sales[p.order]; s != nil {
		touched := s.refunded > 0 || !slices.Equal(s.left, s.cart)
		other := !slices.Equal(s.cart, cart) || s.member >= 0 && s.member != p.member
		why.when(other || s.ticket != nil && !touched, "order_differs")
		why.when(touched, "order_refunded")
	}
	return why
}

func (m *model) lock(p purchase) (why refusals) {
	old := m.holds[p.order]
	if p.best {
		p = m.best(p, old)
	}
	h, why := m.price(p, old)
	if old.is("active") {
		m.take("redeem", old.ticket, old.discount, old.created, m.slip("replaced lock keeps its limits")-1)
	}
	why = append(why, m.take("redeem", h.ticket, h.discount, m.now, 1)...)
	why.when(old.is("redeemed"), "lock_resolved")
	why.when(old.is("active") && old.member != p.member && m.now < old.expires, "order_differs")
	if why = append(why, m.fits(p, p.cart)...); len(why) > 0 {
		return why
	}
	if old.is("active") {
		old.end("released")
	}
	if p.ticket != nil {
		p.ticket.state, p.ticket.hold = "locked", h
	}
	h.state, m.holds[p.order] = "active", h
	return nil
}

// end resolves a lock and frees its coupon.
func (h *hold) end(state string) {
	h.state = state
	if h.ticket != nil {
		h.ticket.state, h.ticket.hold = "usable", nil
	}
}

func (m *model) release(p purchase) (why refusals) {
	h := m.holds[p.order]
	why.when(h == nil || h.member != p.member, "lock_not_found")
	why.when(!h.is("active"), "lock_resolved")
	why.when(h != nil && m.now >= h.expires, "lock_expired")
	if len(why) == 0 {
		m.letGo(h, "released")
	}
	return why
}

func (m *model) letGo(h *hold, state string) {
	h.end(state)
	m.take("redeem", h.ticket, h.discount, h.created, m.slip("lock not released")-1)
}

// sweepLocks is the job that ends locks, sweep the one that ends coupons.
func (m *model) sweepLocks() {
	for _, h := range m.holds {
		if h.is("active") && m.now >= h.expires {
			m.letGo(h, "expired")
		}
	}
	m.settle()
}

func (m *model) sweep() {
	for _, t := range m.tickets {
		if t.state == "usable" && m.now >= t.to {
			t.state = "expired"
		}
	}
	m.settle()
}

// pay redeems: what the order's lock promises, or the named coupon as it is now.
func (m *model) pay(p purchase) (why refusals) {
	s, h := m.sales[p.order], m.holds[p.order]
	named := p.ticket != nil
	why.when(named && p.ticket.member != p.member, "coupon_not_found")
	if s != nil && s.ticket != nil {
		why.when(p.member != s.member || named && p.ticket != s.ticket, "order_differs")
		why.when(p.cart != nil && !slices.Equal(p.cart, s.cart), "order_differs")
		return append(why, again)
	}
	if named && !h.is("active") {
		h, why = m.price(p, nil)
	}
	if h == nil {
		return refusals{"lock_not_found"}
	}
	why.when(named && p.ticket != h.ticket || p.cart != nil && !slices.Equal(p.cart, h.cart), "cart_changed")
	why.when(h.ticket == nil, "missing_value")
	if len(why) > 0 {
		return why
	}
	t, late := h.ticket, h.is("expired") || h.is("active") && m.now >= h.expires
	why = m.usable(t, h)
	if room := m.take("redeem", h.ticket, h.discount, m.now, 1); h.is("") {
		why = append(why, room...)
	}
	why.when(h.member != p.member, "lock_not_found")
	why.when(h.is("redeemed") || h.is("released"), "lock_resolved")
	why.when(late && (m.policy.late == "refuse") != (m.wrong == "late payment misjudged"), "lock_expired")
	if why = append(why, m.fits(p, h.cart)...); len(why) > 0 {
		return why
	}
	if h.is("active") {
		m.take("redeem", h.ticket, h.discount, h.created, -1) // this day has it now
		h.end("redeemed")
	}
	t.used, t.spent = t.used+1, t.spent+h.discount
	if t.used == t.uses {
		t.state = "used"
	}
	h.paidAt, h.late, m.sales[p.order] = m.now, late, h
	return nil
}

// note makes an order without a coupon known.
func (m *model) note(p purchase) (why refusals) {
	if s := m.sales[p.order]; s != nil {
		why.when(!slices.Equal(s.cart, p.cart) || p.member >= 0 && s.member != p.member, "order_differs")
		return append(why, again)
	}
	m.sales[p.order], _ = m.price(p, nil)
	return nil
}

func (m *model) refund(r *refund) (why refusals) {
	s := m.sales[r.order]
	if s == nil {
		return refusals{"order_not_found"}
	}
	if known := m.refunds[r.number]; known != nil {
		same := known.order == r.order && slices.Equal(known.units, r.units) && known.giftKept == r.giftKept
		why.when(!same, "refund_differs")
		return append(why, again)
	}
	some := func(l line) bool { return l.qty > 0 }
	why.when(!slices.ContainsFunc(s.left, some), "order_refunded")
	left := slices.Clone(s.left)
	for i, l := range s.left {
		left[i].qty = 0
		if r.units != nil {
			why.when(r.units[i] > l.qty, "refund_exceeds_paid")
			left[i].qty = max(l.qty-r.units[i], 0)
		}
	}
	full := !slices.ContainsFunc(left, some)
	due, broken := m.due(s, left, full, r.giftKept)
	why.when(broken && m.policy.broken == "refuse", "threshold_broken")
	if len(why) > 0 {
		return why
	}
	r.minor = max(due-s.refunded, 0)
	s.left, s.refunded, m.refunds[r.number] = left, s.refunded+r.minor, r
	if full && s.ticket != nil {
		m.take("redeem", s.ticket, s.discount, s.paidAt, -1)
		s.ticket.spent -= s.discount
		if r.coupon = m.policy.coupons == "on_full"; r.coupon {
			m.giveBack(s.ticket)
		}
	}
	return nil
}

// due is what an order has to have given back when these lines are left: what was
// paid for the rest, less kept gifts and, under recompute, a broken discount.
func (m *model) due(s *hold, left []line, full, giftKept bool) (due int64, broken bool) {
	var off int64 // discount that stays on what is left
	for i, l := range s.cart {
		back := l.qty - left[i].qty
		due += ((l.qty*l.unit-sum(s.cells[i]))*back + (l.qty-1)*m.slip("refund rounded up")) / l.qty
		for _, cell := range s.cells[i] {
			off += cell - cell*back/l.qty
		}
	}
	if s.ticket == nil {
		return due, false
	}
	o := s.ticket.o
	broken = !full && !o.reached(sum(o.weigh(left)), off)
	if full || broken && m.policy.broken == "recompute" {
		due -= off
		if giftKept {
			due -= o.gift
		}
	}
	return due, broken
}

// giveBack returns a use to its coupon, with its own end or the market's grace.
func (m *model) giveBack(t *ticket) {
	t.used--
	if m.wrong == "returned coupon stays used" || t.state != "used" && t.state != "usable" {
		return
	}
	late, grace := m.now >= t.to, t.state == "used" && m.policy.graceHours > 0 // one with uses left has expired
	t.state = "usable"
	if late && grace {
		t.to = m.now + m.policy.graceHours*3_600_000
	} else if late {
		t.state = "expired"
	}
}
