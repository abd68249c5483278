package sim

import "slices"

// hold is a lock of an order: one coupon, or none when the best was none.
type hold struct {
	order            string
	member           int
	ticket           *ticket
	cart             []line
	priced           priced
	state            string
	created, expires int64
}

// sale is an order. back counts the units of each line that are refunded.
type sale struct {
	member   int // -1: a guest
	cart     []line
	lines    []int64 // discount of each line
	use      *use
	discount int64
	refunded int64
	back     []int64
	refunds  map[string]string // number → digest
	complete bool
}

type use struct {
	ticket   *ticket
	priced   priced
	day      int
	late     bool
	returned bool
}

func (s *sale) paid() int64 { return total(s.cart) - s.discount }

// order asks to lock or pay. ticket nil: by the lock, or the best (best).
type purchase struct {
	key, body, order string
	member           int
	cart             []line // nil: not said
	ticket           *ticket
	best             bool
}

// uses takes or gives (sign -1) the redeem limits of a use, and says which had no
// room before it.
func (m *model) uses(t *ticket, off int64, day int, sign int64) (why []string) {
	for _, l := range t.o.limits {
		amount := int64(1)
		switch {
		case l.what == "redeem_amount":
			amount = off
		case l.what != "redeem_count":
			continue
		}
		if l.per == "placement" && t.place < 0 {
			continue
		}
		k := m.counter(t.o, l, t.member, t.place, day)
		if sign > 0 && amount > 0 && m.counters[k]+amount > l.cap {
			why = append(why, map[string]string{"redeem_count": "redeem_limit_reached", "redeem_amount": "redeem_budget_exhausted"}[l.what])
		}
		m.counters[k] += sign * amount
	}
	return why
}

func (m *model) fits(p purchase, cart []line) (why []string) {
	s := m.sales[p.order]
	if s == nil {
		return nil
	}
	if !slices.Equal(s.cart, cart) || s.member >= 0 && s.member != p.member {
		why = append(why, "order_differs")
	}
	if s.refunded > 0 || slices.Max(s.back) > 0 {
		why = append(why, "order_refunded")
	}
	return why
}

func (m *model) lock(p purchase) (string, *hold) {
	if _, code, hit := m.known(p.member, p.key, p.body); hit {
		return code, nil
	}
	old := m.holds[p.order]
	t := p.ticket
	if p.best {
		t = m.best(p.member, p.cart, old)
	}
	if t != nil && t.member != p.member {
		return "coupon_not_found", nil
	}
	h := &hold{order: p.order, member: p.member, ticket: t, cart: p.cart, state: "active", created: m.now, expires: m.now + m.policy.lockSeconds*1000}
	var why []string
	if t != nil {
		h.priced, why = m.price(t, p.cart, old)
		if code := first(why); code != "" {
			return code, nil
		}
		h.expires = min(h.expires, t.to)
	}
	active := old != nil && old.state == "active"
	if active && old.ticket != nil && m.wrong != "replaced lock keeps its limits" {
		m.uses(old.ticket, old.priced.discount, m.day(old.created), -1)
	}
	if t != nil {
		why = append(why, m.uses(t, h.priced.discount, m.day(m.now), 1)...)
	}
	if old != nil && old.state == "redeemed" {
		why = append(why, "lock_resolved")
	}
	if s := m.sales[p.order]; s != nil && s.use != nil || active && old.member != p.member && m.now < old.expires {
		why = append(why, "order_differs")
	}
	why = append(why, m.fits(p, p.cart)...)
	if code := first(why); code != "" {
		if t != nil {
			m.uses(t, h.priced.discount, m.day(m.now), -1)
		}
		if active && old.ticket != nil {
			m.uses(old.ticket, old.priced.discount, m.day(old.created), 1)
		}
		return code, nil
	}
	if active {
		old.end("released")
	}
	if t != nil {
		t.state, t.hold = "locked", h
	}
	m.holds[p.order] = h
	m.allHolds = append(m.allHolds, h)
	m.remember(p.member, p.key, p.body, nil)
	return "", h
}

