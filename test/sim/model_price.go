package sim

import (
	"fmt"
	"slices"
	"strings"
)

type line struct {
	category  string
	qty, unit int64
}

// priced is what a coupon takes off a cart: per line, and per line and funder.
type priced struct {
	discount int64
	lines    []int64
	cells    [][]int64
}

func name(member int, key string) string { return fmt.Sprintf("%d|%s", member, key) }

func total(cart []line) (sum int64) {
	for _, l := range cart {
		sum += l.qty * l.unit
	}
	return sum
}

// usable are the refusals that need no cart; own is the lock of the same order.
func (m *model) usable(t *ticket, own *hold) (why []string) {
	late := m.now >= t.to
	if m.wrong == "expired a moment late" {
		late = m.now > t.to
	}
	switch {
	case t.state == "withdrawn":
		why = append(why, "coupon_withdrawn")
	case t.state == "used":
		why = append(why, "coupon_used")
	case t.state == "expired" || late:
		why = append(why, "coupon_expired")
	case m.now < t.from:
		why = append(why, "coupon_not_yet_valid")
	}
	if t.state == "locked" && (own == nil || own.state != "active" || t.hold != own) {
		why = append(why, "coupon_locked")
	}
	if !m.offers[t.o.n].usable { // live; everything else is as it was issued
		why = append(why, "use_paused")
	}
	return why
}

func (o *offer) takes(l line) bool { return o.scope == "" || strings.HasPrefix(l.category, o.scope) }

// price says what a coupon brings, or why not.
func (m *model) price(t *ticket, cart []line, own *hold) (priced, []string) {
	o, why := t.o, m.usable(t, own)
	weights, subtotal, any := make([]int64, len(cart)), int64(0), false
	for i, l := range cart {
		if o.takes(l) {
			weights[i], any = l.qty*l.unit, true
			subtotal += weights[i]
		}
	}
	off := int64(0)
	switch o.kind {
	case "amount_off", "no_threshold":
		off = o.amount
	case "percent_off":
		off = (subtotal*o.bps + 5000) / 10000
		if m.wrong == "percent rounded down" {
			off = subtotal * o.bps / 10000
		}
		if o.most > 0 {
			off = min(off, o.most)
		}
	}
	room := total(cart)
	if !o.zero {
		room -= m.policy.floor
	}
	off = max(min(off, subtotal, room), 0)
	if !any {
		off = 0
		why = append(why, "nothing_in_scope")
	}
	if !o.reached(subtotal, off) {
		why = append(why, "threshold_not_met")
	}
	if off == 0 && o.kind != "gift" {
		why = append(why, "no_effect")
	}
	p := priced{discount: off, lines: spread(off, weights)}
	carry := make([]int64, len(o.funders))
	for _, part := range p.lines {
		p.cells = append(p.cells, bear(part, o.funders, carry))
	}
	return p, why
}

func (o *offer) reached(subtotal, off int64) bool {
	if o.kind == "no_threshold" {
		return true
	}
	if o.after {
		subtotal -= off
	}
	return subtotal >= o.threshold
}

// spread splits by largest remainder, ties to the earlier line.
func spread(amount int64, weights []int64) []int64 {
	parts, rest := make([]int64, len(weights)), make([]int64, len(weights))
	var sum, given int64
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return parts
	}
	for i, w := range weights {
		parts[i], rest[i] = amount*w/sum, amount*w%sum
		given += parts[i]
	}
	for ; given < amount; given++ {
		at := 0
		for i := range rest {
			if rest[i] > rest[at] {
				at = i
			}
		}
		parts[at]++
		rest[at] = -1
	}
	return parts
}

// bear splits a line over its funders. carry is what earlier lines left each, in
// 1/10,000 of a minor unit, and is changed.
func bear(amount int64, shares, carry []int64) []int64 {
	got := make([]int64, len(shares))
	if amount == 0 {
		return got
	}
	left := amount
	for i, s := range shares {
		quota := amount*s + carry[i]
		if quota > 0 {
			got[i] = quota / 10000
		}
		carry[i] = quota - got[i]*10000
		left -= got[i]
	}
	fractions := slices.Clone(carry)
	for ; left > 0; left-- {
		at := 0
		for i := range fractions {
			if fractions[i] > fractions[at] {
				at = i
			}
		}
		got[at]++
		carry[at] -= 10000
		fractions[at] = -1 << 60
	}
	for left < 0 { // floors at zero gave too much
		at := -1
		for i := range got {
			if got[i] > 0 && (at < 0 || fractions[i] <= fractions[at]) {
				at = i
			}
		}
		got[at]--
		carry[at] += 10000
		fractions[at] = 1 << 60
		left++
	}
	return got
}

// best is the coupon of a member that leaves least to pay.
func (m *model) best(member int, cart []line, own *hold) *ticket {
	var found *ticket
	var off int64
	for _, t := range m.tickets {
		p, why := m.price(t, cart, own)
		if t.member != member || len(why) > 0 {
			continue
		}
		if found == nil || p.discount > off || p.discount == off && better(t, found) {
			found, off = t, p.discount
		}
	}
	return found
}

func better(a, b *ticket) bool {
	if a.o.gift != b.o.gift {
		return a.o.gift > b.o.gift
	}
	if a.to != b.to {
		return a.to < b.to
	}
	return a.id < b.id
}
