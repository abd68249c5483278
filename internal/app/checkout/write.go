package checkout

import (
	"slices"

	"quan/internal/app"
	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/metric"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// writes gathers the rows of a round, to be written set-based.
type writes struct {
	coupons     []coupon.Coupon
	newLocks    []redemption.Lock
	locks       []redemption.Lock
	newOrders   []order.Order
	orders      []order.Order
	refunds     []order.Refund
	refundOf    []id.ID
	redemptions []redemption.Redemption
	returned    []redemption.Redemption
	cellsBack   []redemption.CellReturn
	counters    map[limit.Key]bool
	outside     []store.OutsideRow
	pointed     []store.OutsideRow
	replies     []store.Reply
	changes     []change.Change
	deltas      []metric.Delta
	keys        map[order.Key]bool
	ledger      app.Ledger
	watched     app.Watched
}

// orderKey reports whether an earlier deal of the round works on this order.
func (w *writes) orderKey(k order.Key) bool { return k.Ref != "" && w.keys[k] }

// has reports whether an earlier deal of the round has the key or the slip.
func (w *writes) has(r store.Reply, slip store.OutsideKey) bool {
	return r.Key != "" && slices.ContainsFunc(w.replies, func(o store.Reply) bool { return o.Key == r.Key && o.Scope == r.Scope }) ||
		slip.Ref != "" && slices.ContainsFunc(w.outside, func(o store.OutsideRow) bool { return o.OutsideKey == slip })
}

func (w *writes) use(k order.Key) {
	if w.keys == nil {
		w.keys = map[order.Key]bool{}
	}
	w.keys[k] = true
}

// couponChanged writes a coupon with its one change row.
func (b *batch) couponChanged(by access.Principal, c coupon.Coupon, kind change.Type, at calendar.Instant, facts string) {
	b.out.coupons = append(b.out.coupons, c)
	b.moved[c.ID] = true
	b.out.changes = append(b.out.changes, change.Change{Aggregate: c.ID, Kind: id.Coupon, Seq: c.Rev, Type: kind,
		At: at, Actor: by.ID, Facts: facts})
}

func (b *batch) orderChanged(by access.Principal, o *order.Order, kind change.Type, at calendar.Instant, facts string) {
	b.moved[o.ID] = true
	b.out.changes = append(b.out.changes, change.Change{Aggregate: o.ID, Kind: id.Order, Seq: o.Rev, Type: kind,
		At: at, Actor: by.ID, Facts: facts})
}

func (b *batch) touched(lists ...[]limit.Taking) {
	for _, list := range lists {
		for _, t := range list {
			b.out.counters[t.Key] = true
		}
		b.out.watched.Note(list)
	}
}

func (b *batch) remember(d *deal, answer string) {
	if d.Once.Key != "" {
		b.out.replies = append(b.out.replies, d.reply(answer))
	}
}

// orderDelta is the cell of all orders that an order belongs to.
func orderDelta(o *order.Order, day calendar.Date, v metric.Values) metric.Delta {
	return metric.Delta{Slot: o.Slot(), Values: v, Dims: metric.Dims{Market: metric.Book(o.Market, o.Currency), Day: day,
		Channel: o.Channel, City: o.City, Merchant: o.Merchant, Store: o.Store}}
}

// useDelta is the cell of a redemption.
func useDelta(market string, r *redemption.Redemption, day calendar.Date, v metric.Values) metric.Delta {
	return metric.Delta{Slot: r.Slot(), Values: v, Dims: metric.Dims{Market: metric.Book(market, r.Currency), Day: day, Template: r.Template,
		Placement: r.Placement, Form: r.Form, Channel: r.Channel, City: r.City, Merchant: r.Merchant, Store: r.Store}}
}

// endDelta is the cell in which a coupon's end is counted: that of its issue, on the day of its end.
func endDelta(market string, c *coupon.Coupon, v metric.Values) metric.Delta {
	return metric.Delta{Slot: c.Slot(), Values: v, Dims: metric.Dims{Market: market, Day: c.EndedDay, Template: c.Template,
		Placement: c.Placement, Form: c.Form, Channel: c.Channel, City: c.City}}
}

// write puts the gathered rows into the store.
func (b *batch) write(tx store.Tx) error {
	w := &b.out
	if len(w.replies)+len(w.changes)+len(w.newLocks)+len(w.locks) == 0 {
		return nil
	}
	w.changes = append(w.changes, b.Alarms(w.watched, b.locked.Counters, b.Clock())...)
	counters := make([]limit.Counter, 0, len(w.counters))
	for k := range w.counters {
		if c := b.locked.Counters[k]; c != nil {
			counters = append(counters, *c)
		}
	}
	for _, step := range []func() error{
		// Those that look whether a row is as it was read come first: PostgreSQL gets all
		// others with COMMIT, in one turn.
		func() error { return tx.Outside().Point(w.pointed) },
		func() error { return tx.Orders().Update(w.orders) },
		func() error { return tx.Coupons().Update(w.coupons) },
		func() error { return tx.Locks().Update(w.locks) },
		func() error { return tx.Redemptions().Update(w.returned) },
		func() error { return tx.Outside().Insert(w.outside) },
		func() error { return tx.Orders().Insert(w.newOrders) },
		func() error { return tx.Orders().InsertRefunds(w.refunds, w.refundOf) },
		func() error { return tx.Locks().Insert(w.newLocks) },
		func() error { return tx.Redemptions().Insert(w.redemptions) },
		func() error { return tx.Redemptions().InsertReturns(w.cellsBack) },
		func() error { return tx.Counters().Write(counters) },
		func() error { return w.ledger.Write(tx) },
		func() error { return tx.Replies().Insert(w.replies) },
		func() error { return tx.Changes().Append(w.changes) },
		func() error { return tx.Metrics().Append(b.Deltas(w.deltas)) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}