// end resolves a lock and frees its coupon.
func (h *hold) end(state string) {
	h.state = state
	if h.ticket != nil && h.ticket.hold == h {
		h.ticket.state, h.ticket.hold = "usable", nil
	}
}

func (m *model) release(key, body, order string, member int) string {
	if _, code, hit := m.known(member, key, body); hit {
		return code
	}
	h := m.holds[order]
	switch {
	case h == nil || h.member != member:
		return "lock_not_found"
	case h.state != "active":
		return "lock_resolved"
	case m.now >= h.expires:
		return "lock_expired"
	}
	m.letGo(h, "released")
	m.remember(member, key, body, nil)
	return ""
}

func (m *model) letGo(h *hold, state string) {
	h.end(state)
	if h.ticket != nil && m.wrong != "lock not released" {
		m.uses(h.ticket, h.priced.discount, m.day(h.created), -1)
	}
}

// sweepLocks is the job that ends locks.
func (m *model) sweepLocks() {
	for _, h := range m.allHolds {
		if h.state == "active" && m.now >= h.expires {
			m.letGo(h, "expired")
		}
	}
}

// pay redeems. replay says that the answer was known.
func (m *model) pay(p purchase) (code string, replay bool, s *sale) {
	s, h := m.sales[p.order], m.holds[p.order]
	if _, code, hit := m.known(p.member, p.key, p.body); hit {
		return code, code == "", s
	}
	if p.ticket != nil && p.ticket.member != p.member {
		return "coupon_not_found", false, nil
	}
	if s != nil && s.use != nil {
		if p.member != s.use.ticket.member || p.ticket != nil && p.ticket != s.use.ticket || p.cart != nil && !slices.Equal(p.cart, s.cart) {
			return "order_differs", false, nil
		}
		return "", true, s
	}
	active := h != nil && h.state == "active"
	cart, t, off := p.cart, p.ticket, priced{}
	var why []string
	switch {
	case t == nil && h == nil:
		return "lock_not_found", false, nil
	case t == nil && cart != nil && !slices.Equal(cart, h.cart), t != nil && active && (t != h.ticket || !slices.Equal(cart, h.cart)):
		return "cart_changed", false, nil
	case t == nil && h.ticket == nil:
		return "missing_value", false, nil
	case t != nil && !active:
		h = nil
		if off, why = m.price(t, cart, nil); len(why) > 0 {
			return first(why), false, nil
		}
	default:
		cart, t, off = h.cart, h.ticket, h.priced
	}
	why = m.usable(t, h)
	today := m.day(m.now)
	room := m.uses(t, off.discount, today, 1)
	late := h != nil && (h.state == "expired" || active && m.now >= h.expires)
	switch {
	case h == nil:
		why = append(why, room...)
	case h.member != p.member:
		why = append(why, "lock_not_found")
	case h.state == "redeemed" || h.state == "released":
		why = append(why, "lock_resolved")
	case late && (m.policy.late == "refuse") != (m.wrong == "late payment misjudged"):
		why = append(why, "lock_expired")
	}
	why = append(why, m.fits(p, cart)...)
	if code := first(why); code != "" {
		m.uses(t, off.discount, today, -1)
		return code, false, nil
	}
	if active {
		m.uses(t, off.discount, m.day(h.created), -1)
		h.state = "redeemed"
	}
	t.used++
	t.state, t.hold = "usable", nil
	if t.used == t.uses {
		t.state = "used"
	}
	if s == nil {
		s = newSale(p.member, cart)
		m.sales[p.order] = s
	}
	s.member, s.lines, s.discount = p.member, off.lines, off.discount
	s.use = &use{ticket: t, priced: off, day: today, late: late}
	m.remember(p.member, p.key, p.body, nil)
	return "", false, s
}

func newSale(member int, cart []line) *sale {
	return &sale{member: member, cart: cart, lines: make([]int64, len(cart)), back: make([]int64, len(cart)), refunds: map[string]string{}}
}

