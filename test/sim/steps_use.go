package sim

import (
	"fmt"

	"quan/internal/app"
	"quan/internal/app/checkout"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/id"
)

func (w *world) cart() []line {
	lines := make([]line, 1+w.rand.IntN(4))
	for i := range lines {
		lines[i] = line{pick(w, "fresh/fruit", "fresh/fish", "household"), int64(1 + w.rand.IntN(4)), int64(w.rand.IntN(2500))}
	}
	return lines
}

// ref is a new order's, or one that exists.
func (w *world) ref() string {
	if w.rand.IntN(3) > 0 {
		w.keys++
		return fmt.Sprint("order ", w.keys)
	}
	return fmt.Sprint("order ", w.rand.IntN(w.keys+1))
}

// ticket is a member's coupon, mostly a live one; seldom another's.
func (w *world) ticket(member int) *ticket {
	var live, all []*ticket
	for _, t := range w.m.tickets {
		if t.member == member || w.rand.IntN(200) == 0 {
			all = append(all, t)
			if t.state == "usable" && w.m.now < t.to {
				live = append(live, t)
			}
		}
	}
	if len(live) > 0 && w.rand.IntN(5) > 0 {
		return pick(w, live...)
	}
	if len(all) > 0 {
		return pick(w, all...)
	}
	return nil
}

// known is an order with a lock, where there is one.
func (w *world) locked() *hold {
	if len(w.lockedOrders) == 0 {
		return nil
	}
	from := max(len(w.lockedOrders)-8, 0)
	return w.m.holds[w.lockedOrders[from+w.rand.IntN(len(w.lockedOrders)-from)]]
}

func (w *world) basis(p purchase, body string) checkout.Basis {
	b := checkout.Basis{Once: app.Once{Key: p.key, Body: body}, Order: key(p.order), Who: w.who(p.member), Cart: cartOf(p.cart)}
	if p.ticket != nil {
		b.Coupons = []id.ID{id.ID(p.ticket.id)}
	}
	return b
}

func tagsOf(p purchase, h *hold) []string {
	tags := []string{p.order, fmt.Sprint("m", p.member)}
	switch {
	case p.ticket != nil:
		tags = append(tags, fmt.Sprint("t", p.ticket.o.n))
	case h != nil && h.ticket != nil:
		tags = append(tags, fmt.Sprint("t", h.ticket.o.n))
	}
	return tags
}

func (w *world) purchase(member int) purchase {
	p := purchase{key: w.once().Key, order: w.ref(), member: member, cart: w.cart(), ticket: w.ticket(member)}
	if s := w.m.sales[p.order]; s != nil && w.rand.IntN(4) > 0 {
		p.cart = s.cart
	}
	return p
}

// locks sends a lock, or a slice of locks of different members.
func (w *world) locks() {
	var all []purchase
	orders := map[string]bool{}
	first, n := w.rand.IntN(memberCount), pick(w, 1, 1, 3)
	for i := range n {
		p := w.purchase((first + i) % memberCount)
		if h := w.locked(); h != nil && n == 1 && w.rand.IntN(3) == 0 { // lock again
			p.order, p.member = h.order, h.member
			p.ticket = w.ticket(p.member)
			if w.rand.IntN(3) == 0 {
				p.ticket = h.ticket
			}
		}
		if w.rand.IntN(4) == 0 {
			p.ticket, p.best = nil, true
		}
		if (p.ticket == nil && !p.best) || p.ticket != nil && p.ticket.member != p.member && n > 1 || orders[p.order] {
			continue
		}
		orders[p.order] = true
		all = append(all, p)
	}
	w.again(func(body string) {
		in := make([]checkout.LockInput, len(all))
		for i, p := range all {
			in[i] = checkout.LockInput{Basis: w.basis(p, body), Best: p.best}
		}
		var out []checkout.LockOutcome
		w.call(func() (err error) {
			out, err = w.Checkout.Lock(w.Ctx(), w.By, in)
			return err
		})
		ask := func(i int) (string, bool) {
			return w.ask(all[i].member, all[i].key, body, func() refusals { return w.m.lock(all[i]) })
		}
		before := w.first(len(all), ask)
		for i, p := range all {
			want, replayed := ask(i)
			h := w.m.holds[p.order]
			w.tell("lock", want, tagsOf(p, h), "%s m%d %s", p.order, p.member, couponOf(p.ticket))
			w.same("lock", code(out[i].Err), want)
			if want != "" || replayed && before[i] || out[i].Err != nil {
				continue
			}
			w.lockedOrders = append(w.lockedOrders, p.order)
			w.same("payable", out[i].Lock.PayableMinor, h.paid())
			w.same("end of the lock", int64(out[i].Lock.ExpiresAt), h.expires)
			if h.ticket != nil && w.diff == "" {
				w.same("locked coupon", out[i].Lock.Coupons, []id.ID{id.ID(h.ticket.id)})
			}
		}
	})
}

func couponOf(t *ticket) string {
	if t == nil {
		return "no coupon named"
	}
	return fmt.Sprintf("%s of t%d", id.Format(id.Coupon, id.ID(t.id)), t.o.n)
}

