package storetest

import (
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/order"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var moneyTests = map[string]func(*world){
	"locks/roundtrip":       locksRoundTrip,
	"orders/roundtrip":      ordersRoundTrip,
	"orders/list":           ordersList,
	"orders/refunds":        refundsRoundTrip,
	"redemptions/roundtrip": redemptionsRoundTrip,
	"redemptions/unique":    usesAreUnique,
	"counters/roundtrip":    countersRoundTrip,
}

func calendarWeeks(n int) time.Duration { return time.Duration(n) * 7 * 24 * time.Hour }

func locksRoundTrip(w *world) {
	resolved := testkit.Lock(w.id(), w.id(), w.id(), w.id())
	resolved.State, resolved.ResolvedAt, resolved.Priced = redemption.LockReleased, testkit.Start+3, `{"cart":"👩‍👧"}`
	filled(w, resolved)
	early, late := testkit.Lock(w.id(), w.id(), w.id()), testkit.Lock(w.id(), w.id(), w.id())
	early.ExpiresAt--
	w.do(func(tx store.Tx) error { return tx.Locks().Insert([]redemption.Lock{resolved, late, early}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Locks().Get([]id.ID{resolved.ID, early.ID, late.ID, 5})
		same(w, got, err, resolved, early, late)
		due, err := tx.Locks().Due(early.ExpiresAt-1, 9)
		ordered(w, due, err)
		due, err = tx.Locks().Due(late.ExpiresAt, 9)
		ordered(w, due, err, early, late)
		due, err = tx.Locks().Due(late.ExpiresAt, 1)
		ordered(w, due, err, early)
		return nil
	})
	late.State, late.ResolvedAt, late.Rev = redemption.LockExpired, late.ExpiresAt, 2
	w.do(func(tx store.Tx) error { return tx.Locks().Update([]redemption.Lock{late}) })
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Locks().Update([]redemption.Lock{late}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Locks().Get([]id.ID{late.ID})
		same(w, got, err, late)
		return nil
	})
}

// fullOrder has every field set, and two lines of which one is full.
func fullOrder(w *world, owner id.ID) order.Order {
	o := testkit.Order(w.id(), owner)
	o.Merchant, o.Store, o.DiscountMinor, o.PaidMinor, o.RefundedMinor = "acme", "acme-1", 500, 2500, 750
	o.ListMinor, o.Currency = 3000, "HKD"
	o.Lines = []order.Line{
		{No: 0, SKU: "pear", Quantity: 1, UnitMinor: 1000, ListMinor: 1000},
		{No: 1, SKU: "apple", Category: "fresh/fruit", Brand: "orchard", Merchant: "acme", Quantity: 2, UnitMinor: 1000, ListMinor: 2000,
			DiscountMinor: 500, RefundedQuantity: 1, RefundedMinor: 750, NoCoupons: true, Shipping: "express"},
	}
	filled(w, o)
	filled(w, o.Lines[1])
	return o
}

func ordersRoundTrip(w *world) {
	o, guest := fullOrder(w, w.id()), testkit.Order(w.id(), 0)
	w.do(func(tx store.Tx) error { return tx.Orders().Insert([]order.Order{o, guest}) })
	read := func() {
		w.Helper()
		w.look(func(tx store.Tx) error {
			got, err := tx.Orders().Get([]id.ID{guest.ID, o.ID, 3})
			same(w, got, err, o, guest)
			return nil
		})
	}
	read()
	o.Rev, o.RefundedMinor = 2, 1500
	o.Lines[1].RefundedQuantity, o.Lines[1].RefundedMinor = 2, 1500
	guest.Rev, guest.Member = 2, o.Member // a coupon's use tells whose the order is
	w.do(func(tx store.Tx) error { return tx.Orders().Update([]order.Order{o, guest}) })
	read()
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Orders().Update([]order.Order{o}) })
}

