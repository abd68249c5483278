package sqlrepo_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/metric"
	"quan/internal/domain/schedule"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/sqlrepo"
)

func tryUpdate(s store.Store, fn func(store.Tx) error) error {
	return s.Update(context.Background(), store.Admin, fn)
}

func TestLockReturnsRowsAndMakesCounters(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		r := newRows()
		update(t, s, r.insert)
		template, members := r.coupons[0].Template, []id.ID{r.members[1].ID, r.members[0].ID, r.members[1].ID}
		stock := limit.StockKey(template)
		var counters []limit.Key
		for _, m := range members {
			counters = append(counters,
				limit.Key{Template: template, Per: limit.PerMember, Subject: m, What: limit.IssueCount, Period: limit.Day, Start: 20260301},
				limit.Key{Template: template, Per: limit.PerMember, Subject: m, What: limit.IssueCount, Period: limit.Ever})
		}
		counters = append(counters, stock, limit.StockKey(r.coupons[1].Template),
			limit.Key{Template: template, Per: limit.PerPlacement, Subject: r.coupons[0].Placement, What: limit.RedeemAmount, Period: limit.Week, Start: 20260223})
		set := store.LockSet{Members: members, Orders: []id.ID{r.orders[0].ID, 1}, Coupons: []id.ID{r.coupons[1].ID, r.coupons[0].ID}, Counters: counters}
		update(t, s, func(tx store.Tx) error {
			got, err := tx.Lock(set)
			if err != nil {
				return err
			}
			if len(got.Members) != 2 || len(got.Orders) != 1 || len(got.Coupons) != 2 || len(got.Counters) != 7 {
				t.Errorf("locked %d members, %d orders, %d coupons, %d counters", len(got.Members), len(got.Orders), len(got.Coupons), len(got.Counters))
			}
			same(t, "locked coupon", r.coupons[:1], []coupon.Coupon{*got.Coupons[r.coupons[0].ID]})
			var write []limit.Counter
			for _, k := range counters[:7] {
				c := got.Counters[k]
				if c == nil || c.Taken != 0 || c.Ceiling != 0 {
					t.Fatalf("new counter %+v is %+v", k, c)
				}
				write = append(write, limit.Counter{Key: k, Taken: int64(len(write)) + 1, Ceiling: 10, Over: 1, Rev: 3})
			}
			write = append(write[:4], write[6]) // the third member is the first again
			return tx.Counters().Write(write)
		})
		update(t, s, func(tx store.Tx) error {
			got, err := tx.Lock(store.LockSet{Counters: counters})
			if err != nil {
				return err
			}
			want := limit.Counter{Key: stock, Taken: 7, Ceiling: 10, Over: 1, Rev: 3}
			same(t, "stock", []limit.Counter{want}, []limit.Counter{*got.Counters[stock]})
			same(t, "a member's", []int64{2}, []int64{got.Counters[counters[1]].Taken})
			return nil
		})
		view(t, s, func(tx store.Tx) error {
			got, err := tx.Counters().Get(append(counters, limit.StockKey(99)))
			if err != nil {
				return err
			}
			if len(got) < 5 {
				t.Errorf("Counters.Get gives %d", len(got))
			}
			got, err = tx.Counters().OfTemplate(template)
			for _, c := range got {
				if c.Per == limit.PerMember {
					t.Errorf("OfTemplate gives a member's counter")
				}
			}
			if len(got) == 0 {
				t.Error("OfTemplate gives nothing")
			}
			return err
		})
	})
}

