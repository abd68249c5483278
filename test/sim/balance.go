package sim

import (
	"fmt"
	"slices"
	"strconv"

	domaindesk "quan/internal/domain/desk"
	"quan/internal/domain/limit"
	"quan/internal/domain/link"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// compare looks at every coupon and order, and at every counter that a step touched
// since the last time, or at all.
func (w *world) compare(all bool) {
	if all {
		for k := range w.m.counters {
			w.m.touched[k] = true
		}
	}
	look := func(tx store.Tx) error {
		if err := w.compareCoupons(tx); err != nil {
			return err
		}
		if err := w.compareCounters(tx); err != nil {
			return err
		}
		if err := w.comparePackets(tx); err != nil {
			return err
		}
		if err := w.compareLinks(tx); err != nil {
			return err
		}
		return w.compareOrders(tx)
	}
	err := w.Store.View(w.Ctx(), look)
	if code(err) == string(fault.Overloaded) { // a View has two seconds, a busy machine more to do
		err = w.Store.Snapshot(w.Ctx(), look)
	}
	w.Must(err)
	clear(w.m.touched)
}

func (w *world) compareCoupons(tx store.Tx) error {
	byID := map[id.ID]*ticket{}
	var ids []id.ID
	for _, t := range w.m.tickets {
		byID[id.ID(t.id)] = t
		ids = append(ids, id.ID(t.id))
	}
	const form = "%v %d %d face %d newcomer %v locked %v"
	rows, err := tx.Coupons().Get(ids)
	if err != nil {
		return err
	}
	w.same("coupons", len(rows), len(ids))
	for _, c := range rows {
		t := byID[c.ID]
		w.same(couponOf(t), fmt.Sprintf(form, c.State, c.Used, c.ValidTo, c.FaceMinor, c.Newcomer, c.Lock != 0),
			fmt.Sprintf(form, t.state, t.used, t.to, t.face, t.first, t.hold != nil))
	}
	return nil
}

func (w *world) compareCounters(tx store.Tx) error {
	wants := make(map[limit.Key]counter, len(w.m.touched))
	keys := make([]limit.Key, 0, len(w.m.touched))
	for k := range w.m.touched {
		key, err := w.keyOf(k)
		if err != nil {
			return err
		}
		wants[key] = k
		keys = append(keys, key)
	}
	rows, err := tx.Counters().Get(keys)
	if err != nil {
		return err
	}
	got := make(map[limit.Key]int64, len(rows))
	for _, r := range rows {
		got[r.Key] = r.Taken
	}
	for key, k := range wants {
		if got[key] != w.m.counters[k] {
			w.same(fmt.Sprintf("counter %+v", k), got[key], w.m.counters[k])
		}
	}
	return nil
}

// keyOf is a counter as quan has it.
func (w *world) keyOf(k counter) (limit.Key, error) {
	key := limit.Key{Template: w.holder(k.holder), What: limit.What(k.what), Period: limit.Period(k.period), Per: limit.Per(k.per)}
	if k.start != "" {
		day, err := strconv.Atoi(k.start)
		if err != nil {
			return key, err
		}
		key.Start = calendar.Date(day)
	}
	switch k.per {
	case "member":
		key.Subject = w.members[k.subject]
	case "placement":
		key.Subject = w.spots[k.subject]
	case "device":
		key.Subject = id.ID(k.subject)
	case "agent":
		key.Subject = domaindesk.AgentNumber(agentOf(k.subject).ID)
	case "batch":
		key.Subject = w.batches[k.holder][k.subject]
	}
	return key, nil
}

// holder is what limits lie on: a template, a budget, a pack, a plan or a packet.
func (w *world) holder(n int) id.ID {
	switch {
	case n < 0:
		return w.budgets[budgetNo(n)]
	case n >= packetNo(0):
		return id.ID(w.m.packets[n-packetNo(0)].id)
	case n >= planNo(0):
		return w.plans[n-planNo(0)]
	case n >= packNo(0):
		return w.packs[n-packNo(0)]
	case n >= deskNo("reissue"):
		return domaindesk.Number(w.Market.Code, domaindesk.Kind(deskKinds[n-deskNo("reissue")]))
	}
	return w.templates[n]
}

// compareLinks looks at what each link brought.
func (w *world) compareLinks(tx store.Tx) error {
	figures, err := tx.Links().Figures(w.links)
	if err != nil {
		return err
	}
	for n, l := range w.links {
		var want link.Figures
		acts := map[string]bool{}
		for _, t := range w.m.tickets {
			if t.link == n+1 {
				acts[t.key] = true
				want.Coupons++
				want.Used += int64(min(t.used, 1))
			}
		}
		want.Claims = int64(len(acts))
		w.same(fmt.Sprint("link ", n), figures[l], want)
	}
	return nil
}

// comparePackets looks at every packet and its shares.
func (w *world) comparePackets(tx store.Tx) error {
	byID := map[id.ID]*packet{}
	var ids []id.ID
	for _, x := range w.m.packets {
		byID[id.ID(x.id)] = x
		ids = append(ids, id.ID(x.id))
	}
	rows, err := tx.Packets().Get(ids)
	if err != nil {
		return err
	}
	w.same("packets", len(rows), len(ids))
	for _, r := range rows {
		x := byID[r.ID]
		w.same("packet", fmt.Sprint(r.ID, r.ClosedAt != 0, r.ReturnedMinor), fmt.Sprint(r.ID, x.closed >= 0, max(x.closed, 0)))
	}
	shares, err := tx.Packets().Shares(ids)
	if err != nil {
		return err
	}
	var got, want []string
	for _, s := range shares {
		got = append(got, fmt.Sprint(s.Packet, s.Number, s.Member, s.AmountMinor, s.Coupon))
	}
	for _, x := range w.m.packets {
		for i, t := range x.opened {
			want = append(want, fmt.Sprint(id.ID(x.id), i+1, w.members[t.member], x.amounts[i], id.ID(t.id)))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	w.same("shares", got, want)
	return nil
}

func (w *world) compareOrders(tx store.Tx) error {
	var keys []store.OutsideKey
	for ref := range w.m.sales {
		keys = append(keys, store.OutsideKey{Kind: "order", Source: "shop", Ref: ref})
	}
	found, err := tx.Outside().Find(keys)
	if err != nil {
		return err
	}
	var ids []id.ID
	known := map[string]id.ID{}
	for _, f := range found {
		known[f.Ref] = f.Target
		ids = append(ids, f.Target)
	}
	rows, err := tx.Orders().Get(ids)
	if err != nil {
		return err
	}
	byID := make(map[id.ID]*order.Order, len(rows))
	for i := range rows {
		byID[rows[i].ID] = &rows[i]
	}
	for ref, s := range w.m.sales {
		var owner id.ID
		if s.member >= 0 {
			owner = w.members[s.member]
		}
		w.same(ref, orderText(byID[known[ref]]), fmt.Sprint(owner, " ", total(s.cart), " ", s.paid(), " ", s.refunded, " ", backOf(s)))
	}
	return nil
}

func (h *hold) paid() int64 { return total(h.cart) - h.discount }

func backOf(s *hold) (back []int64) {
	for i, l := range s.cart {
		back = append(back, l.qty-s.left[i].qty)
	}
	return back
}

func orderText(o *order.Order) string {
	if o == nil {
		return "no row"
	}
	var back []int64
	for _, l := range o.Lines {
		back = append(back, l.RefundedQuantity)
	}
	return fmt.Sprint(o.Member, " ", o.ListMinor, " ", o.PaidMinor, " ", o.RefundedMinor, " ", back)
}

// verify runs every check.
func (w *world) verify() {
	w.Must(w.Store.Snapshot(w.Ctx(), func(tx store.Tx) error {
		for _, name := range tx.Checks().Names() {
			found, err := tx.Checks().Run(name, w.Clock(), 3)
			if err != nil {
				return err
			}
			for _, f := range found {
				w.same("verify "+name, f.Subject+" "+f.Detail, "nothing")
			}
		}
		return nil
	}))
}
