package checkout

import (
	"context"
	"fmt"
	"slices"

	"quan/internal/app"
	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/kernel/money"
	"quan/internal/store"
)

// measured reports whether a deal is priced within what limits leave: where quan
// chooses, and where a market or a limit cuts what its budgets don't hold. Otherwise
// the decision alone says that a limit is reached, as it does in any case.
func (d *deal) measured(held []redemption.Held) bool {
	return d.verb == nil || d.wallet || pricing.ProfileOf(d.market.Policies.Pricing).Over != pricing.OverRefuse ||
		slices.ContainsFunc(held, func(h redemption.Held) bool {
			return h.Limited(func(l *limit.Limit) bool { return l.Over == limit.OverTruncate })
		})
}

// measure reads what the limits of the deals' candidates leave. Only counters of
// limits on uses are read, and nothing where there are none.
func (b *batch) measure(ctx context.Context) error {
	held, keys := map[*deal][]redemption.Held{}, set[limit.Key]{}
	var rolling []limit.Taking
	now := b.Clock()
	for _, d := range b.deals {
		d.rooms, d.counted = nil, nil
		if d.err != nil || d.cart == nil {
			continue
		}
		limited := slices.DeleteFunc(slices.Concat(b.held(d, d.Coupons), b.promises(d)), func(h redemption.Held) bool { return !h.Limited(limitsUse) })
		if len(limited) == 0 || !d.measured(limited) {
			continue
		}
		held[d], d.counted = limited, map[limit.Key]int64{}
		d.priced = nil
		own := redemption.Keys(d.scene(d.now(now)), limited...)
		rolling = append(rolling, redemption.Rolling(d.scene(d.now(now)), limited...)...)
		if d.lock != nil {
			lock, err := b.standing(d)
			if err != nil {
				return err
			}
			own = append(own, redemption.KeysOfLock(d.market, lock)...)
		}
		for _, k := range own {
			keys.add(k)
			d.counted[k] = 0
		}
	}
	if len(keys.list) == 0 {
		return nil
	}
	counters := make(map[limit.Key]*limit.Counter, len(keys.list))
	err := b.Store.View(ctx, func(tx store.Tx) error {
		rows, err := tx.Counters().Get(keys.list)
		for i := range rows {
			counters[rows[i].Key] = &rows[i]
		}
		if err != nil {
			return err
		}
		return app.ReadRolling(tx, rolling, counters)
	})
	if err != nil {
		return fmt.Errorf("checkout: read budgets: %w", err)
	}
	for d, list := range held {
		if err := b.roomsOf(d, list, counters, now); err != nil {
			return err
		}
	}
	return nil
}

// roomsOf keeps what the limits leave to a deal's coupons, by their numbers.
func (b *batch) roomsOf(d *deal, held []redemption.Held, counters map[limit.Key]*limit.Counter, now calendar.Instant) (err error) {
	var old *redemption.Standing
	if d.byLock() {
		if old, err = b.standing(d); err != nil {
			return err
		}
	}
	d.rooms = map[id.ID]redemption.Room{}
	for k := range d.counted {
		if c := counters[k]; c != nil {
			d.counted[k] = c.Taken
		}
	}
	for i, room := range redemption.Rooms(d.scene(d.now(now)), held, old, counters) {
		d.rooms[held[i].Coupon.ID] = room
	}
	return nil
}

// promises are the deal's promotions as coupons that its member would hold.
func (b *batch) promises(d *deal) []redemption.Held {
	held := make([]redemption.Held, len(d.promotions))
	for i, o := range d.promotions {
		v := o.Version
		held[i] = redemption.Held{Coupon: &coupon.Coupon{ID: v.Template, Template: v.Template, Version: v.Number, Member: d.member},
			Terms: &v.Doc.Terms, Limits: v.Doc.Claim.Limits, Budgets: o.Draws(v)}
	}
	return held
}

// limitsUse reports whether uses are asked by a limit.
func limitsUse(l *limit.Limit) bool {
	return l.What == limit.RedeemCount || l.What == limit.RedeemAmount || l.Stop == limit.StopAll
}

