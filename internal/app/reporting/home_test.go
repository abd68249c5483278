package reporting_test

import (
	"slices"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/issuing"
	"quan/internal/app/reporting"
	"quan/internal/domain/access"
	"quan/internal/domain/budget"
	"quan/internal/domain/job"
	"quan/internal/domain/limit"
	"quan/internal/domain/metric"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

func kinds(h reporting.Home) (all []reporting.NoticeKind) {
	for _, n := range h.Notices {
		all = append(all, n.Kind)
	}
	return all
}

// Home tells three days as statistics do, and what needs somebody, to each what it may see.
func TestHome(t *testing.T) {
	apptest.Each(t, func(t *testing.T, w *apptest.World) {
		r, ctx := use(w), w.Ctx()
		quiet, err := r.Home(ctx, w.By, "", "")
		w.Must(err)
		if len(quiet.Notices) != 0 || quiet.Today.Day != testkit.Today || quiet.Before.Day != testkit.Today.AddDays(-1) || quiet.Week.Day != testkit.Today.AddDays(-7) {
			t.Errorf("of nothing: %+v", quiet)
		}
		now := w.Clock()
		ends := testkit.Doc()
		ends.Claim.Window.To = now.Add(24 * time.Hour)
		ending := w.Publish(ends)
		out := w.Publish(apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Ever, Per: limit.PerTemplate, Cap: 1}), ofMerchant("m1"))
		alarmed := w.Publish(apptest.Limits(testkit.Doc(), limit.Limit{What: limit.IssueCount, Period: limit.Day, Per: limit.PerTemplate, Cap: 4, Alarms: []int64{25, 80}}))
		place := testkit.Placement(w.IDs.New(1), alarmed)
		place.Cap, place.To = 1, now.Add(time.Hour)
		spring := budget.Budget{ID: w.IDs.New(2), Market: "main", Name: "spring", Rev: 1, Limits: []limit.Limit{{What: limit.Liability, Period: limit.Campaign, Per: limit.PerCampaign, Cap: 1000, Alarms: []int64{50}}}}
		failed := job.New(job.Job{ID: w.IDs.New(3), Kind: "grant"}, now)
		failed.State, failed.EndedAt, failed.Rev = job.Discarded, now, 1
		write(w, func(tx store.Tx) error {
			if err := tx.Placements().Insert([]store.Placement{place}); err != nil {
				return err
			}
			if err := tx.Budgets().Insert([]store.Budget{spring}); err != nil {
				return err
			}
			holder := spring.Holder(w.Market)
			key, _ := holder.Whole(0, limit.Subject{Day: testkit.Today, At: now})
			locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{key}})
			if err != nil {
				return err
			}
			row := *locked.Counters[key]
			row.Taken, row.Ceiling, row.Rev = 600, 1000, row.Rev+1
			if err := tx.Counters().Write([]limit.Counter{row}); err != nil {
				return err
			}
			if err := tx.Jobs().Insert([]store.Job{failed}); err != nil {
				return err
			}
			if err := tx.Jobs().PutQueue(store.Queue{Name: "default", PausedAt: now}); err != nil {
				return err
			}
			before := testkit.Delta(ending, 1)
			before.Day, before.Values = testkit.Today.AddDays(-7), metric.Values{Issued: 70}
			return tx.Metrics().Append(w.Deltas([]metric.Delta{before}))
		})
		write(w, func(tx store.Tx) error {
			return tx.Settings().Put(map[string]string{"stop/merchant/m2": `{"scope":"merchant","key":"m2","claims":true}`})
		})
		w.Members(2)
		w.Must(w.Claim(issuing.ClaimInput{Template: out, Member: w.Key(0), Channel: "app"}).Err)
		w.Must(w.Claim(issuing.ClaimInput{Template: alarmed, Member: w.Key(1), Placement: place.ID, Channel: "app"}).Err)
		h, err := r.Home(ctx, w.By, "main", "CNY")
		w.Must(err)
		want := []reporting.NoticeKind{reporting.NoticeStop, reporting.NoticeBudget, reporting.NoticeLimit, reporting.NoticeJob, reporting.NoticeQueue, reporting.NoticeSoldOut,
			reporting.NoticePlacementOut, reporting.NoticeEnding, reporting.NoticePlacementEnd}
		if !slices.Equal(kinds(h), want) {
			t.Errorf("notices %v, want %v", kinds(h), want)
		}
		if h.Notices[1].Percent != 50 || h.Notices[2].Percent != 25 || h.Notices[5].Subject != id.Format(id.Template, out) || len(h.Budgets) != 1 || h.Budgets[0].Bps != 6000 {
			t.Errorf("home %+v", h)
		}
		if h.Today.Coupons.Issued != 2 || h.Week.Coupons.Issued != 70 || !h.Today.Whole || h.Currency != "CNY" {
			t.Errorf("days %+v, %+v", h.Today, h.Week)
		}
		part, err := r.Home(ctx, limited("m1"), "", "")
		w.Must(err)
		if !slices.Equal(kinds(part), []reporting.NoticeKind{reporting.NoticeSoldOut}) || part.Today.Coupons.Issued != 1 || part.Today.Whole {
			t.Errorf("of one merchant %v, %+v", kinds(part), part.Today)
		}
		figures, err := r.Home(ctx, access.Principal{Permissions: []access.Permission{access.StatisticsRead}}, "", "")
		w.Must(err)
		if len(figures.Notices) != 0 || figures.Today.Coupons.Issued != 2 {
			t.Errorf("to whom only reads figures: %+v", figures)
		}
		_, err = r.Home(ctx, access.Principal{}, "", "")
		wants(t, "home without the permission", err, fault.PermissionDeny)
	})
}
