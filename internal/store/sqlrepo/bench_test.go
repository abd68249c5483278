package sqlrepo_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/member"
	"quan/internal/domain/metric"
	"quan/internal/kernel/id"
	"quan/internal/store"
	"quan/internal/store/postgres/pgtest"
	"quan/internal/store/sqlite/sqlitetest"
)

// BenchmarkClaims runs the statements of a claim, 256 claims a transaction; one
// operation is one claim. The stores of the test kits don't wait for the disk.
func BenchmarkClaims(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { claims(b, sqlitetest.Open(b)) })
	b.Run("postgres", func(b *testing.B) { claims(b, pgtest.Open(b)) })
}

func claims(b *testing.B, s store.Store) {
	const size = 256
	ctx, maker := context.Background(), id.NewMaker(1, time.Now)
	template, members := maker.New(0), make([]id.ID, 20*size)
	rows := make([]member.Member, len(members))
	for i := range members {
		members[i] = maker.New(int64(i*37) % id.Slots)
		rows[i] = member.Member{ID: members[i], Rev: 1}
	}
	if err := s.Update(ctx, store.Background, func(tx store.Tx) error { return tx.Members().Insert(rows) }); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for n := 0; n < b.N; n += size {
		batch := members[n/size%20*size:][:size]
		set := store.LockSet{Members: batch, Counters: []limit.Key{limit.StockKey(template)}}
		replies := make([]store.Reply, size)
		coupons := make([]coupon.Coupon, size)
		changes := make([]change.Change, size)
		for i, m := range batch {
			set.Counters = append(set.Counters, limit.Key{Template: template, Per: limit.PerMember, Subject: m, What: limit.IssueCount, Period: limit.Ever})
			replies[i] = store.Reply{Scope: fmt.Sprintf("key:%d", m), Key: fmt.Sprint(n + i), Slot: m.Slot(), Day: 20260301, Body: "0123456789abcdef0123456789abcdef"}
			coupons[i] = coupon.Coupon{ID: maker.New(m.Slot()), Member: m, Template: template, Version: 1, State: coupon.Usable, Uses: 1, NextUse: 1, Rev: 1}
			changes[i] = change.Change{Aggregate: coupons[i].ID, Kind: "cpn", Seq: 1, Type: change.CouponClaimed}
		}
		err := s.Update(ctx, store.Issue, func(tx store.Tx) error {
			locked, err := tx.Lock(set)
			if err != nil {
				return err
			}
			if _, err := tx.Replies().Find(replies, 20260301); err != nil {
				return err
			}
			var counters []limit.Counter
			for _, k := range set.Counters {
				c := *locked.Counters[k]
				c.Taken++
				c.Ceiling = limit.Unlimited
				counters = append(counters, c)
			}
			for _, step := range []func() error{
				func() error { return tx.Coupons().Insert(coupons) },
				func() error { return tx.Counters().Write(counters) },
				func() error { return tx.Replies().Insert(replies) },
				func() error { return tx.Changes().Append(changes) },
				func() error {
					return tx.Metrics().Append([]metric.Delta{{Slot: 1, Values: metric.Values{Issued: size}}})
				},
			} {
				if err := step(); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "claims/s")
}
