package reporting_test

import (
	"testing"

	"quan/internal/app/apptest"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/metric"
	"quan/internal/kernel/fault"
	"quan/internal/store"
	"quan/internal/testkit"
)

// Figures of other cities are not there for a principal that is limited to some;
// figures that know no store, or no city, are not given to one that is limited to them.
func TestFiguresStayInScope(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		r, ctx := use(w), w.Ctx()
		tpl := w.Publish(testkit.Doc())
		here, there := testkit.Delta(tpl, 3), testkit.Delta(tpl, 3)
		here.City, here.Values = "shanghai", metric.Values{Issued: 3}
		there.City, there.Values = "beijing", metric.Values{Issued: 4}
		used := testkit.Delta(tpl, 3)
		used.City, used.Store, used.Values = "beijing", "s1", metric.Values{Redeemed: 5}
		write(w, func(tx store.Tx) error { return tx.Metrics().Append(w.Deltas([]metric.Delta{here, there, used})) })
		city := access.System("city")
		city.Scope.Cities = []string{"shanghai"}
		report, err := r.Statistics(ctx, city, reporting.Query{})
		w.Must(err)
		if report.Totals.Issued != 3 {
			t.Errorf("statistics: %d issued in the city, want 3", report.Totals.Issued)
		}
		funnel, err := r.Funnel(ctx, city, tpl)
		w.Must(err)
		if funnel.Total.Issued != 3 {
			t.Errorf("funnel: %d issued in the city, want 3", funnel.Total.Issued)
		}
		_, err = r.Refusals(ctx, city, reporting.Query{})
		wants(t, "refusals of a city", err, fault.PermissionDeny)
		shop := access.System("shop")
		shop.Scope.Stores = []string{"s1"}
		report, err = r.Statistics(ctx, shop, reporting.Query{})
		w.Must(err)
		if report.Totals.Issued != 0 || report.Totals.Redeemed != 5 {
			t.Errorf("statistics: %+v in the store, want the 5 uses there", report.Totals)
		}
		_, err = r.Funnel(ctx, shop, tpl)
		wants(t, "funnel of a store", err, fault.PermissionDeny)
		_, err = r.Refusals(ctx, shop, reporting.Query{})
		wants(t, "refusals of a store", err, fault.PermissionDeny)
		for name, by := range map[string]access.Principal{"city": city, "store": shop, "merchant": limited("m1")} {
			_, err = r.Totals(ctx, by)
			wants(t, "totals for a "+name, err, fault.PermissionDeny)
		}
	})
}
