package sim

import (
	"fmt"
	"strconv"

	"quan/internal/domain/limit"
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
	rows, err := tx.Coupons().Get(ids)
	w.same("coupons", len(rows), len(ids))
	for _, c := range rows {
		t := byID[c.ID]
		w.same(couponOf(t), fmt.Sprint(c.State, " ", c.Used, " ", int64(c.ValidTo), " ", c.Lock != 0),
			fmt.Sprint(t.state, " ", t.used, " ", t.to, " ", t.hold != nil))
	}
	return err
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
	case "batch":
		key.Subject = w.batches[k.holder][k.subject]
	}
	return key, nil
}

// holder is what limits lie on: a template, or a budget.
func (w *world) holder(n int) id.ID {
	if n < 0 {
		return w.budgets[budgetNo(n)]
	}
	return w.templates[n]
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
