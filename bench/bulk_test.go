package bench

import (
	"fmt"
	"testing"
	"time"

	"quan/internal/app/apptest"
	"quan/internal/app/catalog"
	"quan/internal/app/membership"
	"quan/internal/app/reporting"
	"quan/internal/edge/replay"
	"quan/internal/server"
	"quan/internal/store"
	"quan/internal/testkit"
)

// BenchmarkVerify is all checks over 100,000 coupons, once.
func BenchmarkVerify(b *testing.B) {
	const coupons = 100_000
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			st := newStage(b, engine)
			st.stock(coupons)
			began, checks := time.Now(), 0
			must(b, st.Store.Snapshot(b.Context(), func(tx store.Tx) error {
				for _, name := range tx.Checks().Names() {
					found, err := tx.Checks().Run(name, st.Clock(), 10)
					if err != nil || len(found) > 0 {
						return fmt.Errorf("%s: %v %w", name, found, err)
					}
					checks++
				}
				return nil
			}))
			took := time.Since(began)
			b.ReportMetric(float64(coupons)/took.Seconds(), "coupons/s")
			t := newTable(fmt.Sprintf("Verify, %s; %d coupons of %d members", engine, coupons, members), "checks", "took", "coupons a second")
			t.row(fmt.Sprint(checks), took.Round(time.Millisecond).String(), fmt.Sprintf("%.0f", float64(coupons)/took.Seconds()))
			t.print()
		})
	}
}

// BenchmarkReplay brings in the tianchi set, every row through the use case.
func BenchmarkReplay(b *testing.B) {
	dir := testkit.Shared(b, "data", "tianchi-o2o")
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			w := apptest.New(b, openStore(b, engine), 1)
			w.App.Clock = server.WallClock
			began := time.Now()
			got, err := replay.Deps{Catalog: &catalog.Catalog{App: w.App}, Membership: &membership.Membership{App: w.App}, Issuing: w.Issuing,
				Checkout: w.Checkout, Reporting: &reporting.Reporting{App: w.App}, Vault: w.Vault}.Tianchi(b.Context(), dir, nil)
			must(b, err)
			took := time.Since(began)
			b.ReportMetric(float64(got.Issued)/took.Seconds(), "rows/s")
			t := newTable("Replay of tianchi, "+engine+"; an empty store, slices of 256", "rows", "members", "templates", "took", "rows a second")
			t.row(fmt.Sprint(got.Issued), fmt.Sprint(got.Members), fmt.Sprint(got.Templates), took.Round(time.Millisecond).String(), fmt.Sprintf("%.0f", float64(got.Issued)/took.Seconds()))
			t.print()
		})
	}
}
