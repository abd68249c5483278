package checkout

import (
	"context"
	"fmt"
	"sync"

	"quan/internal/app"
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

// sweep is where the job that ends coupons stands: it goes through them in the
// order of their ends, and begins anew when it is through.
type sweep struct {
	mu     sync.Mutex
	behind store.End
}

// ExpireCoupons brings the rows of coupons past their end after the fact (a
// coupon is expired by its dates, whatever its row says), at most limit, and
// returns how many there were; 0 when none is left. Due work is found by an index,
// never by a scan, and what can't be ended is not asked again before the next sweep.
func (c *Checkout) ExpireCoupons(ctx context.Context, limit int) (int, error) {
	c.ends.mu.Lock()
	defer c.ends.mu.Unlock()
	now := c.Clock()
	var due []coupon.Coupon
	var seen map[id.ID]int64
	templates := set[id.ID]{}
	err := c.Store.View(ctx, func(tx store.Tx) (err error) {
		if due, err = tx.Coupons().Due(now, c.ends.behind, limit); err != nil {
			return err
		}
		templates = set[id.ID]{}
		for _, d := range due {
			templates.add(d.Template)
		}
		seen, err = generations(tx, templates.list)
		return err
	})
	if err != nil {
		return 0, err
	}
	if len(due) == 0 {
		c.ends.behind = store.End{}
		return 0, nil
	}
	offers, err := c.offersAsOf(ctx, templates.list, seen)
	if err != nil {
		return 0, err
	}
	markets, err := c.marketsOf(ctx, offers)
	if err != nil {
		return 0, err
	}
	keys, err := c.heldKeys(ctx, due, offers)
	if err != nil {
		return 0, err
	}
	ended := 0
	err = c.Store.Update(ctx, store.Background, func(tx store.Tx) (err error) {
		ended, err = c.expire(tx, due, markets, keys, now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("checkout: expire coupons: %w", err)
	}
	if len(due) < limit {
		c.ends.behind = store.End{}
		return ended, nil
	}
	last := due[len(due)-1]
	c.ends.behind = store.End{ValidTo: last.ValidTo, ID: last.ID}
	return len(due), nil
}

func (c *Checkout) marketsOf(ctx context.Context, offers map[id.ID]*app.Offer) (_ map[id.ID]*market.Market, err error) {
	out := map[id.ID]*market.Market{}
	for t, o := range offers {
		if out[t], err = c.Cache.Market(ctx, o.Template.Market); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// heldKeys names the counters of what the coupons hold, which don't change. Offers
// are as of when the coupons were seen to be due: a template that keeps entries goes on
// to, so that none of a coupon's is missed.
func (c *Checkout) heldKeys(ctx context.Context, due []coupon.Coupon, offers map[id.ID]*app.Offer) (keys []limit.Key, err error) {
	var holding []id.ID
	for _, d := range due {
		if o := offers[d.Template]; o != nil && o.Template.Entries {
			holding = append(holding, d.ID)
		}
	}
	if len(holding) == 0 {
		return nil, nil
	}
	return c.HeldKeys(ctx, holding)
}

// expire ends what is still due under the lock, and says how many that were.
func (c *Checkout) expire(tx store.Tx, due []coupon.Coupon, markets map[id.ID]*market.Market, keys []limit.Key, now calendar.Instant) (int, error) {
	b := &batch{Checkout: c, moved: map[id.ID]bool{}, out: writes{counters: map[limit.Key]bool{}}}
	members, coupons := set[id.ID]{}, set[id.ID]{}
	for _, d := range due {
		members.add(d.Member)
		coupons.add(d.ID)
	}
	var err error
	if b.locked, err = tx.Lock(store.LockSet{Members: members.list, Coupons: coupons.list, Counters: keys}); err != nil {
		return 0, err
	}
	if len(keys) > 0 {
		if err := b.out.ledger.Read(tx, coupons.list); err != nil {
			return 0, err
		}
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
		moved, err := b.out.ledger.Settle(row, &ended, b.locked.Counters)
		if err != nil {
			return 0, err
		}
		for _, k := range moved {
			b.out.counters[k] = true
		}
		b.couponChanged(access.System("expiry"), ended, change.CouponExpired, now, "{}")
		b.out.deltas = append(b.out.deltas, endDelta(markets[row.Template].Code, &ended, metric.Values{Expired: 1}))
	}
	return len(b.out.coupons), b.write(tx)
}
