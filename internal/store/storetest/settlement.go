package storetest

import (
	"cmp"
	"slices"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/metric"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var settlementTests = map[string]func(*world){
	"settlements/sums":   settlementSums,
	"settlements/shares": settlementShares,
	"redemptions/find":   redemptionsFind,
	"redemptions/totals": counterTotals,
	"metrics/stores":     metricStores,
}

// settled is twelve uses of two templates at three stores over three days, of two
// funders each; every third one is given back in part, on the day after.
func settled(w *world) (templates []id.ID, rows []redemption.Redemption, back []redemption.CellReturn) {
	ours, theirs := testkit.Template(w.id()), testkit.Template(w.id())
	theirs.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "acme"}
	templates = []id.ID{ours.ID, theirs.ID}
	for i := range 12 {
		o := testkit.Order(w.id(), w.id())
		r := testkit.Redemption(w.id(), o, testkit.Coupon(w.id(), o.Member, templates[i%2]))
		n := int64(i)
		r.Day, r.Merchant, r.Store = testkit.Today.AddDays(i%3), []string{"acme", "beta"}[i/6], []string{"a1", "a2", "b1"}[i/4]
		r.Placement, r.City, r.DiscountMinor = []id.ID{0, 5}[i%2], []string{"shanghai", "beijing"}[i%2], 300+n
		r.Cells = []redemption.Cell{{Line: 0, FunderKind: coupon.FunderPlatform, FunderCode: "platform", Minor: 200 + n},
			{Line: 1, FunderKind: coupon.FunderBrand, FunderCode: "orchard", Minor: 100}, {Line: 1, FunderKind: coupon.FunderPlatform, FunderCode: "platform"}}
		if r.Operator = []string{"psn_1", "psn_2"}[i/3%2]; i%4 == 0 {
			r.ScannedAt = r.At - 60_000
		}
		if i == 11 {
			r.Currency = "HKD"
		}
		if i%3 == 0 {
			before := r
			r.Cells = slices.Clone(r.Cells)
			r.Cells[0].ReturnedMinor, r.Cells[1].ReturnedMinor = 50+n, 25
			r.ReturnedAt, r.ReturnedDay, r.ReturnedBy, r.CouponBack = testkit.Start+1, r.Day.AddDays(1), "psn_2", i%2 == 0
			back = append(back, redemption.ReturnsOf(&before, &r, w.id(), r.ReturnedDay)...)
		}
		rows = append(rows, r)
	}
	w.do(func(tx store.Tx) error {
		if err := tx.Templates().Insert([]store.Template{ours, theirs}); err != nil {
			return err
		}
		if err := tx.Redemptions().Insert(rows); err != nil {
			return err
		}
		return tx.Redemptions().InsertReturns(back)
	})
	return templates, rows, back
}