// pays redeems by a lock or directly, or a slice of both for different members.
func (w *world) pays() {
	var all []purchase
	orders, members := map[string]bool{}, map[int]bool{}
	for range pick(w, 1, 1, 2, 4) {
		p := w.purchase(w.rand.IntN(memberCount))
		if h := w.locked(); h != nil && w.rand.IntN(2) == 0 {
			p.order, p.member, p.ticket, p.cart = h.order, h.member, nil, nil
			switch w.rand.IntN(8) {
			case 0:
				p.cart = h.cart
			case 1:
				p.cart, p.ticket = h.cart, h.ticket
			case 2:
				p.cart, p.ticket = w.cart(), h.ticket
			}
		}
		if p.ticket == nil && p.cart != nil && w.m.holds[p.order] == nil {
			p.cart = nil
		}
		foreign := p.ticket != nil && p.ticket.member != p.member
		if orders[p.order] || members[p.member] || foreign && len(all) > 0 {
			continue
		}
		orders[p.order], members[p.member] = true, true
		if all = append(all, p); foreign {
			break
		}
	}
	w.again(func(body string) {
		in := make([]checkout.RedeemInput, len(all))
		for i, p := range all {
			in[i] = checkout.RedeemInput{Basis: w.basis(p, body)}
		}
		var out []checkout.RedeemOutcome
		w.call(func() (err error) {
			out, err = w.Checkout.Redeem(w.Ctx(), w.By, in)
			return err
		})
		ask := func(i int) (string, bool) {
			return w.ask(all[i].member, all[i].key, body, func() refusals { return w.m.pay(all[i]) })
		}
		w.first(len(all), ask)
		for i, p := range all {
			h := w.m.holds[p.order]
			want, replayed := ask(i)
			w.tell("redeem", want, tagsOf(p, h), "%s m%d %s", p.order, p.member, couponOf(p.ticket))
			w.same("redeem", code(out[i].Err), want)
			if want == "" && out[i].Err == nil {
				w.paid(out[i], replayed, w.m.sales[p.order])
			}
		}
	})
}

// paid compares what a redemption says with the model's.
func (w *world) paid(got checkout.RedeemOutcome, replayed bool, s *hold) {
	w.same("replayed", got.Replayed, replayed || w.answered())
	w.same("paid", got.Order.PaidMinor, s.paid())
	if len(got.Redemptions) != 1 {
		w.same("redemptions", len(got.Redemptions), 1)
		return
	}
	r := got.Redemptions[0]
	w.same("late", r.Late, s.late)
	cells := make([][]int64, len(s.cart))
	for i := range cells {
		cells[i] = make([]int64, len(s.ticket.o.funders))
	}
	for _, c := range r.Cells {
		var n int
		if _, err := fmt.Sscanf(c.FunderCode, "fund %d", &n); err != nil {
			w.Fatal(err)
		}
		cells[c.Line][n] = c.Minor
	}
	w.same("cells", cells, s.cells)
}

func (w *world) release() {
	ref, member := fmt.Sprint("order ", w.rand.IntN(w.keys+1)), w.rand.IntN(memberCount)
	if h := w.locked(); h != nil {
		ref, member = h.order, h.member
	}
	once := w.once()
	w.again(func(body string) {
		in := checkout.ReleaseInput{Basis: checkout.Basis{Once: app.Once{Key: once.Key, Body: body}, Order: key(ref), Who: w.who(member)}}
		var out []checkout.ReleaseOutcome
		w.call(func() (err error) {
			out, err = w.Checkout.Release(w.Ctx(), w.By, []checkout.ReleaseInput{in})
			return err
		})
		p, h := purchase{order: ref, member: member}, w.m.holds[ref]
		want, _ := w.ask(member, once.Key, body, func() refusals { return w.m.release(p) })
		w.tell("release", want, tagsOf(p, h), "%s m%d", ref, member)
		w.same("release", code(out[0].Err), want)
	})
}

// recentSales are orders that were known lately.
func (w *world) recentSales() (refs []string) {
	for i := w.keys; i > 0 && len(refs) < 12; i-- {
		if ref := fmt.Sprint("order ", i); w.m.sales[ref] != nil {
			refs = append(refs, ref)
		}
	}
	return refs
}

// refunds gives back some units of an order, or all.
func (w *world) refunds() {
	refs := w.recentSales()
	if len(refs) == 0 {
		return
	}
	ref := pick(w, refs...)
	s := w.m.sales[ref]
	r := refund{key: w.once().Key, order: ref, member: s.member, number: fmt.Sprint(ref, " refund ", w.rand.IntN(6)),
		giftKept: w.rand.IntN(3) == 0}
	if w.rand.IntN(6) == 0 {
		r.number = fmt.Sprint("refund ", w.rand.IntN(20)) // maybe another order's
	}
	in := checkout.RefundInput{Ref: r.number, Full: true, GiftsKept: r.giftKept}
	if w.rand.IntN(2) == 0 {
		in.Full, r.units = false, make([]int64, len(s.cart))
		for i, l := range s.cart {
			if r.units[i] = min(int64(w.rand.IntN(4)), l.qty+1); r.units[i] > 0 {
				in.Lines = append(in.Lines, redemption.RefundLine{Line: int64(i), Quantity: r.units[i]})
			}
		}
		if len(in.Lines) == 0 {
			return
		}
	}
	in.Digest = fmt.Sprint(r.units, r.giftKept)
	w.again(func(body string) {
		r := r
		in.Basis = checkout.Basis{Once: app.Once{Key: r.key, Body: body}, Order: key(ref), Who: w.who(r.member)}
		var out []checkout.RefundOutcome
		w.call(func() (err error) {
			out, err = w.Checkout.Refund(w.Ctx(), w.By, []checkout.RefundInput{in})
			return err
		})
		want, replayed := w.ask(r.member, r.key, body, func() refusals { return w.m.refund(&r) })
		p := purchase{order: ref, member: r.member, ticket: s.ticket}
		w.tell("refund", want, tagsOf(p, nil), "%s m%d units %v kept %v", r.number, r.member, r.units, r.giftKept)
		w.same("refund", code(out[0].Err), want)
		if want == "" && !replayed && out[0].Err == nil {
			w.same("money back", out[0].Refund.Minor, r.minor)
			w.same("coupon back", len(out[0].CouponsBack) > 0, r.coupon)
		}
	})
}
