package reporting_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/metric"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func use(w *apptest.World) *reporting.Reporting { return &reporting.Reporting{App: w.App} }

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Has(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

func limited(merchants ...string) access.Principal {
	p := access.System("limited")
	p.Scope.Merchants = merchants
	return p
}

func ofMerchant(code string) func(*coupon.Template) {
	return func(t *coupon.Template) { t.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: code} }
}

func write(w *apptest.World, fn func(store.Tx) error) {
	w.Helper()
	w.Must(w.Store.Update(w.Ctx(), store.Background, fn))
}

func TestStatistics(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		r, ctx := use(w), w.Ctx()
		mine, other := w.Publish(testkit.Doc(), ofMerchant("m1")), w.Publish(testkit.Doc())
		cell := func(template id.ID, channel string, v metric.Values) metric.Delta {
			d := testkit.Delta(template, 3)
			d.Channel, d.Values = channel, v
			return d
		}
		write(w, func(tx store.Tx) error {
			return tx.Metrics().Append(w.Deltas([]metric.Delta{
				cell(mine, "app", metric.Values{Issued: 3, CouponsUsed: 1, Redeemed: 1, Orders: 1, ListMinor: 3000, DiscountMinor: 500}),
				cell(mine, "shop", metric.Values{Issued: 4, CouponsUsed: 4, Redeemed: 5, Orders: 5, ListMinor: 9000, DiscountMinor: 2500}),
				cell(other, "app", metric.Values{Issued: 1}),
				cell(0, "app", metric.Values{Orders: 9, ListMinor: 90_000, DiscountMinor: 3000}),
			}))
		})
		got, err := r.Statistics(ctx, w.By, reporting.Query{Templates: []id.ID{mine}, GroupBy: []string{"channel"}})
		wants(t, "by channel", err, "")
		if len(got.Rows) != 2 || got.Rows[0].Dims.Channel != "app" || got.Totals.Issued != 7 || got.Totals.Redeemed != 6 {
			t.Fatalf("report = %+v", got)
		}
		// 1/3 and 5/7 of the coupons; 500/3000 and 3000/12000 of the money: half up.
		for what, pair := range map[string][2]reporting.Rates{
			"app": {got.Rows[0].Rates, {RedemptionBps: 3333, SubsidyBps: 1667}},
			"all": {got.Rates, {RedemptionBps: 7143, SubsidyBps: 2500}},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: rates = %+v, want %+v", what, pair[0], pair[1])
			}
		}
		whole, err := r.Statistics(ctx, w.By, reporting.Query{})
		if err != nil || whole.Totals.Issued != 8 || whole.Totals.Orders != 6 {
			t.Errorf("whole = %+v, %v", whole, err)
		}
		orders, err := r.Statistics(ctx, w.By, reporting.Query{AllOrders: true})
		if err != nil || orders.Totals.Orders != 9 || orders.Rates.RedemptionBps != 0 {
			t.Errorf("orders = %+v, %v", orders, err)
		}
		narrow, err := r.Statistics(ctx, limited("m1"), reporting.Query{GroupBy: []string{"template"}})
		if err != nil || narrow.Totals.Issued != 7 {
			t.Errorf("of one merchant = %+v, %v", narrow, err)
		}
		_, err = r.Statistics(ctx, limited("m1"), reporting.Query{AllOrders: true})
		wants(t, "all orders by a limited principal", err, fault.PermissionDeny)
		for code, q := range map[fault.Code]reporting.Query{
			fault.InvalidValue:   {GroupBy: []string{"day; DROP TABLE coupons"}},
			fault.DuplicateValue: {GroupBy: []string{"day", "day"}},
			fault.OutOfRange:     {From: 20260302, To: 20260301},
			fault.Absent:         {Market: "mars\x00"},
		} {
			_, err := r.Statistics(ctx, w.By, q)
			wants(t, string(code), err, code)
		}
	})
}

