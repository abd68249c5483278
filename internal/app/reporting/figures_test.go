package reporting_test

import (
	"fmt"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/checkout"
	"quan/internal/app/issuing"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/metric"
	"quan/internal/domain/order"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

// sold is eight uses in two stores on two days, by two funders; three orders are
// refunded, one of them in part and on another day.
func sold(t *testing.T, w *apptest.World) (templates []id.ID) {
	doc := apptest.Limits(testkit.Doc())
	doc.Terms.Funders = []coupon.Funder{{Kind: coupon.FunderPlatform, Code: "platform", ShareBps: 3333}, {Kind: coupon.FunderBrand, Code: "orchard", ShareBps: 6667}}
	templates = []id.ID{w.Publish(doc), w.Publish(doc, ofMerchant("m1"))}
	w.Members(8)
	refund := func(n int, ref string, lines ...redemption.RefundLine) {
		out, err := w.Checkout.Refund(w.Ctx(), w.By, []checkout.RefundInput{{Basis: checkout.Basis{Order: order.Key{Source: "pos", Ref: fmt.Sprint(n)}}, Ref: ref, Full: len(lines) == 0, Lines: lines}})
		w.Must(err)
		w.Must(out[0].Err)
	}
	for n := range 8 {
		if n == 4 {
			w.Time.Advance(24 * time.Hour)
			refund(0, "r0", redemption.RefundLine{Line: 0, Quantity: 1})
			refund(1, "r1")
		}
		got := w.Claim(issuing.ClaimInput{Template: templates[n%2], Member: w.Key(n), Channel: "app"})
		w.Must(got.Err)
		cart := &pricing.Cart{Channel: "pos", City: "shanghai", Store: []string{"s1", "s2"}[n/2%2], Lines: []pricing.Line{
			{SKU: "apple", Category: "fresh/fruit", Quantity: 3, UnitMinor: 999}, {SKU: "soap", Quantity: 1, UnitMinor: 777}}}
		out, err := w.Checkout.Redeem(w.Ctx(), w.By, []checkout.RedeemInput{{Basis: checkout.Basis{Order: order.Key{Source: "pos", Ref: fmt.Sprint(n)}, Cart: cart,
			Coupons: []id.ID{got.Receipt.Coupons[0].ID}}}})
		w.Must(err)
		w.Must(out[0].Err)
	}
	refund(0, "r0 again", redemption.RefundLine{Line: 0, Quantity: 1})
	refund(5, "r5")
	return templates
}

// Every figure of uses is the sum of the rows that the same question lists.
func TestFiguresAreTheirRows(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		templates := sold(t, w)
		r, ctx := use(w), w.Ctx()
		today := w.Market.Day(w.Clock())
		merchant := limited("m1")
		for name, c := range map[string]struct {
			by access.Principal
			q  reporting.Query
		}{
			"all":      {w.By, reporting.Query{}},
			"today":    {w.By, reporting.Query{From: today, To: today}},
			"template": {w.By, reporting.Query{Templates: templates[:1]}},
			"store":    {w.By, reporting.Query{Store: "s2"}},
			"channel":  {w.By, reporting.Query{Channel: "pos", City: "shanghai", Form: "claim"}},
			"merchant": {merchant, reporting.Query{}},
		} {
			report, err := r.Statistics(ctx, c.by, c.q)
			w.Must(err)
			var got, back metric.Values
			for _, returned := range []bool{false, true} {
				w.Must(r.EachRedemption(ctx, c.by, reporting.RedemptionQuery{Query: c.q, Returned: returned}, func(u reporting.Used) error {
					for _, row := range u.Rows {
						if returned {
							back.Returned++
							continue
						}
						got.Redeemed++
						got.ListMinor += row.ListMinor
						got.DiscountMinor += row.DiscountMinor
						got.PaidMinor += row.PaidMinor
						if u.Names.Templates[row.Template] == "" {
							t.Errorf("%s: a row without the name of its template", name)
						}
					}
					return nil
				}))
			}
			v := report.Totals
			if got.Redeemed == 0 || got.Redeemed != v.Redeemed || got.ListMinor != v.ListMinor || got.DiscountMinor != v.DiscountMinor || got.PaidMinor != v.PaidMinor || back.Returned != v.Returned {
				t.Errorf("%s: rows %+v %d back, figures %+v", name, got, back.Returned, v)
			}
		}
		stores, err := r.Statistics(ctx, w.By, reporting.Query{GroupBy: []string{"store", "day"}})
		w.Must(err)
		if len(stores.Rows) < 5 || stores.Rows[0].Dims.Store != "" {
			t.Errorf("by store: %+v", stores.Rows)
		}
	})
}

