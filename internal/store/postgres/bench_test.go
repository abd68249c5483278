package postgres_test

import (
	"context"
	"testing"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/testkit"
)

// BenchmarkClaims shows what a transaction costs per claim (counter, coupon and
// change), by how many claims share it. Without fsync: it is the statements and
// the round trips that are seen.
func BenchmarkClaims(b *testing.B) {
	for _, size := range []int{1, 256} {
		b.Run(map[int]string{1: "1", 256: "256"}[size], func(b *testing.B) {
			e, ids := pgtest.Open(b), testkit.Maker()
			template := ids.New(1)
			for b.Loop() {
				var rows []coupon.Coupon
				for range size {
					rows = append(rows, testkit.Coupon(ids.New(1), template, template))
				}
				err := e.Update(context.Background(), store.Issue, func(tx store.Tx) error { return issue(tx, template, rows) })
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size*b.N)/b.Elapsed().Seconds(), "claims/s")
		})
	}
}

func issue(tx store.Tx, template id.ID, rows []coupon.Coupon) error {
	stock := limit.StockKey(template)
	locked, err := tx.Lock(store.LockSet{Counters: []limit.Key{stock}})
	if err != nil {
		return err
	}
	c := *locked.Counters[stock]
	c.Taken, c.Ceiling = c.Taken+int64(len(rows)), limit.Unlimited
	if err := tx.Counters().Write([]limit.Counter{c}); err != nil {
		return err
	}
	return tx.Coupons().Insert(rows)
}

// BenchmarkNothing is the engine's own cost with BEGIN and COMMIT.
func BenchmarkNothing(b *testing.B) {
	e := pgtest.Open(b)
	for b.Loop() {
		if err := e.Update(context.Background(), store.Issue, func(store.Tx) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkViewGet(b *testing.B) {
	e := pgtest.Open(b)
	for b.Loop() {
		err := e.View(context.Background(), func(tx store.Tx) error {
			_, err := tx.Coupons().Get([]id.ID{1})
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