func TestRefusals(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		mine, other := w.Publish(testkit.Doc(), ofMerchant("m1")), w.Publish(testkit.Doc())
		row := func(template id.ID, code fault.Code, n int64) store.Refusal {
			return store.Refusal{Market: "main", Day: testkit.Today, Template: template, Code: string(code), Channel: "app", Count: n}
		}
		write(w, func(tx store.Tx) error {
			return tx.Metrics().AppendRefusals([]store.Refusal{row(mine, fault.SoldOut, 2), row(other, fault.SoldOut, 3), row(other, fault.MemberLimit, 9)})
		})
		got, err := use(w).Refusals(w.Ctx(), w.By, reporting.Query{})
		if rows := got.Rows; err != nil || len(rows) != 2 || rows[0] != (reporting.RefusalCount{Code: string(fault.MemberLimit), Count: 9}) || rows[1].Count != 5 {
			t.Errorf("refusals = %+v, %v", got, err)
		}
		got, err = use(w).Refusals(w.Ctx(), limited("m1"), reporting.Query{})
		if err != nil || len(got.Rows) != 1 || got.Rows[0].Count != 2 {
			t.Errorf("refusals of one merchant = %+v, %v", got, err)
		}
		got, err = use(w).Refusals(w.Ctx(), w.By, reporting.Query{Channel: "app", GroupBy: []string{"template", "day", "channel"}})
		if err != nil || len(got.Rows) != 3 || got.Rows[1].Template != other || got.Rows[0].Day != testkit.Today || got.Names.Templates[mine] == "" {
			t.Errorf("refusals by template = %+v, %v", got, err)
		}
		_, err = use(w).Refusals(w.Ctx(), w.By, reporting.Query{GroupBy: []string{"store"}})
		wants(t, "refusals by store", err, fault.InvalidValue)
	})
}

func TestFunnel(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		template := w.Publish(testkit.Doc())
		capped, open := testkit.Placement(w.IDs.New(1), template), testkit.Placement(w.IDs.New(1), template)
		capped.Cap = 5
		write(w, func(tx store.Tx) error { return tx.Placements().Insert([]store.Placement{capped, open}) })
		members := w.Members(3)
		for i, place := range []id.ID{capped.ID, capped.ID, 0} {
			w.Must(w.Claim(issuing.ClaimInput{Template: template, MemberID: members[i], Placement: place, Channel: "app"}).Err)
		}
		f, err := use(w).Funnel(w.Ctx(), w.By, template)
		w.Must(err)
		if f.Total.Placed != 100 || f.Total.Unlimited || f.Total.Issued != 3 {
			t.Errorf("total = %+v", f.Total)
		}
		want := []reporting.Step{
			{Template: template, Unlimited: true, Issued: 1},
			{Template: template, Placement: capped.ID, Placed: 5, Issued: 2},
			{Template: template, Placement: open.ID, Unlimited: true},
		}
		if len(f.Placements) != 3 || f.Placements[0] != want[0] || f.Placements[1] != want[1] || f.Placements[2] != want[2] {
			t.Errorf("placements = %+v, want %+v", f.Placements, want)
		}
		_, err = use(w).Funnel(w.Ctx(), limited("m1"), template)
		wants(t, "a foreign template", err, fault.Absent)

		never := testkit.Placement(w.IDs.New(1), template)
		for _, rows := range [][]store.Placement{{capped}, {never, capped, open}} {
			placed, err := use(w).Placements(w.Ctx(), w.By, rows)
			w.Must(err)
			for i, p := range rows {
				want := int64(0)
				if p.ID == capped.ID {
					want = 2
				}
				if placed[i].Values.Issued != want || placed[i].Currency != "CNY" {
					t.Errorf("figures of %d of %d = %+v, want %d issued", i, len(rows), placed[i], want)
				}
			}
		}
		if placed, err := use(w).Placements(w.Ctx(), limited("m1"), []store.Placement{capped}); err != nil || placed[0].Values.Issued != 0 {
			t.Errorf("figures of a foreign template = %+v, %v", placed, err)
		}
		nobody := w.By
		nobody.Permissions = []access.Permission{access.ReferenceRead}
		_, err = use(w).Placements(w.Ctx(), nobody, []store.Placement{capped})
		wants(t, "without the permission", err, fault.PermissionDeny)
	})
}
