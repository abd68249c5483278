package sim

import (
	"fmt"
	"strconv"

	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// compare looks at every coupon, counter and order.
func (w *world) compare() {
	w.Must(w.Store.Snapshot(w.Ctx(), func(tx store.Tx) error {
		if err := w.compareCoupons(tx); err != nil {
			return err
		}
		if err := w.compareCounters(tx); err != nil {
			return err
		}
		return w.compareOrders(tx)
	}))
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
	for k, want := range w.m.counters {
		key := limit.Key{Template: w.holder(k.holder), What: limit.What(k.what), Period: limit.Period(k.period), Per: limit.Per(k.per)}
		if k.start != "" {
			day, err := strconv.Atoi(k.start)
			if err != nil {
				return err
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
		rows, err := tx.Counters().Get([]limit.Key{key})
		if err != nil {
			return err
		}
		var got int64
		for _, r := range rows {
			got = r.Taken
		}
		w.same(fmt.Sprintf("counter %+v", k), got, want)
	}
	return nil
}

// holder is what limits lie on: a template, or a budget.
func (w *world) holder(n int) id.ID {
	if n < 0 {
		return w.budgets[budgetNo(n)]
	}
	return w.templates[n]
}

func (w *world) compareOrders(tx store.Tx) error {
	for ref, s := range w.m.sales {
		found, err := tx.Outside().Find([]store.OutsideKey{{Kind: "order", Source: "shop", Ref: ref}})
		if err != nil {
			return err
		}
		if len(found) != 1 {
			w.same(ref, "unknown", "known")
			continue
		}
		rows, err := tx.Orders().Get([]id.ID{found[0].Target})
		if err != nil {
			return err
		}
		var owner id.ID
		if s.member >= 0 {
			owner = w.members[s.member]
		}
		w.same(ref, orderText(rows), fmt.Sprint(owner, " ", total(s.cart), " ", s.paid(), " ", s.refunded, " ", backOf(s)))
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

func orderText(rows []order.Order) string {
	if len(rows) != 1 {
		return "no row"
	}
	var back []int64
	for _, l := range rows[0].Lines {
		back = append(back, l.RefundedQuantity)
	}
	return fmt.Sprint(rows[0].Member, " ", rows[0].ListMinor, " ", rows[0].PaidMinor, " ", rows[0].RefundedMinor, " ", back)
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