func TestLockOrderHolds(t *testing.T) {
	member, later := store.LockSet{Members: []id.ID{1 << 40}}, store.LockSet{Coupons: []id.ID{1 << 40}}
	wrong := map[string][2]store.LockSet{
		"earlier after later":         {later, member},
		"the same class twice":        {member, member},
		"callers after members":       {member, {Callers: []id.ID{1}}},
		"a member's counter too late": {later, {Counters: []limit.Key{{Template: 1, Per: limit.PerMember, Subject: 1 << 40, What: limit.IssueCount, Period: limit.Ever}}}},
		"several, the first before":   {later, {Members: []id.ID{1}, Counters: []limit.Key{limit.StockKey(1)}}},
	}
	onBoth(t, func(t *testing.T, s store.Store) {
		for name, sets := range wrong {
			err := tryUpdate(s, func(tx store.Tx) error {
				if _, err := tx.Lock(sets[0]); err != nil {
					return err
				}
				_, err := tx.Lock(sets[1])
				if !errors.Is(tx.(*sqlrepo.Tx).Failed(), store.ErrLockOrder) {
					t.Errorf("%s: the transaction does not remember its failure", name)
				}
				return err
			})
			if !errors.Is(err, store.ErrLockOrder) {
				t.Errorf("%s: got %v", name, err)
			}
		}
		update(t, s, func(tx store.Tx) error {
			if _, err := tx.Lock(member); err != nil {
				return err
			}
			_, err := tx.Lock(later)
			return err
		})
	})
}

func TestWritesRefuse(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		r := newRows()
		merchant := store.Merchant{Code: "m", Rev: 1}
		update(t, s, func(tx store.Tx) error {
			if err := tx.Merchants().Insert([]store.Merchant{merchant}); err != nil {
				return err
			}
			return r.insert(tx)
		})
		for name, test := range map[string]struct {
			want error
			do   func(store.Tx) error
		}{
			"a stale coupon":        {store.ErrStale, func(tx store.Tx) error { return tx.Coupons().Update(r.coupons) }},
			"a stale merchant":      {store.ErrStale, func(tx store.Tx) error { return tx.Merchants().Update([]store.Merchant{merchant}) }},
			"an unknown outside id": {store.ErrStale, func(tx store.Tx) error { return tx.Outside().Point([]store.OutsideRow{{}}) }},
			"a taken merchant":      {fault.New(fault.NameTaken), func(tx store.Tx) error { return tx.Merchants().Insert([]store.Merchant{merchant}) }},
			"a taken identity":      {store.ErrTwin, func(tx store.Tx) error { return tx.Members().InsertIdentities(r.identities[:1]) }},
			"a taken outside id":    {store.ErrTwin, func(tx store.Tx) error { return tx.Outside().Insert(r.outside[:1]) }},
			"a second use of the same number": {store.ErrTwin, func(tx store.Tx) error {
				again := r.redemptions[0]
				again.ID++
				return tx.Redemptions().Insert(append(r.redemptions[:0:0], again))
			}},
		} {
			if err := tryUpdate(s, test.do); !errors.Is(err, test.want) {
				t.Errorf("%s: got %v, want %v", name, err, test.want)
			}
		}
		err := s.View(context.Background(), func(tx store.Tx) error { return tx.Settings().Put(map[string]string{"a": "b"}) })
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("a write in a view: %v", err)
		}
		err = s.View(context.Background(), func(tx store.Tx) error { _, err := tx.Lock(store.LockSet{Members: []id.ID{1}}); return err })
		if !errors.Is(err, store.ErrReadOnly) {
			t.Errorf("a lock in a view: %v", err)
		}
	})
}

func TestScopeReachesLists(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		r := newRows()
		templates := []store.Template{
			{ID: r.coupons[0].Template, Issuer: coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "m1"}, Rev: 1},
			{ID: r.coupons[1].Template, Issuer: coupon.Issuer{Kind: coupon.IssuerPlatform}, Rev: 1}}
		update(t, s, func(tx store.Tx) error {
			for _, err := range []error{
				tx.Templates().Insert(templates),
				tx.Placements().Insert([]store.Placement{{ID: 5, Template: templates[0].ID, Rev: 1}, {ID: 6, Template: templates[1].ID, Rev: 1}}),
				tx.Stores().Insert([]store.Place{{Code: "s1", Merchant: "m1", City: "c1", Rev: 1}, {Code: "s2", Merchant: "m1", City: "c2", Rev: 1}, {Code: "s3", Merchant: "m2", City: "c1", Rev: 1}}),
			} {
				if err != nil {
					return err
				}
			}
			return r.insert(tx)
		})
		m1 := access.Scope{Merchants: []string{"m1"}}
		view(t, s, func(tx store.Tx) error {
			got, err := tx.Templates().List(store.Filter{Scope: m1, Limit: 9})
			same(t, "templates", []int{1}, []int{len(got)})
			if err != nil {
				return err
			}
			offers, err := tx.Placements().List(store.Filter{Scope: m1, Limit: 9})
			same(t, "placements", []int{1}, []int{len(offers)})
			if err != nil {
				return err
			}
			places, err := tx.Stores().List(store.Filter{Scope: access.Scope{Merchants: []string{"m1"}, Cities: []string{"c1"}}, Limit: 9})
			same(t, "stores", []int{1}, []int{len(places)})
			if err != nil {
				return err
			}
			wallet, err := tx.Coupons().List(store.CouponFilter{Member: r.members[0].ID, Scope: m1, Limit: 9})
			same(t, "coupons", r.coupons[:1], wallet)
			if err != nil {
				return err
			}
			orders, err := tx.Orders().List(store.OrderFilter{Scope: access.Scope{Stores: []string{r.orders[1].Store}}, Limit: 9})
			same(t, "orders", []int{1}, []int{len(orders)})
			return err
		})
	})
}

func TestCouponsByMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		r := newRows()
		template := r.coupons[0]
		template.State, template.Lock = coupon.Usable, 0
		f := newFiller()
		var rows []coupon.Coupon
		for i, to := range []calendar.Instant{3000, 1000, schedule.Forever, 2000} {
			c := template
			c.ID, c.ValidTo, c.Newcomer = f.maker.New(c.Member.Slot()), to, i == 2
			rows = append(rows, c)
		}
		update(t, s, func(tx store.Tx) error { return tx.Coupons().Insert(rows) })
		view(t, s, func(tx store.Tx) error {
			due, err := tx.Coupons().Due(2000, store.End{}, 10)
			same(t, "due, soonest first", []coupon.Coupon{rows[1], rows[3]}, due)
			if err != nil {
				return err
			}
			newcomers, err := tx.Coupons().Newcomers([]id.ID{template.Member, template.Member, 77})
			same(t, "newcomers", rows[2:3], newcomers)
			if err != nil {
				return err
			}
			page, err := tx.Coupons().List(store.CouponFilter{Template: template.Template, Before: rows[2].ID, States: []coupon.State{coupon.Usable}, Limit: 1})
			same(t, "page of a template", rows[1:2], page)
			if err != nil {
				return err
			}
			counts, err := tx.Coupons().CountByState()
			same(t, "states", []int64{4}, []int64{counts[coupon.Usable]})
			return err
		})
	})
}

func TestMetricsAreExactThroughFolds(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		cell := func(day calendar.Date, template id.ID, city string, slot, issued int64) metric.Delta {
			return metric.Delta{Dims: metric.Dims{Market: "main", Day: day, Template: template, City: city}, Values: metric.Values{Issued: issued, PaidMinor: 10 * issued}, Slot: slot}
		}
		read := func(q store.MetricQuery) (out []metric.Delta) {
			q.Market = "main"
			view(t, s, func(tx store.Tx) (err error) { out, err = tx.Metrics().Read(q); return err })
			return out
		}
		rows := []metric.Delta{cell(20260301, 1, "a", 7, 1), cell(20260301, 1, "a", 7, 2), cell(20260301, 1, "b", 8, 4), cell(20260302, 2, "a", 7, 8), cell(20260302, 0, "a", 7, 16)}
		check := func(when string, times int64) {
			want := []metric.Delta{cell(20260301, 0, "", 0, 7*times), cell(20260302, 0, "", 0, 8*times)}
			same(t, when+" by day", want, read(store.MetricQuery{GroupBy: []string{"day"}}))
			same(t, when+" all orders", []metric.Delta{cell(0, 0, "", 0, 16*times)}, read(store.MetricQuery{AllOrders: true, From: 20260302, To: 20260302}))
			same(t, when+" of a template", []metric.Delta{cell(0, 1, "a", 0, 3*times), cell(0, 1, "b", 0, 4*times)},
				read(store.MetricQuery{Templates: []id.ID{1}, GroupBy: []string{"city", "template"}}))
		}
		update(t, s, func(tx store.Tx) error { return tx.Metrics().Append(rows) })
		check("before", 1)
		fold := func(limit int) (n int64) {
			update(t, s, func(tx store.Tx) (err error) { n, err = tx.Metrics().Fold(limit); return err })
			return n
		}
		same(t, "folded", []int64{3, 1, 0}, []int64{fold(3), fold(3), fold(3)})
		check("folded", 1)
		update(t, s, func(tx store.Tx) error { return tx.Metrics().Append(rows) })
		update(t, s, func(tx store.Tx) error { return tx.Metrics().Append(rows) })
		check("half folded", 3)
		fold(100)
		check("folded again", 3)
		refusal := store.Refusal{Market: "main", Day: 20260301, Code: "sold_out", Count: 2}
		update(t, s, func(tx store.Tx) error { return tx.Metrics().AppendRefusals([]store.Refusal{refusal, refusal}) })
		update(t, s, func(tx store.Tx) error { return tx.Metrics().AppendRefusals([]store.Refusal{refusal}) })
		view(t, s, func(tx store.Tx) error {
			got, err := tx.Metrics().Refusals("main", 20260301, 0)
			refusal.Count = 6
			same(t, "refusals", []store.Refusal{refusal}, got)
			return err
		})
	})
}