// A settlement is the sum of its rows and of the stored cells, in each period and for
// whoever asks.
func TestSettlement(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		sold(t, w)
		r, ctx := use(w), w.Ctx()
		today := w.Market.Day(w.Clock())
		first := today.AddDays(-1)
		period := func(from, to calendar.Date) reporting.SettlementInput {
			return reporting.SettlementInput{SettlementQuery: store.SettlementQuery{From: from, To: to}}
		}
		sum := func(by access.Principal, in reporting.SettlementInput) metric.Bearing {
			s, err := r.Settle(ctx, by, in)
			w.Must(err)
			var rows metric.Bearing
			w.Must(r.EachShare(ctx, by, in, func(page reporting.Shares) error {
				for _, v := range page.Rows {
					if v.Refund != 0 {
						rows.ReturnedMinor += v.Minor
					} else {
						rows.BorneMinor += v.Minor
					}
				}
				return nil
			}))
			if rows != s.Total || s.Currency != "CNY" {
				t.Errorf("%+v: rows %+v, settlement %+v in %s", in, rows, s.Total, s.Currency)
			}
			return s.Total
		}
		var cells metric.Bearing
		w.Must(w.Store.View(ctx, func(tx store.Tx) error {
			rows, err := tx.Redemptions().List(0, 100)
			if err != nil {
				return err
			}
			ids := make([]id.ID, len(rows))
			for i := range rows {
				ids[i] = rows[i].ID
			}
			cells = metric.Bearing{}
			rows, err = tx.Redemptions().Get(ids)
			for _, u := range rows {
				for _, c := range u.Cells {
					cells.BorneMinor += c.Minor
					cells.ReturnedMinor += c.ReturnedMinor
				}
			}
			return err
		}))
		whole, one, two := sum(w.By, period(first, today)), sum(w.By, period(first, first)), sum(w.By, period(today, today))
		if whole != cells || one.BorneMinor+two.BorneMinor != whole.BorneMinor || one.ReturnedMinor != 0 || two.ReturnedMinor != whole.ReturnedMinor || whole.ReturnedMinor == 0 {
			t.Errorf("two days %+v, the first %+v, the second %+v, cells %+v", whole, one, two, cells)
		}
		shop := access.System("shop")
		shop.Scope.Stores = []string{"s1"}
		if part := sum(shop, period(first, today)); part.BorneMinor == 0 || part.BorneMinor >= whole.BorneMinor {
			t.Errorf("of one store %+v of %+v", part, whole)
		}
		for code, in := range map[fault.Code]reporting.SettlementInput{
			fault.OutOfRange:       period(first, first.AddDays(400)),
			fault.InvalidValue:     {GroupBy: []string{"member"}},
			fault.Absent:           {SettlementQuery: store.SettlementQuery{Market: "mars"}},
			fault.CurrencyMismatch: {SettlementQuery: store.SettlementQuery{Currency: "USD"}},
		} {
			_, err := r.Settle(ctx, w.By, in)
			wants(t, string(code), err, code)
		}
		_, err := r.Settle(ctx, access.Principal{Permissions: []access.Permission{access.OrderRead}}, period(first, today))
		wants(t, "without the permission", err, fault.PermissionDeny)
		w.Clean()
	})
}
