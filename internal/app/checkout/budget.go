package checkout

import (
	"context"
	"fmt"
	"slices"

	"quan/internal/domain/coupon"
	"quan/internal/domain/limit"
	"quan/internal/domain/pricing"
	"quan/internal/domain/redemption"
	"quan/internal/kernel/calendar"
	"quan/internal/kernel/fault"
	"quan/internal/kernel/id"
	"quan/internal/store"
)

// measured reports whether a deal is priced within what limits leave: where quan
// chooses, and where a market cuts what its budgets don't hold. Otherwise the
// decision alone says that a limit is reached, as it does in any case.
func (d *deal) measured() bool {
	return d.err == nil && d.cart != nil &&
		(d.verb == nil || d.wallet || pricing.ProfileOf(d.market.Policies.Pricing).Over != pricing.OverRefuse)
}

// measure reads what the limits of the deals' candidates leave. Only counters of
// limits on uses are read, and nothing where there are none.
func (b *batch) measure(ctx context.Context) error {
	held, keys := map[*deal][]redemption.Held{}, set[limit.Key]{}
	now := b.Clock()
	for _, d := range b.deals {
		d.rooms, d.counted = nil, nil
		if !d.measured() {
			continue
		}
		limited := slices.DeleteFunc(slices.Concat(b.held(d, d.Coupons), b.promises(d)), func(h redemption.Held) bool { return !limitsUse(h.Limits) })
		if len(limited) == 0 {
			continue
		}
		held[d], d.counted = limited, map[limit.Key]int64{}
		own := redemption.Keys(d.market, d.market.Day(d.now(now)), limited...)
		if d.lock != nil {
			own = append(own, redemption.Keys(d.market, d.market.Day(d.lock.CreatedAt), b.held(d, d.lock.Coupons)...)...)
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
		return err
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
		old = &redemption.Standing{Lock: d.lock, Held: b.held(d, d.lock.Coupons)}
		if old.Priced, err = redemption.DecodePriced(d.lock.Priced); err != nil {
			return err
		}
	}
	d.rooms = map[id.ID]redemption.Room{}
	for k := range d.counted {
		if c := counters[k]; c != nil {
			d.counted[k] = c.Taken
		}
	}
	for i, room := range redemption.Rooms(d.market, d.now(now), held, old, counters) {
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
			Terms: &v.Doc.Terms, Limits: v.Doc.Claim.Limits}
	}
	return held
}

func limitsUse(limits []limit.Limit) bool {
	return slices.ContainsFunc(limits, func(l limit.Limit) bool { return l.What == limit.RedeemCount || l.What == limit.RedeemAmount })
}

// bounded gives the candidates their budgets, those of the same counters one
// together, and parts those whose uses are all taken from the rest: full says why,
// by place.
func (d *deal) bounded(candidates []pricing.Candidate) (able []pricing.Candidate, full map[int]*fault.Fault) {
	if d.rooms == nil {
		return candidates, nil
	}
	full, budgets := map[int]*fault.Fault{}, map[string]*pricing.Budget{}
	for i, c := range candidates {
		room := d.rooms[c.Coupon.ID]
		if room.Full != nil {
			full[i] = room.Full
			continue
		}
		if len(room.Amounts) > 0 {
			name := fmt.Sprint(room.Amounts)
			if budgets[name] == nil {
				budgets[name] = &pricing.Budget{LeftMinor: room.LeftMinor}
			}
			c.Budget = budgets[name]
		}
		able = append(able, c)
	}
	return able, full
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