// A settlement is the sum of the cells and of what was given back of them, whatever it
// is grouped by and whatever selects.
func settlementSums(w *world) {
	templates, rows, back := settled(w)
	for name, c := range map[string]struct {
		query store.SettlementQuery
		in    func(r *redemption.Redemption, c *redemption.Cell) bool
	}{
		"all":      {store.SettlementQuery{}, func(*redemption.Redemption, *redemption.Cell) bool { return true }},
		"market":   {store.SettlementQuery{Market: "mars"}, func(*redemption.Redemption, *redemption.Cell) bool { return false }},
		"funder":   {store.SettlementQuery{Market: "main", FunderKind: "brand", FunderCode: "orchard"}, func(_ *redemption.Redemption, c *redemption.Cell) bool { return c.FunderCode == "orchard" }},
		"merchant": {store.SettlementQuery{Merchant: "beta"}, func(r *redemption.Redemption, _ *redemption.Cell) bool { return r.Merchant == "beta" }},
		"store":    {store.SettlementQuery{Store: "a2"}, func(r *redemption.Redemption, _ *redemption.Cell) bool { return r.Store == "a2" }},
		"template": {store.SettlementQuery{Template: templates[1]}, func(r *redemption.Redemption, _ *redemption.Cell) bool { return r.Template == templates[1] }},
		"scope": {store.SettlementQuery{Scope: access.Scope{Merchants: []string{"acme"}, Stores: []string{"a1"}, Cities: []string{"beijing"}}},
			func(r *redemption.Redemption, _ *redemption.Cell) bool { return r.Store == "a1" && r.City == "beijing" }},
	} {
		// Only the days from the second on: what the first gave back on the second counts.
		c.query.From, c.query.To = testkit.Today.AddDays(1), testkit.Today.AddDays(2)
		var want metric.Bearing
		for i := range rows {
			r := &rows[i]
			for n := range r.Cells {
				if r.Currency != "" || !c.in(r, &r.Cells[n]) {
					continue
				}
				if r.Day >= c.query.From && r.Day <= c.query.To {
					want.BorneMinor += r.Cells[n].Minor
				}
				for _, v := range back {
					if v.Redemption == r.ID && v.Cell == int64(n) && v.Day >= c.query.From && v.Day <= c.query.To {
						want.ReturnedMinor += v.Minor
					}
				}
			}
		}
		w.look(func(tx store.Tx) error {
			for _, groups := range [][]string{nil, {"day"}, {"funder", "merchant"}, {"day", "funder", "merchant", "store", "template"}} {
				got, err := tx.Settlements().Sum(c.query, groups)
				if err != nil {
					return err
				}
				var sum metric.Bearing
				for _, b := range got {
					sum.BorneMinor += b.BorneMinor
					sum.ReturnedMinor += b.ReturnedMinor
					if slices.Contains(groups, "funder") != (b.FunderCode != "") || slices.Contains(groups, "day") != (b.Day != 0) {
						w.Errorf("%s by %v: %+v", name, groups, b)
					}
				}
				if sum.BorneMinor != want.BorneMinor || sum.ReturnedMinor != want.ReturnedMinor {
					w.Errorf("%s by %v: %+v, want %+v", name, groups, sum, want)
				}
			}
			return nil
		})
	}
}

// The rows of a settlement page without a gap and add up to it.
func settlementShares(w *world) {
	_, rows, back := settled(w)
	cells := 0
	for _, r := range rows {
		for _, c := range r.Cells {
			if c.Minor > 0 && r.Currency == "" {
				cells++
			}
		}
	}
	for _, size := range []int{1, 2, 5, 100} {
		var all []metric.Share
		w.look(func(tx store.Tx) error {
			all = nil
			for key := (store.ShareKey{}); ; {
				page, err := tx.Settlements().Shares(store.SettlementQuery{Market: "main"}, key, size)
				if err != nil {
					return err
				}
				all = append(all, page...)
				if len(page) < size {
					return nil
				}
				last := page[len(page)-1]
				key = store.ShareKey{Day: last.Day, Redemption: last.Redemption, Refund: last.Refund, Cell: last.Cell}
			}
		})
		var sum metric.Bearing
		returned := 0
		for _, v := range all {
			if v.Refund != 0 {
				returned++
				sum.ReturnedMinor += v.Minor
			} else {
				sum.BorneMinor += v.Minor
			}
		}
		if len(all) != cells+len(back) || returned != len(back) {
			w.Errorf("by %d: %d rows, %d of returns; want %d and %d", size, len(all), returned, cells+len(back), len(back))
		}
		w.look(func(tx store.Tx) error {
			got, err := tx.Settlements().Sum(store.SettlementQuery{Market: "main"}, nil)
			ordered(w, got, err, sum)
			return nil
		})
	}
}

