package bench

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/upkeep"
	"quan/internal/domain/coupon"
	"quan/internal/edge/worker"
	"quan/internal/kernel/calendar"
	"quan/internal/server"
	"quan/internal/store"
	"quan/internal/testkit"
)

var dueCoupons = flag.Int("due", 200_000, "coupons that have ended when BenchmarkExpiry begins")

// BenchmarkExpiry is claims beside a worker that has nothing to end, and beside one
// that ends coupons which all ended at one midnight, in turns.
func BenchmarkExpiry(b *testing.B) {
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			st := newStage(b, engine)
			began := time.Now()
			st.end(*dueCoupons)
			filled := time.Since(began)
			load := &claims{stage: st, numbers: new(atomic.Int64)}
			var quiet, busy []turn
			var ended int64
			var spent time.Duration
			for range *roundCount {
				st.working(func() { quiet = append(quiet, load.run(crowdSize, gathered, *roundLength)) })
				n, t := st.expiring(func() { busy = append(busy, load.run(crowdSize, gathered, *roundLength)) })
				ended, spent = ended+n, spent+t
			}
			alone, aloneFor := st.expiring(func() { <-time.After(*roundLength) })
			t := newTable(fmt.Sprintf("Claims while %d coupons end, %s; %d callers, filled in %s", *dueCoupons, engine, crowdSize, filled.Round(time.Second)),
				"what", "claims a second", "p50", "p99", "coupons ended a second", "ten million in")
			rate := func(n int64, d time.Duration) (string, string) {
				each := float64(n) / d.Seconds()
				if n == 0 {
					return "0", ""
				}
				return fmt.Sprintf("%.0f", each), (time.Duration(1e7/each) * time.Second).Round(time.Minute).String()
			}
			t.row("nothing ends", fmt.Sprintf("%.0f", median(quiet, turn.rate)), percentile(quiet, 50), percentile(quiet, 99), "", "")
			each, all := rate(ended, spent)
			t.row("the worker ends coupons", fmt.Sprintf("%.0f", median(busy, turn.rate)), percentile(busy, 50), percentile(busy, 99), each, all)
			each, all = rate(alone, aloneFor)
			t.row("the worker alone", "", "", "", each, all)
			t.print()
			b.ReportMetric(median(busy, turn.rate)/median(quiet, turn.rate), "of-quiet")
		})
	}
}

// end fills the store with coupons that ended at the midnight before.
func (st *stage) end(n int) {
	const piece = 5000
	template := st.Publish(apptest.Limits(testkit.Doc()))
	zone := st.Market.Location()
	midnight := calendar.DateOf(st.Clock(), zone).Start(zone)
	for from := 0; from < n; from += piece {
		rows := make([]coupon.Coupon, 0, piece)
		for i := from; i < min(n, from+piece); i++ {
			member := st.ids[i%members]
			c := testkit.Coupon(st.IDs.New(member.Slot()), member, template)
			c.ValidTo = midnight
			rows = append(rows, c)
		}
		slices.SortFunc(rows, func(a, b coupon.Coupon) int { return int(a.ID - b.ID) })
		st.Must(st.Store.Update(st.Ctx(), store.Background, func(tx store.Tx) error { return tx.Coupons().Insert(rows) }))
	}
}

// expiring runs the worker's job beside something, and tells how many coupons it
// ended meanwhile.
func (st *stage) expiring(beside func()) (n int64, took time.Duration) {
	var ended atomic.Int64
	job := worker.Job{Name: "expire.coupons", Every: time.Second, Share: server.ExpiryShare, Run: func(ctx context.Context) (int, error) {
		n, err := st.Checkout.ExpireCoupons(ctx, server.ExpiryPiece)
		ended.Add(int64(n))
		return n, err
	}}
	began := time.Now()
	st.working(func() {
		beside()
		took = time.Since(began)
	}, job)
	return ended.Load(), took
}

// working runs a worker beside something, with these jobs.
func (st *stage) working(beside func(), jobs ...worker.Job) {
	w := worker.New(&upkeep.Upkeep{App: st.App}, worker.Config{Holder: "bench", Sink: forgetful{}, Clock: worker.Wall{},
		Log: slog.New(slog.DiscardHandler), Jobs: jobs})
	ctx, stop := context.WithCancel(st.Ctx())
	over := make(chan struct{})
	go func() { defer close(over); w.Run(ctx) }()
	beside()
	stop()
	<-over
}

// forgetful takes every change and does nothing with it.
type forgetful struct{}

func (forgetful) Deliver(context.Context, []store.StoredChange) error { return nil }