// place makes an order without a coupon known.
func (m *model) place(p purchase) (code string, s *sale) {
	if _, code, hit := m.known(p.member, p.key, p.body); hit {
		return code, m.sales[p.order]
	}
	if s := m.sales[p.order]; s != nil {
		if !slices.Equal(s.cart, p.cart) || p.member >= 0 && s.member != p.member {
			return "order_differs", nil
		}
		return "", s
	}
	m.sales[p.order] = newSale(p.member, p.cart)
	m.remember(p.member, p.key, p.body, nil)
	return "", m.sales[p.order]
}

// refund asks for units of lines back; nil is all that is left.
type refund struct {
	key, body, order, number, digest string
	member                           int
	units                            []int64
	giftKept                         bool
}

func (m *model) refund(r refund) (code string, minor int64, returned bool) {
	s := m.sales[r.order]
	if _, code, hit := m.known(r.member, r.key, r.body); hit {
		return code, -1, false
	}
	if s == nil {
		return "order_not_found", 0, false
	}
	if digest, ok := s.refunds[r.number]; ok {
		if digest != r.digest {
			return "refund_differs", 0, false
		}
		return "", -1, false
	}
	if _, taken := m.numbers[r.number]; taken { // by another order
		return "refund_differs", 0, false
	}
	back, full := slices.Clone(s.back), true
	var why []string
	for i, l := range s.cart {
		want := l.qty - s.back[i]
		if r.units != nil {
			if r.units[i] > want {
				why = append(why, "refund_exceeds_paid")
			}
			want = min(want, r.units[i])
		}
		back[i] += want
		full = full && back[i] == l.qty
	}
	if s.complete {
		why = append(why, "order_refunded")
	}
	charge, broken := s.charge(back, full, r.giftKept, m.policy.broken)
	if broken && m.policy.broken == "refuse" {
		why = append(why, "threshold_broken")
	}
	if code := first(why); code != "" {
		return code, 0, false
	}
	for i, l := range s.cart {
		part := (l.qty*l.unit - s.lines[i]) * back[i]
		minor += part / l.qty
		if m.wrong == "refund rounded up" && part%l.qty > 0 {
			minor++
		}
	}
	minor = max(minor-s.refunded-charge, 0)
	s.back, s.refunded, s.complete = back, s.refunded+minor, full
	s.refunds[r.number], m.numbers[r.number] = r.digest, true
	m.remember(r.member, r.key, r.body, nil)
	if full && s.use != nil {
		s.use.returned = true
		m.uses(s.use.ticket, s.use.priced.discount, s.use.day, -1)
		if returned = m.policy.coupons == "on_full"; returned {
			m.giveBack(s.use.ticket)
		}
	}
	return "", minor, returned
}

// charge is what the state of an order after a refund holds back: gifts that were
// kept, and under recompute a discount whose threshold broke.
func (s *sale) charge(back []int64, full, giftKept bool, policy string) (charge int64, broken bool) {
	if s.use == nil {
		return 0, false
	}
	o := s.use.ticket.o
	var kept, left int64
	for i, l := range s.cart {
		if o.takes(l) {
			kept += (l.qty - back[i]) * l.unit
		}
		for _, cell := range s.use.priced.cells[i] {
			left += cell - cell*back[i]/l.qty
		}
	}
	broken = !full && !o.reached(kept, left)
	if full || broken && policy == "recompute" {
		charge = left
		if giftKept {
			charge += o.gift
		}
	}
	return charge, broken
}

// giveBack returns a use to its coupon, with its own end or the market's grace.
func (m *model) giveBack(t *ticket) {
	t.used--
	if m.wrong == "returned coupon stays used" {
		return
	}
	if t.state != "used" && t.state != "usable" {
		return
	}
	if grace := m.now + m.policy.graceHours*3_600_000; m.now >= t.to && grace > m.now {
		t.to = grace
	}
	t.state = "usable"
	if m.now >= t.to {
		t.state = "expired"
	}
}