func redemptionsFind(w *world) {
	templates, rows, _ := settled(w)
	find := func(f store.RedemptionFilter) (ids []id.ID) {
		w.look(func(tx store.Tx) error {
			ids = nil
			for {
				page, err := tx.Redemptions().Find(f)
				if err != nil {
					return err
				}
				for _, r := range page {
					ids = append(ids, r.ID)
				}
				if len(page) < f.Limit {
					return nil
				}
				last := page[len(page)-1]
				f.Before, f.BeforeDay = last.ID, last.Day
				if f.Returned {
					f.BeforeDay = last.ReturnedDay
				}
			}
		})
		return ids
	}
	for name, c := range map[string]struct {
		filter store.RedemptionFilter
		in     func(r *redemption.Redemption) bool
	}{
		"all":       {store.RedemptionFilter{}, func(*redemption.Redemption) bool { return true }},
		"days":      {store.RedemptionFilter{From: testkit.Today.AddDays(1), To: testkit.Today.AddDays(1)}, func(r *redemption.Redemption) bool { return r.Day == testkit.Today.AddDays(1) }},
		"market":    {store.RedemptionFilter{Market: "mars"}, func(*redemption.Redemption) bool { return false }},
		"template":  {store.RedemptionFilter{Market: "main", Template: templates[0]}, func(r *redemption.Redemption) bool { return r.Template == templates[0] }},
		"placement": {store.RedemptionFilter{Placement: 5}, func(r *redemption.Redemption) bool { return r.Placement == 5 }},
		"store":     {store.RedemptionFilter{Store: "b1", Merchant: "beta"}, func(r *redemption.Redemption) bool { return r.Store == "b1" }},
		"city":      {store.RedemptionFilter{City: "beijing", Form: "claim", Channel: "app"}, func(r *redemption.Redemption) bool { return r.City == "beijing" }},
		"clerk":     {store.RedemptionFilter{Operator: "psn_2"}, func(r *redemption.Redemption) bool { return r.Operator == "psn_2" }},
		"their own": {store.RedemptionFilter{Operator: "psn_2", Store: "a1"}, func(r *redemption.Redemption) bool { return r.Operator == "psn_2" && r.Store == "a1" }},
		"came back": {store.RedemptionFilter{Returned: true, Store: "a1", Operator: "psn_2"}, func(r *redemption.Redemption) bool { return r.CouponBack && r.Store == "a1" }},
		"by nobody": {store.RedemptionFilter{Returned: true, Operator: "psn_1"}, func(*redemption.Redemption) bool { return false }},
		"returned":  {store.RedemptionFilter{Returned: true}, func(r *redemption.Redemption) bool { return r.CouponBack }},
		"scope": {store.RedemptionFilter{Scope: access.Scope{Merchants: []string{"acme"}, Stores: []string{"a1"}, Cities: []string{"beijing"}}},
			func(r *redemption.Redemption) bool { return r.Template == templates[1] && r.Store == "a1" }},
	} {
		c.filter.Limit = 2
		got := find(c.filter)
		var want []redemption.Redemption
		for i := range rows {
			if c.in(&rows[i]) {
				want = append(want, rows[i])
			}
		}
		slices.SortFunc(want, func(a, b redemption.Redemption) int {
			if c.filter.Returned && a.ReturnedDay != b.ReturnedDay {
				return int(b.ReturnedDay - a.ReturnedDay)
			}
			if !c.filter.Returned && a.Day != b.Day {
				return int(b.Day - a.Day)
			}
			return cmp.Compare(b.ID, a.ID)
		})
		var ids []id.ID
		for _, r := range want {
			ids = append(ids, r.ID)
		}
		if !slices.Equal(got, ids) {
			w.Errorf("%s: %v, want %v", name, got, ids)
		}
	}
}