func TestLeaseTokensRise(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		acquire := func(holder string, now calendar.Instant) (lease store.Lease, ok bool) {
			update(t, s, func(tx store.Tx) (err error) {
				lease, ok, err = tx.Leases().Acquire("fold", holder, now, time.Second)
				return err
			})
			return lease, ok
		}
		for i, step := range []struct {
			holder string
			now    calendar.Instant
			ok     bool
			token  int64
		}{{"a", 1000, true, 1}, {"b", 1999, false, 0}, {"a", 1999, true, 1}, {"b", 2999, true, 2}, {"a", 3000, false, 0}, {"b", 9000, true, 3}} {
			lease, ok := acquire(step.holder, step.now)
			if ok != step.ok || lease.Token != step.token || ok && lease.Until != step.now+1000 {
				t.Errorf("step %d: %+v %v", i, lease, ok)
			}
		}
		if err := tryUpdate(s, func(tx store.Tx) error { return tx.Leases().Check("fold", 2) }); !errors.Is(err, store.ErrStale) {
			t.Errorf("an old token passes: %v", err)
		}
		update(t, s, func(tx store.Tx) error {
			if err := tx.Leases().Check("fold", 3); err != nil {
				return err
			}
			return tx.Leases().Release("fold", "b")
		})
		if lease, ok := acquire("a", 9001); !ok || lease.Token != 4 {
			t.Errorf("a released lease: %+v %v", lease, ok)
		}
	})
}

func TestChangesAreDeliveredOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		r := newRows()
		update(t, s, r.insert)
		var waiting []store.StoredChange
		look := func(tx store.Tx) (err error) { waiting, err = tx.Changes().Undelivered(10); return err }
		view(t, s, look)
		same(t, "waiting", []int{2}, []int{len(waiting)})
		update(t, s, func(tx store.Tx) error { return tx.Changes().Delivered(waiting[:1], 5) })
		view(t, s, look)
		same(t, "waiting after one", []store.StoredChange{{Change: r.changes[1]}}, waiting)
		update(t, s, func(tx store.Tx) error {
			n, err := tx.Replies().Purge(20260302, 1)
			same(t, "purged", []int64{1}, []int64{n})
			return err
		})
	})
}

func TestChecksFindWhatIsWrong(t *testing.T) {
	onBoth(t, func(t *testing.T, s store.Store) {
		r := newRows()
		update(t, s, r.insert) // coupons without a stock row, uses without coupons' figures
		view(t, s, func(tx store.Tx) error {
			found := map[string]int{}
			for _, name := range tx.Checks().Names() {
				got, err := tx.Checks().Run(name, 1, 10)
				if err != nil {
					return err
				}
				found[name] = len(got)
				for _, f := range got {
					if f.Invariant == "" || f.Subject == "" || f.Detail == "" {
						t.Errorf("finding %+v", f)
					}
				}
			}
			if found["stock-2.issued"] < 2 || found["coupon-1.used"] != 2 || found["limit-1.issued"] != 0 {
				t.Errorf("found %v", found)
			}
			return nil
		})
	})
}