func ordersList(w *world) {
	owner := w.id()
	var rows []order.Order // oldest first
	for i := range 6 {
		late := id.NewMaker(1, testkit.Start.Add(calendarWeeks(i)).Time)
		o := testkit.Order(late.New(7), owner)
		o.Day = testkit.Today.AddDays(7 * i)
		o.Merchant, o.Store = []string{"acme", "other"}[i%2], []string{"acme-1", "other-1"}[i%2]
		rows = append(rows, o)
	}
	w.do(func(tx store.Tx) error { return tx.Orders().Insert(rows) })
	for i := range rows {
		rows[i].Lines = nil // lists come without
	}
	pick := func(at ...int) (out []order.Order) {
		for _, i := range at {
			out = append(out, rows[i])
		}
		return out
	}
	w.look(func(tx store.Tx) error {
		for _, c := range []struct {
			filter store.OrderFilter
			want   []int
		}{
			{store.OrderFilter{Limit: 10}, []int{5, 4, 3, 2, 1, 0}},
			{store.OrderFilter{Member: owner, Limit: 2, Before: rows[4].ID}, []int{3, 2}},
			{store.OrderFilter{Member: w.id(), Limit: 2}, nil},
			{store.OrderFilter{From: rows[1].Day, To: rows[3].Day, Limit: 10}, []int{3, 2, 1}},
			{store.OrderFilter{Scope: access.Scope{Merchants: []string{"acme"}}, Limit: 10}, []int{4, 2, 0}},
			{store.OrderFilter{Scope: access.Scope{Stores: []string{"other-1"}}, Limit: 10}, []int{5, 3, 1}},
			{store.OrderFilter{Scope: access.Scope{Cities: []string{"beijing"}}, Limit: 10}, nil},
		} {
			got, err := tx.Orders().List(c.filter)
			ordered(w, got, err, pick(c.want...)...)
		}
		return nil
	})
}

func refundsRoundTrip(w *world) {
	o := fullOrder(w, w.id())
	r := order.Refund{ID: w.id(), Order: o.ID, Ref: "r1", At: testkit.Start, Day: testkit.Today, Minor: 700, ChargeMinor: 50, Full: true,
		BodyHash: "hash", Lines: []order.RefundLine{{Line: 0, Quantity: 1, Minor: 200}, {Line: 1, Quantity: 1, Minor: 500}}}
	filled(w, r)
	second := r
	second.ID, second.Ref, second.Full, second.Lines = w.id(), "r2", false, nil
	w.do(func(tx store.Tx) error {
		if err := tx.Orders().Insert([]order.Order{o}); err != nil {
			return err
		}
		return tx.Orders().InsertRefunds([]order.Refund{r, second}, []id.ID{o.ID, o.ID})
	})
	w.look(func(tx store.Tx) error {
		got, err := tx.Orders().Refunds([]id.ID{o.ID, w.id()})
		same(w, got, err, r, second)
		return nil
	})
}

// fullRedemption has every field set.
func fullRedemption(w *world) redemption.Redemption {
	c := fullCoupon(w, w.id(), w.id())
	r := testkit.Redemption(w.id(), fullOrder(w, c.Member), c)
	r.Placement, r.Merchant, r.Store, r.Product = c.Placement, "acme", "acme-1", "6901234567890"
	r.Late, r.ReturnedAt, r.ReturnedDay, r.CouponBack = true, testkit.Start+5, testkit.Today, true
	r.ScannedAt, r.ReturnedBy = testkit.Start-7, "psn_2"
	r.GiftQuantity, r.BenefitUnit, r.BenefitValue, r.Currency = 2, "bps", 50, "HKD"
	r.Cells = []redemption.Cell{
		{Line: 0, FunderKind: coupon.FunderPlatform, FunderCode: "platform", Minor: 300, ReturnedMinor: 300},
		{Line: 1, FunderKind: coupon.FunderBrand, FunderCode: "orchard", Minor: 200, ReturnedMinor: 100},
	}
	filled(w, r)
	filled(w, r.Cells[1])
	return r
}

// flag is 1 where something holds.
func flag(holds bool) calendar.Instant {
	if holds {
		return 1
	}
	return 0
}