// Totals are what a recount of the rows finds, on both sides and by every filter.
func counterTotals(w *world) {
	templates, rows, _ := settled(w)
	for name, f := range map[string]store.RedemptionFilter{
		"all": {}, "a day": {From: testkit.Today.AddDays(1), To: testkit.Today.AddDays(1)}, "a store": {Store: "a1"}, "a clerk": {Operator: "psn_2"},
		"a clerk's day in a store": {Store: "a2", Operator: "psn_1", To: testkit.Today}, "another market": {Market: "mars"},
		"scope": {Scope: access.Scope{Merchants: []string{"acme"}, Stores: []string{"a1", "b1"}, Cities: []string{"beijing"}}}, "out of scope": {Store: "b1", Scope: access.Scope{Stores: []string{"a1"}}},
	} {
		f.Market, f.Limit = cmp.Or(f.Market, "main"), 50
		var want []redemption.CounterTotal
		at := func(shop, clerk, currency string) *redemption.CounterTotal {
			i := slices.IndexFunc(want, func(t redemption.CounterTotal) bool {
				return t.Store == shop && t.Clerk == clerk && t.Currency == currency
			})
			if i < 0 {
				want, i = append(want, redemption.CounterTotal{Store: shop, Clerk: clerk, Currency: currency}), len(want)
			}
			return &want[i]
		}
		for _, r := range rows {
			theirs := len(f.Scope.Merchants) > 0 && r.Template == templates[0]
			if f.Market != "main" || theirs || !f.Scope.Store(r.Store) || !f.Scope.City(r.City) || f.Store != "" && r.Store != f.Store {
				continue
			}
			within := func(d calendar.Date) bool { return d >= f.From && (f.To == 0 || d <= f.To) }
			if within(r.Day) && (f.Operator == "" || f.Operator == r.Operator) {
				t := at(r.Store, r.Operator, r.Currency)
				t.Redeemed, t.DiscountMinor, t.Away = t.Redeemed+1, t.DiscountMinor+r.DiscountMinor, t.Away+int64(flag(r.ScannedAt != 0))
			}
			if r.ReturnedDay != 0 && within(r.ReturnedDay) && (f.Operator == "" || f.Operator == r.ReturnedBy) {
				t := at(r.Store, r.ReturnedBy, r.Currency)
				t.Returned, t.ReturnedMinor = t.Returned+1, t.ReturnedMinor+r.DiscountMinor
			}
		}
		slices.SortFunc(want, func(a, b redemption.CounterTotal) int {
			return cmp.Or(cmp.Compare(a.Store, b.Store), cmp.Compare(a.Clerk, b.Clerk), cmp.Compare(a.Currency, b.Currency))
		})
		w.look(func(tx store.Tx) error {
			got, err := tx.Redemptions().CounterTotals(f)
			if !slices.Equal(got, want) || err != nil {
				w.Errorf("%s: %+v, want %+v; %v", name, got, want, err)
			}
			f.Limit = 1
			got, err = tx.Redemptions().CounterTotals(f)
			if len(got) != min(1, len(want)) {
				w.Errorf("%s: a limit of one gives %d rows", name, len(got))
			}
			return err
		})
	}
}

// Figures by merchant and store come from deltas and from the wide cube alike, and a
// question without them from the narrow one.
func metricStores(w *world) {
	template := testkit.Template(w.id())
	cell := func(merchant, shop string, n int64) metric.Delta {
		d := testkit.Delta(template.ID, 7)
		d.Merchant, d.Store, d.Issued, d.Redeemed = merchant, shop, 0, n
		return d
	}
	rows := []metric.Delta{cell("acme", "a1", 1), cell("acme", "a2", 10), cell("beta", "b1", 100), cell("", "", 1000)}
	w.do(func(tx store.Tx) error { return tx.Metrics().Append(rows) })
	for range 4 { // ever more of them folded
		w.look(func(tx store.Tx) error {
			for name, c := range map[string]struct {
				query store.MetricQuery
				want  map[string]int64
			}{
				"narrow":       {store.MetricQuery{GroupBy: []string{"form"}}, map[string]int64{"": 1111}},
				"by store":     {store.MetricQuery{GroupBy: []string{"merchant", "store"}}, map[string]int64{"a1": 1, "a2": 10, "b1": 100, "": 1000}},
				"of merchant":  {store.MetricQuery{Merchant: "acme"}, map[string]int64{"": 11}},
				"of store":     {store.MetricQuery{Store: "a2", GroupBy: []string{"store"}}, map[string]int64{"a2": 10}},
				"of a scope":   {store.MetricQuery{Scope: access.Scope{Stores: []string{"a1", "b1"}}}, map[string]int64{"": 101}},
				"of a channel": {store.MetricQuery{Channel: "app", Form: "claim", City: "shanghai"}, map[string]int64{"": 1111}},
				"of another":   {store.MetricQuery{Channel: "web"}, map[string]int64{}},
			} {
				got, err := tx.Metrics().Read(c.query)
				sums := map[string]int64{}
				for _, d := range got {
					sums[d.Store] += d.Redeemed
				}
				ordered(w, []map[string]int64{sums}, err, c.want)
				if w.Failed() {
					w.Fatal(name)
				}
			}
			return nil
		})
		w.do(func(tx store.Tx) error { _, err := tx.Metrics().Fold(1); return err })
	}
}
