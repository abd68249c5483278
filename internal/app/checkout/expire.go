package checkout

import (
	"context"
	"fmt"

	"quan/internal/domain/access"
	"quan/internal/domain/change"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/market"
	"quan/internal/domain/metric"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// ExpireCoupons brings the rows of coupons past their end after the fact (a
// coupon is expired by its dates, whatever its row says), at most limit, and
// returns how many were due. Due work is found by an index, never by a scan.
func (c *Checkout) ExpireCoupons(ctx context.Context, limit int) (int, error) {
	now := c.Clock()
	var due []coupon.Coupon
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		due, err = tx.Coupons().Due(now, limit)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	markets, err := c.marketsOf(ctx, due)
	if err != nil {
		return 0, err
	}
	err = c.Store.Update(ctx, store.Background, func(tx store.Tx) error { return c.expire(tx, due, markets, now) })
	if err != nil {
		return 0, fmt.Errorf("checkout: expire coupons: %w", err)
	}
	return len(due), nil
}

func (c *Checkout) marketsOf(ctx context.Context, due []coupon.Coupon) (map[id.ID]*market.Market, error) {
	templates := set[id.ID]{}
	for _, d := range due {
		templates.add(d.Template)
	}
	offers, err := c.Cache.Offers(ctx, templates.list)
	if err != nil {
		return nil, err
	}
	out := map[id.ID]*market.Market{}
	for t, o := range offers {
		if out[t], err = c.Cache.Market(ctx, o.Template.Market); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// expire ends what is still due under the lock.
func (c *Checkout) expire(tx store.Tx, due []coupon.Coupon, markets map[id.ID]*market.Market, now calendar.Instant) error {
	b := &batch{Checkout: c, moved: map[id.ID]bool{}, out: writes{counters: map[limit.Key]bool{}}}
	members, coupons := set[id.ID]{}, set[id.ID]{}
	for _, d := range due {
		members.add(d.Member)
		coupons.add(d.ID)
	}
	var err error
	if b.locked, err = tx.Lock(store.LockSet{Members: members.list, Coupons: coupons.list}); err != nil {
		return err
	}
	for _, i := range coupons.list {
		row := b.locked.Coupons[i]
		if row == nil || markets[row.Template] == nil {
			continue
		}
		ended := *row
		// The day is that of the end, not of the job: a report must not depend on when a job ran.
		if ended.Expire(now, markets[row.Template].Day(row.ValidTo-1)) != nil {
			continue
		}
		b.couponChanged(access.System("expiry"), ended, change.CouponExpired, now, "{}")
		b.out.deltas = append(b.out.deltas, endDelta(markets[row.Template].Code, &ended, metric.Values{Expired: 1}))
	}
	return b.write(tx)
}
