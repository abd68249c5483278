package storetest

import (
	"context"
	"fmt"
	"sync"

	"quan/internal/domain/access"
	"quan/internal/domain/coupon"
	"quan/internal/domain/metric"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/testkit"
)

var metricTests = map[string]func(*world){
	"metrics/columns":      metricColumns,
	"metrics/selections":   metricSelections,
	"metrics/fold exact":   foldIsExact,
	"metrics/refusals add": refusalsAdd,
}

// Every value comes back, from deltas and from rollups alike.
func metricColumns(w *world) {
	d := testkit.Delta(w.id(), 7)
	d.Placement, d.Merchant, d.Store = w.id(), "acme", "acme-1"
	for i, column := range d.Values.Columns() {
		*column = int64(i + 1)
	}
	filled(w, d.Dims)
	filled(w, d.Values)
	want := metric.Delta{Dims: d.Dims, Values: d.Values}
	all := store.MetricQuery{Market: "main", GroupBy: []string{"day", "template", "placement", "form", "channel", "city", "merchant", "store"}}
	w.do(func(tx store.Tx) error { return tx.Metrics().Append([]metric.Delta{d}) })
	for range 2 {
		w.look(func(tx store.Tx) error {
			got, err := tx.Metrics().Read(all)
			ordered(w, got, err, want)
			return nil
		})
		w.do(func(tx store.Tx) error {
			_, err := tx.Metrics().Fold(10)
			return err
		})
	}
}

func metricSelections(w *world) {
	ours, theirs := testkit.Template(w.id()), testkit.Template(w.id())
	theirs.Issuer = coupon.Issuer{Kind: coupon.IssuerMerchant, Code: "acme"}
	yesterday := testkit.Today.AddDays(-1)
	delta := func(template id.ID, issued int64, change func(*metric.Delta)) metric.Delta {
		d := testkit.Delta(template, 7)
		d.Issued = issued
		change(&d)
		return d
	}
	rows := []metric.Delta{
		delta(ours.ID, 1, func(d *metric.Delta) {}),
		delta(ours.ID, 10, func(d *metric.Delta) { d.Day = yesterday }),
		delta(theirs.ID, 100, func(d *metric.Delta) { d.Channel, d.City = "web", "beijing" }),
		delta(theirs.ID, 1000, func(d *metric.Delta) { d.Placement = 5 }),
		delta(0, 10_000, func(d *metric.Delta) { d.Form = "" }),
		delta(ours.ID, 100_000, func(d *metric.Delta) { d.Market = "other" }),
	}
	w.do(func(tx store.Tx) error {
		if err := tx.Templates().Insert([]store.Template{ours, theirs}); err != nil {
			return err
		}
		return tx.Metrics().Append(rows[:3])
	})
	w.do(func(tx store.Tx) error {
		_, err := tx.Metrics().Fold(2) // some cells folded, some not
		return err
	})
	w.do(func(tx store.Tx) error { return tx.Metrics().Append(rows[3:]) })
	w.look(func(tx store.Tx) error {
		for name, c := range map[string]struct {
			query store.MetricQuery
			want  int64
		}{
			"all coupons": {store.MetricQuery{Market: "main"}, 1111},
			"all orders":  {store.MetricQuery{Market: "main", AllOrders: true}, 10_000},
			"from":        {store.MetricQuery{Market: "main", From: testkit.Today}, 1101},
			"to":          {store.MetricQuery{Market: "main", To: yesterday}, 10},
			"template":    {store.MetricQuery{Market: "main", Templates: []id.ID{theirs.ID}}, 1100},
			"orders of":   {store.MetricQuery{Market: "main", AllOrders: true, Templates: []id.ID{theirs.ID}}, 10_000},
			"placement":   {store.MetricQuery{Market: "main", Placement: 5}, 1000},
			"scope":       {store.MetricQuery{Market: "main", Scope: access.Scope{Merchants: []string{"acme"}}}, 1100},
			"other":       {store.MetricQuery{Market: "other"}, 100_000},
		} {
			got, err := tx.Metrics().Read(c.query)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if len(got) != 1 || got[0].Issued != c.want {
				w.Errorf("%s: %+v, want %d issued", name, got, c.want)
			}
		}
		got, err := tx.Metrics().Read(store.MetricQuery{Market: "main", GroupBy: []string{"channel", "day"}})
		sums := map[string]int64{}
		for _, d := range got {
			sums[fmt.Sprint(d.Channel, d.Day)] += d.Issued
		}
		ordered(w, []map[string]int64{sums}, err, map[string]int64{
			fmt.Sprint("app", testkit.Today): 1001, fmt.Sprint("app", yesterday): 10, fmt.Sprint("web", testkit.Today): 100})
		return nil
	})
}

// Whatever is appended while a fold runs is counted once.
func foldIsExact(w *world) {
	const writers, each = 4, 25
	template := w.id()
	stores := w.engines()
	var wg sync.WaitGroup
	failures := make(chan error, writers*each+1)
	for n := range writers {
		wg.Go(func() {
			for i := range each {
				d := testkit.Delta(template, int64(n%2)) // writers share rows
				d.City = fmt.Sprint("c", i%3)
				failures <- stores[n%len(stores)].Update(context.Background(), store.Issue, func(tx store.Tx) error {
					return tx.Metrics().Append([]metric.Delta{d})
				})
			}
		})
	}
	stop := make(chan struct{})
	folded := make(chan error, 1)
	go func() {
		for {
			err := w.store.Update(context.Background(), store.Background, func(tx store.Tx) error {
				_, err := tx.Metrics().Fold(3)
				return err
			})
			select {
			case <-stop:
				folded <- err
				return
			default:
				if err != nil {
					folded <- err
					return
				}
			}
		}
	}()
	wg.Wait()
	close(stop)
	close(failures)
	for err := range failures {
		if err != nil {
			w.Error(err)
		}
	}
	if err := <-folded; err != nil {
		w.Error(err)
	}
	total := func() (n int64) {
		w.look(func(tx store.Tx) error {
			got, err := tx.Metrics().Read(store.MetricQuery{Market: "main", GroupBy: []string{"city"}})
			n = 0
			for _, d := range got {
				n += d.Issued
			}
			return err
		})
		return n
	}
	if n := total(); n != writers*each {
		w.Errorf("%d counted, want %d", n, writers*each)
	}
	for range 100 {
		var moved int64
		w.do(func(tx store.Tx) (err error) { moved, err = tx.Metrics().Fold(1000); return err })
		if moved == 0 {
			break
		}
	}
	if n := total(); n != writers*each {
		w.Errorf("%d counted after the fold, want %d", n, writers*each)
	}
}

func refusalsAdd(w *world) {
	r := store.Refusal{Market: "main", Day: testkit.Today, Template: w.id(), Code: "sold_out", Channel: "app", Count: 3}
	filled(w, r)
	other := r
	other.Day, other.Count = r.Day.AddDays(1), 5
	w.do(func(tx store.Tx) error { return tx.Metrics().AppendRefusals([]store.Refusal{r, other}) })
	w.do(func(tx store.Tx) error { return tx.Metrics().AppendRefusals([]store.Refusal{r}) })
	w.look(func(tx store.Tx) error {
		got, err := tx.Metrics().Refusals("main", r.Day, r.Day)
		twice := r
		twice.Count = 6
		same(w, got, err, twice)
		got, err = tx.Metrics().Refusals("main", 0, 0)
		same(w, got, err, twice, other)
		return nil
	})
}