func redemptionsRoundTrip(w *world) {
	r, plain := fullRedemption(w), fullRedemption(w)
	plain.ReturnedAt, plain.ReturnedDay, plain.ReturnedBy, plain.CouponBack, plain.Late = 0, 0, "", false, false
	for i := range plain.Cells {
		plain.Cells[i].ReturnedMinor = 0
	}
	again := plain // the coupon's next use, later
	again.ID, again.Order, again.Use, again.At, again.Cells = w.id(), w.id(), plain.Use+1, plain.At+9, nil
	w.do(func(tx store.Tx) error { return tx.Redemptions().Insert([]redemption.Redemption{plain, r, again}) })
	read := func() {
		w.Helper()
		w.look(func(tx store.Tx) error {
			got, err := tx.Redemptions().Get([]id.ID{r.ID, plain.ID, 3})
			same(w, got, err, r, plain)
			got, err = tx.Redemptions().OfOrders([]id.ID{plain.Order, 3})
			same(w, got, err, plain)
			got, err = tx.Redemptions().OfCoupons([]id.ID{r.Coupon, 3})
			same(w, got, err, r)
			times, err := tx.Redemptions().Earlier([]redemption.Redemption{again, plain, r})
			ordered(w, times, err, plain.At*flag(!plain.CouponBack), again.At, 0)
			bare := plain
			bare.Cells = nil
			got, err = tx.Redemptions().List(r.ID, 9)
			ordered(w, got, err, bare, again)
			count, err := tx.Redemptions().Count()
			ordered(w, []int64{count}, err, 3)
			return nil
		})
	}
	read()
	plain.Rev, plain.ReturnedAt, plain.ReturnedDay, plain.ReturnedBy, plain.CouponBack = 2, testkit.Start+8, testkit.Today, "key_9", true
	for i := range plain.Cells {
		plain.Cells[i].ReturnedMinor = plain.Cells[i].Minor
	}
	w.do(func(tx store.Tx) error { return tx.Redemptions().Update([]redemption.Redemption{plain}) })
	read()
	w.refuses(store.ErrStale, func(tx store.Tx) error { return tx.Redemptions().Update([]redemption.Redemption{plain}) })
}

// (coupon, use) is unique for ever.
func usesAreUnique(w *world) {
	r := fullRedemption(w)
	w.do(func(tx store.Tx) error { return tx.Redemptions().Insert([]redemption.Redemption{r}) })
	r.ID = w.id()
	w.refuses(store.ErrTwin, func(tx store.Tx) error { return tx.Redemptions().Insert([]redemption.Redemption{r}) })
}

func countersRoundTrip(w *world) {
	template, owner, place := w.id(), w.id(), w.id()
	var keys []limit.Key
	for _, what := range []limit.What{limit.IssueCount, limit.IssueAmount, limit.RedeemCount, limit.RedeemAmount} {
		for _, period := range []limit.Period{limit.Ever, limit.Day, limit.Week, limit.Month} {
			for per, subject := range map[limit.Per]id.ID{limit.PerTemplate: 0, limit.PerMember: owner, limit.PerPlacement: place} {
				k := limit.Key{Template: template, Per: per, Subject: subject, What: what, Period: period}
				if period != limit.Ever {
					k.Start = testkit.Today
				}
				keys = append(keys, k)
			}
		}
	}
	want := make([]limit.Counter, len(keys))
	var shared []limit.Counter
	w.do(func(tx store.Tx) error {
		locked, err := tx.Lock(store.LockSet{Counters: keys})
		if err != nil {
			return err
		}
		if len(locked.Counters) != len(keys) {
			w.Errorf("%d counters locked of %d", len(locked.Counters), len(keys))
		}
		shared = shared[:0]
		for i, k := range keys {
			if c := locked.Counters[k]; c == nil || c.Taken != 0 || c.Key != k {
				w.Fatalf("a new counter is %+v", c)
			}
			want[i] = limit.Counter{Key: k, Taken: int64(i + 1), Ceiling: limit.Unlimited, Over: int64(i + 2), Rev: int64(i + 3)}
			if k.Per != limit.PerMember {
				shared = append(shared, want[i])
			}
		}
		return tx.Counters().Write(want)
	})
	w.look(func(tx store.Tx) error {
		got, err := tx.Counters().Get(append(keys, limit.StockKey(owner)))
		same(w, got, err, want...)
		got, err = tx.Counters().OfTemplate(template)
		same(w, got, err, shared...)
		return nil
	})
}