// bounded gives the candidates their budgets, those of the same counters one
// together, and parts those whose uses are all taken from the rest: full says why,
// by place.
func (d *deal) bounded(candidates []pricing.Candidate) (able []pricing.Candidate, full map[int]*fault.Fault) {
	if d.rooms == nil {
		return candidates, nil
	}
	full = map[int]*fault.Fault{}
	purse := purse{profile: pricing.ProfileOf(d.market.Policies.Pricing).Over, budgets: map[string]*pricing.Budget{}, pools: map[limit.Key]*pricing.Pool{}}
	for i, c := range candidates {
		room := d.rooms[c.Coupon.ID]
		if room.Full != nil {
			full[i] = room.Full
			continue
		}
		if len(room.Bounds) > 0 {
			c.Budget = purse.budget(room.Bounds)
		}
		able = append(able, c)
	}
	purse.part()
	return able, full
}

// purse makes budgets of what limits leave: one for each set of bounds, over pools
// that sets share.
type purse struct {
	profile pricing.OverPolicy
	budgets map[string]*pricing.Budget
	pools   map[limit.Key]*pricing.Pool
}

func (p *purse) budget(bounds []redemption.Bound) *pricing.Budget {
	name := fmt.Sprint(bounds)
	if p.budgets[name] != nil {
		return p.budgets[name]
	}
	draws := make([]pricing.Draw, 0, len(bounds))
	for _, b := range bounds {
		if p.pools[b.Key] == nil {
			p.pools[b.Key] = &pricing.Pool{}
		}
		pool := p.pools[b.Key]
		if i := slices.IndexFunc(draws, func(d pricing.Draw) bool { return d.Pool == pool }); i >= 0 { // two limits of one counter
			draws[i].LeftMinor = min(draws[i].LeftMinor, b.LeftMinor)
			continue
		}
		draws = append(draws, pricing.Draw{Pool: pool, LeftMinor: b.LeftMinor, ShareBps: b.ShareBps})
	}
	p.budgets[name] = pricing.Drawing(p.over(bounds), draws)
	return p.budgets[name]
}

// part leaves the pools out of budgets that share none with another one: what is
// left of them is one number.
func (p *purse) part() {
	users := map[*pricing.Pool]int{}
	for _, b := range p.budgets {
		for _, d := range b.Draws {
			users[d.Pool]++
		}
	}
	for _, b := range p.budgets {
		if !slices.ContainsFunc(b.Draws, func(d pricing.Draw) bool { return users[d.Pool] > 1 || d.ShareBps != money.BpsWhole }) {
			b.Draws = nil
		}
	}
}

// over is what a budget does that holds less than a coupon would take: it refuses
// where one of its limits does.
func (p *purse) over(bounds []redemption.Bound) limit.Over {
	cuts := false
	for _, b := range bounds {
		switch {
		case b.Over == limit.OverRefuse, b.Over == limit.OverMarket && p.profile == pricing.OverRefuse:
			return limit.OverRefuse
		case b.Over == limit.OverTruncate:
			cuts = true
		}
	}
	if cuts {
		return limit.OverTruncate
	}
	return limit.OverMarket
}

// best prices the best set within what limits leave. Coupons are judged in the
// order of the candidates; one whose uses are all taken says so behind its other
// reasons.
func (b *batch) best(d *deal, candidates []pricing.Candidate) pricing.Result {
	able, full := d.bounded(candidates)
	rules := b.rules(d)
	result := pricing.Quote(d.cart, able, rules)
	for i := range candidates {
		if full[i] == nil {
			continue
		}
		j := pricing.Judge(d.cart, candidates[i], rules, true)
		j.Verdict, j.DiscountMinor, j.Reasons = pricing.Inapplicable, 0, append(j.Reasons, full[i])
		result.Coupons = slices.Insert(result.Coupons, i, j)
	}
	return result
}

// outrun reports whether a limit refuses what was priced within it, because others
// have taken of it or given back meanwhile: then the cart is priced anew.
func (b *batch) outrun(d *deal, refusal *fault.Fault) bool {
	if refusal.Code != fault.RedeemLimit && refusal.Code != fault.RedeemBudget {
		return false
	}
	for k, taken := range d.counted {
		if c := b.locked.Counters[k]; c != nil && c.Taken != taken {
			return true
		}
	}
	return false
}
